"""What stands aside of the facts of a stretch: examples, short forms, inner exceptions."""

import re

from trialcriteria.relate.edges import illustrates
from trialcriteria.relate.gaps import gap_text, is_close, link
from trialcriteria.relate.phrases import shows
from trialcriteria.relate.scope import GRAMMAR_LABELS, Region, Scope, first_at
from trialcriteria.relate.staged import only_stages
from trialcriteria.relate.subjects import names_phase
from trialcriteria.relate.tree import Unit
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.values_types import QUANTITIES

_EXAMPLE_REACH = 60
_TIMES = frozenset({"window", "duration"})
_AMOUNTS = frozenset({"value", "dose", "count"})
_MEANING = re.compile(
    r"[(\[]\s?(?:as\s)?(?:assessed|based|by|calculated|defined|determined|estimated|i\.?e|meaning"
    r"|measured|that is|using)\b"
)
_AGAIN = re.compile(r"[(\[]\s?(?:i\.?e\.?,?|about|approximately|equal to|that is|=|~)?\s?\d")
_OTHERWISE = re.compile(r"\b(?:or|whichever|whatever|if|except|unless|for|in)\b")
_LIST_WORDS = 4
_NEXT = re.compile(r"\s?,\s(?:or|and)\b")
_MAY = re.compile(r"\s(?:that|which)\s(?:would|could|may|might|can|will)\b[^,;.()]{1,120}")
_CHAIN_BREAKS = (
    " that ",
    " which ",
    " who ",
    " have ",
    " has ",
    " within ",
    " is ",
    " are ",
    " must ",
)


def values_within(units: list[Unit], mentions: list[Mention]) -> list[Mention]:
    """Values between listed units, which are theirs ("alopecia and grade 2 neuropathy")."""
    if not units:
        return []
    start, end = units[0].start, units[-1].end
    return [m for m in mentions if m.value is not None and start <= m.start and m.end <= end]


def without_shown(scope: Scope, region: Region, stated: list[Mention]) -> list[Mention]:
    """The values, times and counts but those of what is no requirement: of an example in
    parentheses, and a result that shows a disease ("confirmed by a positive smear")."""
    if not stated:
        return []
    asides = scope.parentheses_in(region)
    return [
        m
        for m in stated
        if not (shows(scope, m) or any(_is_aside(scope, m, around) for around in _at(asides, m)))
    ]


def _at(asides: list[Region], stated: Mention) -> list[Region]:
    """The parentheses, of those in text order, that begin last before a value or time."""
    behind = first_at(asides, stated.start)
    return asides[max(behind - 1, 0) : behind]


def _is_aside(scope: Scope, stated: Mention, around: Region) -> bool:
    """Whether a value or time stands in parentheses that illustrate, or explain another time."""
    if not around.holds(stated.start, stated.end):
        return False
    if illustrates(scope, around):
        return True
    if stated.label == "window" and _is_of_listed(scope, stated, around):
        return True
    return stated.label in _TIMES and _explains_time(scope, around)


def _is_of_listed(scope: Scope, time: Mention, around: Region) -> bool:
    """ "Cardiac disease (angina, stroke within a year)": the year is of the stroke alone."""
    if _MEANING.match(scope.lowered, around.start) or _holds_amount(scope, around):
        return False
    before = [m for m in scope.mentions_before(around.start) if m.label not in GRAMMAR_LABELS]
    inside = scope.in_region(Region(around.start, time.start))
    return bool(before and inside) and inside[-1].label == before[-1].label


def _holds_amount(scope: Scope, around: Region) -> bool:
    """ "(fewer than 3 drugs at a stable dose for a month)": conditions of the whole, no list."""
    return any(m.label in _AMOUNTS for m in scope.in_region(around))


def _explains_time(scope: Scope, around: Region) -> bool:
    """ "For 31 weeks (5 half-lives plus 90 days)": how the weeks were counted."""
    time = next(reversed(scope.mentions_before(around.start)), None)
    if time is None or time.label not in _TIMES or scope.view[time.end : around.start].strip():
        return False
    counted = any(map(str.isdigit, scope.view[time.start : time.end]))
    counted = counted and _AGAIN.match(scope.lowered, around.start) is not None
    return counted and _OTHERWISE.search(scope.lowered, around.start, around.end) is None


def owned(exceptions: "dict[int, list[Unit]]", facts: list[Unit]) -> "dict[int, list[Unit]]":
    """Exceptions of a concept that makes no fact belong to the fact before it."""
    if not exceptions:
        return exceptions
    kept = {id(unit) for unit in facts}
    owned: dict[int, list[Unit]] = {}
    for owner, listed in exceptions.items():
        before = [u for u in facts if u.end <= listed[0].start]
        place = owner if owner in kept or not before else id(before[-1])
        owned.setdefault(place, []).extend(listed)
    return owned


