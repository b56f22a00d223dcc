"""Entities: labelled mentions, strict and relaxed, and which labels are mixed up.

``strict`` wants the same label and the same set of spans; on flat data it equals conlleval and
seqeval in its default mode. ``relaxed`` wants the same label and an overlap of at least one
character, one to one; it equals the ``ent_type`` scheme of nervaluate (SemEval 2013, task 9.1)
wherever no mention overlaps two of the other side.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.matching import envelope, joined, match, nearest, words
from trialcriteria.evaluate.measures import AnnotatedPair, posting_id
from trialcriteria.evaluate.scores import Judged, Measured, Shown, measured, mistakes, tally
from trialcriteria.export.notation import quoted
from trialcriteria.schema import Criterion, Extraction

NO_LABEL = "none"
"""The label of the side that has nothing there."""


def measure_entities(pairs: Sequence[AnnotatedPair]) -> Measured:
    """Tallies by entity label, ``strict`` and ``relaxed``."""
    return measured("entities", ("strict", "relaxed"), (_judged(*pair) for pair in pairs))


def confusion(pairs: Sequence[AnnotatedPair]) -> Mapping[tuple[str, str], int]:
    """How often which gold label meets which predicted label, over mentions paired by overlap.

    A mention without a partner meets ``NO_LABEL``, so that rows sum up to the counts of gold and
    columns to those of the prediction.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        counts.update((_label(ours), _label(theirs)) for ours, theirs in _paired(*pair))
    return counts


def as_annotated(extraction: Extraction) -> Annotated:
    """The entities and relations of all criteria, as a corpus document has them."""
    mentions: list[Mention] = []
    links: list[Link] = []
    problems: list[str] = []
    for criterion in extraction.criteria:
        by_id = {entity.id: Mention(entity.label, entity.spans) for entity in criterion.entities}
        mentions += by_id.values()
        links += _links(criterion, by_id)
        problems += [
            f"criterion {criterion.id}: a relation names an entity that is not there"
            for relation in criterion.relations
            if not {relation.head, relation.tail} <= by_id.keys()
        ]
    return Annotated(
        posting_id(extraction), extraction.text, tuple(mentions), tuple(links), tuple(problems)
    )


def mention_line(text: str, mention: Mention) -> str:
    """``condition "heart failure"``."""
    return f"{mention.label} {quoted(words(text, mention.spans))}"


def _links(criterion: Criterion, by_id: Mapping[str, Mention]) -> Iterator[Link]:
    for relation in criterion.relations:
        if {relation.head, relation.tail} <= by_id.keys():
            yield Link(relation.kind, by_id[relation.head], by_id[relation.tail])


def _judged(gold: Annotated, predicted: Annotated) -> Judged:
    found = match(gold.mentions, predicted.mentions)
    ours = [mention.label for mention in gold.mentions]
    theirs = [mention.label for mention in predicted.mentions]
    return Judged(
        {
            "strict": tally(ours, theirs, (ours[place] for place in found.strict)),
            "relaxed": tally(ours, theirs, (ours[place] for place in found.relaxed)),
        },
        mistakes(
            "entities",
            gold.id,
            _paired(gold, predicted),
            _wrong,
            lambda one: _shown(gold.text, one),
        ),
    )


def _paired(
    gold: Annotated, predicted: Annotated
) -> Iterator[tuple[Mention | None, Mention | None]]:
    """Mentions of both sides, paired by overlap."""
    pairing = nearest(gold.mentions, predicted.mentions)
    return joined(gold.mentions, predicted.mentions, pairing)


def _wrong(ours: Mention | None, theirs: Mention | None) -> float:
    """How many of label and spans are wrong."""
    if ours is None or theirs is None:
        return 2
    return (ours.label != theirs.label) + (set(ours.spans) != set(theirs.spans))


def _shown(text: str, mention: Mention) -> Shown:
    return Shown(mention.label, mention_line(text, mention), envelope(mention.spans))


def _label(mention: Mention | None) -> str:
    return mention.label if mention else NO_LABEL
