"""Levels of ordinal scales as printed: Roman, Arabic or letters, in lists and ranges."""

import re
from typing import NamedTuple

from trialcriteria.tag.values_patterns import Text

_SUB = r"(?:[a-e][1-4]?)?"
_ROMAN = rf"(?:viii|vii|vi|iv|iii|ii|ix|x|v|i){_SUB}"
LEVEL_FORMS = {
    "number": rf"(?:{_ROMAN}|10|\d(?:\.5|{_SUB}))",
    "roman": rf"(?:{_ROMAN})",
    "letter": r"(?:[a-e]|[5-9]|1[0-5])\d?",
    "both": rf"(?:{_ROMAN}|10|\d{_SUB}|[a-e]\d?)",
}
LEVEL = {
    kind: re.compile(rf"{form}(?![a-z0-9]|\.\d|,\d\d|\s?(?:%|mg|g/|x\s|times))")
    for kind, form in LEVEL_FORMS.items()
}
_SEPARATOR = re.compile(
    r"(?P<range>\s{0,3}(?:-|~)\s{0,3}|\s{1,3}(?:to|through)(?:\s{1,3}|(?=\d)))"
    r"|(?P<list>\s{0,3}(?:,\s{0,3}(?:and/or|or|and)?|/|&|\+)\s{0,3}|\s{1,3}(?:and/or|or"
    r"|and)\s{1,3})"
)
AGAIN = re.compile(
    r"(?:grades?|class(?:es)?|stages?|types?|scores?|ecog|nyha|status|ps)\s{0,3}(?:of\s)?"
)
_ROMAN_DIGITS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
}  # fmt: skip
_NUMERALS = {number: roman.upper() for roman, number in _ROMAN_DIGITS.items()}
_PARTS = re.compile(r"(viii|vii|vi|iv|iii|ii|ix|x|v|i|\d{1,2})?([a-e]?\d?)")
_MAX_LEVELS = 10
_FURTHER = re.compile(r"\s(?:or|and|to|and/or)\s[a-e](?![a-z])")


class Levels(NamedTuple):
    """Levels as printed (ranges expanded) and where they end."""

    values: tuple[str, ...]
    end: int


def level_number(level: str) -> str | None:
    """``"III"`` -> ``"3"``; None for a level with a letter."""
    if level.replace(".", "", 1).isdigit():
        return level
    number = _ROMAN_DIGITS.get(level)
    return str(number) if number else None


def levels_at(text: Text, pos: int, level: re.Pattern[str], between: bool) -> Levels | None:
    """The levels listed from ``pos`` on, ranges expanded; ``between``: "and" makes a range."""
    first = level.match(text.low, pos)
    if first is None or _is_word(text, first):
        return None
    values, end = [text.view[first.start() : first.end()]], first.end()
    for _ in range(_MAX_LEVELS):
        separator = _SEPARATOR.match(text.low, end)
        again = AGAIN.match(text.low, separator.end()) if separator else None
        start = again.end() if again else separator.end() if separator else end
        match = level.match(text.low, start) if separator else None
        if separator is None or match is None or _is_word(text, match):
            break
        printed = text.view[match.start() : match.end()]
        if printed[0].isdigit() != values[-1][0].isdigit() and values != ["0"]:
            break
        if separator["range"] or (between and separator.group().strip() == "and"):
            values.extend(_expanded(values[-1], printed))
        else:
            values.append(printed)
        end = match.end()
    return Levels(tuple(dict.fromkeys(values)), end)


def _is_word(text: Text, match: re.Match[str]) -> bool:
    """A lower-case letter that is a word of its own ("a", "i"), no level."""
    printed = text.view[match.start() : match.end()]
    if printed == "A":
        word = text.view[match.end() : match.end() + 2].strip().islower()
        return word and not _FURTHER.match(text.low, match.end())
    return printed in ("a", "e", "d")


def _expanded(first: str, last: str) -> list[str]:
    """Levels behind ``first`` up to ``last``, in the notation they are printed in."""
    one, two = _split(first), _split(last)
    if one is None or two is None or one >= two:
        return [last]
    (low, sub), (high, last_sub) = one, two
    if low == 0:
        return [_cased(chr(code), last) for code in range(ord(sub) + 1, ord(last_sub) + 1)]
    names = [
        _level(low, letter, last)
        for letter in "ABC"
        if sub and letter > sub and (low < high or letter <= last_sub)
    ]
    if low < high:
        names += [_level(number, "", last) for number in range(low + 1, high)]
        letters = [c for c in "ABC" if c <= last_sub[:1]] or [""]
        names += [_level(high, letter, last) for letter in letters]
    return names[:20]


def _split(level: str) -> tuple[int, str] | None:
    """``"IIIB"`` -> (3, "B"); a letter alone is (0, "B"); a level 0 is -1 so that it sorts."""
    match = _PARTS.fullmatch(level.lower())
    if match is None:
        return None
    number = match[1]
    if number is None:
        return (0, match[2].upper()[:1]) if match[2] else None
    value = _ROMAN_DIGITS.get(number) or int(number) if not number.isdigit() else int(number) or -1
    return value, match[2].upper()


def _level(number: int, letter: str, like: str) -> str:
    name = str(number) if like[0].isdigit() else _NUMERALS.get(number, str(number))
    return _cased(name + letter, like)


def _cased(name: str, like: str) -> str:
    return name.lower() if like.islower() else name
