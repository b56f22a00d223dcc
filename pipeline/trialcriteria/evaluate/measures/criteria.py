"""Criteria: how many have exactly the requirement that gold has.

A criterion is paired with the one whose span overlaps its own best. It is right where its section
is of the same kind, its children (if gold has some) are joined alike, and the requirements are
the same tree: ``strict`` with equal facts, ``relaxed`` with subjects that may just overlap,
``logic`` with any facts at all. The order within ALL, ANY and AT LEAST does not matter, nor do
brackets that change nothing: ALL in ALL, ANY in ANY, a node around a single child.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from trialcriteria.evaluate.annotated import Mention
from trialcriteria.evaluate.fact_parts import folded
from trialcriteria.evaluate.matching import Pairing, assign, joined, nearest, shared
from trialcriteria.evaluate.measures import Pair, posting_id
from trialcriteria.evaluate.measures.facts import Stated, nearly_same_fact, same_fact, stated
from trialcriteria.evaluate.measures.segmentation import trimmed
from trialcriteria.evaluate.scores import Judged, Measured, Shown, measured, mistakes, tally
from trialcriteria.export.notation import branches, combine_line, node_line, node_name
from trialcriteria.schema import (
    All,
    Any,
    AtLeast,
    AtLeastN,
    Criterion,
    Extraction,
    Fact,
    Node,
    Span,
    Unsupported,
)

Leaf = Stated | Unsupported
SameLeaf = Callable[[Leaf, Leaf], bool]


class Tree(NamedTuple):
    """A logic node: its name, and its children, whose order counts where they have roles."""

    name: str
    ordered: bool
    children: tuple["Tree | Leaf", ...]


class Required(NamedTuple):
    """A criterion and what it requires; ``combine`` is none where it has no children."""

    criterion: Criterion
    tree: Tree | Leaf | None
    combine: str | AtLeastN | None


def measure_criteria(pairs: Sequence[Pair]) -> Measured:
    """Tallies by kind of section."""
    return measured("criteria", tuple(_SAME_LEAF), (_judged(*pair) for pair in pairs))


def simplified(node: Node, criterion: Span) -> Tree | Leaf:
    """The node without brackets that change nothing."""
    if isinstance(node, Fact):
        return stated(node, criterion)
    if isinstance(node, Unsupported):
        return node
    name = node_name(node)
    children = tuple(simplified(child, criterion) for _, child in branches(node))
    if not isinstance(node, All | Any):
        return Tree(name, not isinstance(node, AtLeast), children)
    merged = tuple(inner for child in children for inner in _opened(child, name))
    return merged[0] if len(merged) == 1 else Tree(name, False, merged)


def same_tree(ours: Tree | Leaf | None, theirs: Tree | Leaf | None, same_leaf: SameLeaf) -> bool:
    """Whether two simplified requirements are equal, given when two leaves are."""
    if isinstance(ours, Tree) and isinstance(theirs, Tree):
        if (ours.name, len(ours.children)) != (theirs.name, len(theirs.children)):
            return False
        return _same_children(ours, theirs, same_leaf)
    if isinstance(ours, Leaf) and isinstance(theirs, Leaf):
        return same_leaf(ours, theirs)
    return ours is theirs


def _opened(child: Tree | Leaf, name: str) -> tuple[Tree | Leaf, ...]:
    return child.children if isinstance(child, Tree) and child.name == name else (child,)


def _same_children(ours: Tree, theirs: Tree, same_leaf: SameLeaf) -> bool:
    if ours.ordered:
        pairs = zip(ours.children, theirs.children, strict=True)
        return all(same_tree(one, other, same_leaf) for one, other in pairs)
    return len(_same_pairs(ours.children, theirs.children, same_leaf)) == len(ours.children)


def _same_pairs(
    ours: Sequence[Tree | Leaf], theirs: Sequence[Tree | Leaf], same_leaf: SameLeaf
) -> Pairing:
    """As many equal trees as possible, one to one."""
    return assign(
        {
            (place, other): 1.0
            for place, one in enumerate(ours)
            for other, another in enumerate(theirs)
            if same_tree(one, another, same_leaf)
        }
    )


def _equal(ours: Leaf, theirs: Leaf) -> bool:
    if isinstance(ours, Stated) and isinstance(theirs, Stated):
        return same_fact(ours, theirs)
    if isinstance(ours, Unsupported) and isinstance(theirs, Unsupported):
        return folded(ours.text) == folded(theirs.text)
    return False


def _nearly_equal(ours: Leaf, theirs: Leaf) -> bool:
    if isinstance(ours, Stated) and isinstance(theirs, Stated):
        return nearly_same_fact(ours, theirs)
    if isinstance(ours, Unsupported) and isinstance(theirs, Unsupported):
        return _equal(ours, theirs) or bool(shared([[ours.span]], [[theirs.span]]))
    return False


def _alike(ours: Leaf, theirs: Leaf) -> bool:
    return type(ours) is type(theirs)


_SAME_LEAF: dict[str, SameLeaf] = {"strict": _equal, "relaxed": _nearly_equal, "logic": _alike}


def _judged(gold: Extraction, predicted: Extraction) -> Judged:
    ours, theirs = _required(gold), _required(predicted)
    pairing = nearest(_mentions(gold), _mentions(predicted))
    partners = [(ours[place], theirs[other]) for place, other in pairing.items()]
    kinds = [one.criterion.kind for one in ours]
    their_kinds = [one.criterion.kind for one in theirs]
    return Judged(
        {
            strictness: tally(
                kinds,
                their_kinds,
                (one.criterion.kind for one, other in partners if _right(one, other, same_leaf)),
            )
            for strictness, same_leaf in _SAME_LEAF.items()
        },
        mistakes("criteria", posting_id(gold), joined(ours, theirs, pairing), _wrong, _shown),
    )


def _mentions(extraction: Extraction) -> list[Mention]:
    return [
        Mention(criterion.kind, (trimmed(extraction.text, criterion.span),))
        for criterion in extraction.criteria
    ]


def _required(extraction: Extraction) -> list[Required]:
    parents = {criterion.parent for criterion in extraction.criteria}
    return [
        Required(
            criterion,
            simplified(criterion.requirement, criterion.span) if criterion.requirement else None,
            criterion.combine if criterion.id in parents else None,
        )
        for criterion in extraction.criteria
    ]


def _right(ours: Required, theirs: Required, same_leaf: SameLeaf) -> bool:
    return (
        ours.criterion.kind == theirs.criterion.kind
        and ours.combine in (None, theirs.criterion.combine)
        and same_tree(ours.tree, theirs.tree, same_leaf)
    )


def _wrong(ours: Required | None, theirs: Required | None) -> float:
    """How many facts and unsupported stretches are without an equal one, at least 1."""
    if ours and theirs and _right(ours, theirs, _equal):
        return 0
    one, other = (list(_leaves(side.tree)) if side else [] for side in (ours, theirs))
    return max(1, len(one) + len(other) - 2 * len(_same_pairs(one, other, _equal)))


def _leaves(tree: Tree | Leaf | None) -> Iterator[Leaf]:
    if isinstance(tree, Tree):
        for child in tree.children:
            yield from _leaves(child)
    elif tree is not None:
        yield tree


def _shown(one: Required) -> Shown:
    criterion = one.criterion
    parts = [
        f"{criterion.kind}:",
        node_line(criterion.requirement) if criterion.requirement else "no requirement",
        f"(joins {combine_line(one.combine)})" if one.combine else "",
    ]
    return Shown(criterion.kind, " ".join(filter(None, parts)), criterion.span)
