"""Reads one flat stretch: units, what belongs to them, and how they join."""

from collections.abc import Sequence
from typing import NamedTuple

from trialcriteria.relate.ages import beside_lost, with_ages
from trialcriteria.relate.alternatives import further_units, with_conditions
from trialcriteria.relate.asked import without_wards
from trialcriteria.relate.attach import attach_values
from trialcriteria.relate.exempted import with_exceptions
from trialcriteria.relate.generic import without_generic
from trialcriteria.relate.measured import measure_conditions
from trialcriteria.relate.objects import without_objects
from trialcriteria.relate.people import with_people
from trialcriteria.relate.permissions import excepted, may_be_excepted
from trialcriteria.relate.qualify import attach_context, attach_qualifiers, is_method
from trialcriteria.relate.scope import GRAMMAR_LABELS, Region, Scope, first_at
from trialcriteria.relate.set_aside import owned, set_aside, values_within, without_shown
from trialcriteria.relate.spread import spread
from trialcriteria.relate.staged import stage_conditions
from trialcriteria.relate.subjects import fallback_unit, led_unit, named_unit
from trialcriteria.relate.times import attach_times, of_facts, share_windows
from trialcriteria.relate.tree import (
    Join,
    Leaf,
    Qualified,
    Tree,
    Unit,
    Unread,
    conditional,
    join_trees,
    leaves,
)
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.values_types import QUANTITIES

_ANCHOR_GOES_ON = frozenset({"with", "of", "with the", "of the"})


class Reading(NamedTuple):
    """A flat stretch read: its tree (null: no fact), every unit in it, windows left over."""

    tree: Tree | None
    units: tuple[Unit, ...]
    windows: tuple[Mention, ...]


class Aside(NamedTuple):
    """Parentheses read by themselves: what they define, exempt, or make a condition of.

    What they merely permit (``permits``) counts only beside something that forbids it.
    """

    region: Region
    tree: Tree
    excepts: bool = False
    permits: bool = False
    limits: bool = False


def read_flat(scope: Scope, region: Region, join: Join, asides: list[Aside]) -> Reading:
    """One flat stretch; the asides inside it go to the concept before them."""
    inside = {id(m) for aside in asides for m in scope.in_region(aside.region)}
    mentions = [m for m in scope.in_region(region) if id(m) not in inside]
    if not mentions and not asides:
        return Reading(None, (), ())
    units = [Unit(mention) for mention in _concepts(scope, mentions)]
    stated = without_shown(scope, region, [m for m in mentions if m.label in GRAMMAR_LABELS])
    main, exceptions = set_aside(scope, region, units)
    shown = set(map(id, main))
    asides = [aside for aside in asides if not _of_example(aside, shown, units)]
    excepted = [unit for listed in exceptions.values() for unit in listed]
    lost = _with_values(scope, region, stated, main, excepted, units) if stated else []
    everything = sorted([*main, *excepted], key=_start) if excepted else [*main]
    attach_qualifiers(scope, everything, region, [aside.region for aside in asides])
    standing = set(map(id, everything))
    main = without_wards(scope, [unit for unit in main if id(unit) in standing])
    main = without_objects(scope, main)
    windows = attach_times(scope, main, of_facts(scope, stated, main, units))
    attach_context(scope, main, region)
    facts = without_generic(scope, _without_methods(scope, main))
    exceptions = owned(exceptions, facts)
    nodes = with_exceptions(scope, facts, exceptions, join)
    nodes = spread(scope, region, nodes)
    asides = [_restated(scope, aside, facts, units) for aside in asides]
    for aside in asides:
        if not (aside.excepts or aside.limits):
            share_windows(facts, aside.region, leaves(aside.tree))
    inner = [a for a in asides if _is_inner(a, facts)]
    for aside in inner:
        _wrap_owner(nodes, aside, join)
    nodes = with_people(scope, with_conditions(scope, nodes), join)
    tree = with_ages(scope, region, nodes, join)
    for aside in asides:
        if aside not in inner:
            tree = _with_aside(tree, aside, join)
    if tree is not None and lost:
        tree = beside_lost(scope, tree, lost, join)
    return Reading(tree, tuple(units), tuple(windows))


def _concepts(scope: Scope, mentions: list[Mention]) -> list[Mention]:
    """Not grammar mentions, nor what goes on naming an anchor ("starting treatment with X")."""
    found = [m for m in mentions if m.label not in GRAMMAR_LABELS]
    named = scope.named_events if found else ()
    return [m for m in found if not _goes_on(scope, m, named)] if named else found


def _goes_on(scope: Scope, mention: Mention, named: Sequence[Mention]) -> bool:
    return any(
        m.end <= mention.start and scope.lowered[m.end : mention.start].strip() in _ANCHOR_GOES_ON
        for m in named
    )


def _start(unit: Unit) -> int:
    return unit.start


def _with_values(
    scope: Scope,
    region: Region,
    stated: list[Mention],
    main: list[Unit],
    excepted: list[Unit],
    units: list[Unit],
) -> list[Unread]:
    """Gives the values to the units; returns those of no known concept that are kept as words."""
    own = values_within(excepted, stated)
    attach_values(scope, excepted, own)
    rest = [m for m in stated if m not in own] if own else stated
    lost = _adopt_orphans(scope, region, attach_values(scope, main, rest), main, units)
    stage_conditions(scope, main)
    measure_conditions(scope, main)
    return lost


