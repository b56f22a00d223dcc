"""One compact line for a fact, a value, a window or a whole requirement.

The notation is ASCII, built from the normalised parts (UCUM units, ISO 8601 durations) and used
by the tree and the table; the HTML page uses the same pieces. An interval with two ends is
written ``[18, 60]``, a round bracket marks an exclusive end, ``..`` an open end of a window.
"""

import re

from trialcriteria.schema import (
    All,
    Any,
    AtLeast,
    AtLeastN,
    Bound,
    Except,
    Fact,
    If,
    IsoOffset,
    Node,
    Not,
    Offset,
    Qualifier,
    Range,
    Unit,
    Unsupported,
    Value,
    Window,
)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def one_line(text: str) -> str:
    """The text on one line, blanks single; control characters, which drive terminals, masked."""
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def quoted(text: str) -> str:
    """The words on one line, in double quotes."""
    return f'"{one_line(text)}"'


def unit_name(unit: Unit) -> str:
    """The UCUM code, or the unit as printed where it has none."""
    return unit.ucum or one_line(unit.text)


def interval(low: Bound | None, high: Bound | None) -> str:
    """``>= 50``, ``< 3``, ``= 5``, ``[18, 60)``; empty where both ends are open."""
    if low and high:
        if low == high and low.inclusive:
            return f"= {low.value}"
        left, right = "[" if low.inclusive else "(", "]" if high.inclusive else ")"
        return f"{left}{low.value}, {high.value}{right}"
    if low:
        return f"{'>=' if low.inclusive else '>'} {low.value}"
    if high:
        return f"{'<=' if high.inclusive else '<'} {high.value}"
    return ""


def value_line(value: Value) -> str:
    """``>= 50 mL/min``, ``<= 2 x ULN``, ``= positive``, ``in {III, IV}``."""
    bounds = interval(value.low, value.high)
    parts = [bounds, named_values(value), unit_name(value.unit) if value.unit else ""]
    if value.relative_to:
        parts.append(f"x {value.relative_to}" if bounds and not value.unit else value.relative_to)
    return " ".join(filter(None, parts)) or quoted(value.text)


def named_values(value: Value) -> str:
    """The set of named results, such as ``in {III, IV}``; empty where there is none."""
    if not value.values:
        return ""
    if len(value.values) == 1:
        return f"= {value.values[0]}"
    return f"in {{{', '.join(value.values)}}}"


def range_line(span: Range) -> str:
    """``>= P14D``, ``[2, 4] episodes``."""
    return " ".join(filter(None, (interval(span.low, span.high), span.unit)))


def offset_line(offset: Offset | None) -> str:
    """``-P30D``, ``-5 half_life``, ``..`` for an open side; ``@event`` where it has its own."""
    if offset is None:
        return ".."
    bare = offset.iso if isinstance(offset, IsoOffset) else f"{offset.count} {offset.unit}"
    return f"{bare} @{offset.anchor.event}" if offset.anchor else bare


def window_line(window: Window) -> str:
    """``[-P2W, P0D] infusion``; alternatives joined by ``|`` with what to choose in front."""
    bounds = f"[{offset_line(window.start)}, {offset_line(window.end)}]"
    if window.alternatives:
        joined = " | ".join(map(window_line, window.alternatives))
        bounds = f"{window.choose} of ({joined})" if window.choose else f"({joined})"
    return f"{bounds} {window.anchor.event}" if window.anchor else bounds


def qualifier_line(qualifier: Qualifier) -> str:
    """``severity >= 2``, ``stability "stable" for >= P2W``, ``method "by echocardiography"``."""
    detail = value_line(qualifier.value) if qualifier.value else quoted(qualifier.text)
    if qualifier.duration:
        detail += f" for {range_line(qualifier.duration)}"
    return f"{qualifier.kind} {detail}"


def fact_line(fact: Fact) -> str:
    """A fact in one line, for example ``measurement "creatinine clearance" >= 50 mL/min``."""
    parts = [
        "" if fact.experiencer == "patient" else f"{fact.experiencer}:",
        "" if fact.status == "present" else fact.status,
        f"{fact.subject.kind} {quoted(fact.subject.text)}",
        value_line(fact.value) if fact.value else "",
        f"dose {value_line(fact.dose)}" if fact.dose else "",
        f"count {range_line(fact.count)}" if fact.count else "",
        f"for {range_line(fact.duration)}" if fact.duration else "",
        window_line(fact.window) if fact.window else "",
        f"({'; '.join(map(qualifier_line, fact.qualifiers))})" if fact.qualifiers else "",
    ]
    return " ".join(filter(None, parts))


def node_line(node: Node) -> str:
    """A whole requirement in one line, for example ``ALL(fact; NOT(fact))``."""
    if isinstance(node, Fact):
        return fact_line(node)
    if isinstance(node, Unsupported):
        return f"UNSUPPORTED {quoted(node.text)}"
    inner = "; ".join(
        f"{role}: {node_line(child)}" if role else node_line(child)
        for role, child in branches(node)
    )
    return f"{node_name(node)}({inner})"


def node_name(node: Node) -> str:
    """What a logic node is called: ALL, ANY, NOT, AT LEAST n, IF, EXCEPT."""
    if isinstance(node, AtLeast):
        return f"AT LEAST {node.n}"
    return node.type.upper()


def branches(node: Node) -> tuple[tuple[str, Node], ...]:
    """The children of a node in reading order, each with its role ("" where roles are equal)."""
    if isinstance(node, Fact):  # most are; asking of other types is slow
        return ()
    if isinstance(node, All | Any | AtLeast):
        return tuple(("", child) for child in node.of)
    if isinstance(node, Not):
        return (("", node.of),)
    if isinstance(node, Except):
        return (("of", node.of), ("unless", node.unless))
    if isinstance(node, If):
        steps = (("when", node.when), ("then", node.then), ("otherwise", node.otherwise))
        return tuple((role, child) for role, child in steps if child is not None)
    return ()


def combine_line(combine: str | AtLeastN) -> str:
    """How the children of a criterion join: ``all``, ``any``, ``at least 2``."""
    return f"at least {combine.at_least}" if isinstance(combine, AtLeastN) else combine
