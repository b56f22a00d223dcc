"""Joins the units of one flat stretch by the connectors between them."""

import re
from itertools import pairwise
from typing import Literal

from trialcriteria.relate.edges import is_population
from trialcriteria.relate.gaps import Link, gap_text, includes, is_close, link
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import (
    Conditional,
    Excepted,
    Group,
    Join,
    Tree,
    Unit,
    join_trees,
    leaves,
)

Node = tuple[Unit, Tree]

Weighed = tuple[Link, Literal["tight", "plain", "loose"]]

_ORDER: tuple[Weighed, ...] = (
    ("none", "plain"),
    ("or", "tight"),
    ("and", "plain"),
    ("or", "plain"),
    ("and", "loose"),
    ("or", "loose"),
)
_AND_OR = re.compile(r"[^,;]{0,40}\b(?:and ?/ ?or|or ?/ ?and)\b[^,;]{0,40}")
_COMMA_BEFORE = re.compile(r"[^,;]*[,;]\W*(?:and|or|as well as|plus)\b")
_INABILITY = re.compile(r"\bunable|inab|unwilling|incapa|refus|\bnot (?:able|willing)|\bcan ?not")
# "A, B, or" something that is no known concept.
_OR_SO_ON = re.compile(
    r"\W{0,3}\b(?:and\s?/\s?)?or\b(?!\s(?:more|less|fewer|higher|lower|older|greater)\b)"
)
_SEXES = frozenset({"curated:female", "curated:male"})


def coordinate(scope: Scope, nodes: list[Node], default: Join) -> Tree | None:
    """One tree for units in text order, each already wrapped (examples, exceptions).

    "and" binds tighter than "or"; a bare comma takes the next connector to its right; a gap of
    other words ("requiring", "treated with") binds tightest inside a list and loosest after the
    first unit, where what follows narrows that unit as a whole.
    """
    if len(nodes) < 2:
        return nodes[0][1] if nodes else None
    either = _each_sex(scope, nodes)
    if either is not None:
        return either
    nodes = _with_people(scope, _with_definition(scope, nodes, default), default)
    gaps = [gap_text(scope, _end(first), second[0].start) for first, second in pairwise(nodes)]
    raw = ["none" if scope.join == "all" and includes(gap) else link(gap) for gap in gaps]
    units = [unit for unit, _ in nodes]
    listed = any("," in gap or "including" in gap for gap in gaps) or _are_states(units)
    resolved = _resolved(raw, _last(scope, nodes, raw, default), default, listed=listed)
    links = _under_negation(units, _weighed(gaps, raw, resolved), gaps)
    if default == "any":
        links = _of_what_fails(scope, units, links)
    trees = [tree for _, tree in nodes]
    narrowed = _narrowed(links, units)
    tree = _joined(trees[narrowed:], links[narrowed:])
    return join_trees([*trees[:narrowed], tree], "all")


def _end(node: Node) -> int:
    """Where the words of a node end: several units may be one node already."""
    unit, tree = node
    if not isinstance(tree, Group | Conditional) and not _is_list(tree):
        # "18 years of age or older": the word stands inside its value.
        inside = unit.value is not None and unit.value.start <= unit.start < unit.value.end
        return max(unit.end, unit.value.end) if unit.value and inside else unit.end
    return max([unit.end, *(u.end for u in leaves(tree))])


def _is_list(tree: Tree) -> bool:
    return isinstance(tree, Excepted) and isinstance(tree.of, Group)


def _with_definition(scope: Scope, nodes: list[Node], default: Join) -> list[Node]:
    """ "A, or B defined as C or D": what follows the cue says more about B."""
    for place in range(len(nodes) - 1, 0, -1):
        before, after = nodes[place - 1 : place + 1]
        between = Region(_end(before), after[0].start)
        cues = scope.cues_in(between, "definition") if between.start < between.end else []
        if not cues or link(gap_text(scope, cues[-1].end, between.end)) != "none":
            continue
        end = _definition_end(scope, nodes, place)
        meaning = coordinate(scope, nodes[place:end], default)
        whole = join_trees([before[1], *([meaning] if meaning else [])], "all") or before[1]
        return [*nodes[: place - 1], (before[0], whole), *nodes[end:]]
    return nodes


