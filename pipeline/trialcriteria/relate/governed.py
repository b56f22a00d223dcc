"""Which of the units before a window it is said of."""

import re

from trialcriteria.relate.gaps import gap_text, link
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Unit

_NEW_CLAUSE = re.compile(
    r"\b(?:without|with no|(?:and|or) (?:no|not)|but)\b"
    r"|\band (?:(?:who|which|that) )?(?:ha[sd]|have|is|are|was|were)\b"
    r"|\bor (?:with|those|patients|subjects|participants|who)\b"
)
# "are pregnant, have been pregnant", "is progressing or has required": the second tense begins anew
_PERFECT = re.compile(r"(?:,|\bor) (?:ha[sd]|have) ")
_TENSE = re.compile(r"\b(?:(is|are|currently)|ha[sd]|have)\b")
_REACH_OF_A_TENSE = 160
_OWN_HISTORY = re.compile(r"(?:,|\b(?:or|and)) (?:an? |any )?(?:\w+ ){0,2}history of\b")
_TAKING = re.compile(
    r"(?:,|\b(?:or|and)) (?:the |prior |previous |recent |any )*"
    r"(?:receipt|receiv\w+|us(?:e|ed|ing)|treat\w+|administration|exposure|underwent|undergo\w*)\b"
)
_TAKEN = frozenset({"drug", "procedure", "device"})
_STATES = frozenset({"condition", "measurement"})
_POPULATION = re.compile(r"child-?\s?bearing|reproductive|fertil|menopaus")
_LISTS_ON = re.compile(
    r"\s*[,;](?!\s*(?:(?:and|or)\s)?(?:ha[sd]|have|is|are|was|were|must|who|which|that|with)\b)"
)
_MOST_LISTED_WORDS = 6


def governed(scope: Scope, before: list[Unit], after: list[Unit], window: Region) -> list[Unit]:
    """The units that the words of a trailing window are about, not whom they are said of.

    ``before`` (not empty) and ``after`` are the units on both sides of the window, in order.
    """
    if _is_age(before[-1]) and not gap_text(scope, _end(before[-1]), window.start).strip():
        return before[-1:]
    kept = _same_clause(scope, [u for u in before if not _names_people(u)] or before[-1:])
    if after and len(kept) > 1 and _stands_inside_list(scope, kept, after[0], window):
        return kept[-1:]
    return kept


def _is_age(unit: Unit) -> bool:
    return (
        unit.value is not None and unit.value.value is not None and unit.value.value.kind == "age"
    )


def _end(unit: Unit) -> int:
    """Where a unit and its value end."""
    return max(unit.end, unit.value.end if unit.value else 0)


def _stands_inside_list(scope: Scope, before: list[Unit], after: Unit, window: Region) -> bool:
    """ "Angina, stroke within 6 months, cirrhosis": the list goes on, and the window is inside."""
    gap = gap_text(scope, before[-2].end, before[-1].start)
    behind = gap_text(scope, window.end, after.start)
    return (
        link(gap) == "comma"
        and link(behind) != "none"
        and _LISTS_ON.match(scope.lowered, window.end) is not None
        and len(behind.split()) <= _MOST_LISTED_WORDS
        and not _changes_clause(scope, Region(window.end, after.start))
    )


def _names_people(unit: Unit) -> bool:
    """ "Women", "of childbearing potential": no fact about a time."""
    if unit.value is not None or unit.concept.label not in {"demographic", "observation"}:
        return False
    named = f"{unit.concept.name or ''} {unit.concept.source}".lower()
    return unit.concept.label == "demographic" or _POPULATION.search(named) is not None


def _same_clause(scope: Scope, before: list[Unit]) -> list[Unit]:
    """The units back to the last change of subject (", and participants agree to")."""
    kept = before[-1:]
    for unit in reversed(before[:-1]):
        current = any(window.source == "time.current" for window in unit.windows)
        between = Region(unit.end, kept[0].start)
        other = _is_other_threshold(unit, before[-1]) and _is_listed(scope, between)
        other = other or _begins_taking(scope, unit, kept[0], between)
        if current or other or _changes_clause(scope, between):
            break
        kept.insert(0, unit)
    return kept


def _is_other_threshold(unit: Unit, last: Unit) -> bool:
    """ "BMI > 27 and stroke within 3 months": the measure was not taken in that time."""
    if unit.value is None or unit.value.value is None or unit.concept.label == "condition":
        return False
    return unit.value.value.kind not in {"result", "ordinal"} and last.value is None


def _begins_taking(scope: Scope, unit: Unit, following: Unit, between: Region) -> bool:
    """ "Bleeding disorder, or receipt of anticoagulants in the last 3 weeks"."""
    kinds = unit.concept.label in _STATES and following.concept.label in _TAKEN
    return kinds and _TAKING.search(scope.lowered, between.start, between.end) is not None


def _is_listed(scope: Scope, between: Region) -> bool:
    return link(gap_text(scope, between.start, between.end)) in {"and", "or"}


def _changes_clause(scope: Scope, between: Region) -> bool:
    """Another verb, or a history of its own: "unstable angina, or a history of stroke"."""
    words = gap_text(scope, between.start, between.end)
    cued = any(
        c.kind in {"obligation", "planned"} and between.holds(c.start, c.end)
        for c in scope.all_cues
    )
    return (
        cued
        or _NEW_CLAUSE.search(words) is not None
        or _OWN_HISTORY.search(scope.lowered, between.start, between.end) is not None
        or _changes_tense(scope, between)
    )


def _changes_tense(scope: Scope, between: Region) -> bool:
    """ "Are pregnant, have been pregnant": what is now, and what was."""
    perfect = _PERFECT.search(scope.lowered, between.start, between.end)
    if perfect is None:
        return False
    reach = max(perfect.start() - _REACH_OF_A_TENSE, 0)
    before = list(_TENSE.finditer(scope.lowered, reach, perfect.start()))
    return bool(before) and before[-1][1] is not None
