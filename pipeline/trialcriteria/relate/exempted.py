"""Exceptions inside a list: "A, B other than C, D"."""

import re

from trialcriteria.relate.coordinate import Node, coordinate
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Excepted, Join, Leaf, Unit, join_trees

_END = re.compile(r"\s*(?:[.,;)]|\Z)")


def with_exceptions(
    scope: Scope, units: list[Unit], exceptions: dict[int, list[Unit]], join: Join
) -> list[Node]:
    """The units as nodes, those with an exception (by their id) wrapped in it."""
    if not exceptions:
        return [(unit, Leaf(unit)) for unit in units]
    nodes: list[Node] = []
    for unit in units:
        nodes.append((unit, Leaf(unit)))
        others = [each for each in exceptions.get(id(unit), ()) if not _repeats(scope, each, unit)]
        unless = join_trees([Leaf(other) for other in others], "any")
        if unless is None:
            continue
        first = _first_of_head(nodes)
        of = coordinate(scope, nodes[first:], join) or Leaf(unit)
        nodes[first:] = [(nodes[first][0], Excepted(of, unless))]
    return nodes


def _repeats(scope: Scope, other: Unit, unit: Unit) -> bool:
    """ "Metformin, and a drug other than metformin", where the rules know no such drug's name."""
    names = {scope.lowered[each.start : each.end] for each in (other, unit)}
    narrowed = other.qualifiers or other.value or not _END.match(scope.view, other.end)
    return len(names) == 1 and not narrowed


def _first_of_head(nodes: list[Node]) -> int:
    """ "Viral, bacterial or fungal infection other than X": X is none of the three."""
    first, last = len(nodes) - 1, nodes[-1][0].concept
    while first > 0:
        shared = nodes[first - 1][0].concept.shared
        if shared is None or not last.start <= shared.start < shared.end <= last.end:
            break
        first -= 1
    return first