def _definition_end(scope: Scope, nodes: list[Node], start: int) -> int:
    """A definition goes on over "and" and "or"; over a bare comma only to another threshold."""
    for place in range(start + 1, len(nodes)):
        gap = gap_text(scope, _end(nodes[place - 1]), nodes[place][0].start)
        if link(gap) == "comma" and nodes[place][0].value is None:
            return place
    return len(nodes)


def _with_people(scope: Scope, nodes: list[Node], default: Join) -> list[Node]:
    """ "Pregnant or lactating women": the people right behind a list of states have any of it."""
    for place in range(len(nodes) - 1, 0, -1):
        if not _is_sex(nodes[place][0]):
            continue
        first = place
        while first > 0 and _leads_on(scope, nodes[first - 1], nodes[first], first == place):
            first -= 1
        if first < place:
            states = coordinate(scope, nodes[first:place], default)
            tree = join_trees([nodes[place][1], *([states] if states else [])], "all")
            whole = (nodes[first][0], tree or nodes[place][1])
            return _both_sexes(scope, [*nodes[:first], whole, *nodes[place + 1 :]], first)
    return nodes


def _both_sexes(scope: Scope, nodes: list[Node], place: int) -> list[Node]:
    """ "Men and non-pregnant women": nobody is both."""
    before = nodes[place - 1] if place else None
    if before is None or not _is_sex(before[0]):
        return nodes
    gap = gap_text(scope, before[0].end, nodes[place][0].start).removesuffix("non-")
    if not is_close(gap) or link(gap) not in {"and", "or"}:
        return nodes
    either = join_trees([before[1], nodes[place][1]], "any") or before[1]
    return [*nodes[: place - 1], (before[0], either), *nodes[place + 1 :]]


def _each_sex(scope: Scope, nodes: list[Node]) -> Tree | None:
    """ "Women of childbearing potential and men with fertile partners": nobody is both."""
    sexes = [place for place, (unit, _) in enumerate(nodes) if _is_sex(unit)]
    if len(sexes) != len(_SEXES) or not all(is_population(scope, u.concept) for u, _ in nodes):
        return None
    first, second = sexes
    if nodes[first][0].concept.source == nodes[second][0].concept.source:
        return None
    gap = gap_text(scope, _end(nodes[second - 1]), nodes[second][0].start)
    while second > first + 1 and link(gap) != "and" and is_close(gap):  # "sexually active men"
        second -= 1
        gap = gap_text(scope, _end(nodes[second - 1]), nodes[second][0].start)
    if len(nodes) == len(_SEXES) or link(gap) not in {"and", "or"}:
        return None
    each = [coordinate(scope, part, "all") for part in (nodes[:second], nodes[second:])]
    return join_trees([tree for tree in each if tree is not None], "any")


def _is_sex(unit: Unit) -> bool:
    return unit.concept.source in _SEXES and unit.value is None


def _leads_on(scope: Scope, state: Node, following: Node, last: bool) -> bool:
    """Whether a state stands right before the people, or before the next state of their list."""
    unit = state[0]
    if unit.concept.label != "observation" or unit.value is not None:
        return False
    gap = gap_text(scope, unit.end, following[0].start)
    return not gap.strip() if last else is_close(gap) and link(gap) != "none"


def _under_negation(units: list[Unit], links: list[Weighed], gaps: list[str]) -> list[Weighed]:
    """ "No A or B" excludes both: under one negation, or joins what is absent by and."""
    return [
        ("and", "plain") if found[0] == "or" and _same_negation(first, second, gap) else found
        for (first, second), found, gap in zip(pairwise(units), links, gaps, strict=True)
    ]


def _same_negation(first: Unit, second: Unit, gap: str) -> bool:
    if first.negation is None or second.negation is None:
        return False
    return first.negation.start == second.negation.start or "nor" in gap.split()


def _of_what_fails(scope: Scope, units: list[Unit], links: list[Weighed]) -> list[Weighed]:
    """ "Unable to do A or B": who fails at either is excluded."""
    fails = [unit.negation is not None and _fails(scope, unit) for unit in units]
    return [
        ("or", found[1]) if first and second and found[0] == "and" else found
        for (first, second), found in zip(pairwise(fails), links, strict=True)
    ]


