"""A fact as one line of the gold notation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trialcriteria.evaluate.gold.quoting import Quoter, implied
from trialcriteria.export.notation import interval, offset_line, range_line
from trialcriteria.schema import (
    Anchor,
    Criterion,
    Fact,
    Qualifier,
    Range,
    RelationKind,
    Span,
    Unit,
    Value,
    Window,
)

Spans = tuple[Span, ...]
Cues = Mapping[tuple[RelationKind, Spans], Spans]


def cues_of(criterion: Criterion) -> Cues:
    """(kind, spans of the subject) -> spans of what the relation links to it, the first of each."""
    by_id = {entity.id: entity.spans for entity in criterion.entities}
    found: dict[tuple[RelationKind, Spans], Spans] = {}
    for relation in criterion.relations:
        head, tail = by_id[relation.head], by_id[relation.tail]
        subject, other = (tail, head) if relation.kind == "negates" else (head, tail)
        found.setdefault((relation.kind, subject), other)
    return found


def subject_spans(fact: Fact) -> Spans:
    """The spans of a fact's subject; none where it is implied."""
    span = fact.subject.span
    if span is None:
        return ()
    pieces = fact.spans
    split = len(pieces) > 1 and (pieces[0].start, pieces[-1].end) == span
    return pieces if split else (span,)


@dataclass(frozen=True, slots=True)
class FactPrinter:
    """Prints the facts of one criterion."""

    quoter: Quoter
    cues: Cues

    def line(self, fact: Fact) -> str:
        """A fact in the notation."""
        subject = subject_spans(fact)
        after = subject[-1].end if subject else None
        return " ".join(filter(None, self._parts(fact, subject, after)))

    def _parts(self, fact: Fact, subject: Spans, after: int | None) -> Iterator[str]:
        if fact.experiencer != "patient":
            yield f"{fact.experiencer}:"
        if fact.status != "present":
            yield f"{fact.status} {self._cue('negates', subject, None)}".strip()
        words = self.quoter.quote(subject) if subject else implied(fact.subject.text)
        yield f"{fact.subject.kind} {words}"
        yield self._value(fact.value, after)
        yield f"dose {self._value(fact.dose, after)}" if fact.dose else ""
        yield self._range("count", fact.count, self._cue("has_count", subject, after))
        yield self._range("for", fact.duration, self._cue("has_duration", subject, after))
        yield self._window(fact.window, after) if fact.window else ""
        if fact.qualifiers:
            yield f"({'; '.join(map(self._qualifier, fact.qualifiers))})"

    def _cue(self, kind: RelationKind, subject: Spans, after: int | None) -> str:
        spans = self.cues.get((kind, subject))
        return self.quoter.quote(spans, after) if spans else ""

    def _value(self, value: Value | None, after: int | None) -> str:
        if value is None:
            return ""
        return f"{amount(value)} {self.quoter.quote((value.span,), after)}".strip()

    def _range(self, word: str, span: Range | None, quote: str) -> str:
        return f"{word} {range_line(span)} {quote}".strip() if span else ""

    def _window(self, window: Window, after: int | None) -> str:
        words = self.quoter.quote((window.span,), after)
        spans = [anchor.span for anchor in _anchors(window)]
        if not spans or None in spans:
            return f"{_frame(window)} {words}"
        quotes = (self.quoter.quote((span,), window.span.start) for span in spans if span)
        return f"{_frame(window)} {words} anchor {' '.join(quotes)}"

    def _qualifier(self, qualifier: Qualifier) -> str:
        parts = [qualifier.kind, amount(qualifier.value) if qualifier.value else ""]
        parts.append(self.quoter.quote((qualifier.span,)))
        parts.append(self._range("for", qualifier.duration, ""))
        return " ".join(filter(None, parts))


def amount(value: Value) -> str:
    """The normalised part of a value: ``>= 50 mL/min``, ``in {not detected}``, ``<= 2 x ULN``."""
    bounds = interval(value.low, value.high)
    named = f"in {{{', '.join(value.values)}}}" if value.values else ""
    parts = [bounds or named, _unit(value.unit) if value.unit else ""]
    if value.relative_to:
        parts.append(f"x {value.relative_to}" if bounds and not value.unit else value.relative_to)
    return " ".join(filter(None, parts))


def _unit(unit: Unit) -> str:
    return unit.ucum or f"'{' '.join(unit.text.split())}'"


def _frame(window: Window) -> str:
    """The interval of a window, or its alternatives, with the event it hangs on."""
    frame = f"[{offset_line(window.start)}, {offset_line(window.end)}]"
    if window.alternatives:
        frame = f"({' | '.join(map(_frame, window.alternatives))})"
    if window.choose:
        frame = f"{window.choose} of {frame}"
    return f"{frame} {window.anchor.event}" if window.anchor else frame


def _anchors(window: Window) -> Iterator[Anchor]:
    """The anchors in the order in which the notation writes their events."""
    for inner in window.alternatives:
        yield from _anchors(inner)
    for offset in (window.start, window.end):
        if offset and offset.anchor:
            yield offset.anchor
    if window.anchor:
        yield window.anchor
