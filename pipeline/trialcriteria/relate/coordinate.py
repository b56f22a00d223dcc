"""Joins the units of one flat stretch by the connectors between them."""

from itertools import pairwise

from trialcriteria.relate.gaps import Link, gap_text, link
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Group, Join, Tree, Unit, join_trees


def coordinate(scope: Scope, nodes: "list[tuple[Unit, Tree]]", default: Join) -> Tree | None:
    """One tree for units in text order, each already wrapped (examples, exceptions).

    "and" binds tighter than "or"; a bare comma takes the next connector to its right; a gap of
    other words ("requiring", "treated with") binds tightest inside a list and loosest after the
    first unit, where what follows narrows that unit as a whole.
    """
    if not nodes:
        return None
    gaps = [gap_text(scope, first.end, second.start) for (first, _), (second, _) in pairwise(nodes)]
    raw = [link(gap) for gap in gaps]
    listed = any("," in gap for gap in gaps) or _are_states([unit for unit, _ in nodes])
    links = _resolved(raw, default, listed=listed)
    links = _under_negation([unit for unit, _ in nodes], links, gaps)
    trees = [tree for _, tree in nodes]
    if _first_is_narrowed(raw, nodes[0][0]):
        rest = _joined(trees[1:], links[1:], default)
        return join_trees([trees[0], rest], "all") if rest else trees[0]
    return _joined(trees, links, default)


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


def _first_is_narrowed(links: list[Link], first: Unit) -> bool:
    """ "Infection requiring A or B", "women who are A, B or C": all that follows narrows it."""
    if links[:1] != ["none"] or len(links) == 1:
        return False
    return links[1] in {"and", "or"} or first.concept.label == "demographic"


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


def _joined(trees: list[Tree], links: list[Link], default: Join) -> Tree:
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
