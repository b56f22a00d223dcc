"""Which value and dose belongs to which concept."""

import re

from trialcriteria.relate.biomarkers import marker_of
from trialcriteria.relate.cases import in_case
from trialcriteria.relate.doses import is_dose, is_level, is_of_last, takes_dose
from trialcriteria.relate.gaps import gap_text, is_close, link
from trialcriteria.relate.results import (
    OF_A_LAB,
    is_joined,
    is_judged,
    is_test,
    judge,
    may_be_found,
)
from trialcriteria.relate.scope import Region, Scope, first_at
from trialcriteria.relate.subjects import PHRASE, names_measure, names_phase, scored_on
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.values import DIASTOLIC, SYSTOLIC
from trialcriteria.tag.values_named import NAMED_RANGE
from trialcriteria.tag.values_types import QUANTITIES

_FORWARD_OF = re.compile(r"^\W*(?:of|in|for|daily|per day)?\W*(?:\w+\W+){0,2}$")
_TIGHT_FORWARD = re.compile(
    r"^\W*(?:(?:for|to|serum|urine|blood|of|the|a|an|active|new|or|worse|viral|severity|anti|total)\W+){0,3}$"
)
_NEAR = 60  # concepts on either side of a value that it may be said of
_SCORES = frozenset({"quantity", "ordinal"})
_PRESSURES = frozenset({SYSTOLIC, DIASTOLIC})
# Words between a condition and its size ("blood loss equivalent to at least 400 mL").
_STATES = re.compile(r"\W*(?:(?:of|by|to|is|was|equivalent|equal|exceeding|measuring)\b\W*)*")


def attach_values(scope: Scope, units: list[Unit], mentions: list[Mention]) -> list[Mention]:
    """Gives each value among the mentions to its units; returns the values that found none."""
    orphans = []
    for mention in mentions:
        if mention.value is None:
            continue
        if not _attach_value(scope, units, mention):
            orphans.append(mention)
    return orphans


def _attach_value(scope: Scope, units: list[Unit], mention: Mention) -> bool:
    on_scale = _scored_on(scope, units, mention)
    if on_scale is not None:
        return on_scale
    if marker_of(scope, mention) is not None:
        return False
    left = _nearest_left(scope, units, mention)
    right = _nearest_right(scope, units, mention)
    chosen = right if _prefers_right(scope, mention, left, right) else left or right
    if chosen is None:
        return False
    if chosen is right and left is not None and _is_restated(scope, left, mention, right):
        units.remove(left)
    if is_joined(scope, chosen, mention):
        _give(chosen, mention)
        return True
    if is_judged(scope, chosen, mention):
        judge(scope, chosen, mention)
        return True
    if mention.source == NAMED_RANGE or is_of_last(scope, chosen, mention):
        _give(chosen, mention)
        return True
    _give_all(scope, units, chosen, mention)
    return True


def _give_all(scope: Scope, units: list[Unit], chosen: Unit, mention: Mention) -> None:
    """The value to the chosen unit, and to those listed with it that may have it as well."""
    label = chosen.concept.label
    backward = chosen.start < mention.start
    leads = not backward and mention.value is not None and mention.value.kind == "result"
    for unit in coordinated(scope, units, chosen, backward=backward, over_asides=leads):
        if unit is not chosen and _is_ratio(scope, unit, chosen, mention):
            continue
        if unit is not chosen and not may_be_found(scope, unit, mention):
            continue
        alike = unit.concept.label in {label, chosen.concept.label} and unit.value is None
        if chosen is unit or (alike and _accepts(unit, mention)):
            _give(unit, mention)


def _is_ratio(scope: Scope, unit: Unit, chosen: Unit, mention: Mention) -> bool:
    """ "FEV1 (in litres) / FVC < 70 %": the percentage is no value of the first."""
    percent = mention.value is not None and (mention.value.unit_text or "").strip() == "%"
    return percent and "/" in gap_text(scope, unit.end, chosen.start)


