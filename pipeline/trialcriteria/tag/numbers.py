"""Numbers as eligibility text prints them, and their decimal strings.

Covers digits with thousands and decimals in both conventions (``1,500``, ``1 500``, ``27,1``),
powers of ten alone (``10^5``, ``10e5``), halves, thirds and quarters (``1 1/2``), signs, number
words and a word repeated in digits (``three (3)``). Works on the reading view, where superscripts
are plain digits.
"""

import re
from decimal import Decimal

WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
    "eighteen": "18", "nineteen": "19", "twenty": "20", "twenty-one": "21", "twenty-four": "24",
    "twenty-five": "25", "thirty": "30", "forty": "40", "forty-five": "45", "forty-eight": "48",
    "fifty": "50", "sixty": "60", "sixty-five": "65", "seventy": "70", "seventy-two": "72",
    "seventy-five": "75", "eighty": "80", "ninety": "90", "half": "0.5", "one hundred": "100",
}  # fmt: skip

DIGITS = (
    r"(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,4})?"
    r"|[1-9]\d{0,2}(?: , \d[05]0|, 000)+(?:\.\d{1,4})?"
    r"|[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d{1,4})?"
    r"|[1-9]\d{0,2}(?:[\u202f ](?!10[369]\s?/)\d{3})+(?:[.,]\d{1,4})?"
    r"|\d{1,12}(?:[.,\u00b7]\d{1,6})?"
    r"|\.\d{1,6})(?![.,]?\d)"
)
WORD_NUMBER = "|".join(sorted(WORDS, key=len, reverse=True))
NUMBER = rf"(?:{DIGITS}|\b(?:{WORD_NUMBER})\b)"

_THOUSANDS = re.compile(r"[1-9]\d{0,2}([,.\u202f ])\d{3}(?:\1\d{3})*(?:[.,]\d{1,4})?")
_POWER = re.compile(r"10\s?(?:\^|\*\*|\*|e(?=\d))\s?\(?(\d{1,2})\)?")
_VULGAR = {"\u00bd": "1/2", "\u00bc": "1/4", "\u00be": "3/4"}
_PARTS = r"[\u00bc-\u00be]|[12]/[23](?!\d)|[13]/4(?!\d)"
_FRACTION = re.compile(rf"(?:(\d{{1,2}})[\s-]?)?({_PARTS})")
_AT = re.compile(
    r"(?P<power>10\s?(?:\^|\*\*|\*|e(?=\d))\s?\(?\d{1,2}\)?)(?!\d)"
    rf"|(?P<fraction>(?:\d{{1,2}}[\s-]?)?(?:{_PARTS}))"
    r"(?=\s?(?:x|times|of|the|i?uln|i?lln|unl|normal|upper)(?![a-z]))"
    rf"|(?P<sign>[+-]?)(?P<digits>{DIGITS})"
    rf"|(?P<word>(?:{WORD_NUMBER}))(?![\w-])(?:\s{{1,4}}\(\s?(?P<repeat>{DIGITS})\s?\))?"
)


def parse_number(raw: str) -> str:
    """The decimal string of a printed number: ``"1,500"`` -> ``"1500"``, ``"27,1"`` -> ``"27.1"``.

    A group of three digits after a comma is a thousand (unless the number starts with 0); after a
    full stop it is one only where more than one group stands (``1.500.000``) or the caller knows
    better, because ``1.500`` is also how three decimals are printed.
    """
    if raw.isdigit():
        return raw
    raw = raw.strip().lower().replace(" , ", ",").replace(", ", ",")
    if raw in WORDS:
        return WORDS[raw]
    fraction = _FRACTION.fullmatch(raw)
    if fraction:
        return _decimal(fraction[1] or "0", _VULGAR.get(fraction[2], fraction[2]))
    power = _POWER.fullmatch(raw)
    if power:
        return "1" + "0" * int(power[1])
    sign = "-" if raw.startswith("-") else ""
    return sign + _parse_unsigned(raw.lstrip("+-"))


def number_at(low: str, pos: int) -> tuple[str, int] | None:
    """The number that starts at ``pos`` of the lower-case view as printed, and its end."""
    match = _AT.match(low, pos)
    if match is None:
        return None
    if match["digits"]:
        return match["sign"] + match["digits"], match.end()
    return match["power"] or match["fraction"] or match["repeat"] or match["word"], match.end()


def _decimal(whole: str, part: str) -> str:
    """``("1", "1/2")`` -> ``"1.5"``; thirds with four decimals."""
    over, under = map(Decimal, part.split("/"))
    return f"{Decimal(whole) + over / under:.4f}".rstrip("0").removesuffix(".")


def _parse_unsigned(raw: str) -> str:
    grouped = _THOUSANDS.fullmatch(raw)
    if grouped and not _is_decimal_point(raw, grouped.group(1)):
        raw = raw.replace(grouped.group(1), "")
    return _plain_decimal(raw.replace("\u00b7", "."))


def _is_decimal_point(raw: str, separator: str) -> bool:
    return separator == "." and raw.count(".") == 1 and "," not in raw


def _plain_decimal(raw: str) -> str:
    plain = raw.replace(",", ".")
    return f"0{plain}" if plain.startswith(".") else plain
