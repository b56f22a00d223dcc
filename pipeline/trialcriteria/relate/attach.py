"""Which value, dose, window, duration and count belongs to which concept."""

import re

from trialcriteria.relate.gaps import gap_text, is_close, link
from trialcriteria.relate.generic import is_general
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.tag.mentions import Mention

_FORWARD_OF = re.compile(r"^\W*(?:of|in|for|daily|per day)?\W*(?:\w+\W+){0,2}$")
_TIGHT_FORWARD = re.compile(
    r"^\W*(?:(?:for|to|serum|urine|blood|of|the|a|an|active|new|or|worse|viral|severity|anti|total)\W+){0,3}$"
)
_QUANTITIES = frozenset({"quantity", "ratio_to_normal"})
# Rules that read an explicit window; the others stand for a lone cue word.
_STRONG_RULES = frozenset({"window", "event", "duration", "count"})
_NEW_CLAUSE = re.compile(r"\b(?:without|with no|and no|but)\b")
_MASS = re.compile(r"\b(?:mg|mcg|g|\u03bcg|ug|iu|units?|u|ml)\b", re.IGNORECASE)


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
    left = _nearest_left(scope, units, mention)
    right = _nearest_right(scope, units, mention)
    chosen = right if _prefers_right(scope, mention, left, right) else left or right
    if chosen is None:
        return False
    if chosen is right and left is not None and _is_restated_by_dose(scope, left, mention):
        units.remove(left)
    if _is_joined(scope, chosen, mention):
        _give(chosen, mention)
        return True
    for unit in _coordinated(scope, units, chosen, backward=chosen.start < mention.start):
        alike = unit.concept.label == chosen.concept.label and unit.value is None
        if chosen is unit or (alike and _accepts(unit, mention)):
            _give(unit, mention)
    return True


def _is_restated_by_dose(scope: Scope, left: Unit, mention: Mention) -> bool:
    """ "Hormone use >= 10 mg/day of prednisone": the dose's own drug says which hormone."""
    is_dose = mention.value is not None and mention.value.kind == "dose"
    adjacent = not gap_text(scope, left.end, mention.start).strip()
    return is_dose and adjacent and left.concept.label == "drug"


