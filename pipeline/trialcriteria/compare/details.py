"""What differs between two requirements, fact by fact and part by part."""

from collections.abc import Collection, Hashable, Iterator
from typing import NamedTuple

from trialcriteria.compare.meaning import fact_keys, node_key, words
from trialcriteria.export.notation import (
    fact_line,
    node_line,
    one_line,
    qualifier_line,
    quoted,
    range_line,
    value_line,
    window_line,
)
from trialcriteria.export.table import leaves
from trialcriteria.schema import Concept, Fact, Node, Unsupported


class Detail(NamedTuple):
    """One difference, in the notation of docs/notation.md.

    ``part`` is a field of the fact about ``subject``, or ``fact`` where the whole of it is on one
    side only, ``words`` for words without structure, ``logic`` for the nodes above, and ``section``
    or ``combine`` of the criterion itself. None stands for nothing on that side.
    """

    subject: str
    part: str
    before: str | None
    after: str | None


class _Leaf(NamedTuple):
    """A fact in its place: the nodes above it, without those that say "all of"."""

    logic: str
    fact: Fact


def details(before: Node | None, after: Node | None) -> tuple[Detail, ...]:
    """The differences; none where both mean the same."""
    if node_key(before) == node_key(after):
        return ()
    found = [*_facts(_leaves(before), _leaves(after)), *_unread(before, after)]
    return tuple(found) or (Detail("", "logic", _line(before), _line(after)),)


def subjects(node: Node | None) -> frozenset[Hashable]:
    """What a requirement is about: codes and words of its subjects."""
    facts = (leaf.fact.subject for leaf in _leaves(node))
    return frozenset(name for subject in facts for name in _names(subject))


def _names(subject: Concept) -> tuple[Hashable, ...]:
    return words(subject.text), *((code.system, code.code) for code in subject.codes)


def _leaves(node: Node | None) -> list[_Leaf]:
    found = leaves(node) if node is not None else ()
    return [_Leaf(_logic(path), leaf) for path, leaf in found if isinstance(leaf, Fact)]


def _logic(path: tuple[str, ...]) -> str:
    """``any/except.unless`` of ``any.2/all.1/except.unless``: numbers say nothing here."""
    steps = (step.rstrip("0123456789").rstrip(".") for step in path)
    return "/".join(step for step in steps if step != "all")


def _facts(before: list[_Leaf], after: list[_Leaf]) -> Iterator[Detail]:
    """Of facts in pairs each part that differs; then those that are on one side only."""
    pairs = _pairs(before, after)
    for first, second in pairs:
        yield from _parts(before[first], after[second])
    gone = _without(before, [first for first, _ in pairs])
    new = _without(after, [second for _, second in pairs])
    yield from (Detail(_name(leaf.fact), "fact", fact_line(leaf.fact), None) for leaf in gone)
    yield from (Detail(_name(leaf.fact), "fact", None, fact_line(leaf.fact)) for leaf in new)


def _without(found: list[_Leaf], paired: Collection[int]) -> list[_Leaf]:
    return [leaf for place, leaf in enumerate(found) if place not in paired]


def _pairs(before: list[_Leaf], after: list[_Leaf]) -> list[tuple[int, int]]:
    """Places of facts that belong together, those most alike first, in the order of the text.

    They share a name of their subject; the only one left on either side is the other's pair
    where they are of one kind.
    """
    alike = sorted(
        (-_likeness(one, other), first, second)
        for first, one in enumerate(before)
        for second, other in enumerate(after)
        if set(_names(one.fact.subject)) & set(_names(other.fact.subject))
    )
    found: dict[int, int] = {}
    for _, first, second in alike:
        if first not in found and second not in found.values():
            found[first] = second
    left = [place for place in range(len(before)) if place not in found]
    right = [place for place in range(len(after)) if place not in found.values()]
    if len(left) == len(right) == 1 and _kind(before[left[0]]) == _kind(after[right[0]]):
        found[left[0]] = right[0]
    return sorted(found.items())


def _kind(leaf: _Leaf) -> str:
    return leaf.fact.subject.kind


def _likeness(one: _Leaf, other: _Leaf) -> int:
    """How many parts are equal."""
    first, second = fact_keys(one.fact), fact_keys(other.fact)
    return sum(first[part] == second[part] for part in first) + (one.logic == other.logic)


def _parts(one: _Leaf, other: _Leaf) -> Iterator[Detail]:
    keys, others = fact_keys(one.fact), fact_keys(other.fact)
    lines, other_lines = _lines(one.fact), _lines(other.fact)
    for part, key in keys.items():
        if key != others[part]:
            yield Detail(_name(one.fact), part, lines[part], other_lines[part])
    if one.logic != other.logic:
        yield Detail(_name(one.fact), "logic", one.logic or "all", other.logic or "all")


def _lines(fact: Fact) -> dict[str, str | None]:
    """Each part as the notation writes it."""
    codes = " ".join(code.code for code in fact.subject.codes[:1])
    return {
        "subject": f"{fact.subject.kind} {quoted(fact.subject.text)} {codes}".rstrip(),
        "status": fact.status,
        "experiencer": fact.experiencer,
        "value": value_line(fact.value) if fact.value else None,
        "dose": value_line(fact.dose) if fact.dose else None,
        "count": range_line(fact.count) if fact.count else None,
        "duration": range_line(fact.duration) if fact.duration else None,
        "window": window_line(fact.window) if fact.window else None,
        "qualifiers": "; ".join(map(qualifier_line, fact.qualifiers)) or None,
    }


def _unread(before: Node | None, after: Node | None) -> Iterator[Detail]:
    """Words without structure that are on one side only."""
    first, second = _unread_words(before), _unread_words(after)
    yield from (Detail("", "words", line, None) for key, line in first.items() if key not in second)
    yield from (Detail("", "words", None, line) for key, line in second.items() if key not in first)


def _unread_words(node: Node | None) -> dict[str, str]:
    found = leaves(node) if node is not None else ()
    return {
        words(leaf.text): quoted(leaf.text) for _, leaf in found if isinstance(leaf, Unsupported)
    }


def _name(fact: Fact) -> str:
    return one_line(fact.subject.text)


def _line(node: Node | None) -> str | None:
    return node_line(node) if node is not None else None
