"""Numbers, units and lengths of time as corpora print them, in the schema's forms."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import cache

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.units import UnitAtom
from trialcriteria.view import reading_view

TIME_UNITS = {
    "year": "a",
    "month": "mo",
    "week": "wk",
    "day": "d",
    "hour": "h",
    "minute": "min",
    "second": "s",
}
"""UCUM codes of the units of time by their names."""

HALF_LIFE = "{half_life}"
CALENDAR = frozenset({*TIME_UNITS.values(), HALF_LIFE})
"""UCUM codes of the units in which windows and durations are counted."""

_ISO_UNITS = {"Y": "a", "M": "mo", "W": "wk", "D": "d", "TH": "h", "TM": "min", "TS": "s"}
_DESIGNATORS = {code: designator for designator, code in _ISO_UNITS.items()}
_ISO = re.compile(r"-?P(T?)(\d+(?:\.\d+)?)([YMWDHS])")

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "once": 1, "twice": 2, "thrice": 3,
}  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_THOUSANDS_BY_DOT = re.compile(r"-?[1-9]\d{1,2}\.000")
_DECIMAL = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_POWER = re.compile(r"10(?:\^|\*\*)(\d{1,2})")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_OVER = re.compile(r"/|\bper\b")
_HALF_LIVES = re.compile(r"half\s?-?\s?(?:life|lives|lifes)\b", re.IGNORECASE)
_TEN_TO_THE = re.compile(r"(?:x\s?)?10\s?(?:\^|\*{1,2}|[eE])?\s?(\d{1,2})")
_AMBIGUOUS = "?"


def number(printed: str) -> str | None:
    """The plain decimal string of a printed number, without idle zeros; None for other words.

    Reads digits with thousands or decimals (``1,500``, ``27,1``, ``8.0``; ``100.000`` is a hundred
    thousand, as nobody prints three idle decimals of it), signs, number words
    (``forty-eight``, ``twice``), Roman numerals up to ten in capitals, ``10^3`` and ``5th``.
    """
    view = reading_view(printed).strip()
    compact = re.sub(r"\s", "", view).lower().removeprefix("+")
    if power := _POWER.fullmatch(compact):
        return "1" + "0" * int(power[1])
    if ordinal := _ORDINAL.fullmatch(compact):
        return ordinal[1]
    compact = compact.replace(",", "" if _THOUSANDS.fullmatch(compact) else ".")
    if _THOUSANDS_BY_DOT.fullmatch(compact):
        compact = compact.replace(".", "")
    if _DECIMAL.fullmatch(compact):
        return _plain(compact)
    return str(_ROMAN.index(view) + 1) if view in _ROMAN else _spelled(view.lower())


def _plain(digits: str) -> str:
    try:
        text = format(Decimal(digits), "f")
    except InvalidOperation:  # more digits than any number has
        return digits
    return text.rstrip("0").removesuffix(".") if "." in text else text


def _spelled(words: str) -> str | None:
    parts = [_WORDS.get(part) for part in re.split(r"[\s-]+", words)]
    known = [part for part in parts if part is not None]
    return str(sum(known)) if known and len(known) == len(parts) else None


def iso_length(value: str, ucum_code: str) -> str | None:
    """ISO 8601 of a length of time (``"2", "wk"`` -> ``"P2W"``); None where it has no such unit."""
    designator = _DESIGNATORS.get(ucum_code)
    return f"P{designator[:-1]}{value}{designator[-1]}" if designator else None


def amount(iso: str) -> tuple[str, str] | None:
    """Number and UCUM unit of a duration with one component, its sign left out."""
    match = _ISO.fullmatch(iso)
    code = _ISO_UNITS.get(match[1] + match[3]) if match else None
    return (_plain(match[2]), code) if match and code else None


def ucum(printed: str) -> str | None:
    """UCUM code of a printed unit by the spellings of ``units.toml``; None where unknown.

    The codes are the program's: counts of things are dropped, and the cubic millimetre below a
    slash is the microlitre ("cells / mm 3" is ``/uL``).
    """
    view = reading_view(unicodedata.normalize("NFKC", printed)).strip()
    if _HALF_LIVES.search(view):
        return HALF_LIFE
    whole = _atom(view)
    if whole is not None:
        return whole
    head, *tails = (part.strip() for part in _OVER.split(view))
    codes = [_head(head), *map(_tail, tails)]
    return "/".join(code for code in codes if code is not None) if _all_known(codes) else None


def _head(printed: str) -> str | None:
    """What stands before the first slash; nothing there is a count."""
    power = _TEN_TO_THE.fullmatch(printed)
    return f"10*{power[1]}" if power else _atom(printed) if printed else ""


def _all_known(codes: list[str | None]) -> bool:
    return len(codes) > 1 and None not in codes


def _tail(printed: str) -> str | None:
    code = _atom(printed)
    return "uL" if code == "mm3" else code


def _atom(printed: str) -> str | None:
    spelling = _squeezed(printed)
    exact, folded = _spellings()
    code = exact.get(spelling, folded.get(spelling.lower()))
    return None if code == _AMBIGUOUS else code


@cache
def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    """UCUM codes by exact spelling, and by lower-case spelling where case does not count.

    Of two rows with one spelling the first is meant.
    """
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for row in load_rows("units", UnitAtom):
        for spelling in map(_squeezed, row.spellings):
            exact.setdefault(spelling, row.ucum)
            if not row.case:
                folded.setdefault(spelling.lower(), row.ucum)
    return exact, folded


def _squeezed(spelling: str) -> str:
    return re.sub(r"[\s-]", "", spelling)