def _is_joined(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """ "HPV-negative", "HER2+": the result is this concept's alone."""
    is_result = mention.value is not None and mention.value.kind == "result"
    follows = unit.end <= mention.start and scope.view[unit.end : mention.start] in {"", "-"}
    return is_result and follows


def _accepts(unit: Unit, mention: Mention) -> bool:
    """Whether a value may describe a unit that has none yet."""
    value = mention.value
    assert value is not None
    if unit.dose is not None or not (unit.value is None or _outweighs(unit.value, mention)):
        return False
    kind = unit.concept.label
    if value.kind == "dose":
        return kind == "drug"
    if value.kind == "age":
        return kind == "demographic" and "age" in unit.concept.source + (unit.concept.name or "")
    if value.kind == "ordinal":
        return kind in {"measurement", "condition", "observation"}
    if value.kind == "result":
        return kind in {"measurement", "condition", "observation", "procedure"}
    if kind == "drug":
        return bool(value.unit_text and _MASS.search(value.unit_text))
    return kind in {"measurement", "observation", "procedure", "device", "condition", "other"}


def _outweighs(held: Mention, mention: Mention) -> bool:
    """A threshold behind a measure says more than a "positive" spread over its list."""
    assert held.value is not None
    assert mention.value is not None
    return held.value.kind == "result" and mention.value.kind in _QUANTITIES


def _give(unit: Unit, mention: Mention) -> None:
    value = mention.value
    assert value is not None
    if value.kind == "ordinal" and unit.concept.label != "measurement":
        kind = "severity" if value.scale in {"grade", "ctcae"} else "stage"
        unit.qualifiers.append(
            Qualified(kind, mention.start, mention.end, mention.source, value=mention)
        )
    elif unit.concept.label == "drug" and value.kind in {"dose", "quantity"}:
        unit.dose = mention
    else:
        unit.value = mention


def _nearest_left(scope: Scope, units: list[Unit], mention: Mention) -> Unit | None:
    before = [u for u in units if u.end <= mention.start and _accepts(u, mention)]
    if not before:
        return None
    if mention.value is not None and mention.value.kind in _QUANTITIES:
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
    words = len(gap_text(scope, nearest.end, mention.start).split())
    if words <= 1 or nearest.concept.label == "measurement":
        return nearest
    measured = [u for u in before if u.concept.label == "measurement"]
    if measured:
        return measured[-1]
    return nearest if nearest.concept.label != "condition" else None


def _nearest_right(scope: Scope, units: list[Unit], mention: Mention) -> Unit | None:
    after = [u for u in units if u.start >= mention.end and _accepts(u, mention)]
    if not after:
        return None
    gap = gap_text(scope, mention.end, after[0].start)
    listed = link(gap) != "none"
    if (
        after[0].concept.label == "condition"
        and mention.value
        and mention.value.kind in _QUANTITIES
    ):
        return after[0] if gap.strip() in {"", "of"} else None
    return after[0] if _FORWARD_OF.match(gap) and not listed else None


def _prefers_right(scope: Scope, mention: Mention, left: Unit | None, right: Unit | None) -> bool:
    if right is None or left is None:
        return right is not None
    value = mention.value
    assert value is not None
    gap_right = gap_text(scope, mention.end, right.start)
    if value.kind in {"result", "ordinal"}:
        gap_left = gap_text(scope, left.end, mention.start)
        follows = is_close(gap_left) and link(gap_left) == "none"
        return _TIGHT_FORWARD.match(gap_right) is not None and not follows
    if gap_right.strip().startswith("of ") or gap_right.strip() == "of":
        return value.kind == "dose" or left.concept.label != "measurement"
    return False


def _coordinated(
    scope: Scope, units: list[Unit], chosen: Unit, *, backward: bool, over_values: bool = False
) -> list[Unit]:
    """The chosen unit and those listed with it on the side away from the mention."""
    place = units.index(chosen)
    listed = [chosen]
    step = -1 if backward else 1
    at = place + step
    while 0 <= at < len(units):
        first, second = sorted((units[at], units[at - step]), key=lambda u: u.start)
        between = Region(first.end, second.start)
        held = any(m.value is not None for m in scope.in_region(between))
        gap = gap_text(scope, first.end, second.start)
        if (held and not over_values) or not is_close(gap) or link(gap) == "none":
            break
        listed.append(units[at])
        at += step
    return listed


def attach_times(scope: Scope, units: list[Unit], mentions: list[Mention]) -> list[Mention]:
    """Gives windows, durations and counts to units; returns the windows that found none."""
    orphans = []
    floor = 0
    previous: Mention | None = None
    for mention in mentions:
        if mention.label == "window":
            if not _attach_window(scope, units, mention, floor, previous):
                orphans.append(mention)
            if not is_weak(mention):
                floor = mention.end
                previous = mention
        elif mention.label in {"duration", "count"}:
            _attach_near(scope, units, mention)
    return orphans


def is_weak(mention: Mention) -> bool:
    """Whether a window is only a word such as "history of" or "planned"."""
    return mention.source.split(".")[1] not in _STRONG_RULES


def _attach_window(
    scope: Scope, units: list[Unit], mention: Mention, floor: int, previous: Mention | None
) -> bool:
    """A trailing window replaces a leading one; windows side by side are alternatives."""
    before = [u for u in units if floor <= u.start < mention.start]
    after = [u for u in units if u.start >= mention.end]
    if is_weak(mention):
        after = [u for u in after if not is_general(u)] or after
        listed = _coordinated(scope, units, after[0], backward=False) if after else []
        return _add_window([u for u in listed if not u.windows], mention)
    if before:
        before = _same_clause(scope, before)
        for unit in before:
            unit.windows.clear()
        return _add_window(before, mention)
    if previous is not None and _same_subject(scope, previous, mention):
        return _add_window([u for u in units if previous in u.windows], mention)
    for unit in after:
        unit.windows = [window for window in unit.windows if not is_weak(window)]
    return _add_window(after, mention)


def _same_subject(scope: Scope, previous: Mention, mention: Mention) -> bool:
    """Two windows with nothing but words such as "or within" between them share a subject."""
    gap = gap_text(scope, previous.end, mention.start)
    return len(gap.split()) <= 4 and link(gap) in {"or", "and"}


def _same_clause(scope: Scope, before: list[Unit]) -> list[Unit]:
    """The units back to the last change of subject (", and participants agree to")."""
    kept = before[-1:]
    for unit in reversed(before[:-1]):
        current = any(window.source == "time.current" for window in unit.windows)
        if current or _changes_clause(scope, Region(unit.end, kept[0].start)):
            break
        kept.insert(0, unit)
    return kept


def _changes_clause(scope: Scope, between: Region) -> bool:
    cued = any(
        c.kind in {"obligation", "planned"} and between.holds(c.start, c.end)
        for c in scope.all_cues
    )
    return cued or _NEW_CLAUSE.search(gap_text(scope, between.start, between.end)) is not None


def _add_window(units: list[Unit], mention: Mention) -> bool:
    for unit in units:
        unit.windows.append(mention)
    return bool(units)


def _attach_near(scope: Scope, units: list[Unit], mention: Mention) -> None:
    before = [u for u in units if u.end <= mention.start]
    after = [u for u in units if u.start >= mention.end]
    forward = bool(after) and _is_forward(scope, mention, after[0], bool(before))
    if forward:
        chosen = [after[0]]
    elif before:
        chosen = _same_kind(_coordinated(scope, units, before[-1], backward=True, over_values=True))
    else:
        return
    for unit in chosen:
        if mention.label == "count":
            unit.count = unit.count or mention
        elif not _belongs_to_qualifier(scope, unit, mention):
            unit.duration = unit.duration or mention


def _is_forward(scope: Scope, mention: Mention, after: Unit, has_before: bool) -> bool:
    gap = gap_text(scope, mention.end, after.start)
    tight = len(gap.split()) <= 4 and "," not in gap
    if mention.label == "count":
        return tight or not has_before
    return not has_before or (tight and gap.strip().startswith("of"))


def _same_kind(units: list[Unit]) -> list[Unit]:
    return [u for u in units if u.concept.label == units[0].concept.label]


def _belongs_to_qualifier(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """ "stable for at least 2 weeks": the duration is the qualifier's, not the fact's."""
    for qualifier in unit.qualifiers:
        if qualifier.kind != "stability" or qualifier.end > mention.start:
            continue
        gap = gap_text(scope, qualifier.end, mention.start)
        if len(gap.split()) <= 3 and "," not in gap:
            qualifier.duration = mention
            return True
    return False
