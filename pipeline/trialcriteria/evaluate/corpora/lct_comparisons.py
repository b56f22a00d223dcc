"""What the comparisons of an LCT document (its Eq-Comparison events) say.

What LCT leaves to its roles is read as its texts mean it: without an operator, a number under
Temporality is how far a window reaches, one under Duration or Min-Value is the least, and any
other one is exact. Max-Value ("out of six") limits nothing, nor does a number without a unit under
Temporality, which is a year ("since 2010"). A comparison without a unit has that of one that it is
joined to by And or Or ("18 and 65 years").
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from trialcriteria.evaluate.constraints import (
    Constraint,
    Role,
    Side,
    folded_words,
    limits_of,
    merged,
)
from trialcriteria.evaluate.corpora.comparison import (
    Bare,
    Comparison,
    Printed,
    each_in_one_unit,
    values_of,
    with_shared_units,
)
from trialcriteria.evaluate.matching import envelope
from trialcriteria.evaluate.quantities import CALENDAR
from trialcriteria.export.brat import (
    Attribute,
    BratDocument,
    BratRelation,
    Event,
    TextBound,
)
from trialcriteria.schema import Span

EVENT = "Eq-Comparison"
_MUTUAL = frozenset({"And", "Or"})
_SHORT_FORM = "Abbrev-Of"
_NUMBER = re.compile(r"\d+$")
_BARE: dict[str, Bare] = {"Temporality": "high", "Duration": "low", "Min-Value": "low"}
_PERIODS = {"past": "past", "recent": "past", "present": "present", "future": "future"}
_SIDES: dict[str, Side] = {"past": "before", "recent": "before", "future": "after"}
_SIDE_OF_RELATION: dict[str, Side] = {"Before": "before", "After": "after"}


class Period(NamedTuple):
    """A stretch of the patient's time line without a length: past, present or future."""

    name: str
    span: Span


class Subject(NamedTuple):
    """The event that a comparison is an argument of: in which role, its label and mentions."""

    role: str
    label: str
    mentions: tuple[TextBound, ...]


class LctComparison(NamedTuple):
    """One Eq-Comparison: where it stands, its parts, what it is about and on which side."""

    span: Span
    parts: Comparison
    subjects: tuple[Subject, ...]
    side: Side | None


def comparisons(document: BratDocument) -> list[LctComparison]:
    """The comparisons of a document whose trigger can be placed, in file order."""
    index = _Index(document)
    found = [event for event in index.events.values() if event.label == EVENT]
    return [each for event in found if (each := index.comparison(event))]


def constraints_of_document(document: BratDocument) -> list[Constraint]:
    """What the comparisons limit to a number, with their own places."""
    return merged(
        constraint
        for comparison in comparisons(document)
        for constraint in _constraints(comparison, document.text)
    )


def periods_of_document(document: BratDocument) -> list[Period]:
    """The comparisons with a period and no length."""
    return [
        Period(_PERIODS[parts.period], span)
        for span, parts, _, _ in comparisons(document)
        if parts.period in _PERIODS and not (parts.values or parts.time_units)
    ]


def _constraints(comparison: LctComparison, text: str) -> Iterator[Constraint]:
    span, parts, subjects, side = comparison
    roles = {subject.role for subject in subjects}
    if roles == {"Max-Value"} or (_is_date(parts) and "Temporality" in roles):
        return
    default: Bare = "high" if parts.time_units and not roles else "exact"
    bare = next((_BARE[role] for role in roles if role in _BARE), default)
    age = any(subject.label == "Age" for subject in subjects)
    mentions = [each for of in subjects if of.label != "Criteria-Count" for each in of.mentions]
    words = dict.fromkeys(folded_words(mention.surface) for mention in mentions)
    limits = (
        limit
        for each in each_in_one_unit(parts)
        for value in values_of(each, text, bare)
        for limit in limits_of(value)
    )
    for limit in limits:
        unit = limit.unit or ("a" if age else None)
        role: Role = "age" if age else "temporal" if unit in CALENDAR else "numeric"
        yield Constraint(
            limit._replace(span=span, unit=unit, side=side if role == "temporal" else None),
            role,
            (("age",),) if age else tuple(filter(None, words)),
            tuple(place for mention in mentions for place in mention.spans),
        )


