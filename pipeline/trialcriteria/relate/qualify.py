"""Qualifiers, negation and experiencer of units."""

import re

from trialcriteria.relate.asked import mark_asked
from trialcriteria.relate.context import Modifier, find_modifiers
from trialcriteria.relate.gaps import gap_text
from trialcriteria.relate.governing import share_qualifiers
from trialcriteria.relate.permissions import ELSEWHERE
from trialcriteria.relate.phrases import attach_phrases
from trialcriteria.relate.scope import Region, Scope, first_at
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.tag.cues import Cue, qualifier_row

_BACK = 3  # units that may begin before a place and end behind it
_FAR = 300  # code points; a longer run of adjectives is none
_ADJECTIVE_GAP = re.compile(
    r"^\W*(?:(?:and|or|of|the|a|an|any|diagnosis of|history of|treatment with|therapy with"
    r"|(?:methods?|forms?|doses?|use|means) of|to receive|to undergo|to use)\W+)*\W*$"
)
_AFTER_GAP = re.compile(
    r"^\W*(?:(?:that|which|is|are|was|were|has|have|been|and|,|with|a|not|on)\W+){0,4}$"
)
_NEGATED = re.compile(r"\bnot(?: been| yet| adequately| well| fully){0,2}\s*\Z")
# "Not using", "with no": the word that negates is the mention.
_CORE = re.compile(r"\b(?:not|no|without|never|neither|nor)\b")
_SCALE = re.compile(r"\b(?:nyha|new york heart association(?: \(nyha\))?) \Z")
# "Known or suspected" leaves the fact as certain as "known" does.
_KNOWN_OR = re.compile(r"\b(?:known|confirmed|documented|proven),? or \Z")
_REFUSED = re.compile(
    r"\b(?:(?:will|should|must|are|is|be|to) (?:be )?(?:excluded|ineligible)"
    r"|(?:are|is|be) not eligible|not be eligible"
    r"|(?:may|can|should|must|will) ?not be (?:enrolled|included))\b"
    rf"(?!{ELSEWHERE})"
)
_SUSPECTED = re.compile(r"(?:suspected|possible|probable|presumed)\b[^,;]{1,80}\swith\b")
_WITHOUT = re.compile(r"(?:without|with no|free of)\b[^,;]*,\s*(?:or|and)\b")
_REFUSING = frozenset({"excluded", "ineligible", "eligible", "enrolled", "included"})
_NON = re.compile(r"\bnon[- ]?\Z")
_METHOD_LEAD = re.compile(
    r"\b(?:defined by|by|using|per|based on(?: \w+)?(?: by)?|according to|assessed with|via)"
    r"(?: [^,;.]{0,40} (?:or|and))?(?: the| an?)?\W*$"
)


def attach_qualifiers(
    scope: Scope, units: list[Unit], region: Region, skipped: list[Region]
) -> None:
    """Gives severity, acuteness, stability and the like to the concepts they narrow."""
    skipped = [*skipped, *attach_phrases(scope, units, region, skipped)]
    for cue in scope.qualifiers:
        if not region.holds(cue.start, cue.end):
            continue
        if any(s.holds(cue.start, cue.end) for s in skipped):
            continue
        negated = _NEGATED.search(scope.lowered, max(region.start, cue.start - 20), cue.start)
        start = negated.start() if negated else cue.start
        for unit in _qualified_units(scope, units, cue):
            unit.qualifiers.append(Qualified(cue.kind, start, cue.end, cue.source))
    qualified_units = [unit for unit in units if unit.qualifiers]
    for unit in qualified_units:
        _name_scale(scope, unit)
    if qualified_units:
        share_qualifiers(scope, units)


def _name_scale(scope: Scope, unit: Unit) -> None:
    """ "NYHA class III": the scale's name belongs to the stage."""
    for qualified in unit.qualifiers:
        if qualified.value is not None:
            named = _SCALE.search(scope.lowered, max(0, qualified.start - 40), qualified.start)
            qualified.start = named.start() if named else qualified.start


def _qualified_units(scope: Scope, units: list[Unit], cue: Cue) -> list[Unit]:
    row = qualifier_row(cue.source)
    side = row.side
    if side != "after":
        found = _before_concept(scope, units, cue)
        if row.kinds and any(unit.concept.label not in row.kinds for unit in found):
            return []
        if found:
            return found
    place = first_at(units, cue.start)
    before = [u for u in units[max(place - _BACK, 0) : place] if u.end <= cue.start]
    if side != "before" and before:
        gap = gap_text(scope, before[-1].end, cue.start)
        if _AFTER_GAP.match(gap) or (cue.source == "qualifier.stability" and len(gap) < 60):
            return [before[-1]]
    return []


def _before_concept(scope: Scope, units: list[Unit], cue: Cue) -> list[Unit]:
    place = first_at(units, cue.end)
    near = units[place : place + 2]
    grouped = _is_adjective(scope, near)
    after = near[1:] if grouped else near[:1]
    if not after or near[0].start - cue.end > _FAR:
        return []
    gap = gap_text(scope, cue.end, near[0].start)
    first = first_at(scope.qualifiers, cue.end)
    behind = first_at(scope.qualifiers, near[0].start)
    for other in scope.qualifiers[first:behind]:
        if other.end <= near[0].start:
            at = other.start - cue.end
            gap = gap[:at] + " " * (other.end - other.start) + gap[at + other.end - other.start :]
    return after[:1] if _ADJECTIVE_GAP.match(gap) else []


