"""Concepts that another concept speaks of: what an allergy is to, what a drug is given for."""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.relate.gaps import gap_text, link
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.schema import ConceptKind


class ObjectRow(Row):
    """Which concepts take which objects, and the words between, whose group is kept."""

    sources: tuple[str, ...]
    kinds: tuple[ConceptKind, ...]
    lead: str
    objects: tuple[ConceptKind, ...]


_MOST_WORDS = 6
_CONNECTOR = re.compile(r"[\s,/;]*(?:(?:and/or|and|or)\b\s*)?")


def without_objects(scope: Scope, units: list[Unit]) -> list[Unit]:
    """The units that stand for themselves; objects become qualifiers of their owner."""
    if len(units) < 2:
        return units
    kept: list[Unit] = []
    owner: tuple[Unit, ObjectRow] | None = None
    previous: Unit | None = None
    for unit in units:
        if owner and previous and _goes_on(scope, owner[1], previous, unit):
            connector = _CONNECTOR.match(scope.lowered, previous.end, unit.start)
            _take(owner[0], unit, connector.end() if connector else unit.start)
        elif previous and (found := _row_between(scope, kept[-1], unit)):
            owner = (kept[-1], found[0])
            _take(kept[-1], unit, found[1])
        else:
            owner = None
            kept.append(unit)
        previous = unit
    _share_objects(scope, kept)
    return kept


def _share_objects(scope: Scope, units: list[Unit]) -> None:
    """ "Allergy or intolerance to lactose": both are to it."""
    for first, second in reversed(list(pairwise(units))):
        row = _first_row(second.concept.source)
        if row is None or first.concept.source not in row.sources:
            continue
        objects = [q for q in second.qualifiers if q.start >= second.end and q.kind == "other"]
        if any(q.start >= first.end for q in first.qualifiers) or not objects:
            continue
        if link(gap_text(scope, first.end, second.start)) != "none":
            first.qualifiers.extend(replace(one) for one in objects)


@cache
def _first_row(source: str) -> ObjectRow | None:
    """The first row that a concept is the owner of by its rule id."""
    return next((row for row, _ in _rows() if source in row.sources), None)


def _row_between(scope: Scope, first: Unit, second: Unit) -> tuple[ObjectRow, int] | None:
    """The row that joins two units, and where its words ("to", "due to") begin."""
    if not _is_bare(second):
        return None
    between = scope.lowered[first.end : second.start].rstrip(" (")
    for row, lead in _rows():
        if second.concept.label not in row.objects:
            continue
        takes = first.concept.source in row.sources or first.concept.label in row.kinds
        match = lead.fullmatch(between) if takes else None
        if match:
            return row, first.end + match.start("from")
    return None


def _goes_on(scope: Scope, row: ObjectRow, previous: Unit, unit: Unit) -> bool:
    """A list of objects: "to prednisone, immunosuppressants or contrast agents"."""
    if not _is_bare(unit) or unit.concept.label not in row.objects:
        return False
    between = Region(previous.end, unit.start)
    gap = gap_text(scope, between.start, between.end)
    return link(gap) != "none" and len(gap.split()) <= _MOST_WORDS and not scope.in_region(between)


def _is_bare(unit: Unit) -> bool:
    return not (unit.value or unit.dose or unit.repeated)


def _take(owner: Unit, unit: Unit, start: int) -> None:
    concept = unit.concept
    if owner.qualifiers and owner.qualifiers[-1].start == start:
        owner.qualifiers.pop()  # "for treatment" of "for treatment of lymphoma"
    owner.qualifiers.append(Qualified("other", start, concept.end, concept.source))


@cache
def _rows() -> "tuple[tuple[ObjectRow, re.Pattern[str]], ...]":
    return tuple((row, re.compile(row.lead)) for row in load_rows("objects", ObjectRow))
