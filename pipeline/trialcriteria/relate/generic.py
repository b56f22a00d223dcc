"""Concepts too general for a fact beside a more specific one: "treatment", "drugs"."""

import re
from collections.abc import Iterator
from functools import cache

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.relate.gaps import gap_text, link
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Unit


class GenericRow(Row):
    """Rule ids of general concepts."""

    sources: tuple[str, ...]
    yields_duration: bool = False
    stands_for_age: bool = False
    before: tuple[str, ...] = ()  # only where these words lead to a concept of the same kind


_WHOSE = re.compile(r"(?:\b(?:of|by) (?:the |an? |their )?|\bindex )\Z")
_PARTNER = re.compile(r"\b(?:by|with|of|their|his|her|an?|the|sole) (?:[\w-]+ )?\Z")
_GIVING = re.compile(
    r"\s+(?:with|by|using)(?:\s+(?:an?|the|any|other|another|oral|systemic|topical|concomitant)\b){0,3}\s+"
)
_BEARS = re.compile(
    r"tumou?rs?\s(?:(?:must|should|to)\s)?(?:be|is|are|meets?|express(?:es)?)\s"
    r"(?:(?!and\b|or\b)[\w-]+\s){0,6}"
)
_FAR = 1_000  # code points; what stands further apart is not one list
_OWN_STUDY = ("this ", "the ", "our ", "present ", "current ")


def without_generic(scope: Scope, units: list[Unit]) -> list[Unit]:
    """Drops general concepts and this study itself; what they hold goes to a neighbour."""
    units = [unit for unit in units if not _is_whose(scope, unit)]
    units = _without_classes(scope, _without_age_words(scope, units))
    units = _without_bearers(scope, _without_giving(scope, units))
    kept = [u for u in units if not _says_nothing(scope, u)]
    if not kept:
        return [u for u in units if not _is_own_study(scope, u)] or units
    if len(kept) < len(units):
        for unit in units:
            if unit not in kept:
                _bequeath(unit, kept)
    return _without_repeats(scope, kept)


def _is_whose(scope: Scope, unit: Unit) -> bool:
    """ "Mother of the infant", "by their female partner": whose something is, no requirement."""
    if unit.concept.label != "demographic" or unit.value or unit.negation:
        return False
    before = max(0, unit.start - 30)
    if scope.lowered.startswith(" partner", unit.end):
        return _PARTNER.search(scope.lowered, before, unit.start) is not None
    whose = _WHOSE.search(scope.lowered, before, unit.start)
    return whose is not None and unit.concept.source in _age_words()


def _without_age_words(scope: Scope, units: list[Unit]) -> list[Unit]:
    """ "Children 6 to 11 years of age", "adults 18-75 years": the number says it.

    The word is the subject of an age that has no other.
    """
    ages = [u for u in units if u.value and u.value.value and u.value.value.kind == "age"]
    if not ages:
        return units
    words = [u for u in units if u.concept.source in _age_words() and u.value is None]
    if not words:
        return units
    for word in words:
        first = next((age for age in ages if age.start >= word.end), None)
        if first and _is_nameless(first) and not scope.view[word.end : first.start].strip(" ("):
            first.concept = word.concept
    return [u for u in units if u not in words or u.negation]


def _without_classes(scope: Scope, units: list[Unit]) -> list[Unit]:
    """ "Known infection with HIV or hepatitis B": what the infection is with, each known."""
    if len(units) < 2:
        return units
    kept: list[Unit] = []
    general = _general_sources()
    for place, unit in enumerate(units):
        row = general.get(unit.concept.source)
        following = units[place + 1 : place + 2]
        if not (row and row.before and following) or unit.value or unit.examples:
            kept.append(unit)
            continue
        gap = gap_text(scope, unit.end, following[0].start).strip()
        if gap not in row.before or following[0].concept.label != unit.concept.label:
            kept.append(unit)
            continue
        for heir in units[place + 1 :]:
            heir.qualifiers[:0] = [q for q in unit.qualifiers if q.end <= unit.start]
    return kept


def _without_bearers(scope: Scope, units: list[Unit]) -> list[Unit]:
    """ "Tumors must be HER2 positive": what is found in them is asked, not that there are some."""
    return [
        unit
        for place, unit in enumerate(units)
        if not (units[place + 1 :] and _bears(scope, unit, units[place + 1]))
    ]


def _bears(scope: Scope, unit: Unit, marker: Unit) -> bool:
    value = marker.value.value if marker.value else None
    if unit.value or value is None or value.kind != "result":
        return False
    return _BEARS.fullmatch(scope.lowered, unit.start, marker.start) is not None


