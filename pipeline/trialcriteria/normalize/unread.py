"""Warnings about thresholds that no rule could read: a unit nobody knows, a slip of the pen.

"Hemoglobin > 9 frobs" names a limit that is in no fact. Saying so is better than to lose it.
"""

import re
from collections.abc import Iterable, Iterator

from trialcriteria.normalize.plausible import leaves_in
from trialcriteria.schema import Criterion, Span, Unsupported, Warning
from trialcriteria.view import mask, reading_view

_THRESHOLD = re.compile(
    r"(?:[<>\u2264\u2265]\s?=?|=\s?[<>]|\b(?:at least|at most|no more than|not more than"
    r"|no less than|more than|less than|greater than|fewer than|higher than|lower than|exceeding"
    r"|(?:minimum|maximum) of))\s{0,2}(?P<number>\d{1,9}(?:[.,]\d{1,9})?)"
    r"(?!\s(?:of\s(?:the\s)?(?:following|these|those|above|below)|criteria))",
    re.IGNORECASE,
)
_NUMBERED = frozenset({"value", "dose", "window", "duration", "count", "anchor", "qualifier"})


def unread_thresholds(criteria: Iterable[Criterion]) -> tuple[Warning, ...]:
    """A warning for each printed limit that no entity holds, of criteria that ask something."""
    return tuple(
        Warning(
            code="unread_threshold",
            message=f"{criterion.text[found.start() : found.end()]!r} could not be read",
            span=Span(by + found.start(), by + found.end()),
            criterion=criterion.id,
        )
        for criterion in criteria
        if criterion.requirement
        for by in (criterion.span.start,)
        for found in _unread(criterion, by)
    )


def _unread(criterion: Criterion, by: int) -> Iterator[re.Match[str]]:
    limits = [*_THRESHOLD.finditer(reading_view(criterion.text))]
    own = (span for span in _read(criterion) if by <= span.start) if limits else ()
    read = mask(criterion.text, (Span(start - by, end - by) for start, end in own))
    for found in limits:
        if not read[found.end("number") - 1]:
            yield found


def _read(criterion: Criterion) -> Iterator[Span]:
    """Where numbers were read, or kept as they are."""
    for entity in criterion.entities:
        if entity.label in _NUMBERED:
            yield from entity.spans
    for leaf in leaves_in(criterion.requirement) if criterion.requirement else ():
        if isinstance(leaf, Unsupported):
            yield leaf.span
