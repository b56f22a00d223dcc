"""Leaf Logical Forms in this project's own types: what a form says as facts under logic nodes.

Every named thing is a fact. Words are taken with their place in the line; a name that only the
form gives (``age()``, ``enc(INPATIENT)``) has none. A restatement (``equiv``) is a requirement
beside what it restates, and so is an argument that compares something of its own. What the schema
has no place for is left out and named in ``unmapped``.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Literal, NamedTuple

from trialcriteria.evaluate.corpora.comparison import Comparison, values_of
from trialcriteria.evaluate.corpora.llf import Call, Constant, LogicalForm, Words, calls, quoted
from trialcriteria.evaluate.corpora.llf_changes import (
    Part,
    PartName,
    each_fact,
    of_family,
    possible,
    with_part,
    with_qualifier,
)
from trialcriteria.evaluate.corpora.llf_values import (
    Join,
    Side,
    comparisons,
    counts,
    durations,
    windows,
)
from trialcriteria.schema import (
    All,
    Anchor,
    Any,
    AtLeast,
    Concept,
    ConceptKind,
    Except,
    Fact,
    If,
    Node,
    Not,
    Qualifier,
    Span,
    Unsupported,
    Value,
)

QualifierKind = Literal["severity", "acuteness", "stability", "method", "site", "other"]

_NAMES: dict[ConceptKind, tuple[str, ...]] = {
    "condition": ("cond",),
    "drug": ("drug", "immune"),
    "procedure": ("proc",),
    "measurement": ("lab", "vital", "measurement", "clin_score", "survey_or_questionnaire"),
    "observation": ("obs", "social_habit", "enc", "birth", "death", "org", "res", "insur"),
    "demographic": (
        *("age", "adult", "child", "infant", "boy", "girl", "female", "male", "transgender"),
        *("mother", "parent", "ethnic", "lang"),
    ),
    "other": ("family_member", "code", "hosp", "clin", "prov", "spec"),
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names}
# A call around others that says in what way they matter.
_ABOUT: dict[str, ConceptKind] = {
    "allergy": "condition",
    "contraindication": "condition",
    "risk": "condition",
    "indication": "observation",
}
_QUALIFIERS: dict[str, QualifierKind] = {
    "acute": "acuteness",
    "chronic": "acuteness",
    "stable": "stability",
    "change": "stability",
    "severity": "severity",
    "mod": "other",
    "type": "other",
    "for": "other",
    "caused_by": "other",
    "prov": "other",
    "spec": "other",
    "loc": "site",
    "found_by": "method",
    "using": "method",
}
_SIDES: dict[str, Side] = {"before": "before", "after": "after", "during": "during"}
_TIMES = frozenset({"temporality", "duration"})
_AMOUNTS = frozenset({"num_filter", "min_count", "eq"})


class Translation(NamedTuple):
    """The requirement, and the constructs of the form that it leaves out."""

    node: Node
    unmapped: tuple[str, ...]


def facts(form: LogicalForm) -> Translation:
    """The form's facts under its logic."""
    translator = _Translator(form)
    return Translation(translator.node(form.form), tuple(translator.unmapped))