def _without_giving(scope: Scope, units: list[Unit]) -> list[Unit]:
    """ "Concurrent therapy with other antibiotics": what is given, and how the giving is meant."""
    if len(units) < 2:
        return units
    kept: list[Unit] = []
    for place, unit in enumerate(units):
        given = units[place + 1 : place + 2]
        if not (given and _gives(scope, unit, given[0])):
            kept.append(unit)
            continue
        for heir in _list_from(scope, units, place + 1):
            heir.qualifiers[:0] = [q for q in unit.qualifiers if q.end <= unit.start]
            heir.windows = heir.windows or list(unit.windows)
            heir.duration = heir.duration or unit.duration
            heir.count = heir.count or unit.count
    return kept


def _gives(scope: Scope, unit: Unit, given: Unit) -> bool:
    """Whether the general drug is named with what it consists of."""
    drug = unit.concept.label == "drug" and given.concept.label in {"drug", "procedure"}
    if not drug or unit.value or unit.dose or unit.examples:
        return False
    if unit.negation and not given.negation:
        return False
    return is_filler(unit) and _GIVING.fullmatch(scope.lowered, unit.end, given.start) is not None


def _list_from(scope: Scope, units: list[Unit], place: int) -> Iterator[Unit]:
    """The unit there and those that are listed behind it, up to the next general one."""
    yield units[place]
    for at in range(place + 1, len(units)):
        if is_filler(units[at]) or not _is_listed(scope, units[at - 1], units[at]):
            return
        yield units[at]


def _is_nameless(age: Unit) -> bool:
    return age.value is not None and age.concept.start == age.value.start


def is_general(unit: Unit) -> bool:
    """Whether the concept's bare name is one of the general ones."""
    concept = unit.concept
    if concept.source not in _general_sources():
        return False
    return concept.end - concept.start <= len(concept.name or "") + 3


def is_filler(unit: Unit) -> bool:
    """Whether the concept is general wherever it stands ("disease"; not "infection")."""
    return is_general(unit) and not _general_sources()[unit.concept.source].before


def _says_nothing(scope: Scope, unit: Unit) -> bool:
    if _is_own_study(scope, unit):
        return True
    if unit.value or unit.dose or unit.examples or unit.negation or unit.qualifiers:
        return False
    if _is_number_of_drugs(scope, unit):
        return False
    if not is_filler(unit):
        return False
    return _general_sources()[unit.concept.source].yields_duration or not unit.duration


def _is_number_of_drugs(scope: Scope, unit: Unit) -> bool:
    """ "At least one prior therapy"; not "one regimen of prior chemotherapy"."""
    counted = unit.count is not None and unit.concept.label == "drug"
    return counted and not scope.lowered.startswith(" of ", unit.end)


def _is_own_study(scope: Scope, unit: Unit) -> bool:
    if unit.concept.label != "study" or unit.windows:
        return False
    return scope.lowered[max(0, unit.start - 9) : unit.start].endswith(_OWN_STUDY)


def _bequeath(unit: Unit, kept: list[Unit]) -> None:
    """ "SLE, with a medical history of six months": the duration is the disease's."""
    earlier = [u for u in kept if u.end <= unit.start]
    heir = earlier[-1] if earlier else kept[0]
    heir.duration = heir.duration or unit.duration
    heir.count = heir.count or unit.count
    if not heir.windows:
        heir.windows.extend(unit.windows)


def _without_repeats(scope: Scope, units: list[Unit]) -> list[Unit]:
    """A concept named again without anything new ("SLE by the criteria for SLE") is one fact.

    What is listed ("lactating or breastfeeding") is not: whoever lists it asks for it.
    """
    if len({unit.concept.source for unit in units}) == len(units):
        return units
    kept: list[Unit] = []
    named: dict[str, list[Unit]] = {}
    for unit in units:
        same = named.setdefault(unit.concept.source, [])
        bare = not (unit.value or unit.dose or unit.qualifiers or unit.duration or unit.negation)
        known = bare and any(
            (u.windows, u.experiencer) == (unit.windows, unit.experiencer) for u in same
        )
        if not known or _is_listed(scope, kept[-1], unit):
            kept.append(unit)
            same.append(unit)
    return kept


def _is_listed(scope: Scope, before: Unit, unit: Unit) -> bool:
    near = unit.start - before.end <= _FAR
    return near and link(gap_text(scope, before.end, unit.start)) != "none"


@cache
def _general_sources() -> dict[str, GenericRow]:
    rows = load_rows("generic_concepts", GenericRow)
    return {source: row for row in rows if not row.stands_for_age for source in row.sources}


@cache
def _age_words() -> frozenset[str]:
    rows = load_rows("generic_concepts", GenericRow)
    return frozenset(source for row in rows if row.stands_for_age for source in row.sources)