def set_aside(
    scope: Scope, region: Region, units: list[Unit]
) -> "tuple[list[Unit], dict[int, list[Unit]]]":
    """Takes examples, aliases and inner exceptions out of the row of units."""
    main = list(units)
    for parenthesis in scope.parentheses_in(region):
        _set_parenthesis_aside(scope, parenthesis, main)
    exceptions: dict[int, list[Unit]] = {}
    for cue in scope.cues_in(region, "example", "exception_inner"):
        owner = max((u for u in main if u.end <= cue.start), key=lambda u: u.end, default=None)
        if scope.join == "any" and scope.lowered[cue.start : cue.end] == "including":
            continue  # "stroke, including transient ischemic attack": either excludes
        listed = _listed_after(scope, cue, main)
        if owner is None or not listed:
            continue
        told = _told_of(scope, listed[-1], main) if cue.kind == "example" else []
        main = [u for u in main if u not in told]
        if cue.kind == "example":
            owner.examples.extend(u.concept for u in listed)
        else:
            listed = _of_inner_list(scope, owner, main, listed)
            exceptions.setdefault(id(owner), []).extend(listed)
        main = [u for u in main if u not in listed]
    return main, exceptions


def _set_parenthesis_aside(scope: Scope, parenthesis: Region, main: list[Unit]) -> None:
    """A unit in parentheses repeats or exemplifies the unit before them."""
    example = illustrates(scope, parenthesis)
    if not example and (only_stages(scope, parenthesis) or _holds_threshold(scope, parenthesis)):
        return
    if _names_people_of_a_value(scope, parenthesis):
        return
    first = first_at(main, parenthesis.start)
    behind = first_at(main, parenthesis.end)
    inside = main[first:behind]
    owner = main[first - 1] if first else None
    if example and owner is None:  # of what is left to a judgement: no fact, and nobody's example
        del main[first:behind]
    if not inside or owner is None or names_phase(scope, inside[0].concept):
        return
    whole = len(inside) == 1 and len(scope.view[parenthesis.start : parenthesis.end]) <= (
        inside[0].end - inside[0].start + 4
    )
    if whole and _is_measured(scope, owner, inside[0], parenthesis.end):
        return
    target = owner.short_forms if whole else owner.examples
    target.extend(u.concept for u in inside)
    del main[first:behind]


def _is_measured(scope: Scope, owner: Unit, short: Unit, end: int) -> bool:
    """ "Pressure of carbon dioxide (PaCO2) > 45": the value is not of the carbon dioxide."""
    if short.concept.label != "measurement" or owner.concept.label == "measurement":
        return False
    after = next(iter(scope.mentions_from(end)), None)
    if after is None or after.value is None:
        return False
    return not scope.view[end : after.start].strip()


def _holds_threshold(scope: Scope, parenthesis: Region) -> bool:
    """Parentheses with a value of their own state a condition of it, not an example."""
    return any(
        m.value is not None and m.value.kind in QUANTITIES for m in scope.in_region(parenthesis)
    )


def _names_people_of_a_value(scope: Scope, parenthesis: Region) -> bool:
    """ "> 450 ms (males)": for whom the value before the parentheses holds."""
    inside = scope.in_region(parenthesis)
    people = bool(inside) and all(m.label == "demographic" for m in inside)
    before = scope.view[: parenthesis.start].rstrip()
    return people and any(m.value is not None and m.end == len(before) for m in scope.mentions)


def _listed_after(scope: Scope, cue: Cue, units: list[Unit]) -> list[Unit]:
    """The run of units after a cue, joined by nothing but commas, connectors and adjectives."""
    listed: list[Unit] = []
    place = cue.end
    for unit in units:
        if unit.start < cue.end:
            continue
        gap = gap_text(scope, place, unit.start)
        reach = _EXAMPLE_REACH if not listed else 40
        if len(gap) > reach or (listed and not _continues(gap)):
            break
        listed.append(unit)
        place = unit.end
    return listed


def _of_inner_list(scope: Scope, owner: Unit, units: list[Unit], listed: list[Unit]) -> list[Unit]:
    """ "A, B other than C, or D": where a list was open before B, D goes on with it."""
    before = [u for u in units if u.end <= owner.start]
    is_listed = bool(before) and link(gap_text(scope, before[-1].end, owner.start)) == "comma"
    if is_listed and len(listed) > 1:
        gap = gap_text(scope, listed[0].end, listed[1].start)
        return listed[:1] if _NEXT.match(gap) else listed
    return listed


def _told_of(scope: Scope, last: Unit, units: list[Unit]) -> list[Unit]:
    """What the last example may do ("... or social situations that would limit compliance")."""
    clause = _MAY.match(scope.lowered, last.end)
    return [u for u in units if clause and last.end <= u.start < clause.end()]


def _continues(gap: str) -> bool:
    if is_close(gap):
        return True
    listed = "," in gap or " or " in gap or " and " in gap or "/" in gap
    plain = not any(word in f"{gap} " for word in _CHAIN_BREAKS)
    return listed and plain and len(gap.split()) <= _LIST_WORDS
