"""Changes that a method of a logical form makes to every fact under a node."""

from collections.abc import Callable
from typing import Literal

from trialcriteria.schema import (
    All,
    Any,
    AtLeast,
    Except,
    Fact,
    If,
    Node,
    Not,
    Qualifier,
    Range,
    Unsupported,
    Value,
    Window,
)

Change = Callable[[Fact], Node]
Part = Value | Window | Range
PartName = Literal["value", "window", "duration", "count"]


def each_fact(node: Node, change: Change) -> Node:
    """The node with its facts changed; of a requirement with a condition or an exception only
    what is required.
    """
    match node:
        case Fact():
            return change(node)
        case All() | Any() | AtLeast():
            return node.model_copy(update={"of": tuple(each_fact(n, change) for n in node.of)})
        case Not() | Except():
            return node.model_copy(update={"of": each_fact(node.of, change)})
        case If():
            return node.model_copy(update={"then": each_fact(node.then, change)})
        case Unsupported():
            return node


def with_part(name: PartName, part: Part) -> Change:
    """Gives the fact a part; a fact that has one already is required with either of them in turn.

    The value of a drug is its dose.
    """

    def change(fact: Fact) -> Node:
        field = "dose" if name == "value" and fact.subject.kind == "drug" else name
        changed = fact.model_copy(update={field: part})
        return changed if getattr(fact, field) is None else All(of=(fact, changed))

    return change


def with_qualifier(qualifier: Qualifier) -> Change:
    """Adds a qualifier."""

    def change(fact: Fact) -> Fact:
        return fact.model_copy(update={"qualifiers": (*fact.qualifiers, qualifier)})

    return change


def possible(fact: Fact) -> Fact:
    """The fact as a possible one."""
    return fact.model_copy(update={"status": "possible"})


def of_family(fact: Fact) -> Fact:
    """The fact about a relative."""
    return fact.model_copy(update={"experiencer": "family"})
