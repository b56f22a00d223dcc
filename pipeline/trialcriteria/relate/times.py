"""Which window, duration and count belongs to which concept."""

import re

from trialcriteria.relate.attach import coordinated
from trialcriteria.relate.gaps import gap_text, link
from trialcriteria.relate.generic import is_general
from trialcriteria.relate.governed import governed
from trialcriteria.relate.scope import Region, Scope, first_at
from trialcriteria.relate.tree import Unit
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.time import OF_CONCEPT, OF_STATE, CountParts, WindowParts

# Rules that read an explicit window; the others stand for a lone cue word.
_STRONG_RULES = frozenset({"window", "event", "duration", "count"})
_GOES_ON = re.compile(r"\s*(?:,|/|(?:and|or)\b)")
# Words of the lexicon that stand behind what they are said of, too.
_ADVERBS = frozenset({"time.history", "time.current", "time.planned"})
_CANNOT_STOP = re.compile(
    r"\b(?:cannot|can not|could not|unable to|not able to|unwilling to|not willing to)"
    r" (?:be )?(?:\w+ )?(?:stop|discontinu|withh|withdr|interrupt|suspend|paus|wash)"
)
_EXAMPLE_OR_NONE = re.compile(r"[(\[]\s*(?:no|not|without|such as|like|e\.?g\.?|including)\b")
_ENDS = re.compile(r"\s*(?:[,;).]|(?:and|or)\b|\Z)")
_STOPS = re.compile(r"\s*(?:[,;).]|\Z)")
_WITH_ANCHOR = re.compile(r"\s*(?:and\s?/\s?or|or|and|/)\s(?:[\w-]+\s){0,3}\Z")


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


def of_facts(
    scope: Scope, mentions: list[Mention], main: list[Unit], units: list[Unit]
) -> list[Mention]:
    """Not the windows of units set aside ("including stroke within a year, angina").

    ``main``: the units that make facts, of all ``units``.
    """
    if len(main) == len(units):
        return mentions
    facts = set(map(id, main))
    return [m for m in mentions if m.label != "window" or not _set_aside(scope, m, facts, units)]


def _set_aside(scope: Scope, mention: Mention, facts: set[int], units: list[Unit]) -> bool:
    """Whether a window stands in parentheses with, or between, units that make no facts."""
    around = scope.parenthesis_at(mention.start)
    if around is not None:
        own = _EXAMPLE_OR_NONE.match(scope.lowered, around.start) is not None
        beside = [u for u in units if own and around.holds(u.start, u.end)]
    else:
        outside = [u for u in units if scope.parenthesis_at(u.start) is None]
        before = [u for u in outside if u.end <= mention.start]
        after = [u for u in outside if u.start >= mention.end]
        beside = before[-1:] + after[:1] if before and after else []
        if is_weak(mention) and not _STOPS.match(scope.lowered, mention.end):
            beside = after[:1]  # "ongoing infection" among the examples of an illness
    return bool(beside) and not any(id(unit) in facts for unit in beside)


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
    shared = parts._replace(side=other.side, anchor=other.anchor)
    return mention._replace(time=mention.time._replace(parts=shared))


def is_weak(mention: Mention) -> bool:
    """Whether a window is only a word such as "history of" or "planned"."""
    return mention.source.split(".")[1] not in _STRONG_RULES


def _attach_window(
    scope: Scope, units: list[Unit], mention: Mention, floor: int, previous: Mention | None
) -> bool:
    """A trailing window replaces a leading one; windows side by side are alternatives."""
    place = first_at(units, mention.start)
    before = units[first_at(units, floor) : place]
    after = units[first_at(units, mention.end) :]
    if is_weak(mention):
        return _attach_weak(scope, units, mention)
    if mention.source == OF_STATE:
        return _add_window(after[:1], mention)
    if before and _cannot_stop(scope, before[-1], mention):
        return True
    if before:
        before = governed(scope, before, after, Region(mention.start, mention.end))
        for unit in before:
            unit.windows = [w for w in unit.windows if _goes_with(scope, unit, w, mention)]
        return _add_window(before, mention)
    if previous is not None and _same_subject(scope, previous, mention):
        return _add_window([u for u in units if previous in u.windows], mention)
    if after and _names_anchor_too(scope, mention, after[0]):
        return False
    for unit in after:
        unit.windows = [window for window in unit.windows if not is_weak(window)]
    return _add_window(after, mention)


