"""Parentheses that state a condition, an exception or a definition, read by themselves."""

import re

from trialcriteria.relate.edges import defines, excepts
from trialcriteria.relate.flat import Aside, Reading, read_flat
from trialcriteria.relate.people import limits
from trialcriteria.relate.permissions import is_mere_permission
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Group, Leaf, Unit, leaves
from trialcriteria.relate.unread import ReadStatement, or_unread
from trialcriteria.tag.cues import Cue

_CONDITION = re.compile(r"(?:only )?(?:if|when|provided that)\b")


def read_aside(
    scope: Scope, parenthesis: Region, read: ReadStatement
) -> tuple[Aside | None, tuple[Unit, ...]]:
    """What parentheses state; none where they only illustrate or abbreviate."""
    inside = Region(parenthesis.start + 1, parenthesis.end - 1)
    limited = limits(scope, parenthesis)
    if limited is not None:
        reading = read(scope, limited, "all")
        found = bool(leaves(reading.tree)) and reading.tree
        return Aside(parenthesis, found, limits=True) if found else None, reading.units
    if excepts(scope, parenthesis):
        inner = or_unread(scope, _exception_words(scope, inside, read), inside)
    elif defines(scope, parenthesis):
        inner = read(scope, inside, "all")
    else:
        return None, ()
    if inner.tree is None:
        return None, inner.units
    permits = is_mere_permission(scope, inside)
    return Aside(parenthesis, inner.tree, excepts(scope, parenthesis), permits), inner.units


def _exception_words(scope: Scope, inside: Region, read: ReadStatement) -> Reading:
    """What an exception in parentheses asks, without the cue's own words."""
    for cue in scope.cues:
        if not inside.holds(cue.start, cue.end):
            continue
        if cue.kind.startswith("exception") and cue.start <= inside.start + 4:
            return _each_alone(read(scope, scope.trimmed(Region(cue.end, inside.end)), "any"))
        if cue.kind == "permission":
            condition = _condition_behind(scope, inside, cue)
            if condition is not None:
                return _condition_or_both(scope, inside, cue, condition, read)
    return read_flat(scope, inside, "any", [])


def _each_alone(reading: Reading) -> Reading:
    """ "(Except A and B)": whoever has one of them is exempt."""
    tree = reading.tree
    listed = isinstance(tree, Group) and tree.join == "all" and tree.at_least is None
    parts = tree.of if isinstance(tree, Group) and listed else ()
    units = [part.unit for part in parts if isinstance(part, Leaf)]
    alike = len({unit.concept.label for unit in units}) == 1 and len(units) == len(parts)
    if not alike or any(unit.value or unit.negation for unit in units):
        return reading
    return reading._replace(tree=Group("any", parts))


def _condition_or_both(
    scope: Scope, inside: Region, cue: Cue, condition: Region, read: ReadStatement
) -> Reading:
    """ "(allowed if A)" asks for A alone, "(B allowed if A)" for both."""
    if scope.in_region(Region(inside.start, cue.start)):
        return read(scope, inside, "all")
    return or_unread(scope, read(scope, condition, "any"), condition)


def _condition_behind(scope: Scope, inside: Region, cue: Cue) -> Region | None:
    after = scope.trimmed(Region(cue.end, inside.end))
    found = _CONDITION.match(scope.lowered, after.start, after.end)
    return scope.trimmed(Region(found.end(), after.end)) if found else None