def _scored_on(scope: Scope, units: list[Unit], mention: Mention) -> bool | None:
    """Gives a score to the scale named behind it; words of an unknown one are no concepts.

    A measure that stands right before the score keeps it ("performance status <= 1 on the ECOG
    scale"). False: the value is for a scale that no unit names. None: no scale stands behind it.
    """
    is_number = mention.value is not None and mention.value.kind in _SCORES
    named = scored_on(scope, mention) if is_number else None
    if named is None:
        return None
    within = [u for u in units if named.holds(u.start, u.end)]
    measure = _measure_before(scope, units, mention)
    if measure is not None:
        _give(measure, mention)
        start = scope.lowered.index("on ", mention.end)
        measure.qualifiers.append(Qualified("method", start, named.end, mention.source))
        units[:] = [u for u in units if u not in within]
        return True
    for unit in within:
        if unit.concept.label == "measurement" and unit.value is None:
            _give(unit, mention)
            return True
    units[:] = [u for u in units if u not in within]
    return False


def _measure_before(scope: Scope, units: list[Unit], mention: Mention) -> Unit | None:
    before = [u for u in units if u.end <= mention.start]
    if not before or before[-1].concept.label != "measurement" or before[-1].value is not None:
        return None
    return before[-1] if is_close(gap_text(scope, before[-1].end, mention.start)) else None


def _is_restated(scope: Scope, left: Unit, mention: Mention, right: Unit) -> bool:
    """ "Hormone use >= 10 mg/day of prednisone": the dose's own drug says which hormone.

    "Blood pressure > 160 mmHg systolic": the systolic one is meant.
    """
    if _is_phase(scope, mention, right):
        return left.value is None and "pressure" in (left.concept.name or "")
    is_dose = mention.value is not None and mention.value.kind == "dose"
    adjacent = not gap_text(scope, left.end, mention.start).strip()
    return is_dose and adjacent and left.concept.label == "drug"


def _is_phase(scope: Scope, mention: Mention, right: Unit) -> bool:
    """The "systolic" of "> 160 mmHg systolic"."""
    if not names_phase(scope, right.concept) or right.value is not None:
        return False
    return not gap_text(scope, mention.end, right.start).strip(" (")


def _accepts(unit: Unit, mention: Mention) -> bool:
    """Whether a value may describe a unit that has none yet."""
    value = mention.value
    assert value is not None
    if unit.dose is not None or not (unit.value is None or _outweighs(unit.value, mention)):
        return False
    kind = unit.concept.label
    if mention.source in _PRESSURES:  # "hypertension (> 160/100 mmHg)" names none
        name = unit.concept.name
        return kind == "measurement" and (name is None or "pressure" in name)
    if value.kind == "dose":
        return kind == "drug"
    if value.kind == "age":
        return kind == "demographic" and "age" in unit.concept.source + (unit.concept.name or "")
    if value.kind == "ordinal":
        return kind in {"measurement", "condition", "observation"}
    if value.kind == "result":
        return kind in {"measurement", "condition", "observation", "procedure"}
    if kind == "drug":
        return is_dose(mention) or OF_A_LAB.search(value.unit_text or "") is not None
    return kind in {"measurement", "observation", "procedure", "device", "condition", "other"}


def _outweighs(held: Mention, mention: Mention) -> bool:
    """A threshold behind a measure says more than a "positive" spread over its list."""
    assert held.value is not None
    assert mention.value is not None
    return held.value.kind == "result" and mention.value.kind in QUANTITIES


def _give(unit: Unit, mention: Mention) -> None:
    value = mention.value
    assert value is not None
    if is_test(unit, mention):
        unit.concept = unit.concept._replace(label="measurement")
    if value.kind == "ordinal" and unit.concept.label != "measurement":
        kind = "severity" if value.scale in {"grade", "ctcae"} else "stage"
        unit.qualifiers.append(
            Qualified(kind, mention.start, mention.end, mention.source, value=mention)
        )
    elif takes_dose(unit, mention):
        unit.dose = mention
    else:
        unit.value = mention


