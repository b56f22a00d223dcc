"""What a lead-in says once for all its children: a window, a negation, what they narrow."""

from collections.abc import Callable
from typing import NamedTuple

from trialcriteria.relate.lead import RESTATED
from trialcriteria.relate.subjects import LED
from trialcriteria.schema import All, Any, AtLeast, Concept, Except, Fact, If, Node, Not, Window


class Inherited(NamedTuple):
    """Posting-wide offsets; empty or null where the lead-in has none.

    ``windows`` hold all ("at screening and baseline"); ``subject`` is the measure of values that
    stand alone below the lead-in; ``base`` what the lead-in states of itself, which items without a
    concept narrow ("within 30 days") and from which items below "..., except:" are exempt
    (``excepts``).
    """

    windows: tuple[Window, ...] = ()
    negated: bool = False
    subject: Concept | None = None
    base: Node | None = None
    excepts: bool = False


NOTHING = Inherited()


def inherit(node: Node, given: Inherited) -> Node:
    """The node with what the lead-in says of it."""
    if given is NOTHING or given == NOTHING:
        return node
    base = given.base
    if base is not None:
        node = _each_fact(node, lambda fact: _restated(fact, base, excepted=given.excepts))
    if base is not None and given.excepts:
        return Except(of=base, unless=node)
    return _each_fact(node, lambda fact: _bestowed(fact, given))


def below(own: Inherited, given: Inherited) -> Inherited:
    """What a lead-in hands down of its own, or of what was handed to it."""
    base = None if own.base is None else inherit(own.base, given)
    if own.excepts:
        return Inherited(base=base, excepts=True)
    return own._replace(
        windows=own.windows or given.windows, negated=own.negated or given.negated, base=base
    )


def _each_fact(node: Node, change: Callable[[Fact], Node]) -> Node:
    """The node with its facts changed, but not its conditions and exceptions."""
    match node:
        case Fact():
            return change(node)
        case All():
            changed = (_each_fact(n, change) for n in node.of)
            flat = (n for one in changed for n in (one.of if isinstance(one, All) else (one,)))
            return node.model_copy(update={"of": tuple(flat)})
        case Any() | AtLeast():
            return node.model_copy(update={"of": tuple(_each_fact(n, change) for n in node.of)})
        case Not():
            return Not(of=_each_fact(node.of, change))
        case Except():
            return Except(of=_each_fact(node.of, change), unless=node.unless)
        case If():
            otherwise = None if node.otherwise is None else _each_fact(node.otherwise, change)
            return If(when=node.when, then=_each_fact(node.then, change), otherwise=otherwise)
        case _:
            return node


def _restated(by: Fact, base: Node, *, excepted: bool) -> Node:
    """What the lead-in states, in the time and number of times that an item names.

    What is exempt is not bound to the time of the rule.
    """
    if by.source != RESTATED:
        return by

    def narrow(fact: Fact) -> Fact:
        changes: dict[str, object] = {
            "window": by.window or (None if excepted else fact.window),
            "duration": by.duration or fact.duration,
            "count": by.count or fact.count,
            "qualifiers": fact.qualifiers + by.qualifiers,
        }
        return fact.model_copy(update=changes)

    return _each_fact(base, narrow)


def _bestowed(fact: Fact, given: Inherited) -> Node:
    status = "absent" if given.negated and fact.status == "present" else fact.status
    changes: dict[str, object] = {"status": status}
    if given.subject is not None and fact.source == LED:
        changes["subject"] = given.subject
    if fact.window is not None or not given.windows:
        return fact.model_copy(update=changes)
    each = tuple(fact.model_copy(update={**changes, "window": w}) for w in given.windows)
    return each[0] if len(each) == 1 else All(of=each)
