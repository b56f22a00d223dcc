"""Value mentions into schema values: units to UCUM, bounds to the canonical unit."""

from typing import Protocol

from trialcriteria.normalize.units import convert, to_ucum
from trialcriteria.schema import Bound, Canonical, Span, Unit, Value
from trialcriteria.tag.values import BoundParts, ValueMention

_WORDS_ALONE = frozenset({("abnormal",), ("elevated",), ("adequate",), ("inadequate",)})
"""Results that name no limit: the words stand for themselves."""


class Measurement(Protocol):
    """What a measurement row tells here: its UCUM unit ("" or None for none), g/mol."""

    @property
    def canonical_unit(self) -> str | None:
        """UCUM code of the unit the measurement is compared in."""

    @property
    def molar_mass(self) -> float | None:
        """Grams per mole, where mass and substance may be converted."""


def normalize_value(
    mention: ValueMention, text: str, measurement: Measurement | None = None
) -> Value:
    """The schema value of a mention; offsets are those of ``text``, which the mention was read in.

    ``canonical`` is filled only where the value is absolute, the measurement has a canonical unit
    and the conversion is certain; a second reading in parentheses is used where the first cannot
    be converted.
    """
    normal = mention.values == ("normal",)
    return Value.known(
        {
            "low": _bound(mention.low),
            "high": _bound(mention.high),
            "values": None if normal or mention.values in _WORDS_ALONE else mention.values,
            "unit": _unit(mention),
            "relative_to": "normal" if normal else mention.relative_to,
            "canonical": _canonical(mention, measurement),
            "text": text[mention.start : mention.end],
            "span": Span(mention.start, mention.end),
        }
    )


def _bound(parts: BoundParts | None) -> Bound | None:
    if parts is None:
        return None
    return Bound.known({"value": parts.number, "inclusive": parts.inclusive})


def _unit(mention: ValueMention) -> Unit | None:
    """An age without a unit is in years, with nothing printed; one that lost its sign has none."""
    if mention.kind == "age" and mention.low is None and mention.high is None:
        return None
    if mention.unit_text is not None:
        return Unit.known({"text": mention.unit_text, "ucum": to_ucum(mention.unit_text)})
    return Unit(text="", ucum="a") if mention.kind == "age" else None


def _canonical(mention: ValueMention, measurement: Measurement | None) -> Canonical | None:
    if measurement is None or not measurement.canonical_unit or mention.relative_to:
        return None
    found = _converted(mention, measurement.canonical_unit, measurement.molar_mass)
    if found is None and mention.alternate:
        return _converted(mention.alternate, measurement.canonical_unit, measurement.molar_mass)
    return found


def _converted(mention: ValueMention, ucum: str, molar_mass: float | None) -> Canonical | None:
    code = to_ucum(mention.unit_text) if mention.unit_text else None
    if code is None or (mention.low is None and mention.high is None):
        return None
    low = _moved(mention.low, code, ucum, molar_mass)
    high = _moved(mention.high, code, ucum, molar_mass)
    if (low is None) != (mention.low is None) or (high is None) != (mention.high is None):
        return None
    return Canonical(low=low, high=high, ucum=ucum)


def _moved(
    parts: BoundParts | None, code: str, ucum: str, molar_mass: float | None
) -> Bound | None:
    number = convert(parts.number, code, ucum, molar_mass) if parts else None
    return Bound(value=number, inclusive=parts.inclusive) if parts and number else None