def restate(scope: Scope, region: Region, concept: Mention, *, timed: bool) -> Unit | None:
    """A fact on a concept named before: "..., unless stable for at least 4 weeks".

    None where the region holds nothing that could narrow the concept; a window alone does only
    where ``timed``.
    """
    unit = Unit(concept)
    for cue in scope.qualifiers:
        if region.holds(cue.start, cue.end):
            unit.qualifiers.append(Qualified(cue.kind, cue.start, cue.end, cue.source))
    for mention in scope.in_region(region):
        if mention.label == "window":
            unit.windows.append(mention)
        elif concept.label == "drug" and mention.value is not None:
            unit.dose = unit.dose or mention
        elif mention.label == "count":
            unit.count = mention
        elif mention.label == "duration" and unit.qualifiers:
            unit.qualifiers[-1].duration = mention
        elif mention.label == "duration":
            unit.duration = mention
    narrowed = (
        unit.qualifiers or unit.duration or unit.count or unit.dose or (timed and unit.windows)
    )
    return unit if narrowed else None


def _restated(scope: Scope, aside: Aside, facts: list[Unit], units: list[Unit]) -> Aside:
    """An exception in parentheses without a concept speaks of the one before them."""
    before = [u for u in facts if u.end <= aside.region.start]
    if not (before and aside.excepts and isinstance(aside.tree, Unread)):
        return aside
    unit = restate(scope, Region(aside.tree.start, aside.tree.end), before[-1].concept, timed=True)
    if unit is None:
        return aside
    units.append(unit)
    return aside._replace(tree=Leaf(unit))


def _adopt_orphans(
    scope: Scope, region: Region, orphans: list[Mention], main: list[Unit], units: list[Unit]
) -> list[Unread]:
    """Values of no known concept: a further value, or of the words before; else kept as words."""
    lost: list[Unread] = []
    for orphan in orphans:
        found = named_unit(scope, region, orphan, main) or further_units(orphan, main)
        found = found or _unit_of_orphan(scope, region, orphan, main)
        main.extend(found)
        units.extend(found)
        if (
            not found
            and orphan.value is not None
            and orphan.value.kind not in {"result", "ordinal"}
        ):
            lost.append(Unread(orphan.start, orphan.end, "unattached_value"))
    main.sort(key=_start)
    return lost


def _unit_of_orphan(scope: Scope, region: Region, orphan: Mention, main: list[Unit]) -> list[Unit]:
    """A unit on the words before the value, or on what a lead-in names; none where neither is."""
    unit = fallback_unit(scope, region, orphan, main)
    led = scope.led and orphan.value is not None and orphan.value.kind in QUANTITIES
    if unit is None and led:
        unit = led_unit(orphan)
    return [] if unit is None else [unit]


def _is_inner(aside: Aside, facts: list[Unit]) -> bool:
    """A definition belongs to the concept before it; so does an exception inside a list.

    A condition belongs to all before it only where that is of one kind ("not pregnant or nursing").
    """
    before = any(unit.end <= aside.region.start for unit in facts)
    after = any(unit.start >= aside.region.end for unit in facts)
    alike = len({unit.concept.label for unit in facts}) == 1
    return before and (after or not (aside.excepts or (aside.limits and alike)))


def _wrap_owner(nodes: "list[tuple[Unit, Tree]]", aside: Aside, join: Join) -> None:
    """An aside inside a list belongs to the item right before it."""
    for place in range(len(nodes) - 1, -1, -1):
        unit, tree = nodes[place]
        if unit.end <= aside.region.start:
            nodes[place] = (unit, _with_aside(tree, aside, join))
            return


def _with_aside(tree: Tree | None, aside: Aside, join: Join) -> Tree:
    """An aside behind everything belongs to everything."""
    if tree is None:
        return aside.tree
    if aside.permits and not may_be_excepted(tree, join):
        return tree
    if aside.excepts:
        return excepted(tree, aside.tree)
    if aside.limits:
        return conditional(aside.tree, tree, None, join)
    return join_trees([tree, aside.tree], "all") or tree


def _of_example(aside: Aside, main: set[int], units: list[Unit]) -> bool:
    """Whether parentheses define what is only an example ("such as hepatitis B (HBsAg +)").

    ``main``: the ids of the units that are none.
    """
    behind = first_at(units, aside.region.start)
    return behind > 0 and id(units[behind - 1]) not in main and not aside.excepts


def _grade_is_stage(unit: Unit) -> None:
    """ "Grade III or IV heart failure by NYHA": a named scale stages, a bare grade is severity."""
    for qualified in unit.qualifiers:
        if qualified.value is not None and qualified.value.value and qualified.value.value.values:
            qualified.kind = "stage"


def _without_methods(scope: Scope, units: list[Unit]) -> list[Unit]:
    """Drops measurements that only say how something was assessed."""
    kept: list[Unit] = []
    for unit in units:
        if kept and is_method(scope, unit):
            concept = unit.concept
            _grade_is_stage(kept[-1])
            kept[-1].qualifiers.append(
                Qualified("method", concept.start, concept.end, concept.source)
            )
        else:
            kept.append(unit)
    return kept
