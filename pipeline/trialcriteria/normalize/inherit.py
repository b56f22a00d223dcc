"""What a lead-in says once for all its children: a window, a negation."""

from dataclasses import dataclass

from trialcriteria.relate.subjects import LED
from trialcriteria.schema import All, Any, AtLeast, Concept, Except, Fact, If, Node, Not, Window


@dataclass(frozen=True, slots=True)
class Inherited:
    """Posting-wide offsets; null where the lead-in has none.

    ``subject`` is the measure of values that stand alone below the lead-in.
    """

    window: Window | None = None
    negated: bool = False
    subject: Concept | None = None


def inherit(node: Node, given: Inherited) -> Node:
    """The node with the lead-in's window on facts that have none of their own."""
    match node:
        case Fact():
            return _fact(node, given)
        case All() | Any() | AtLeast():
            return node.model_copy(update={"of": tuple(inherit(n, given) for n in node.of)})
        case Not():
            return Not(of=inherit(node.of, given))
        case Except():
            return Except(of=inherit(node.of, given), unless=node.unless)
        case If():
            otherwise = None if node.otherwise is None else inherit(node.otherwise, given)
            return If(when=node.when, then=inherit(node.then, given), otherwise=otherwise)
        case _:
            return node


def _fact(fact: Fact, given: Inherited) -> Fact:
    status = "absent" if given.negated and fact.status == "present" else fact.status
    changes: dict[str, object] = {"window": fact.window or given.window, "status": status}
    if given.subject is not None and fact.source == LED:
        changes["subject"] = given.subject
    return fact.model_copy(update=changes)
