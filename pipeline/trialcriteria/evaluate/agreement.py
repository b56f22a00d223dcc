"""Agreement of two annotators on the same postings.

F1 counts what both have; it is the same whichever of the two stands for gold. Cohen's kappa takes
out what labels would agree on by chance, over two kinds of items:

- mentions: the entity mentions of the two annotators that overlap, paired one to one as in the
  confusion matrix, each with its two labels. It says nothing about mentions that one of them lacks.
- tokens: the runs of letters and digits and the single other characters of the text, each with
  the label of the shortest mention that covers its start, or none. It counts what one of them
  lacks, and many tokens on which agreement is easy.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.matching import length, nearest
from trialcriteria.evaluate.measures import Pair, posting_id
from trialcriteria.evaluate.measures.entities import NO_LABEL, as_annotated, measure_entities
from trialcriteria.evaluate.measures.facts import measure_facts
from trialcriteria.evaluate.measures.segmentation import measure_segmentation
from trialcriteria.evaluate.scores import Measured, Score, summary
from trialcriteria.schema import Extraction, Model

Labels = tuple[str, str]
"""What the first and the second annotator call one item."""

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


class Kappa(Model):
    """Cohen's kappa; null where both annotators use one and the same label only."""

    kappa: float | None
    items: int
    agreed: int


class Agreement(Model):
    """How far two annotators agree; ``posting`` is null for all postings together.

    ``f1`` is keyed by measure and strictness, as in ``entities.strict``; of each score ``gold`` is
    the count of the first annotator and ``predicted`` that of the second.
    """

    posting: str | None
    f1: Mapping[str, Score]
    mentions: Kappa
    tokens: Kappa


def agreements(first: Sequence[Extraction], second: Sequence[Extraction]) -> tuple[Agreement, ...]:
    """The agreement on each posting that both have annotated, then on all of them together.

    Raises EvaluationError where they have no posting in common, or different texts of one.
    """
    pairs = common(first, second)
    each = (_agreement([pair], posting_id(pair[0])) for pair in pairs)
    return (*each, _agreement(pairs, None))


def common(first: Sequence[Extraction], second: Sequence[Extraction]) -> list[Pair]:
    """The postings of both, in the order of the first; errors as in ``agreements``."""
    others = {posting_id(extraction): extraction for extraction in second}
    pairs = [(one, others[posting_id(one)]) for one in first if posting_id(one) in others]
    if not pairs:
        raise EvaluationError("the two annotators have no posting in common; check their folders")
    for one, other in pairs:
        if one.text != other.text:
            raise EvaluationError(
                f"{posting_id(one)}: the two annotators read different texts; annotate one version"
            )
    return pairs


def kappa(labels: Sequence[Labels]) -> Kappa:
    """Cohen's kappa (Cohen 1960) over the two labels of each item."""
    agreed = sum(one == other for one, other in labels)
    ours, theirs = (Counter(pair[side] for pair in labels) for side in (0, 1))
    by_chance = sum(ours[label] * theirs[label] for label in ours) / max(1, len(labels))
    left = len(labels) - by_chance
    return Kappa(
        kappa=(agreed - by_chance) / left if left else None, items=len(labels), agreed=agreed
    )


def mention_labels(first: Annotated, second: Annotated) -> Iterator[Labels]:
    """The labels of mentions that overlap, paired one to one."""
    for one, other in nearest(first.mentions, second.mentions).items():
        yield first.mentions[one].label, second.mentions[other].label


def token_labels(first: Annotated, second: Annotated) -> Iterator[Labels]:
    """The labels of each token of the text."""
    ours, theirs = _painted(first), _painted(second)
    for token in _TOKEN.finditer(first.text):
        yield ours[token.start()], theirs[token.start()]


def _painted(annotated: Annotated) -> list[str]:
    """For each character the label of the shortest mention there, the first by name of equals."""
    labels = [NO_LABEL] * len(annotated.text)
    longest_first = sorted(
        annotated.mentions, key=lambda one: (length(one.spans), one.label), reverse=True
    )
    for mention in longest_first:
        for start, end in mention.spans:
            labels[start:end] = [mention.label] * (end - start)
    return labels


def _agreement(pairs: Sequence[Pair], posting: str | None) -> Agreement:
    seen = [(as_annotated(one), as_annotated(other)) for one, other in pairs]
    return Agreement(
        posting=posting,
        f1={
            "segmentation.strict": _micro(measure_segmentation(pairs), "strict"),
            **_both(measure_entities(seen)),
            **_both(measure_facts(pairs)),
        },
        mentions=kappa([labels for pair in seen for labels in mention_labels(*pair)]),
        tokens=kappa([labels for pair in seen for labels in token_labels(*pair)]),
    )


def _both(measured: Measured) -> dict[str, Score]:
    strictnesses = ("strict", "relaxed")
    return {f"{measured.name}.{each}": _micro(measured, each) for each in strictnesses}


def _micro(measured: Measured, strictness: str) -> Score:
    return summary(measured.tallies[strictness])["micro"]
