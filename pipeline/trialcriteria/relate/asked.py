"""Who is asked for consent, or to do something: the patient, a parent, a representative, or both.

"Signed by the parents", "patients or their guardians are able to ...": rows of
``lexicons/asked.toml`` name these people.
"""

import re
from functools import cache
from itertools import pairwise
from typing import Literal

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Unit
from trialcriteria.tag.abilities import PREFIX

_ASKED = (PREFIX, "frame.language")
_REACH = 140  # code points between the people and what they are asked
_NEAR = 30  # the same where the people are no subject ("with a caregiver who is able to")
_LIST = 60  # code points between the patient and the other people
_CLAUSE = re.compile(r"[.:;](?:\s|\Z)|\n")
_GIVEN = re.compile(r"\b(?:from|by|of)\b")
_NO_SUBJECT = re.compile(r"\b(?:with|to|from|by|for|of|has|have|having|no)\s(?:\w+\s){0,2}\Z")
_OF_WHOM = re.compile(r"\b(?:for|of|on behalf of)\s(?:\w+\s)?\Z")
_PARENTAL = re.compile(r"\b(?:parent|parental|guardian) \Z")
_ASSENT_OF = re.compile(r"\b(?:con|as)sent(?: \w+)? (?:of|from|by)\s(?:(?:the|an?|each)\s)?\Z")
_OF_THEIR = re.compile(r"\s?(?:\([^()]{1,10}\) ?)?\b(?:of|for)\s(?:(?:the|an?|each)\s)?\Z")
_JOINED = re.compile(r"[\s(,]{0,3}(?P<join>and ?/ ?or|and|or|/)(?![\w])")


class AskedRow(Row):
    """Words for one sort of people: the patients, or others who act for them."""

    who: Literal["patient", "other"]
    words: tuple[str, ...]


def without_wards(scope: Scope, units: list[Unit]) -> list[Unit]:
    """The units but for those that only say who is asked, whose parent, or who assents.

    An age says more of them ("assent of children over 7 years").
    """
    asked = {id(u) for u, following in pairwise(units) if _is_asked(scope, u, following)}
    kept = [unit for unit in units if id(unit) not in asked] if asked else units
    wards = {id(unit) for unit in kept if _is_ward(scope, unit)}
    ages = (u for u in units if u.value and u.value.value and u.value.value.kind == "age")
    if not wards or any(ages):
        return kept
    return [unit for unit in kept if id(unit) not in wards]


def _is_asked(scope: Scope, unit: Unit, following: Unit) -> bool:
    """ "The caregiver is able to ...": whoever is asked is no fact beside it."""
    if unit.concept.label != "observation" or not _may_be_asked(following):
        return False
    before = scope.lowered[max(0, unit.start - _NEAR) : unit.start]
    between = Region(unit.end, following.start)
    return (
        _people("other").fullmatch(scope.lowered, unit.start, unit.end) is not None
        and between.end - between.start <= _REACH
        and not _NO_SUBJECT.search(before)
        and not _CLAUSE.search(scope.lowered, *between)
    )


def _may_be_asked(unit: Unit) -> bool:
    return unit.concept.label == "consent" or unit.concept.source.startswith(_ASKED)


def _is_ward(scope: Scope, unit: Unit) -> bool:
    """ "The parents of the infant", "representative (LAR) of minors"."""
    if unit.concept.label != "demographic" or unit.value or unit.repeated:
        return False
    before = scope.lowered[max(0, unit.start - _NEAR) : unit.start]
    if _ASSENT_OF.search(before):
        return True
    led = _OF_THEIR.search(before)
    return led is not None and any(
        found.end() >= led.start() for found in _people("other").finditer(before)
    )


def mark_asked(scope: Scope, units: list[Unit], statement: Region) -> None:
    """Marks consents and abilities of people other than the patient."""
    asked = [unit for unit in units if _may_be_asked(unit)]
    if not asked or not _people("other").search(scope.lowered, statement.start, statement.end):
        return
    for unit in asked:
        end = next((u.start for u in asked if u.start >= unit.end), statement.end)
        adjective = _PARENTAL.search(scope.lowered, unit.end, end)
        end = adjective.start() if adjective else end
        if unit.concept.label == "consent" and _giver(scope, unit, end):
            continue
        _subject(scope, unit, statement)


def _giver(scope: Scope, unit: Unit, end: int) -> bool:
    """ "Consent obtained from the patient or a guardian": whether givers are named behind it."""
    end = min(end, unit.end + _REACH)
    cut = _CLAUSE.search(scope.lowered, unit.end, end)
    end = cut.start() if cut else end
    given = _GIVEN.search(scope.lowered, unit.end, end)
    if given is None:
        return False
    other = _people("other").search(scope.lowered, given.end(), end)
    patient = _people("patient").search(scope.lowered, given.end(), end)
    if other is None or (patient and patient.end() <= other.start() - _LIST):
        return patient is not None
    _mark(scope, unit, given.end(), other.start())
    return unit.experiencer == "other"


def _subject(scope: Scope, unit: Unit, statement: Region) -> None:
    """ "The patient or a guardian must sign consent": the people before it, if it is theirs."""
    start = max(statement.start, unit.start - _REACH - _LIST)
    for cut in _CLAUSE.finditer(scope.lowered, start, unit.start):
        start = cut.end()
    others = list(_people("other").finditer(scope.lowered, start, unit.start))
    if not others:
        return
    first, last = others[0].start(), others[-1].end()
    reach = _NEAR if _NO_SUBJECT.search(scope.lowered, start, first) else _REACH
    between = _people("patient").finditer(scope.lowered, last, unit.start)
    if unit.start - last > reach or any(
        not _OF_WHOM.search(scope.lowered, start, patient.start()) for patient in between
    ):
        return
    _mark(scope, unit, start, first)


def _mark(scope: Scope, unit: Unit, start: int, other: int) -> None:
    """Other people begin at ``other``; a patient named right before them is asked as well."""
    unit.experiencer = "other"
    before = list(_people("patient").finditer(scope.lowered, max(start, other - _LIST), other))
    joined = _JOINED.match(scope.lowered, before[-1].end(), other) if before else None
    if joined:
        unit.beside_patient = "all" if joined["join"] == "and" else "any"


@cache
def _people(who: str) -> "re.Pattern[str]":
    words = [w for row in load_rows("asked", AskedRow) if row.who == who for w in row.words]
    listed = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])")