class _Translator:
    """One form's calls -> nodes, with what could not be mapped collected on the way."""

    def __init__(self, form: LogicalForm) -> None:
        self._line = form.text
        self._source = f"llf.{form.annotator}"
        self.unmapped: list[str] = []

    def node(self, call: Call) -> Node:
        """A call with its methods, applied in order."""
        if call.name == "criteria":
            return self._criteria(call)
        return reduce(self._apply, call.methods, self._bare(call))

    def _bare(self, call: Call) -> Node:
        """A call without its methods."""
        if call.name == "seq" and calls(call):
            return self._sequence(call)
        inner = self._nodes(call)
        match call.name:
            case "intersect" | "and":
                return self._joined(All, inner)
            case "union" | "or":
                return self._joined(Any, inner)
            case "neg":
                return Not(of=self._joined(Any, inner))
            case "if_then" if len(inner) == 2:
                return If(when=inner[0], then=inner[1])
            case "family_member" if inner:
                return each_fact(self._joined(Any, inner), of_family)
            case name if name in _ABOUT and inner:
                about = self._qualifier("other", Call(name))
                return each_fact(self._joined(Any, inner), with_qualifier(about))
            case name if name in _KINDS or name in _ABOUT:
                return self._joined(All, [self._fact(call), *inner])
        self.unmapped.append(call.name)
        return self._joined(All, inner)

    def _nodes(self, call: Call) -> list[Node]:
        """The requirements among the arguments of a call."""
        return [self.node(each) for each in calls(call) if not _is_comparison(each)]

    def _joined(self, join: Join, nodes: Sequence[Node]) -> Node:
        if not nodes:
            whole = Span(0, len(self._line))
            return Unsupported(span=whole, text=self._line, reason="a call without arguments")
        return nodes[0] if len(nodes) == 1 else join(of=tuple(nodes))

    def _fact(self, call: Call) -> Fact:
        names = [each.name.lower() for each in call.arguments if isinstance(each, Constant)]
        words = [each for each in call.arguments if isinstance(each, Words)]
        text = " ".join(each.text for each in words) or " ".join([*names, call.name])
        span = words[0].span if words else None
        kind = _KINDS.get(call.name) or _ABOUT[call.name]
        return Fact(
            subject=Concept(kind=kind, text=text, span=span),
            spans=(span,) if span else (),
            source=self._source,
            score=1.0,
        )

    def _criteria(self, call: Call) -> Node:
        """A list of criteria, of which any one or a number of them is wanted."""
        counting = [method for method in call.methods if method.name in _AMOUNTS]
        inner = self._nodes(call)
        lows = [low for method in counting for low in _lows(method) if inner]
        self.unmapped += ["criteria.min_count"] * (len(counting) - min(1, len(lows)))
        several = AtLeast(n=lows[0], of=tuple(inner)) if lows else self._joined(Any, inner)
        rest = (method for method in call.methods if method not in counting)
        return reduce(self._apply, rest, several)

    def _sequence(self, call: Call) -> Node:
        """The first argument, timed by the events before, after or during which it is."""
        first, *relations = calls(call)
        return reduce(self._timed, relations, self.node(first))

    def _timed(self, node: Node, relation: Call) -> Node:
        if relation.name not in _SIDES:
            return All(of=(node, self.node(relation)))
        events = [each for each in calls(relation) if not _is_comparison(each)]
        times = [m for event in events for m in event.methods if m.name in _TIMES]
        lengths = [each for call in (relation, *times) for each in comparisons(call).each]
        place = (self._line, _SIDES[relation.name], _anchor(events))
        found = [window for each in lengths for window in windows(each, *place)]
        timed = [
            each_fact(node, with_part("window", window))
            for window in found or windows(Comparison(), *place)
        ]
        own = [self.node(event) for event in map(_without_times, events) if _has_amount(event)]
        return self._joined(All, [*timed, *own])

    def _apply(self, node: Node, method: Call) -> Node:
        """A node under one method."""
        if method.name in _AMOUNTS or method.name in _TIMES:
            return self._compared(node, method)
        if method.name in _QUALIFIERS:
            return self._qualified(node, method)
        inner = self._nodes(method)
        match method.name:
            case "equiv":
                return All(of=(node, self._joined(Any, inner)))
            case "except":
                return Except(of=node, unless=self._joined(Any, inner))
            case "possible":
                return each_fact(node, possible)
            case "pol":
                return each_fact(node, with_part("value", self._result(method)))
        self.unmapped.append(f".{method.name}")
        return self._joined(All, [node, *inner])

    def _qualified(self, node: Node, method: Call) -> Node:
        qualifier = self._qualifier(_QUALIFIERS[method.name], method)
        own = [
            self.node(each)
            for each in calls(method)
            if _has_amount(each) and not _is_comparison(each)
        ]
        return self._joined(All, [each_fact(node, with_qualifier(qualifier)), *own])

    def _qualifier(self, kind: QualifierKind, call: Call) -> Qualifier:
        """In the words of the call, or its constants; named after it where it has neither."""
        words = list(quoted(call))
        constants = [each.name.lower() for each in call.arguments if isinstance(each, Constant)]
        text = " ".join([each.text for each in words] or constants or [call.name])
        return Qualifier(kind=kind, text=text, span=_hull(words) or Span(0, len(self._line)))

    def _result(self, method: Call) -> Value:
        names = tuple(each.name.lower() for each in method.arguments if isinstance(each, Constant))
        return Value(values=names, text=self._line, span=Span(0, len(self._line)))

    def _compared(self, node: Node, method: Call) -> Node:
        """The node with what a method compares, once for each comparison and alternative."""
        join, each = comparisons(method)
        compared = [
            self._joined(Any, ways)
            for comparison in each
            if (ways := self._ways(node, method.name, comparison))
        ]
        own = [] if method.name == "eq" else self._nodes(method)
        if own or not each:
            self.unmapped.append(f".{method.name} of no comparison")
        return self._joined(All, [self._joined(join, compared or [node]), *own])

    def _ways(self, node: Node, name: str, comparison: Comparison) -> list[Node]:
        field, parts = self._parts(name, comparison)
        ways = [each_fact(node, with_part(field, part)) for part in parts]
        if comparison.recency:
            first = self._qualifier("other", Call(comparison.recency))
            ways = [each_fact(way, with_qualifier(first)) for way in ways or [node]]
        if not ways or comparison.others:
            self.unmapped.append(f".{name}")
        return ways

    def _parts(self, name: str, comparison: Comparison) -> tuple[PartName, Sequence[Part]]:
        """The part of a fact that a method is about, in each way that it can be."""
        if name == "min_count" or (name in _TIMES and comparison.per):
            return "count", counts(comparison)
        if name == "duration":
            return "duration", durations(comparison)
        if name == "temporality" or comparison.period:
            return "window", windows(comparison, self._line)
        return "value", values_of(comparison, self._line)


def _is_comparison(call: Call) -> bool:
    """Whether the call is ``eq``, or joins nothing else."""
    if call.name in ("and", "or"):
        return bool(calls(call)) and all(map(_is_comparison, calls(call)))
    return call.name == "eq"


def _has_amount(call: Call) -> bool:
    """Whether anything in the call is compared with a number."""
    return call.name in ("val", "temporal_unit") or any(
        map(_has_amount, (*calls(call), *call.methods))
    )


def _without_times(call: Call) -> Call:
    rest = tuple(method for method in call.methods if method.name not in _TIMES)
    return Call(call.name, call.arguments, rest)


def _lows(method: Call) -> list[int]:
    """The least numbers that a count asks for."""
    found = (count.low for each in comparisons(method).each for count in counts(each))
    return [int(low.value) + (not low.inclusive) for low in found if low and low.value.isdigit()]


def _anchor(events: Sequence[Call]) -> Anchor:
    words = [words for event in events for words in quoted(Call(event.name, event.arguments))]
    return Anchor(event="event", text=", ".join(each.text for each in words), span=_hull(words))


def _hull(words: Sequence[Words]) -> Span | None:
    spans = [each.span for each in words if each.span]
    if not spans:
        return None
    return Span(min(span.start for span in spans), max(span.end for span in spans))
