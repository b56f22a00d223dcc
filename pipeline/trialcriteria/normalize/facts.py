"""Units -> facts: concepts with codes, values with units, windows as ISO 8601."""

import re
from typing import Literal, cast

from trialcriteria.normalize.time import normalize_count, normalize_duration, normalize_window
from trialcriteria.normalize.values import normalize_value
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.schema import (
    Anchor,
    Any,
    Code,
    Concept,
    ConceptKind,
    Fact,
    Node,
    Qualifier,
    Range,
    Span,
    Value,
    Window,
)
from trialcriteria.tag.concepts import Measurement, measurements
from trialcriteria.tag.mentions import Mention

_LOINC = "http://loinc.org"
_PREFIX = "measurement:"
_AT_SCREENING = re.compile(
    r"(?:\b(?:at|during|before|prior to|of)\s+(?:the\s+)?|^\W*(?:\d+\W+)?)(screening)\b",
    re.IGNORECASE,
)


def unit_node(unit: Unit, text: str) -> Node:
    """The fact of a unit; one fact a window, joined by any, where windows are alternatives."""
    if len(unit.windows) <= 1:
        return _fact(unit, text, unit.windows[0] if unit.windows else None)
    return Any(of=tuple(_fact(unit, text, window) for window in unit.windows))


def _fact(unit: Unit, text: str, window: Mention | None) -> Fact:
    measurement = _measurement(unit.concept)
    return Fact(
        subject=_concept(unit.concept, text, measurement),
        status=_status(unit),
        experiencer=unit.experiencer,
        value=_value(unit.value, text, measurement),
        window=_window(window, text),
        duration=_duration(unit.duration, text),
        count=normalize_count(unit.count.time, text) if unit.count and unit.count.time else None,
        dose=_value(unit.dose, text, None),
        qualifiers=tuple(_qualifier(q, text) for q in sorted(unit.qualifiers, key=_place)),
        spans=_spans(unit, window),
        source=unit.concept.source,
        score=unit.concept.score,
    )


def _place(qualified: Qualified) -> int:
    return qualified.start


def _status(unit: Unit) -> Literal["present", "absent", "possible"]:
    if unit.negation is not None:
        return "absent"
    return "possible" if unit.possible else "present"


def _measurement(concept: Mention) -> Measurement | None:
    if not concept.source.startswith(_PREFIX):
        return None
    return measurements().get(concept.source.removeprefix(_PREFIX))


def _concept(mention: Mention, text: str, measurement: Measurement | None) -> Concept:
    words = text[mention.start : mention.end]
    codes: tuple[Code, ...] = ()
    if measurement is not None and measurement.loinc:
        codes = (Code(system=_LOINC, code=measurement.loinc, display=measurement.name, score=1.0),)
    kind = cast("ConceptKind", mention.label)  # units hold concepts only
    return Concept(kind=kind, text=words, span=Span(mention.start, mention.end), codes=codes)


def _value(mention: Mention | None, text: str, measurement: Measurement | None) -> Value | None:
    if mention is None or mention.value is None:
        return None
    return normalize_value(mention.value, text, measurement)


def _window(mention: Mention | None, text: str) -> Window | None:
    if mention is None or mention.time is None:
        return None
    return _bound(normalize_window(mention.time, text), text)


def _bound(window: Window, text: str) -> Window:
    """ "Within the previous 30 days" counts from screening where the criterion speaks of it."""
    if window.anchor is None or window.anchor.event != "now" or window.start is None:
        return window
    found = _AT_SCREENING.search(text)
    if found is None:
        return window
    span = Span(found.start(1), found.end(1))
    anchor = Anchor(event="screening", text=found[1], span=span)
    return window.model_copy(update={"anchor": anchor})


def _duration(mention: Mention | None, text: str) -> Range | None:
    if mention is None or mention.time is None:
        return None
    return normalize_duration(mention.time, text)


def _qualifier(qualified: Qualified, text: str) -> Qualifier:
    return Qualifier.model_validate(
        {
            "kind": qualified.kind,
            "text": text[qualified.start : qualified.end],
            "span": (qualified.start, qualified.end),
            "value": _value(qualified.value, text, None),
            "duration": _duration(qualified.duration, text),
        }
    )


def _spans(unit: Unit, window: Mention | None) -> tuple[Span, ...]:
    """Every stretch of words the fact was read from, in order."""
    parts = [unit.concept, unit.value, unit.dose, window, unit.duration, unit.count]
    found = {Span(part.start, part.end) for part in parts if part is not None}
    found |= {Span(q.start, q.end) for q in unit.qualifiers}
    if unit.negation is not None:
        found.add(Span(unit.negation.start, unit.negation.end))
    return tuple(sorted(found))


def lead_window(windows: tuple[Mention, ...], text: str) -> Window | None:
    """The one window a lead-in hands down, relative to its own words."""
    return _window(windows[0], text) if windows else None


def lead_subject(mention: Mention | None, text: str) -> Concept | None:
    """The measure a lead-in hands down, relative to its own words."""
    return None if mention is None else _concept(mention, text, _measurement(mention))
