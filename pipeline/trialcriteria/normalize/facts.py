"""Units -> facts: concepts, values with units, windows as ISO 8601."""

import re
from functools import lru_cache
from typing import Literal, cast

from trialcriteria.normalize.time import (
    at_every,
    normalize_count,
    normalize_duration,
    normalize_window,
)
from trialcriteria.normalize.values import normalize_value
from trialcriteria.normalize.windows import one_of
from trialcriteria.relate.subjects import IMPLIED
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.schema import (
    All,
    Anchor,
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
from trialcriteria.tag.time import CountParts

_PREFIX = "measurement:"
# What is counted is the subject itself.
_TIMES = frozenset(("time", "times", "values", "results", "measurements", "readings", "tests"))
_WORD = re.compile(r"[a-z]+")
_AT_SCREENING = re.compile(
    r"(?:\b(?:at|during|before|prior to|of)\s+(?:the\s+)?|^\W*(?:\d+\W+)?)(screening)\b",
    re.IGNORECASE,
)


def unit_node(unit: Unit, text: str) -> Node:
    """The fact of a unit; one fact a window where several windows must hold."""
    each = [_windows(mention, text) for mention in unit.windows]
    windows = [window for found in each for window in found]
    if len(windows) > 1 and (len(each) == 1 or _all_hold(unit, windows, text)):
        return All(of=tuple(_fact(unit, text, window) for window in windows))
    return _fact(unit, text, one_of(windows, text))


def _all_hold(unit: Unit, windows: list[Window], text: str) -> bool:
    """A test "at screening and at randomization" is done at both."""
    if unit.concept.label != "measurement":
        return False
    between = _WORD.findall(text[windows[-2].span.end : windows[-1].span.start].lower())
    return "and" in between and "or" not in between


def _fact(unit: Unit, text: str, window: Window | None) -> Fact:
    measurement = _measurement(unit.concept)
    return Fact.known(
        {
            "type": "fact",
            "subject": _concept(unit.concept, text),
            "status": _status(unit),
            "experiencer": unit.experiencer,
            "value": _value(unit.value, text, measurement),
            "window": window,
            "duration": _duration(unit.duration, text),
            "count": _count(unit, text),
            "dose": _value(unit.dose, text, None),
            "qualifiers": tuple(_qualifier(q, text) for q in sorted(unit.qualifiers, key=_place)),
            "spans": _spans(unit, window),
            "source": unit.concept.source,
            "score": unit.concept.score,
        }
    )


def _count(unit: Unit, text: str) -> Range | None:
    """How often, and of what where the count has a noun of its own ("two occasions")."""
    if unit.count is None or unit.count.time is None:
        return None
    found, parts = normalize_count(unit.count.time, text), unit.count.time.parts
    noun = parts.noun if isinstance(parts, CountParts) and not parts.day else None
    if noun is None or unit.concept.start <= noun[0] < unit.concept.end:
        return found
    words = text[slice(*noun)].lower()
    return (
        found if words in _TIMES else found.model_copy(update={"unit": words + (found.unit or "")})
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


def _concept(mention: Mention, text: str) -> Concept:
    if mention.source in IMPLIED:
        implied, name = IMPLIED[mention.source]
        return Concept(kind=implied, text=name, span=None)
    places = mention.places
    words = " ".join([text[start:end] for start, end in places])
    whole = Span(places[0].start, places[-1].end)
    kind = cast(ConceptKind, mention.label)  # units hold concepts only
    return Concept.known({"kind": kind, "text": words, "span": whole, "codes": ()})


def _value(mention: Mention | None, text: str, measurement: Measurement | None) -> Value | None:
    if mention is None or mention.value is None:
        return None
    return normalize_value(mention.value, text, measurement)


def _windows(mention: Mention, text: str) -> tuple[Window, ...]:
    """The window of a mention; those that must all hold of "at screening and baseline"."""
    if mention.time is None:
        return ()
    return tuple(_bound(normalize_window(time, text), text) for time in at_every(mention.time))


def _bound(window: Window, text: str) -> Window:
    """ "Within the previous 30 days" counts from screening where the criterion speaks of it."""
    if window.anchor is None or window.anchor.event != "now" or window.start is None:
        return window
    found = _screening(text)
    if found is None:
        return window
    span = Span(found.start(1), found.end(1))
    anchor = Anchor(event="screening", text=found[1], span=span)
    return window.model_copy(update={"anchor": anchor})


@lru_cache(maxsize=1)
def _screening(text: str) -> "re.Match[str] | None":
    """Where a criterion speaks of screening; all its windows ask in turn."""
    return _AT_SCREENING.search(text)


def _duration(mention: Mention | None, text: str) -> Range | None:
    if mention is None or mention.time is None:
        return None
    return normalize_duration(mention.time, text)


def _qualifier(qualified: Qualified, text: str) -> Qualifier:
    return Qualifier.known(
        {
            "kind": qualified.kind,
            "text": text[qualified.start : qualified.end],
            "span": Span(qualified.start, qualified.end),
            "value": _value(qualified.value, text, None),
            "duration": _duration(qualified.duration, text),
        }
    )


def _spans(unit: Unit, window: Window | None) -> tuple[Span, ...]:
    """Every stretch of words the fact was read from, in order."""
    found = [*unit.concept.places]
    for part in (unit.value, unit.dose, unit.duration, unit.count):
        if part is not None:
            found += part.places
    if window is not None:
        found.append(window.span)
    found += [Span(q.start, q.end) for q in unit.qualifiers]
    if unit.negation is not None:
        found.append(Span(unit.negation.start, unit.negation.end))
    return tuple(sorted({*found})) if len(found) > 1 else tuple(found)


def lead_windows(windows: tuple[Mention, ...], text: str) -> tuple[Window, ...]:
    """The windows that a lead-in hands down, all of which must hold; offsets of its own words."""
    return _windows(windows[0], text) if windows else ()


def lead_subject(mention: Mention | None, text: str) -> Concept | None:
    """The measure a lead-in hands down, relative to its own words."""
    return None if mention is None else _concept(mention, text)
