"""Constraints: numbers with their operator and unit, as facts state them.

Whatever is compared is read from facts by the same rules, so that conventions do not count:

- An interval is two constraints, one for each end; equal ends are one with EQ. Consecutive levels
  of a scale ("III or IV") are the interval from the first to the last, other sets of levels one
  EQ each.
- A window is read by distance from its anchor, on either side of it: [-P6M, P0D] is at most 6
  months, [.., -P4W] at least 4 weeks. A whole side ("in the past") has no number. A window does
  not say whether its end belongs to it, so its constraints are not ``sharp``.
- Durations, counts, doses and the values of qualifiers are constraints as values are; n criteria
  out of a list are at least n.
- Numbers are plain decimals, Roman numerals included. Units are UCUM codes; a compound that has
  none is told by its letters. Points of a score and counted things ("cycles") are no units, and an
  age without a unit is in years. Multiples of a limit of normal are in ``{normal}``, whichever
  limit; "above normal" is more than one of it.
- What one place of the text says of several subjects is one constraint with all of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from trialcriteria.evaluate.quantities import CALENDAR, HALF_LIFE, amount, number
from trialcriteria.export.notation import branches
from trialcriteria.schema import (
    AtLeast,
    AtLeastN,
    Bound,
    Criterion,
    Extraction,
    Fact,
    IsoOffset,
    Node,
    Offset,
    Range,
    Span,
    Unit,
    Value,
    Window,
)

Operator = Literal["LT", "LTEQ", "EQ", "GTEQ", "GT"]
Role = Literal["age", "numeric", "temporal"]
Side = Literal["before", "after"]
Ends = tuple[Bound | None, Bound | None]

_NORMAL = "{normal}"
_NO_UNITS = frozenset({"", "{score}"})
_WORD = re.compile(r"\w+")


class Limit(NamedTuple):
    """An operator with its number and unit, and where it stands.

    ``unit`` is a UCUM code, ``{normal}`` or letters; ``sharp`` says whether strict and inclusive
    operators are told apart, ``side`` whether a length of time is before or after its anchor.
    """

    operator: Operator
    number: str
    unit: str | None
    span: Span
    sharp: bool = True
    side: Side | None = None

    def agrees(self, other: "Limit") -> bool:
        """Whether both say the same, wherever they stand."""
        return (self.number, self.unit) == (other.number, other.unit) and self.compares_as(other)

    def compares_as(self, other: "Limit") -> bool:
        """Whether the operators agree, as far as both are sharp."""
        if self.sharp and other.sharp:
            return self.operator == other.operator
        return self.operator[:2] == other.operator[:2]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.operator, self.number, self.unit)))


class Constraint(NamedTuple):
    """A limit, its role, and what is limited: the words of each subject that the text names.

    Words are folded (``folded_words``). A constraint on an age has the subject "age"; one without
    subjects is about something that the text does not name.
    """

    limit: Limit
    role: Role
    subjects: tuple[tuple[str, ...], ...] = ()
    places: tuple[Span, ...] = ()

    def __str__(self) -> str:
        return f"{' / '.join(map(' '.join, self.subjects))} {self.limit}".strip()


def constraints_of(extraction: Extraction) -> list[Constraint]:
    """The constraints of all criteria, in order."""
    return merged(
        constraint for criterion in extraction.criteria for constraint in _of_criterion(criterion)
    )


def _of_criterion(criterion: Criterion) -> Iterator[Constraint]:
    if criterion.requirement is not None:
        yield from stated(criterion.requirement, criterion.span)
    if isinstance(criterion.combine, AtLeastN):
        yield _at_least(criterion.combine.at_least, criterion.span)


def merged(constraints: Iterable[Constraint]) -> list[Constraint]:
    """The constraints with those of one limit at one place as one, in order."""
    about: defaultdict[tuple[Limit, Role], list[Constraint]] = defaultdict(list)
    for constraint in constraints:
        about[constraint.limit, constraint.role].append(constraint)
    return [
        Constraint(
            limit,
            role,
            tuple(dict.fromkeys(words for one in same for words in one.subjects)),
            tuple(dict.fromkeys(span for one in same for span in one.places)),
        )
        for (limit, role), same in about.items()
    ]


def stated(node: Node, whole: Span) -> Iterator[Constraint]:
    """Each fact's constraints; ``whole`` is the place of what has none of its own."""
    if isinstance(node, Fact):
        yield from _of_fact(node, whole)
    elif isinstance(node, AtLeast):
        yield _at_least(node.n, whole)
    for _, child in branches(node):
        yield from stated(child, whole)


def _at_least(least: int, whole: Span) -> Constraint:
    return Constraint(Limit("GTEQ", str(least), None, whole), "numeric")