def _attach_weak(scope: Scope, units: list[Unit], mention: Mention) -> bool:
    """ "History of A or B" leads its list; "treated with A or B in the past" trails it."""
    before = [u for u in units if u.end <= mention.start]
    after = [u for u in units if u.start >= mention.end]
    if before and _trails(scope, before[-1], mention, bool(after)):
        listed = coordinated(scope, units, before[-1], backward=True)
    else:
        after = [u for u in after if not is_general(u)] or after
        listed = coordinated(scope, units, after[0], backward=False) if after else []
        listed = _up_to_next_cue(scope, listed)
    return _add_window([u for u in listed if _is_open_to(scope, u, mention)], mention)


def _trails(scope: Scope, unit: Unit, mention: Mention, goes_on: bool) -> bool:
    """A lone time word behind its unit, at the end or before a comma ("previously, currently")."""
    if mention.source not in _ADVERBS:
        return False
    if _ENDS.match(scope.lowered, mention.end) is None:
        return False
    return not goes_on or "," not in gap_text(scope, unit.end, mention.start)


def _up_to_next_cue(scope: Scope, listed: list[Unit]) -> list[Unit]:
    """ "History of A, current B or C": the history ends where another such word begins."""
    for place in range(1, len(listed)):
        between = Region(listed[place - 1].end, listed[place].start)
        if any(m.label == "window" and is_weak(m) for m in scope.in_region(between)):
            return listed[:place]
    return listed


def _cannot_stop(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """ "Drugs that cannot be stopped 7 days before surgery": no time of taking them."""
    return _CANNOT_STOP.search(scope.lowered, unit.end, mention.start) is not None


def _goes_with(scope: Scope, unit: Unit, held: Mention, mention: Mention) -> bool:
    """ "Use of X currently or within 4 weeks": two times behind one unit are alternatives."""
    gap = gap_text(scope, held.end, mention.start)
    return held.start >= unit.end and len(gap.split()) <= 1 and link(gap) == "or"


def _names_anchor_too(scope: Scope, mention: Mention, unit: Unit) -> bool:
    """ "Relapsed after chemotherapy or transplantation": the unit is one more anchor."""
    return (
        mention.source.startswith("time.event")
        and _WITH_ANCHOR.match(scope.lowered, mention.end, unit.start) is not None
    )


def _is_open_to(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """A unit takes one such word, or two side by side ("current or former smoker")."""
    if not unit.windows:
        return True
    gap = gap_text(scope, unit.windows[-1].end, mention.start)
    return is_weak(unit.windows[-1]) and len(gap.split()) <= 1 and link(gap) != "none"


def _same_subject(scope: Scope, previous: Mention, mention: Mention) -> bool:
    """Two windows with nothing but words such as "or within" between them share a subject."""
    gap = gap_text(scope, previous.end, mention.start)
    return len(gap.split()) <= 4 and link(gap) in {"or", "and"}


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
    if mention.source == OF_CONCEPT:
        _count_named(units, mention)
        return
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
        elif unit.end <= mention.start and _cannot_stop(scope, unit, mention):
            continue
        elif not _belongs_to_qualifier(scope, unit, mention):
            unit.duration = unit.duration or mention


def _count_named(units: list[Unit], mention: Mention) -> None:
    """ "At least 2 opioids": what is counted is the concept itself, and nothing else."""
    parts = mention.time.parts if mention.time else None
    noun = parts.noun if isinstance(parts, CountParts) else None
    for unit in units:
        if noun and unit.start <= noun[0] < unit.end:
            unit.count = unit.count or mention


def _is_forward(scope: Scope, mention: Mention, after: Unit, has_before: bool) -> bool:
    gap = gap_text(scope, mention.end, after.start)
    tight = len(gap.split()) <= 4 and "," not in gap
    if mention.label == "count":
        trails = _trails_what_it_counts(mention) and link(gap) != "none"
        return not has_before or (tight and not trails)
    measured = after.concept.label == "measurement"
    beside = not (gap.strip() or measured or mention.source == "time.duration.for")
    return not has_before or (tight and (beside or gap.strip().startswith("of")))


def _trails_what_it_counts(mention: Mention) -> bool:
    """ "Twice daily", "on 4 days a week": no noun is counted behind it."""
    parts = mention.time.parts if mention.time else None
    return isinstance(parts, CountParts) and (parts.noun is None or parts.day is not None)


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
