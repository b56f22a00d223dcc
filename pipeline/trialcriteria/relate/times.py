"""Which window, duration and count belongs to which concept."""

import re
from dataclasses import replace

from trialcriteria.relate.attach import coordinated
from trialcriteria.relate.gaps import gap_text, link
from trialcriteria.relate.generic import is_general
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Unit
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.time import WindowParts

# Rules that read an explicit window; the others stand for a lone cue word.
_STRONG_RULES = frozenset({"window", "event", "duration", "count"})
_NEW_CLAUSE = re.compile(r"\b(?:without|with no|(?:and|or) (?:no|not)|but)\b")
_GOES_ON = re.compile(r"\s*(?:,|/|(?:and|or)\b)")
_POPULATION = re.compile(r"child-?\s?bearing|reproductive|fertil")


def attach_times(scope: Scope, units: list[Unit], mentions: list[Mention]) -> list[Mention]:
    """Gives windows, durations and counts to units; returns the windows that found none."""
    orphans = []
    floor = 0
    previous: Mention | None = None
    for mention in _with_shared_anchors(scope, mentions):
        if mention.label == "window":
            if not _attach_window(scope, units, mention, floor, previous):
                orphans.append(mention)
            if not is_weak(mention):
                floor = mention.end
                previous = mention
        elif mention.label in {"duration", "count"}:
            _attach_near(scope, units, mention)
    return orphans


def _with_shared_anchors(scope: Scope, mentions: list[Mention]) -> list[Mention]:
    """ "A within 3 weeks, or B within 6 months prior to X": both windows hang on X."""
    done = list(mentions)
    anchored: Mention | None = None
    for place in range(len(done) - 1, -1, -1):
        mention = done[place]
        if mention.label != "window" or is_weak(mention):
            continue
        if anchored is not None and _shares_anchor(scope, mention, anchored):
            mention = done[place] = _anchored_like(mention, anchored)
        anchored = mention if _is_anchored(mention) else None
    return done


def _shares_anchor(scope: Scope, mention: Mention, anchored: Mention) -> bool:
    unsaid = mention.source == "time.window.within" and not _is_anchored(mention)
    return unsaid and _GOES_ON.match(scope.lowered, mention.end, anchored.start) is not None


def _is_anchored(mention: Mention) -> bool:
    """An amount of time up to an event that the text names ("within 3 weeks prior to X")."""
    parts = mention.time.parts if mention.time else None
    if not isinstance(parts, WindowParts) or not parts.amounts or parts.side == "after":
        return False
    return parts.anchor.event != "now"


def _anchored_like(mention: Mention, anchored: Mention) -> Mention:
    assert mention.time is not None
    assert anchored.time is not None
    parts, other = mention.time.parts, anchored.time.parts
    assert isinstance(parts, WindowParts)
    assert isinstance(other, WindowParts)
    shared = replace(parts, side=other.side, anchor=other.anchor)
    return mention._replace(time=replace(mention.time, parts=shared))


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
        listed = coordinated(scope, units, after[0], backward=False) if after else []
        return _add_window([u for u in listed if _is_open_to(scope, u, mention)], mention)
    if before:
        before = _governed(_same_clause(scope, before))
        for unit in before:
            unit.windows.clear()
        return _add_window(before, mention)
    if previous is not None and _same_subject(scope, previous, mention):
        return _add_window([u for u in units if previous in u.windows], mention)
    for unit in after:
        unit.windows = [window for window in unit.windows if not is_weak(window)]
    return _add_window(after, mention)


def _is_open_to(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """A unit takes one such word, or two side by side ("current or former smoker")."""
    if not unit.windows:
        return True
    gap = gap_text(scope, unit.windows[-1].end, mention.start)
    return is_weak(unit.windows[-1]) and len(gap.split()) <= 1 and link(gap) != "none"


def _governed(before: list[Unit]) -> list[Unit]:
    """The units that the words of a trailing window are about, not whom they are said of."""
    timed = [unit for unit in before if not _names_people(unit)]
    return timed or before


def _names_people(unit: Unit) -> bool:
    """ "Women", "of childbearing potential": no fact about a time."""
    if unit.value is not None or unit.concept.label not in {"demographic", "observation"}:
        return False
    named = f"{unit.concept.name or ''} {unit.concept.source}".lower()
    return unit.concept.label == "demographic" or _POPULATION.search(named) is not None


def _same_subject(scope: Scope, previous: Mention, mention: Mention) -> bool:
    """Two windows with nothing but words such as "or within" between them share a subject."""
    gap = gap_text(scope, previous.end, mention.start)
    return len(gap.split()) <= 4 and link(gap) in {"or", "and"}


def _same_clause(scope: Scope, before: list[Unit]) -> list[Unit]:
    """The units back to the last change of subject (", and participants agree to")."""
    kept = before[-1:]
    for unit in reversed(before[:-1]):
        current = any(window.source == "time.current" for window in unit.windows)
        between = Region(unit.end, kept[0].start)
        other = _is_other_threshold(unit, before[-1]) and _is_listed(scope, between)
        if current or other or _changes_clause(scope, between):
            break
        kept.insert(0, unit)
    return kept


def _is_other_threshold(unit: Unit, last: Unit) -> bool:
    """ "BMI > 27 and stroke within 3 months": the measure was not taken in that time."""
    if unit.value is None or unit.value.value is None or unit.concept.label == "condition":
        return False
    return unit.value.value.kind not in {"result", "ordinal"} and last.value is None


def _is_listed(scope: Scope, between: Region) -> bool:
    return link(gap_text(scope, between.start, between.end)) in {"and", "or"}


def _changes_clause(scope: Scope, between: Region) -> bool:
    words = gap_text(scope, between.start, between.end)
    cued = any(
        c.kind in {"obligation", "planned"} and between.holds(c.start, c.end)
        for c in scope.all_cues
    )
    return cued or _NEW_CLAUSE.search(words) is not None


def _add_window(units: list[Unit], mention: Mention) -> bool:
    for unit in units:
        unit.windows.append(mention)
    return bool(units)


def share_windows(facts: list[Unit], parentheses: Region, inside: list[Unit]) -> None:
    """What parentheses define a concept by holds when the concept does."""
    owner = max((u for u in facts if u.end <= parentheses.start), key=lambda u: u.end, default=None)
    strong = [w for w in owner.windows if not is_weak(w)] if owner else []
    for unit in inside:
        unit.windows = unit.windows or list(strong)


def _attach_near(scope: Scope, units: list[Unit], mention: Mention) -> None:
    before = [u for u in units if u.end <= mention.start]
    after = [u for u in units if u.start >= mention.end]
    forward = bool(after) and _is_forward(scope, mention, after[0], bool(before))
    if forward:
        chosen = [after[0]]
    elif before:
        chosen = _same_kind(coordinated(scope, units, before[-1], backward=True, over_values=True))
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
