"""Segmentation: where criteria begin and end, and how they hang together.

``strict`` wants the same span without the blanks around it; ``relaxed`` wants a span that shares
at least half of the characters of both. They look at spans alone: the label is the kind of the
gold section, for a criterion without a partner its own. Criteria fill the text, so that spans of
usual length laid at random already reach a ``relaxed`` F1 of 0.4. The other three are shares of
the criteria paired in ``relaxed``:

- ``section``: the kind of section is right.
- ``parent``: the parents are paired with each other, or there is none on either side.
- ``combine``: a criterion with children joins them in the same way.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from trialcriteria.evaluate.matching import Pairing, equal, extended, joined, length, most, shared
from trialcriteria.evaluate.measures import Pair, posting_id
from trialcriteria.evaluate.scores import (
    Judged,
    Measured,
    Shown,
    Tallies,
    measured,
    mistakes,
    tally,
)
from trialcriteria.export.notation import combine_line, quoted
from trialcriteria.schema import AtLeastN, Criterion, Extraction, SectionKind, Span

# Stands for a parent that gold does not have.
_ELSEWHERE = "another criterion"


class Placed(NamedTuple):
    """A criterion and its place; ``combine`` is none where it has no children.

    ``parent`` is an id of gold, for a predicted criterion that of its parent's partner.
    """

    criterion: Criterion
    span: Span
    parent: str | None
    combine: str | AtLeastN | None


Partners = Sequence[tuple[Placed, Placed]]


def measure_segmentation(pairs: Sequence[Pair]) -> Measured:
    """Tallies by kind of section."""
    strictnesses = ("strict", "relaxed", "section", "parent", "combine")
    return measured("segmentation", strictnesses, (_judged(*pair) for pair in pairs))


def trimmed(text: str, span: Span) -> Span:
    """The span without the blanks around its words."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _judged(gold: Extraction, predicted: Extraction) -> Judged:
    spans = [[trimmed(side.text, c.span) for c in side.criteria] for side in (gold, predicted)]
    strict = equal(*spans)
    relaxed = extended(strict, most(_halves(*spans)))
    ours = _placed(gold, {criterion.id: criterion.id for criterion in gold.criteria})
    theirs = _placed(predicted, _gold_ids(gold, predicted, relaxed))
    partners = [(ours[place], theirs[other]) for place, other in relaxed.items()]
    return Judged(
        {
            "strict": _tallied(ours, theirs, strict),
            "relaxed": _tallied(ours, theirs, relaxed),
            "section": _share(partners, lambda one: one.criterion.kind),
            "parent": _share(partners, lambda one: one.parent),
            "combine": _combined(partners),
        },
        mistakes("segmentation", posting_id(gold), joined(ours, theirs, relaxed), _wrong, _shown),
    )


def _halves(gold: Sequence[Span], predicted: Sequence[Span]) -> dict[tuple[int, int], float]:
    """The share of the longer span, of every two spans that have half of both in common."""
    overlaps = shared([[span] for span in gold], [[span] for span in predicted])
    shares = {
        (one, other): count / max(length([gold[one]]), length([predicted[other]]))
        for (one, other), count in overlaps.items()
    }
    return {pair: share for pair, share in shares.items() if share >= 0.5}


def _gold_ids(gold: Extraction, predicted: Extraction, pairing: Pairing) -> dict[str, str]:
    """For each predicted criterion that has a partner in gold, the partner's id."""
    return {
        predicted.criteria[other].id: gold.criteria[place].id for place, other in pairing.items()
    }


def _placed(extraction: Extraction, gold_ids: dict[str, str]) -> list[Placed]:
    parents = {criterion.parent for criterion in extraction.criteria}
    return [
        Placed(
            criterion,
            trimmed(extraction.text, criterion.span),
            gold_ids.get(criterion.parent, _ELSEWHERE) if criterion.parent else None,
            criterion.combine if criterion.id in parents else None,
        )
        for criterion in extraction.criteria
    ]


def _tallied(gold: Sequence[Placed], predicted: Sequence[Placed], pairing: Pairing) -> Tallies:
    ours = [one.criterion.kind for one in gold]
    partner_of = {other: place for place, other in pairing.items()}
    theirs = [
        ours[partner_of[place]] if place in partner_of else one.criterion.kind
        for place, one in enumerate(predicted)
    ]
    return tally(ours, theirs, (ours[place] for place in pairing))


def _share(partners: Partners, part: Callable[[Placed], str | None]) -> Tallies:
    kinds = _kinds(partners)
    return tally(kinds, kinds, _kinds(p for p in partners if part(p[0]) == part(p[1])))


def _combined(partners: Partners) -> Tallies:
    return tally(
        _kinds(pair for pair in partners if pair[0].combine),
        _kinds(pair for pair in partners if pair[1].combine),
        _kinds(pair for pair in partners if pair[0].combine and pair[0].combine == pair[1].combine),
    )


def _kinds(partners: Iterable[tuple[Placed, Placed]]) -> list[SectionKind]:
    return [ours.criterion.kind for ours, _ in partners]


def _wrong(ours: Placed | None, theirs: Placed | None) -> float:
    """How many of span, section, parent and join are wrong."""
    if ours is None or theirs is None:
        return 4
    return (
        (ours.span != theirs.span)
        + (ours.criterion.kind != theirs.criterion.kind)
        + (ours.parent != theirs.parent)
        + (ours.combine != theirs.combine)
    )


def _shown(one: Placed) -> Shown:
    parts = [
        f"{one.criterion.kind} {quoted(one.criterion.text)}",
        f"under {one.parent}" if one.parent else "",
        f"joins {combine_line(one.combine)}" if one.combine else "",
    ]
    return Shown(one.criterion.kind, " ".join(filter(None, parts)), one.span)
