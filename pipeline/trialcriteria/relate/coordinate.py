"""Joins the units of one flat stretch by the connectors between them."""

from itertools import pairwise

from trialcriteria.relate.gaps import Link, gap_text, link
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Group, Join, Tree, Unit, join_trees


def coordinate(scope: Scope, nodes: "list[tuple[Unit, Tree]]", default: Join) -> Tree | None:
    """One tree for units in text order, each already wrapped (examples, exceptions).

    "and" binds tighter than "or"; a bare comma takes the next connector to its right; a gap of
    other words ("requiring", "treated with") binds tightest inside a list and loosest after the
    first unit of all, which it narrows as a whole.
    """
    if not nodes:
        return None
    links = _resolved(_links(scope, [unit for unit, _ in nodes]), default)
    trees = [tree for _, tree in nodes]
    if links and links[0] == "none" and _is_enumeration(links[1:]):
        rest = _joined(trees[1:], links[1:], default)
        return join_trees([trees[0], rest], "all") if rest else trees[0]
    return _joined(trees, links, default)


def _links(scope: Scope, units: list[Unit]) -> list[Link]:
    return [link(gap_text(scope, first.end, second.start)) for first, second in pairwise(units)]


def _is_enumeration(links: list[Link]) -> bool:
    return any(found in {"and", "or", "comma"} for found in links)


def _resolved(links: list[Link], default: Join) -> list[Link]:
    """Every bare comma replaced by the connector that ends its list."""
    resolved: list[Link] = []
    upcoming: Link = "or" if default == "any" else "and"
    listed = "comma" in links
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
