"""The relate room's tree -> the requirement of a criterion, in schema types."""

from trialcriteria.normalize.facts import unit_node
from trialcriteria.relate.tree import Conditional, Excepted, Group, Leaf, Tree, Unread
from trialcriteria.schema import (
    All,
    Any,
    AtLeast,
    Except,
    If,
    Node,
    Span,
    Unsupported,
)


def requirement(tree: Tree | None, text: str) -> Node | None:
    """The node of a tree; offsets relative to ``text``, the criterion's own words."""
    return None if tree is None else _node(tree, text)


def _node(tree: Tree, text: str) -> Node:
    match tree:
        case Leaf(unit):
            return unit_node(unit, text)
        case Group():
            return _group(tree, text)
        case Excepted(of, unless):
            return Except(of=_node(of, text), unless=_node(unless, text))
        case Conditional(when, then, otherwise):
            return If(
                when=_node(when, text),
                then=_node(then, text),
                otherwise=None if otherwise is None else _node(otherwise, text),
            )
        case Unread(start, end, reason):
            return Unsupported(span=Span(start, end), text=text[start:end], reason=reason)


def _group(group: Group, text: str) -> Node:
    nodes = tuple([node for child in group.of for node in _flattened(group, _node(child, text))])
    if group.at_least is not None:
        return AtLeast(n=group.at_least, of=nodes)
    joined = All if group.join == "all" else Any
    return joined.known({"type": group.join, "of": nodes})


def _flattened(group: Group, node: Node) -> tuple[Node, ...]:
    """A unit of which several windows must hold is an all-node: in an all-group it dissolves."""
    if group.join == "all" and group.at_least is None and node.type == "all":
        return node.of
    return (node,)
