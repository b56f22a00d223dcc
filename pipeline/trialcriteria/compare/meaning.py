"""Keys that are equal where two readings mean the same: 90 g/L and 9 g/dL, P2W and P14D.

Spans, sources and scores say where a reading comes from, not what it means, and are left out.
"""

import re
from collections.abc import Hashable, Iterable
from decimal import Decimal, InvalidOperation

from trialcriteria.schema import (
    All,
    Anchor,
    Any,
    AtLeast,
    Bound,
    Concept,
    CountOffset,
    Except,
    Fact,
    If,
    Node,
    Not,
    Offset,
    Qualifier,
    Range,
    Value,
    Window,
)

_WORD = re.compile(r"[^\W_]+|[<>=≤≥%+±]+")
_ISO = re.compile(
    r"(-?)P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?"
    r"(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)
# Months cannot be told in days, years can in months.
_MONTHS = (12, 1)
_SECONDS = (604_800, 86_400, 3_600, 60, 1)


def words(text: str) -> str:
    """The words of a text without case, punctuation and breaks."""
    return " ".join(_WORD.findall(text.casefold()))


def node_key(node: Node | None) -> Hashable:
    """What a requirement demands, whatever the order of its parts."""
    if isinstance(node, Fact):
        return "fact", *fact_keys(node).values()
    if isinstance(node, All | Any | AtLeast):
        return _joined_key(node)
    if isinstance(node, Not):
        return "not", node_key(node.of)
    if isinstance(node, If):
        return "if", *map(node_key, (node.when, node.then, node.otherwise))
    if isinstance(node, Except):
        return "except", node_key(node.of), node_key(node.unless)
    return node and ("unsupported", words(node.text))


def _joined_key(node: All | Any | AtLeast) -> Hashable:
    """One node alone joins nothing."""
    parts = sorted(map(node_key, node.of), key=repr)
    if len(parts) == 1 and not isinstance(node, AtLeast):
        return parts[0]
    return node.type, getattr(node, "n", None), tuple(parts)


def fact_keys(fact: Fact) -> dict[str, Hashable]:
    """The key of each part of a fact, by its name."""
    return {
        "subject": subject_key(fact.subject),
        "status": fact.status,
        "experiencer": fact.experiencer,
        "value": value_key(fact.value),
        "dose": value_key(fact.dose),
        "count": range_key(fact.count),
        "duration": range_key(fact.duration),
        "window": window_key(fact.window),
        "qualifiers": _set(qualifier_key(each) for each in fact.qualifiers),
    }


def subject_key(subject: Concept) -> Hashable:
    """The first code, else the words."""
    if subject.codes:
        return subject.kind, subject.codes[0].system, subject.codes[0].code
    return subject.kind, words(subject.text)


def value_key(value: Value | None) -> Hashable:
    """The canonical bounds where there are some, else what is printed."""
    if value is None:
        return None
    if value.canonical:
        low, high, ucum = value.canonical.low, value.canonical.high, value.canonical.ucum
        return _bound_key(low), _bound_key(high), ucum
    unit = value.unit and (value.unit.ucum or words(value.unit.text))
    named = _set(map(words, value.values or ()))
    key = (_bound_key(value.low), _bound_key(value.high), named, unit, value.relative_to)
    return key if value.low or value.high or named else words(value.text)


def range_key(range_: Range | None) -> Hashable:
    """Both bounds, as durations or counts, and what is counted."""
    return range_ and (_bound_key(range_.low), _bound_key(range_.high), range_.unit)


def window_key(window: Window | None) -> Hashable:
    """Both ends with their events; alternatives in any order."""
    if window is None:
        return None
    ends = tuple(_offset_key(end, window.anchor) for end in (window.start, window.end))
    others = _set(window_key(each) for each in window.alternatives)
    return *ends, _anchor_key(window.anchor), others, window.choose


def qualifier_key(qualifier: Qualifier) -> Hashable:
    """Its kind, its value or else its words, and how long it lasts."""
    said = value_key(qualifier.value) if qualifier.value else words(qualifier.text)
    return qualifier.kind, said, range_key(qualifier.duration)


def _offset_key(offset: Offset | None, shared: Anchor | None) -> Hashable:
    if offset is None:
        return None
    anchor = _anchor_key(offset.anchor or shared)
    if isinstance(offset, CountOffset):
        return _number_key(offset.count), offset.unit, anchor
    return _number_key(offset.iso), anchor


def _anchor_key(anchor: Anchor | None) -> Hashable:
    if anchor is None or anchor.event != "event":
        return anchor and anchor.event
    return words(anchor.text)


def _bound_key(bound: Bound | None) -> Hashable:
    return bound and (_number_key(bound.value), bound.inclusive)


def _number_key(text: str) -> Hashable:
    """A number by its value, a duration by its months and seconds, anything else as it is."""
    match = _ISO.fullmatch(text)
    try:
        return _duration(match) if match else Decimal(text)
    except InvalidOperation:
        return text


def _duration(match: re.Match[str]) -> Hashable:
    sign = -1 if match[1] else 1
    sizes = [Decimal(size or 0) for size in match.groups()[1:]]
    months = sum(size * each for size, each in zip(sizes, _MONTHS, strict=False))
    seconds = sum(size * each for size, each in zip(sizes[2:], _SECONDS, strict=True))
    return sign * months, sign * seconds


def _set(keys: Iterable[Hashable]) -> Hashable:
    return tuple(sorted(keys, key=repr))