def _is_date(parts: Comparison) -> bool:
    """Whether its numbers have no unit, so that of times they can only be years."""
    return not (parts.units or parts.time_units or parts.per)


class _Index:
    """A document's annotations by id."""

    def __init__(self, document: BratDocument) -> None:
        self.bounds: dict[str, TextBound] = {}
        self.events: dict[str, Event] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._parents: defaultdict[str, list[tuple[str, Event]]] = defaultdict(list)
        self._relations: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for annotation in document.annotations:
            match annotation:
                case TextBound():
                    self.bounds[annotation.id] = annotation
                case Event():
                    self._add_event(annotation)
                case Attribute(kind=kind, target=target, value=str(value)):
                    self._names[target, kind] = value
                case BratRelation(kind=kind, arguments=(one, two)):
                    self._relations[one.target].append((kind, two.target))
                    if kind in _MUTUAL or kind == _SHORT_FORM:
                        self._relations[two.target].append((kind, one.target))

    def _add_event(self, event: Event) -> None:
        self.events[event.id] = event
        for role, target in event.arguments:
            self._parents[target].append((_NUMBER.sub("", role), event))

    def comparison(self, event: Event) -> LctComparison | None:
        """An Eq-Comparison as a value; None where its trigger is not there."""
        if event.trigger not in self.bounds:
            return None
        parts = with_shared_units((self._parts(event), *self._joined(event)))[0]
        subjects = tuple(self._subject(role, of) for role, of in self._parents[event.id])
        mention = self.bounds[event.trigger]
        side = self._side(event, parts.period)
        return LctComparison(envelope(mention.spans), parts, subjects, side)

    def _joined(self, event: Event) -> Iterator[Comparison]:
        """The comparisons that And or Or joins to one."""
        for kind, target in self._relations[event.id]:
            other = self.events.get(target)
            if kind in _MUTUAL and other and other.label == EVENT:
                yield self._parts(other)

    def _parts(self, event: Event) -> Comparison:
        filled = {
            (_NUMBER.sub("", role), self.bounds[target]): None
            for role, target in event.arguments
            if target in self.bounds
        }
        arguments = sorted(filled, key=lambda argument: argument[1].spans)

        def named(role: str, attribute: str) -> tuple[str, ...]:
            """Normalised names; words as printed where there is none."""
            return tuple(
                self._names.get((bound.id, f"Eq-{attribute}-Value"), bound.surface)
                for of, bound in arguments
                if of == role
            )

        return Comparison(
            operators=tuple(each.replace("-", "_") for each in named("Operator", "Operator")),
            values=tuple(
                Printed(bound.surface, bound.spans[0]) for of, bound in arguments if of == "Value"
            ),
            units=tuple(Printed(_unit(each), None) for each in named("Unit", "Unit")),
            time_units=named("Temporal-Unit", "Temporal-Unit"),
            per=named("Per", "Temporal-Unit"),
            period=next(iter(named("Temporal-Period", "Temporal-Period")), None),
            recency=next(iter(named("Temporal-Recency", "Temporal-Recency")), None),
        )

    def _subject(self, role: str, event: Event) -> Subject:
        """The event that a comparison belongs to, by its trigger and its names.

        What a short form stands for, and the short form of it, are the same thing.
        """
        also = (target for kind, target in self._relations[event.id] if kind == _SHORT_FORM)
        events = (event, *(self.events[target] for target in also if target in self.events))
        found = (self.bounds.get(target) for each in events for target in _names(each))
        return Subject(role, event.label, tuple(bound for bound in found if bound))

    def _side(self, event: Event, period: str | None) -> Side | None:
        stated = (_SIDE_OF_RELATION.get(kind) for kind, _ in self._relations[event.id])
        return next((side for side in stated if side), _SIDES.get(period or ""))


def _names(event: Event) -> Iterator[str]:
    """Ids of its trigger and its names."""
    yield event.trigger
    yield from (target for role, target in event.arguments if _NUMBER.sub("", role) == "Name")


def _unit(name: str) -> str:
    """The name of a reference range as LLF writes it (``ref-range-high``); others as they are."""
    return name.replace("-", "_").upper() if name.startswith("ref-range-") else name
