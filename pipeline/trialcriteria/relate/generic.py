"""Concepts too general for a fact beside a more specific one: "treatment", "drugs"."""

from functools import cache

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Unit


class GenericRow(Row):
    """Rule ids of general concepts."""

    sources: tuple[str, ...]
    yields_duration: bool = False


_OWN_STUDY = ("this ", "the ", "our ", "present ", "current ")


def without_generic(scope: Scope, units: list[Unit]) -> list[Unit]:
    """Drops general concepts and this study itself; what they hold goes to a neighbour."""
    kept = [u for u in units if not _says_nothing(scope, u)]
    if not kept:
        return [u for u in units if not _is_own_study(scope, u)] or units
    for unit in units:
        if unit not in kept:
            _bequeath(unit, kept)
    return _without_repeats(kept)


def is_general(unit: Unit) -> bool:
    """Whether the concept's bare name is one of the general ones."""
    concept = unit.concept
    bare = concept.end - concept.start <= len(concept.name or "") + 3
    return bare and concept.source in _general_sources()


def _says_nothing(scope: Scope, unit: Unit) -> bool:
    if _is_own_study(scope, unit):
        return True
    holds = unit.value or unit.dose or unit.examples or unit.negation or unit.qualifiers
    if not is_general(unit) or holds:
        return False
    return _general_sources()[unit.concept.source].yields_duration or not unit.duration


def _is_own_study(scope: Scope, unit: Unit) -> bool:
    before = scope.lowered[max(0, unit.start - 9) : unit.start]
    return unit.concept.label == "study" and before.endswith(_OWN_STUDY) and not unit.windows


def _bequeath(unit: Unit, kept: list[Unit]) -> None:
    """ "SLE, with a medical history of six months": the duration is the disease's."""
    earlier = [u for u in kept if u.end <= unit.start]
    heir = earlier[-1] if earlier else kept[0]
    heir.duration = heir.duration or unit.duration
    heir.count = heir.count or unit.count
    if not heir.windows:
        heir.windows.extend(unit.windows)


def _without_repeats(units: list[Unit]) -> list[Unit]:
    """A concept named again without anything new ("SLE by the criteria for SLE") is one fact."""
    kept: list[Unit] = []
    for unit in units:
        bare = not (unit.value or unit.dose or unit.qualifiers or unit.duration or unit.negation)
        known = any(
            u.concept.source == unit.concept.source and u.windows == unit.windows for u in kept
        )
        if not (bare and known):
            kept.append(unit)
    return kept


@cache
def _general_sources() -> dict[str, GenericRow]:
    rows = load_rows("generic_concepts", GenericRow)
    return {source: row for row in rows for source in row.sources}