def _fails(scope: Scope, unit: Unit) -> bool:
    """Whether somebody cannot or will not do it."""
    cue = unit.negation
    words = scope.lowered[cue.start : cue.end] if cue else ""
    return unit.concept.source == "ability.unable" or _INABILITY.search(words) is not None


def _are_states(units: list[Unit]) -> bool:
    """ "Pregnant and lactating women": two states of which each excludes."""
    return all(u.concept.label == "observation" and u.value is None for u in units)


def _narrowed(links: list[Weighed], units: list[Unit]) -> int:
    """How many units are narrowed by all that follows.

    "Infection requiring A or B": one; "women of childbearing potential who are A, B or C": two;
    "infection requiring A, or B": none.
    """
    count = 0
    while count + 1 < len(links) and links[count][0] == "none":
        people = units[count].concept.label == "demographic"
        link_after, weight = links[count + 1]
        if not people and (link_after not in {"and", "or"} or weight == "loose"):
            break
        count += 1
    return count


def _last(scope: Scope, nodes: list[Node], links: list[Link], default: Join) -> Link:
    """How a list ends that only has commas: its last item may be no known concept."""
    if default == "any" or (
        links[-1:] == ["comma"] and _OR_SO_ON.match(scope.lowered, _end(nodes[-1]))
    ):
        return "or"
    return "and"


def _resolved(links: list[Link], upcoming: Link, default: Join, *, listed: bool) -> list[Link]:
    """Every bare comma replaced by the connector that ends its list, at last ``upcoming``."""
    resolved: list[Link] = []
    for found in reversed(links):
        if found == "and" and listed and default == "any":
            found = "or"  # noqa: PLW2901  ("A, B, and C" as exclusions: any of them excludes)
        if found in {"and", "or"}:
            upcoming = found
        resolved.append(upcoming if found == "comma" else found)
    return resolved[::-1]


def _weighed(gaps: list[str], raw: list[Link], links: list[Link]) -> list[Weighed]:
    """How tightly each connector binds; a bare comma binds as the connector that ends its list.

    "A or B, and C" and "A and B, or C" part at the comma, but the comma before the "or" of "A, B,
    or C" only ends the list; "A and/or B" is nearly one word.
    """
    weighed: list[Weighed] = []
    for place in reversed(range(len(links))):
        found = links[place]
        if raw[place] == "comma" and weighed and weighed[-1][0] == found:
            weighed.append(weighed[-1])
        elif _AND_OR.fullmatch(gaps[place]) and found == "or":
            weighed.append((found, "tight"))
        else:
            ends_list = found == "or" and raw[max(0, place - 1) : place] == ["comma"]
            loose = found != "none" and not ends_list and _COMMA_BEFORE.match(gaps[place])
            weighed.append((found, "loose" if loose else "plain"))
    return weighed[::-1]


def _joined(trees: list[Tree], links: list[Weighed]) -> Tree:
    """Groups by ever looser links: none, and/or, then and, then or, those behind a comma last."""
    items, gaps = list(trees), list(links)
    for wanted in _ORDER:
        if wanted not in gaps:
            continue
        items, gaps = _merge_runs(items, gaps, wanted, "any" if wanted[0] == "or" else "all")
    return items[0]


def _merge_runs(
    items: list[Tree], gaps: list[Weighed], wanted: Weighed, join: Join
) -> tuple[list[Tree], list[Weighed]]:
    merged: list[list[Tree]] = [[items[0]]]
    kept: list[Weighed] = []
    for item, gap in zip(items[1:], gaps, strict=True):
        if gap == wanted:
            merged[-1].append(item)
        else:
            merged.append([item])
            kept.append(gap)
    return [_one(run, join) for run in merged], kept


def _one(run: list[Tree], join: Join) -> Tree:
    tree = join_trees(run, join)
    assert tree is not None
    return tree


def at_least(tree: Tree, n: int | None) -> Tree:
    """The same children, of which n are enough."""
    if n is None or not isinstance(tree, Group):
        return tree
    return Group(tree.join, tree.of, n)
