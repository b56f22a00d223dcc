"""Splits a reading view into words, numbers and signs."""

import re
from functools import lru_cache

from trialcriteria.tag.numbers import DIGITS, WORDS, parse_number

_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_COMPOUNDS = {
    f"{tens}{join}{ones}": str(int(WORDS[tens]) + int(WORDS[ones]))
    for tens in _TENS
    for ones in _ONES
    for join in "- "
}
_DIGITS = frozenset("0123456789")
_FIRST = _DIGITS | {"."}
NUMBER_WORDS = WORDS | _COMPOUNDS
_TOKEN = re.compile(
    rf"((?=\S)(?:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES)})\b"
    r"|(?:within|than|least)(?=\d)"
    r"|[^\W\d_]\w*(?:'s\b)?"
    r"|\d{1,4}(?:st|nd|rd|th)\b"
    r"|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d)"
    rf"|{DIGITS}"
    r"|[<>]\s{0,2}/?\s{0,2}=|=\s{0,2}[<>]|\+\s?/\s?-"
    r"|\S))"
)


def split_words(form: str) -> list[str]:
    """All words, numbers and signs of a text or lexicon entry in lower case, in order."""
    return _TOKEN.findall(form)


def split_with_gaps(text: str) -> list[str]:
    """The same at odd places, and the blanks before, between and behind them at even ones."""
    return _TOKEN.split(text)


def is_number(text: str) -> bool:
    """Whether a token is a number: "12", "1.5", ".5", "twelve"; not "2nd"."""
    return text in NUMBER_WORDS or _in_digits(text)


def _in_digits(text: str) -> bool:
    return text[:1] in _FIRST and text[-1] in _DIGITS and not is_dotted_date(text)


def is_dotted_date(text: str) -> bool:
    """Whether a token is a date such as "31.12.2018"."""
    return text[-5:-4] == "." and text.count(".") == 2


def number_places(words: list[str]) -> list[int]:
    """Indices of the numbers among non-empty tokens."""
    return [
        i
        for i, text in enumerate(words)
        if text in NUMBER_WORDS or (text[0] in _FIRST and _in_digits(text))
    ]


@lru_cache(maxsize=4096)
def number_of(text: str) -> str | None:
    """The decimal string of a number token; None for other words."""
    return (NUMBER_WORDS.get(text) or parse_number(text)) if is_number(text) else None