def _of_fact(fact: Fact, whole: Span) -> Iterator[Constraint]:
    place = (fact.subject.span,) if fact.subject.span else ()
    if fact.value and fact.subject.kind == "demographic":
        for limit in limits_of(fact.value):
            yield Constraint(limit._replace(unit=limit.unit or "a"), "age", (("age",),), place)
    named = folded_words(fact.subject.text) if place else ()
    for limit in _limits(fact, whole):
        role: Role = "temporal" if limit.unit in CALENDAR else "numeric"
        yield Constraint(limit, role, (named,) if named else (), place)


def folded_words(text: str) -> tuple[str, ...]:
    """The words in lower case, without the s of a plural."""
    words: list[str] = _WORD.findall(text.casefold())
    return tuple(word.removesuffix("s") if len(word) > 3 else word for word in words)


def _limits(fact: Fact, whole: Span) -> Iterator[Limit]:
    """All but an age."""
    value = None if fact.subject.kind == "demographic" else fact.value
    for each in (value, fact.dose, *(qualifier.value for qualifier in fact.qualifiers)):
        if each:
            yield from limits_of(each)
    for length in (fact.duration, fact.count, *(each.duration for each in fact.qualifiers)):
        if length:
            yield from _of_range(length, whole)
    if fact.window:
        yield from _of_window(fact.window)


def limits_of(value: Value) -> Iterator[Limit]:
    """The limits that a value sets, at its place."""
    normal = value.relative_to in ("ULN", "LLN", "normal")
    unit = _NORMAL if normal else _unit(value.unit)
    for ends in _levels(value.values) if value.values else [(value.low, value.high)]:
        for operator, bound in _operators(*ends):
            yield Limit(operator, number(bound.value) or bound.value, unit, value.span)


def _levels(names: Sequence[str]) -> list[Ends]:
    """Levels of a scale as intervals; none where they are results with other names."""
    known = [level for level in map(number, names) if level]
    if len(known) != len(names):
        return []
    whole = sorted(int(level) for level in known if level.isdigit())
    if len(whole) == len(known) and all(two - one == 1 for one, two in pairwise(whole)):
        return [(_inclusive(str(whole[0])), _inclusive(str(whole[-1])))]
    return [(_inclusive(level), _inclusive(level)) for level in known]


def _inclusive(level: str) -> Bound:
    return Bound(value=level, inclusive=True)


def _operators(low: Bound | None, high: Bound | None) -> Iterator[tuple[Operator, Bound]]:
    if low and low == high and low.inclusive:
        yield "EQ", low
        return
    if low:
        yield "GTEQ" if low.inclusive else "GT", low
    if high:
        yield "LTEQ" if high.inclusive else "LT", high


def _unit(unit: Unit | None) -> str | None:
    """UCUM code with its denominators in one order; letters where there is no code.

    One word without a code ("cycles") names what is counted.
    """
    if unit is None or unit.ucum in _NO_UNITS:
        return None
    if unit.ucum is None:
        return _letters(unit.text) if "/" in unit.text else None
    head, *under = unit.ucum.split("/")
    return "/".join([head, *sorted(under)])


def _letters(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


def _of_range(length: Range, whole: Span) -> Iterator[Limit]:
    for operator, bound in _operators(length.low, length.high):
        value, unit = amount(bound.value) or (bound.value, _counted(length.unit))
        yield Limit(operator, number(value) or value, unit, whole)


def _counted(unit: str | None) -> str | None:
    """The unit of a count, as of a value."""
    if unit == "half_life":
        return HALF_LIFE
    return _letters(unit) if unit and "/" in unit else None


def _of_window(window: Window) -> Iterator[Limit]:
    start, end = _distance(window.start), _distance(window.end)
    if start and start == end:
        yield Limit("EQ", start.number, start.unit, window.span, side=start.side)
        start = end = None
    for end_of, outer in ((start, "before"), (end, "after")):
        if end_of:
            operator: Operator = "LTEQ" if end_of.side == outer else "GTEQ"
            number_unit = (end_of.number, end_of.unit)
            yield Limit(operator, *number_unit, window.span, sharp=False, side=end_of.side)
    for alternative in window.alternatives:
        yield from _of_window(alternative)


class _Distance(NamedTuple):
    """How far an end of a window lies from the anchor, and on which side."""

    number: str
    unit: str | None
    side: Side


def _distance(offset: Offset | None) -> _Distance | None:
    """None where the end is open or is the anchor itself."""
    if offset is None:
        return None
    signed = offset.iso if isinstance(offset, IsoOffset) else offset.count
    side: Side = "before" if signed.startswith("-") else "after"
    if isinstance(offset, IsoOffset):
        value, unit = amount(signed) or (signed.removeprefix("-"), None)
    else:
        value, unit = signed.lstrip("+-"), _counted(offset.unit)
    value = number(value) or value
    return _Distance(value, unit, side) if value != "0" else None
