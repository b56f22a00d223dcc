"""Numbers found as values, against the numbers inside Chia's ``Value`` spans.

For each document (one section of one trial) two multisets are compared: the numbers printed
inside gold ``Value`` spans, and the bounds and numbered results ("grade 2 or 3") of the values,
doses and qualifier values of the facts. What is counted:

- numbers printed in digits, as plain decimals without sign (7.50 is 7.5; 1,500 and 1 500 are
  1500), so that a minus and the hyphen of a range need not be told apart. Number words and Roman
  numerals are left out on both sides;
- each printed number once, however many gold spans cover it and facts share it;
- no number that is part of a unit: a power of ten behind a factor ("x 10^9/L"), the body surface
  ("1.73 m2"), digits that touch a letter in front ("mm3", "CD4");
- no windows, durations and counts: Chia labels the first two ``Temporal``, the last
  ``Multiplier``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.quantities import number
from trialcriteria.evaluate.scores import Judged, Measured, Shown, measured, mistakes, tally
from trialcriteria.export.table import leaves
from trialcriteria.schema import Extraction, Fact, Node, Span, Value
from trialcriteria.view import reading_view

MEASURE = "numbers"
LABEL = "number"
GOLD_LABEL = "Value"

_UNIT = re.compile(
    r"[x*]\s?10\s?(?:\^|\*\*|[eE])?\s?(?:[3-9]|1[0-2])(?!\d)"  # "1.5 x 10^9/L", "1.5x109/L"
    r"|1[.,]73\s?m"
)
_DIGITS = re.compile(
    r"(?<![^\W_])(?<!\d[.,])"
    r"(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,6})?|[1-9]\d{0,2}(?: \d{3})+|\d{1,12}(?:[.,]\d{1,6})?"
    r"|\.\d{1,6})(?!\d)"
)


class Printed(NamedTuple):
    """A number as a plain decimal, and where it stands."""

    value: str
    span: Span


def measure_numbers(pairs: Iterable[tuple[Annotated, Extraction]]) -> Measured:
    """Chia documents and what the program made of the same text; one tally a document."""
    return measured(MEASURE, ("strict",), (_judged(*pair) for pair in pairs))


def gold_numbers(document: Annotated) -> tuple[Printed, ...]:
    """The numbers inside ``Value`` spans, in the order of the text."""
    view = reading_view(document.text)
    parts = {
        part for mention in document.mentions if mention.label == GOLD_LABEL
        for part in mention.spans
    }  # fmt: skip
    return tuple(sorted({each for part in parts for each in _printed(view, part)}, key=_place))


def found_numbers(extraction: Extraction) -> tuple[Printed, ...]:
    """The numbers of the values of all facts, in the order of the text."""
    requirements = (c.requirement for c in extraction.criteria if c.requirement)
    values = (value for node in requirements for value in _values(node))
    return tuple(sorted({each for value in values for each in _found(value)}, key=_place))


def _judged(document: Annotated, extraction: Extraction) -> Judged:
    ours, theirs = gold_numbers(document), found_numbers(extraction)
    missing, spurious = _rest(ours, theirs), _rest(theirs, ours)
    labels = [[LABEL] * size for size in (len(ours), len(theirs), len(ours) - len(missing))]
    unpaired = [(each, None) for each in missing] + [(None, each) for each in spurious]
    return Judged(
        {"strict": tally(*labels)},
        mistakes(MEASURE, document.id, unpaired, lambda _gold, _predicted: 1.0, _shown),
    )


def _rest(numbers: Sequence[Printed], others: Sequence[Printed]) -> list[Printed]:
    """Those that the others, as a multiset, do not have; of equal ones the last."""
    left = Counter(each.value for each in others)
    rest = []
    for each in numbers:
        if left[each.value]:
            left[each.value] -= 1
        else:
            rest.append(each)
    return rest


def _shown(each: Printed) -> Shown:
    return Shown(LABEL, each.value, each.span)


def _place(each: Printed) -> tuple[Span, str]:
    return each.span, each.value


def _printed(view: str, part: Span) -> Iterator[Printed]:
    """The numbers that begin inside a stretch of the reading view."""
    units = [
        Span(*match.span()) for match in _UNIT.finditer(view, max(0, part.start - 2), part.end)
    ]
    for match in _DIGITS.finditer(view, part.start, part.end):
        value = number(match[0])
        inside = any(unit.start <= match.start() < unit.end for unit in units)
        if value and not inside:
            yield Printed(value, Span(*match.span()))


def _values(node: Node) -> Iterator[Value]:
    for _, fact in leaves(node):
        if isinstance(fact, Fact):
            qualified = (qualifier.value for qualifier in fact.qualifiers)
            yield from (value for value in (fact.value, fact.dose, *qualified) if value)


def _found(value: Value) -> set[Printed]:
    """The bounds, one for an equality, and the named results that are printed digits.

    A range of stages, "1-3", has the results 1, 2 and 3, of which 2 is not printed. A value
    printed in words has none; one of which nothing is normalised (its comparator was lost) has
    the numbers in its words.
    """
    printed = {number(match[0]) for match in _DIGITS.finditer(reading_view(value.text))}
    if not printed:
        return set()
    if not (value.low or value.high or value.values):
        return {Printed(plain, value.span) for plain in printed if plain}
    bounds = {number(bound.value.lstrip("+-")) for bound in (value.low, value.high) if bound}
    results = {number(result) for result in value.values or () if result[:1].isdigit()}
    return {Printed(plain, value.span) for plain in bounds | (results & printed) if plain}