def _is_adjective(scope: Scope, units: list[Unit]) -> bool:
    """What stands right before the disease that recurs, and narrows it.

    The age group of "recurrent pediatric tumor", the marker of "metastatic ALK-positive cancer".
    """
    if len(units) < 2 or units[1].concept.label != "condition":
        return False
    first = units[0]
    value = first.value.value if first.value else None
    narrows = first.concept.label == "demographic" and value is None
    narrows = narrows or (value is not None and value.kind == "result")
    end = max(first.end, first.value.end if first.value else 0)
    return narrows and scope.view[end : units[1].start] == " "


def is_method(scope: Scope, unit: Unit) -> bool:
    """A measurement without a value, named as the way something was assessed."""
    if unit.concept.label not in {"measurement", "procedure"} or unit.value:
        return False
    if _METHOD_LEAD.search(scope.lowered[max(0, unit.start - 60) : unit.start]):
        return True
    return any(
        m.label == "window"
        and m.end <= unit.start
        and scope.lowered.startswith("on ", m.start)
        and not scope.view[m.end : unit.start].strip()
        for m in scope.in_region(Region(max(unit.start - _FAR, 0), unit.start))
    )


def attach_context(scope: Scope, units: list[Unit], statement: Region) -> None:
    """Marks units as negated, possible, or somebody else's, from the words of the statement."""
    for modifier in _modifiers(scope, units, statement):
        unit = units[modifier.target]
        cue = modifier.start + statement.start
        known = _KNOWN_OR.search(scope.lowered, max(statement.start, cue - 20), cue)
        if not known and _reaches(scope, cue, unit) and not _passed(scope, units, cue, unit):
            _apply(unit, modifier, scope.lowered, statement.start)
    mark_asked(scope, units, statement)
    _exclude(scope, units, statement)
    for unit in units:
        _mark_non(scope, unit)
        if unit.negation is not None and unit.qualifiers:
            _drop_qualifiers_of(unit.negation, unit)


def _modifiers(scope: Scope, units: list[Unit], statement: Region) -> list[Modifier]:
    start, end = statement
    cues = [cue for cue in scope.context_cues if start <= cue.start < end]
    if not (cues and units):
        return []
    first = min([u.concept.start for u in units])
    last = max([u.concept.end for u in units])
    if not any(cue.may_reach(first, last) for cue in cues):
        return []
    targets = [(u.concept.start - start, u.concept.end - start) for u in units]
    return find_modifiers(scope.view[start:end], targets)


def _reaches(scope: Scope, cue: int, unit: Unit) -> bool:
    """A cue in parentheses speaks of what stands in the same parentheses."""
    around = scope.parenthesis_at(cue)
    return around is None or around.holds(unit.start, unit.end)


def _passed(scope: Scope, units: list[Unit], cue: int, unit: Unit) -> bool:
    """ "A without B, or C": the comma leads back to A's list, so C is not asked to be absent.

    "Suspected sepsis with fever": the fever is there.
    """
    within = _WITHOUT.match(scope.lowered, cue, unit.start)
    if within is not None and any(other.end <= cue for other in units):
        return True
    suspected = _SUSPECTED.match(scope.lowered, cue, unit.start)
    return suspected is not None and any(cue <= other.start < suspected.end() for other in units)


def _exclude(scope: Scope, units: list[Unit], statement: Region) -> None:
    """ "Patients with X are not eligible" as an inclusion criterion asks for the absence of X."""
    if scope.join == "any" or scope.words.isdisjoint(_REFUSING):
        return
    found = _REFUSED.search(scope.lowered, statement.start, statement.end)
    if found is None:
        return
    for unit in units:
        before = unit.end <= found.start() and _reaches(scope, found.start(), unit)
        if before and unit.negation is None:
            unit.negation = Cue(*found.span(), "negation", "context.not_eligible")


def _mark_non(scope: Scope, unit: Unit) -> None:
    """ "Non-pregnant": what a person is observed not to be."""
    denied = unit.concept.denied
    if denied and unit.negation is None:
        unit.negation = Cue(*denied, "negation", unit.concept.source)
    if unit.concept.label == "observation":
        before = _NON.search(scope.lowered, max(0, unit.start - 5), unit.start)
        unit.negation = Cue(*before.span(), "negation", "context.non") if before else unit.negation


def _drop_qualifiers_of(cue: Cue, unit: Unit) -> None:
    """The "evidence of" in "no evidence of" says nothing about certainty."""
    unit.qualifiers = [q for q in unit.qualifiers if q.end <= cue.start or q.start >= cue.end]


def _core(lowered: str, start: int, end: int) -> tuple[int, int]:
    found = _CORE.search(lowered, start, end)
    return found.span() if found else (start, end)


def _apply(unit: Unit, modifier: Modifier, lowered: str, shift: int) -> None:
    if unit.start <= modifier.start + shift and modifier.end + shift <= unit.end:
        return  # a word of the term itself: "migraine without aura"
    match modifier.category:
        case "NEGATED_EXISTENCE":
            start, end = _core(lowered, modifier.start + shift, modifier.end + shift)
            unit.negation = Cue(start, end, "negation", "context.negation")
        case "POSSIBLE_EXISTENCE":
            unit.possible = True
        case "FAMILY":
            unit.experiencer = "family"
        case "PARTNER" if unit.concept.label != "demographic":
            unit.experiencer = "partner"