def _nearest_left(scope: Scope, units: list[Unit], mention: Mention) -> Unit | None:
    place = first_at(units, mention.start)
    near = units[max(place - _NEAR, 0) : place]
    before = [u for u in near if u.end <= mention.start and _accepts(u, mention)]
    if before and is_level(before[-1], mention):
        adjacent = not gap_text(scope, before[-1].end, mention.start).strip()
        before = before if adjacent else [u for u in before if not is_level(u, mention)]
    if not before:
        return None
    if mention.value is not None and mention.value.kind in QUANTITIES:
        return _measured(scope, before, mention)
    if mention.value is not None and mention.value.kind == "ordinal":
        gap = gap_text(scope, before[-1].end, mention.start)
        return before[-1] if len(gap.split()) <= 6 and link(gap) == "none" else None
    return before[-1]


def _measured(scope: Scope, before: list[Unit], mention: Mention) -> Unit | None:
    """The concept a threshold is said of: the one right before it, else the last measure.

    A condition has a threshold only where nothing stands between ("weight loss > 10 %").
    """
    nearest = before[-1]
    gap = gap_text(scope, nearest.end, mention.start)
    waits = any(u.concept.label == "measurement" and u.value is None for u in before)
    alone = not waits and not is_dose(mention)
    own = names_measure(scope, nearest, mention, alone=alone) if gap.strip() else None
    if own is not None:
        return _of_unit(scope, nearest, own)
    if in_case(scope, nearest):
        return None
    if len(gap.split()) <= 1 or nearest.concept.label == "measurement":
        return nearest
    measured = [u for u in before if u.concept.label == "measurement"]
    if measured:
        return measured[-1]
    stated = _STATES.fullmatch(gap) is not None
    return nearest if stated or nearest.concept.label != "condition" else None


def _of_unit(scope: Scope, unit: Unit, own: Region) -> Unit | None:
    """ "Wound size", "HER2 copy number": one measure with the words right behind it."""
    if unit.value is not None or gap_text(scope, unit.end, own.start).strip(" -"):
        return None
    unit.concept = unit.concept._replace(
        label="measurement", end=own.end, source=PHRASE, name=None, shared=None
    )
    return unit


def _nearest_right(scope: Scope, units: list[Unit], mention: Mention) -> Unit | None:
    place = first_at(units, mention.end)
    after = [u for u in units[place : place + _NEAR] if _accepts(u, mention)]
    if not after or is_level(after[0], mention):
        return None
    gap = gap_text(scope, mention.end, after[0].start)
    listed = link(gap) != "none"
    if after[0].concept.label == "condition" and mention.value and mention.value.kind in QUANTITIES:
        return after[0] if gap.strip() in {"", "of"} else None
    return after[0] if _FORWARD_OF.match(gap) and not listed else None


def _prefers_right(scope: Scope, mention: Mention, left: Unit | None, right: Unit | None) -> bool:
    if right is None or left is None:
        return right is not None
    value = mention.value
    assert value is not None
    if _is_phase(scope, mention, right):
        return True
    gap_right = gap_text(scope, mention.end, right.start)
    if value.kind in {"result", "ordinal"}:
        gap_left = gap_text(scope, left.end, mention.start)
        follows = is_close(gap_left) and link(gap_left) == "none"
        return _TIGHT_FORWARD.match(gap_right) is not None and not follows
    if gap_right.strip().startswith("of ") or gap_right.strip() == "of":
        return value.kind == "dose" or left.concept.label != "measurement"
    return False


def coordinated(
    scope: Scope,
    units: list[Unit],
    chosen: Unit,
    *,
    backward: bool,
    over_values: bool = False,
    over_asides: bool = False,
) -> list[Unit]:
    """The chosen unit and those listed with it on the side away from the mention.

    A value between two of them ends it, unless ``over_values``, or in parentheses ``over_asides``.
    """
    place = units.index(chosen)
    listed = [chosen]
    step = -1 if backward else 1
    at = place + step
    while 0 <= at < len(units):
        first, second = sorted((units[at], units[at - step]), key=lambda u: u.start)
        between = Region(first.end, second.start)
        held = any(
            (m.value is not None or m.label == "duration")
            and not (over_asides and scope.parenthesis_at(m.start))
            for m in scope.in_region(between)
        )
        gap = gap_text(scope, first.end, second.start)
        if (held and not over_values) or not is_close(gap) or link(gap) == "none":
            break
        listed.append(units[at])
        at += step
    return listed
