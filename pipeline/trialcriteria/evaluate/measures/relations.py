"""Relations: labelled links between two mentions.

``end_to_end`` wants the same kind between mentions that match as in the relaxed measure of
entities, so that a mention that was not found costs its relations; ``end_to_end_strict`` wants
strict matches. ``given_entities`` leaves out the relations with an end that the other side does
not have: what is lost by finding relations alone. A rules system into which no gold entities can
be put is measured in this way; for a prediction made on gold entities nothing is left out, and it
is the usual measure of relation extraction.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.matching import Pairing, envelope, equal, extended, joined, match
from trialcriteria.evaluate.measures import AnnotatedPair
from trialcriteria.evaluate.measures.entities import mention_line
from trialcriteria.evaluate.scores import (
    Judged,
    Measured,
    Shown,
    Tallies,
    measured,
    mistakes,
    tally,
)

End = int | Mention
"""The place in gold of a mention that both sides have; any other mention itself."""

Keys = list[tuple[str, End, End]]


def measure_relations(pairs: Sequence[AnnotatedPair]) -> Measured:
    """Tallies by relation kind."""
    strictnesses = ("end_to_end", "end_to_end_strict", "given_entities")
    return measured("relations", strictnesses, (_judged(*pair) for pair in pairs))


def _judged(gold: Annotated, predicted: Annotated) -> Judged:
    ours, theirs = (tuple(dict.fromkeys(side.mentions)) for side in (gold, predicted))
    found = match(ours, theirs)
    relaxed, strict = (
        (
            _keys(gold.links, {ours[place]: place for place in pairing}),
            _keys(predicted.links, {theirs[partner]: place for place, partner in pairing.items()}),
        )
        for pairing in (found.relaxed, found.strict)
    )
    given = ([key for key in keys if _ends_in_both(key)] for keys in relaxed)
    return Judged(
        {
            "end_to_end": _tallied(*relaxed),
            "end_to_end_strict": _tallied(*strict),
            "given_entities": _tallied(*given),
        },
        mistakes(
            "relations",
            gold.id,
            joined(gold.links, predicted.links, _alike(*relaxed)),
            _wrong,
            lambda link: _shown(gold.text, link),
        ),
    )


def _keys(links: Sequence[Link], places: Mapping[Mention, int]) -> Keys:
    """The links, so that those which mean the same on both sides are equal."""
    return [(kind, places.get(head, head), places.get(tail, tail)) for kind, head, tail in links]


def _ends_in_both(key: tuple[str, End, End]) -> bool:
    return all(isinstance(end, int) for end in key[1:])


def _tallied(gold: Keys, predicted: Keys) -> Tallies:
    kinds, theirs = ([kind for kind, _, _ in keys] for keys in (gold, predicted))
    return tally(kinds, theirs, (kinds[place] for place in equal(gold, predicted)))


def _alike(gold: Keys, predicted: Keys) -> Pairing:
    """Equal links, then links between the same mentions."""
    at: defaultdict[tuple[End, End], list[int]] = defaultdict(list)
    for place, (_, head, tail) in enumerate(predicted):
        at[head, tail].append(place)
    between = {
        (place, other): 1.0
        for place, (_, head, tail) in enumerate(gold)
        for other in at.get((head, tail), ())
    }
    return extended(equal(gold, predicted), between)


def _wrong(ours: Link | None, theirs: Link | None) -> float:
    """How many of kind, head and tail are wrong; links that are paired share their ends."""
    if ours is None or theirs is None:
        return 3
    return ours.kind != theirs.kind


def _shown(text: str, link: Link) -> Shown:
    line = f"{mention_line(text, link.head)} {link.kind} {mention_line(text, link.tail)}"
    return Shown(link.kind, line, envelope((*link.head.spans, *link.tail.spans)))
