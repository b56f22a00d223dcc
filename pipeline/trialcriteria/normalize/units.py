"""UCUM codes of printed units, and exact conversion between codes.

Conversion works on the factors of a code: each atom has a size in a base unit of its kind. Mass
and substance convert into one another only with a molar mass; ``U`` and ``[IU]`` are one unit, as
laboratories use them. Factors: The Unified Code for Units of Measure (ucum.org).
"""

import re
from collections import Counter
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

from trialcriteria.tag.values_units import unit_code

_ONE = Decimal(1)
_PREFIXES = {
    "": "1", "k": "1e3", "d": "1e-1", "c": "1e-2", "m": "1e-3", "u": "1e-6", "n": "1e-9",
    "p": "1e-12", "M": "1e6", "G": "1e9",
}  # fmt: skip
_METRIC = {
    "g": "mass", "L": "volume", "mol": "substance", "m": "length", "U": "activity",
    "[IU]": "activity", "eq": "equivalent", "osm": "osmole", "Gy": "absorbed",
    "Sv": "equivalent_dose", "V": "potential", "Hz": "frequency", "Bq": "decay", "s": "time",
}  # fmt: skip
_OTHER = {
    "min": ("time", "60"), "h": ("time", "3600"), "d": ("time", "86400"), "wk": ("time", "604800"),
    "(24.h)": ("time", "86400"), "mo": ("month", "1"), "a": ("month", "12"),
    "[lb_av]": ("mass", "453.59237"), "[oz_av]": ("mass", "28.349523125"),
    "[in_i]": ("length", "0.0254"), "[ft_i]": ("length", "0.3048"),
    "[mi_i]": ("length", "1609.344"),
    "mm[Hg]": ("pressure", "133.322387415"), "cm[H2O]": ("pressure", "98.0665"),
    "kPa": ("pressure", "1000"), "Pa": ("pressure", "1"), "bar": ("pressure", "100000"),
    "ukat": ("activity", "60"), "nkat": ("activity", "0.06"), "kat": ("activity", "60e6"),
    "mm3": ("volume", "1e-6"), "cm3": ("volume", "1e-3"),
    "m2": ("area", "1"), "cm2": ("area", "1e-4"), "mm2": ("area", "1e-6"), "um2": ("area", "1e-12"),
    "%": ("percent", "1"), "Cel": ("temperature", "1"), "[degF]": ("temperature_f", "1"),
}  # fmt: skip
_POWER = re.compile(r"10\*(-?\d{1,2})")
_SIGNIFICANT = 6


class Measure(NamedTuple):
    """A code in base units: its factor, and the power of every kind of unit in it."""

    factor: Decimal
    kinds: tuple[tuple[str, int], ...]


def to_ucum(unit_text: str) -> str | None:
    """UCUM code of a unit as printed (``"mg / dl"`` -> ``"mg/dL"``); None where unknown.

    A count of cells is dropped from the code and the cubic millimetre is the microlitre, so that
    "cells/mm3", "/mm3" and "/uL" are all ``/uL``.
    """
    return unit_code(unit_text.strip())


def convert(number: str, ucum_from: str, ucum_to: str, molar_mass: float | None) -> str | None:
    """The number in another unit as a decimal string; None where that is not certain.

    ``molar_mass`` in g/mol bridges mass and substance. The same code returns the number as it
    is; other results are exact up to six significant digits.
    """
    if ucum_from == ucum_to:
        return number
    if {ucum_from, ucum_to} == {"Cel", "[degF]"}:
        return _plain(_temperature(Decimal(number), ucum_to), _ONE)
    factor = _factor(ucum_from, ucum_to, molar_mass)
    if factor is None:
        return None
    with localcontext() as context:
        context.prec = 40
        return _plain(Decimal(number) * factor, factor)


def _temperature(number: Decimal, ucum_to: str) -> Decimal:
    if ucum_to == "Cel":
        return (number - 32) * 5 / 9
    return number * 9 / 5 + 32


@lru_cache(maxsize=1024)
def _factor(ucum_from: str, ucum_to: str, molar_mass: float | None) -> Decimal | None:
    one, two = _measure(ucum_from), _measure(ucum_to)
    if one is None or two is None:
        return None
    with localcontext() as context:
        context.prec = 40
        bridge = _bridge(dict(one.kinds), dict(two.kinds), molar_mass)
        return None if bridge is None else one.factor * bridge / two.factor


def _bridge(one: dict[str, int], two: dict[str, int], molar_mass: float | None) -> Decimal | None:
    """What mass per substance contributes: 1 where both are of one kind.

    Only an amount over something else is bridged: in "mg/g" two substances are weighed.
    """
    if one == two:
        return _ONE
    amount, wanted = _amount(one), _amount(two)
    if not molar_mass or amount is None or wanted is None or one != two:
        return None
    mass = Decimal(str(molar_mass))
    return mass if wanted == "mass" else 1 / mass


def _amount(kinds: dict[str, int]) -> str | None:
    """Takes the one mass or substance out of the numerator; None where there is another one."""
    found = {kind: kinds.pop(kind) for kind in ("mass", "substance") if kind in kinds}
    return next(iter(found)) if list(found.values()) == [1] else None


@lru_cache(maxsize=1024)
def _measure(code: str) -> Measure | None:
    factor, kinds = _ONE, Counter[str]()
    for position, part in enumerate(re.sub(r"\(24\.h\)", "d", code).split("/")):
        for atom in part.split("."):
            found = _atom(atom)
            if found is None:
                return None
            kind, size = found
            sign = -1 if position else 1
            factor *= size**sign
            kinds[kind] += sign
    kinds.pop("", None)
    return Measure(factor, tuple(sorted((k, n) for k, n in kinds.items() if n)))


def _atom(atom: str) -> tuple[str, Decimal] | None:
    """Kind and size of one atom; a power of ten has no kind, an annotation is its own."""
    if not atom:
        return "", _ONE
    power = _POWER.fullmatch(atom)
    if power:
        return "", Decimal(10) ** int(power[1])
    if atom in _OTHER:
        kind, size = _OTHER[atom]
        return kind, Decimal(size)
    return _metric(atom) or _own_kind(atom)


def _metric(atom: str) -> tuple[str, Decimal] | None:
    for unit, kind in _METRIC.items():
        prefix = atom.removesuffix(unit)
        if atom.endswith(unit) and prefix in _PREFIXES:
            return kind, Decimal(_PREFIXES[prefix])
    return None


def _own_kind(atom: str) -> tuple[str, Decimal] | None:
    return (atom, _ONE) if atom[0] in "{[" else None


def _plain(number: Decimal, factor: Decimal) -> str:
    """Six significant digits without an exponent; what a division made whole keeps one zero."""
    with localcontext() as context:
        context.prec = _SIGNIFICANT
        rounded = +number
    text = format(rounded.normalize(), "f")
    return f"{text}.0" if factor < 1 and "." not in text else text
