"""Joins the units of one flat stretch by the connectors between them."""

from itertools import pairwise

from trialcriteria.relate.gaps import Link, gap_text, is_close, link
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Conditional, Group, Join, Tree, Unit, join_trees, leaves

Node = tuple[Unit, Tree]

_SEXES = frozenset({"curated:female", "curated:male"})


def coordinate(scope: Scope, nodes: list[Node], default: Join) -> Tree | None:
    """One tree for units in text order, each already wrapped (examples, exceptions).

    "and" binds tighter than "or"; a bare comma takes the next connector to its right; a gap of
    other words ("requiring", "treated with") binds tightest inside a list and loosest after the
    first unit, where what follows narrows that unit as a whole.
    """
    if not nodes:
        return None
    nodes = _with_people(scope, _with_definition(scope, nodes, default), default)
    gaps = [gap_text(scope, _end(first), second[0].start) for first, second in pairwise(nodes)]
    raw = [link(gap) for gap in gaps]
    units = [unit for unit, _ in nodes]
    listed = any("," in gap for gap in gaps) or _are_states(units)
    links = _under_negation(units, _resolved(raw, default, listed=listed), gaps)
    trees = [tree for _, tree in nodes]
    narrowed = _narrowed(raw, units)
    tree = _joined(trees[narrowed:], links[narrowed:])
    return join_trees([*trees[:narrowed], tree], "all")


def _end(node: Node) -> int:
    """Where the words of a node end: several units may be one node already."""
    unit, tree = node
    if not isinstance(tree, Group | Conditional):
        # "18 years of age or older": the word stands inside its value.
        inside = unit.value is not None and unit.value.start <= unit.start < unit.value.end
        return max(unit.end, unit.value.end) if unit.value and inside else unit.end
    return max([unit.end, *(u.end for u in leaves(tree))])


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


def _is_sex(unit: Unit) -> bool:
    return unit.concept.source in _SEXES and unit.value is None


def _leads_on(scope: Scope, state: Node, following: Node, last: bool) -> bool:
    """Whether a state stands right before the people, or before the next state of their list."""
    unit = state[0]
    if unit.concept.label != "observation" or unit.value is not None:
        return False
    gap = gap_text(scope, unit.end, following[0].start)
    return not gap.strip() if last else is_close(gap) and link(gap) != "none"


def _under_negation(units: list[Unit], links: list[Link], gaps: list[str]) -> list[Link]:
    """ "No A or B" excludes both: under one negation, or joins what is absent by and."""
    return [
        "and" if found == "or" and _same_negation(first, second, gap) else found
        for (first, second), found, gap in zip(pairwise(units), links, gaps, strict=True)
    ]


def _same_negation(first: Unit, second: Unit, gap: str) -> bool:
    if first.negation is None or second.negation is None:
        return False
    return first.negation.start == second.negation.start or "nor" in gap.split()


def _are_states(units: list[Unit]) -> bool:
    """ "Pregnant and lactating women": two states of which each excludes."""
    return all(u.concept.label == "observation" and u.value is None for u in units)


def _narrowed(links: list[Link], units: list[Unit]) -> int:
    """How many units are narrowed by all that follows.

    "Infection requiring A or B": one; "women of childbearing potential who are A, B or C": two.
    """
    count = 0
    while links[count : count + 1] == ["none"] and count + 1 < len(links):
        people = units[count].concept.label == "demographic"
        if not people and links[count + 1] not in {"and", "or"}:
            break
        count += 1
    return count


def _resolved(links: list[Link], default: Join, *, listed: bool) -> list[Link]:
    """Every bare comma replaced by the connector that ends its list."""
    resolved: list[Link] = []
    upcoming: Link = "or" if default == "any" else "and"
    for found in reversed(links):
        if found == "and" and listed and default == "any":
            found = "or"  # noqa: PLW2901  ("A, B, and C" as exclusions: any of them excludes)
        if found in {"and", "or"}:
            upcoming = found
        resolved.append(upcoming if found == "comma" else found)
    return resolved[::-1]


def _joined(trees: list[Tree], links: list[Link]) -> Tree:
    """Groups by ever looser links: none, then and, then or."""
    items, gaps = list(trees), list(links)
    for tight, join in (("none", "all"), ("and", "all"), ("or", "any")):
        items, gaps = _merge_runs(items, gaps, tight, "any" if join == "any" else "all")
    return items[0]


def _merge_runs(
    items: list[Tree], gaps: list[Link], wanted: str, join: Join
) -> tuple[list[Tree], list[Link]]:
    merged: list[list[Tree]] = [[items[0]]]
    kept: list[Link] = []
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
