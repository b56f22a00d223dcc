"""Numbers found as values, against the numbers inside Chia's ``Value`` spans.

For each document (one section of one trial) two multisets are compared: the numbers printed
inside gold ``Value`` spans, and those of the values, doses and qualifier values of the facts. What
is counted:

- numbers printed in digits, as plain decimals without sign (7.50 is 7.5; 1,500 and 1 500 are
  1500), so that a minus and the hyphen of a range need not be told apart. Number words and Roman
  numerals are left out on both sides;
- each printed number once, however many gold spans cover it and facts share it;
- no number that is part of a unit: a power of ten behind a factor ("x 10^9/L"), an exponent
  ("cm^2", "m-2"), the body surface ("1.73 m2"), digits that touch a letter in front ("mm3", "CD4")
  unless an annotator cut the span there ("score" + "0-1"); nor the code of a character that an
  export spelt out ("<U+2103>");
- no windows, durations and counts: Chia labels the first two ``Temporal``, the last
  ``Multiplier``.

``strict`` counts the bounds and numbered results ("grade 2 or 3") of our values. ``printed``
counts all numbers in their words, as is done for gold: also the same in a second unit, "7.0 mmol/L
(126 mg/dL)", the maximum of a score, "24/30", the parts of "27 0/7 weeks" and "20/40", which are
no facts of their own; whether a number became the right bound it does not ask. ``annotated`` is
``printed`` without two of Chia's conventions, under which a number of ours can only be an error:

- Numbers inside spans that Chia sets aside as a whole (remarks that a phrase cannot be a query,
  faults of the text, sentences of some topics) are left out on both sides. Its annotators mark
  next to nothing inside: of the 632 numbers printed there in the train split, 5 are in a
  ``Value``, against 20 of 55 under ``Line``, which is therefore not among them.
- A number that we find as a dose alone counts only where Chia has a ``Value`` on it. Chia's
  label for doses is ``Multiplier``, which is not counted: in the train split it is on 57 of our
  71 such numbers, ``Value`` on 9 (the rest: 4 set aside, 1 unmarked).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.corpora.labels import excluded
from trialcriteria.evaluate.quantities import number
from trialcriteria.evaluate.scores import (
    Judged,
    Measured,
    Shown,
    Tallies,
    measured,
    mistakes,
    tally,
)
from trialcriteria.export.table import leaves
from trialcriteria.schema import Extraction, Fact, Node, Span, Value
from trialcriteria.view import reading_view

MEASURE = "numbers"
LABEL = "number"
GOLD_LABEL = "Value"

_MARKED_INSIDE = frozenset({"Line", "c-Requires_causality"})
"""Remarks of Chia inside which its annotators go on marking values."""

_UNIT = re.compile(
    r"[x*]\s?10\s?(?:\^|\*\*|[eE])?\s?(?:[3-9]|1[0-2])(?!\d)"  # "1.5 x 10^9/L", "1.5x109/L"
    r"|(?<=\d )10(?:[369]|12)(?=\s?/)"  # "1.5 109/L"
    r"|1[.,]73\s?m(?:-2)?|(?<=/)1[.,]73?(?!\d)"
    r"|(?<=[^\W\d_])\s?\^\s?-?\d{1,2}"  # "cm^2"
    r"|(?<![^\W_])(?:[cdm]?m|m?[lL]|d[lL]|min|kg|h|s)-[1-3](?!\d)"  # "ml.min-1"
    r"|<U\+[0-9A-F]{4}>"
)
_DIGITS = re.compile(
    r"(?<![^\W_])(?<!\d[.,])"
    r"(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,6})?|[1-9]\d{0,2}(?: (?!10[369]\s?/)\d{3})+"
    r"|\d{1,12}(?:[.,]\d{1,6})?|\.\d{1,6})(?!\d)"
)


class Printed(NamedTuple):
    """A number as a plain decimal, and where it stands."""

    value: str
    span: Span


def measure_numbers(pairs: Iterable[tuple[Annotated, Extraction]]) -> Measured:
    """Chia documents and what the program made of the same text; one tally a document."""
    strictnesses = ("strict", "printed", "annotated")
    return measured(MEASURE, strictnesses, (_judged(*pair) for pair in pairs))


def gold_numbers(document: Annotated) -> tuple[Printed, ...]:
    """The numbers inside ``Value`` spans, in the order of the text."""
    view = reading_view(document.text)
    parts = _spans(document, {GOLD_LABEL})
    return tuple(sorted({each for part in parts for each in _printed(view, part)}, key=_place))


def bound_numbers(extraction: Extraction) -> tuple[Printed, ...]:
    """The bounds and numbered results of the values of all facts, in the order of the text."""
    values = _all_values(extraction, doses=True)
    return tuple(sorted({each for value in values for each in _bounds(value)}, key=_place))


def found_numbers(extraction: Extraction, *, doses: bool = True) -> tuple[Printed, ...]:
    """The numbers in the words of the values of all facts, in the order of the text."""
    values = _all_values(extraction, doses)
    return tuple(sorted({each for value in values for each in _in_words(value)}, key=_place))


def _judged(document: Annotated, extraction: Extraction) -> Judged:
    ours, theirs = gold_numbers(document), found_numbers(extraction)
    bounds = bound_numbers(extraction)
    missing, spurious = _rest(ours, theirs), _rest(theirs, ours)
    unpaired = [(each, None) for each in missing] + [(None, each) for each in spurious]
    return Judged(
        {
            "strict": _tallied(ours, bounds),
            "printed": _tallied(ours, theirs),
            "annotated": _tallied(*_comparable(document, extraction, ours, theirs)),
        },
        mistakes(MEASURE, document.id, unpaired, lambda _gold, _predicted: 1.0, _shown),
    )


def _tallied(ours: Sequence[Printed], theirs: Sequence[Printed]) -> Tallies:
    agreeing = len(ours) - len(_rest(ours, theirs))
    return tally(*([LABEL] * size for size in (len(ours), len(theirs), agreeing)))


def _comparable(
    document: Annotated,
    extraction: Extraction,
    ours: Iterable[Printed],
    theirs: Iterable[Printed],
) -> tuple[list[Printed], list[Printed]]:
    """Both sides without what Chia sets aside, and ours without doses that it calls otherwise."""
    aside, marked = _spans(document, _set_aside()), _spans(document, {GOLD_LABEL})
    no_doses = set(found_numbers(extraction, doses=False))
    return (
        [each for each in ours if not _within(each, aside)],
        [
            each
            for each in theirs
            if not _within(each, aside) and (each in no_doses or _within(each, marked))
        ],
    )


def _set_aside() -> set[str]:
    return {label for row in excluded("chia") for label in row.labels} - _MARKED_INSIDE


def _spans(document: Annotated, labels: set[str]) -> set[Span]:
    return {
        part for mention in document.mentions if mention.label in labels for part in mention.spans
    }


def _within(each: Printed, spans: Iterable[Span]) -> bool:
    """Whether any of the words with the number lies in one of the spans."""
    return any(each.span.start < span.end and span.start < each.span.end for span in spans)


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
    """The numbers of a stretch of the reading view, those at its start whatever is in front."""
    units = [
        Span(*match.span()) for match in _UNIT.finditer(view, max(0, part.start - 2), part.end)
    ]
    for match in _DIGITS.finditer(view[slice(*part)]):
        start, end = (part.start + place for place in match.span())
        value = number(match[0])
        if value and not any(unit.start <= start < unit.end for unit in units):
            yield Printed(value, Span(start, end))


def _all_values(extraction: Extraction, doses: bool) -> Iterator[Value]:
    for criterion in extraction.criteria:
        if criterion.requirement:
            yield from _values(criterion.requirement, doses)


def _values(node: Node, doses: bool) -> Iterator[Value]:
    for _, fact in leaves(node):
        if isinstance(fact, Fact):
            qualified = (qualifier.value for qualifier in fact.qualifiers)
            dose = fact.dose if doses else None
            yield from (value for value in (fact.value, dose, *qualified) if value)


def _bounds(value: Value) -> set[Printed]:
    """The bounds, one for an equality, and the named results that are printed digits.

    A range of stages, "1-3", has the results 1, 2 and 3, of which 2 is not printed. A value
    printed in words has none; one of which nothing is normalised (its comparator was lost) has
    the numbers in its words.
    """
    printed = {each.value for each in _in_words(value)}
    if printed and (value.low or value.high or value.values):
        bounds = {number(bound.value.lstrip("+-")) for bound in (value.low, value.high) if bound}
        results = {number(result) for result in value.values or () if result[:1].isdigit()}
        printed = {plain for plain in bounds | (results & printed) if plain}
    return {Printed(plain, value.span) for plain in printed}


def _in_words(value: Value) -> set[Printed]:
    """The numbers in the words of a value, at its place."""
    view = reading_view(value.text)
    return {each._replace(span=value.span) for each in _printed(view, Span(0, len(view)))}
