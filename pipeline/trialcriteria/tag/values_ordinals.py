"""Levels of ordinal scales: "ECOG 0-1", "NYHA class III or IV", ">= grade 2", "Child-Pugh B"."""

import re
from dataclasses import dataclass
from typing import Literal

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.tag.comparators import Comparator, prefix_at, suffix_at
from trialcriteria.tag.values_patterns import Text, phrase_pattern
from trialcriteria.tag.values_types import BoundParts, ValueMention


class ScaleRow(Row):
    """A scale: its names, what its levels look like, and what it is mistaken for."""

    scale: str
    names: tuple[str, ...]
    levels: Literal["number", "roman", "letter", "both"]
    inside: bool
    single: bool
    best: Literal["low", "high"]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]


_ROWS = load_rows("ordinals", ScaleRow)


def _key(name: str) -> str:
    return re.sub(r"[\s-]", "", name.lower())


_BY_NAME = {_key(name): row for row in _ROWS for name in row.names}
_BLANK = r"[\s-]{0,3}"
_NAMES = phrase_pattern(sorted({n.lower() for row in _ROWS for n in row.names}), _BLANK)
SCALE = rf"(?<![a-z0-9]){_NAMES}(?![a-z])"
_SCALE = re.compile(SCALE)
_FILL = re.compile(
    r"(?:[\s:,=\u00ae\u2122-]{1,4}|(?<![a-z])(?:performance|status|ps|score|scores|scoring|scale|functional|function|classification|"
    r"classified|class|grade|grades|stage|stages|category|categories|index|level|type|phototype|skin|cirrhosis|"
    r"heart|failure|congestive|chf|hf|fc|of|is|are|was|be|must|should|has|have|having|the|at|with|as|by|"
    r"from|either|toxicity|angina|physical|baseline|screening|between|disease|system|modified|ecog|who|zubrod|nyha|asa|status/zubrod|"
    r"adequate|defined|rating|or\s(?=equivalent)|according\sto|performances?)(?![a-z])"
    r"|\([^()]{1,40}\)|'s?){0,12}"
)
_SUB = r"(?:[a-e][1-4]?)?"
_ROMAN = rf"(?:viii|vii|vi|iv|iii|ii|ix|x|v|i){_SUB}"
_LEVELS = {
    "number": rf"(?:{_ROMAN}|10|\d(?:\.5|{_SUB}))",
    "roman": rf"(?:{_ROMAN})",
    "letter": r"(?:[a-e]|[5-9]|1[0-5])\d?",
    "both": rf"(?:{_ROMAN}|10|\d{_SUB}|[a-e]\d?)",
}
_LEVEL = {
    kind: re.compile(rf"{form}(?![a-z0-9]|[.,]\d|\s?(?:%|mg|g/|x\s|times))")
    for kind, form in _LEVELS.items()
}
_SEPARATOR = re.compile(
    r"(?P<range>\s{0,3}(?:-|~)\s{0,3}|\s{1,3}(?:to|through)(?:\s{1,3}|(?=\d)))"
    r"|(?P<list>\s{0,3}(?:,\s{0,3}(?:and/or|or|and)?|/|&|\+)\s{0,3}|\s{1,3}(?:and/or|or|and)\s{1,3})"
)
_AGAIN = re.compile(r"(?:grades?|class(?:es)?|stages?|types?|scores?|ecog|nyha|status|ps)\s{0,3}(?:of\s)?")
_ASIDE = re.compile(r"\s{0,3}\+\s?/?\s?-?\s{0,3}(?:class|type)?\s?v(?![a-z])|\s{1,3}with\s(?:or|and/or)\swithout\s(?:concomitant\s)?(?:class|type)?\s?v(?![a-z])")
_ROMAN_DIGITS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}  # fmt: skip
_NUMERALS = {number: roman.upper() for roman, number in _ROMAN_DIGITS.items()}
_PARTS = re.compile(r"(viii|vii|vi|iv|iii|ii|ix|x|v|i|\d{1,2})?([a-e]?\d?)")
_MAX_LEVELS = 10


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels as printed (ranges expanded) and where they end."""

    values: tuple[str, ...]
    end: int


def ordinal_at(
    text: Text, start: int, comparator: Comparator | None = None
) -> ValueMention | None:
    """The levels behind the scale name at ``start`` (behind ``comparator``, if one is given)."""
    named = _SCALE.match(text.low, start)
    row = _row(text, named) if named else None
    if named is None or row is None or _mistaken(row.not_after, text.low[max(0, start - 20) : start], True):
        return None
    begin, row, pos = _behind_name(text, start, named.end(), row)
    found = _compared(text, begin, pos, row, comparator) or _listed(text, begin, pos, row)
    if found is None or _mistaken(row.not_before, text.low[found.end : found.end + 24], False):
        return None
    return found


def _row(text: Text, named: re.Match[str]) -> ScaleRow | None:
    """The row of a name; where one row lists many scales, the scale is the name as printed."""
    row = _BY_NAME.get(_key(named.group()))
    if row is None or row.scale:
        return row
    return row.model_copy(update={"scale": text.view[named.start() : named.end()]})


def _mistaken(words: tuple[str, ...], around: str, in_front: bool) -> bool:
    if not words:
        return False
    joined = "|".join(map(re.escape, words))
    form = rf"(?<![a-z])(?:{joined})[\s-]{{0,3}}$" if in_front else rf"[\s-]{{0,3}}(?:{joined})(?![a-z])"
    return re.search(form, around) is not None if in_front else re.match(form, around) is not None


def _behind_name(text: Text, start: int, end: int, row: ScaleRow) -> tuple[int, ScaleRow, int]:
    """Where the mention begins, and where the levels or a comparator begin."""
    fill = _FILL.match(text.low, end)
    pos = fill.end() if fill else end
    if row.inside:
        return start, row, pos
    plain = re.search(r"(?:class(?:es)?|grades?|stages?|types?)\s{1,3}(?:of\s)?$", text.low[end:pos])
    return (end + plain.start() if plain else pos), row, pos


def _compared(
    text: Text, begin: int, pos: int, row: ScaleRow, lead: Comparator | None
) -> ValueMention | None:
    """A threshold: the comparator in front of the scale, of the level, or behind it."""
    inner = prefix_at(text.low, pos) if lead is None else None
    comparator = inner[0] if inner else lead
    if inner:
        pos = inner[1] + len(text.low[inner[1] : inner[1] + 6]) - len(text.low[inner[1] : inner[1] + 6].lstrip())
        again = _AGAIN.match(text.low, pos)
        pos = again.end() if again else pos
    level = _LEVEL[row.levels].match(text.low, pos)
    if level is None:
        return None
    if comparator is None:
        suffix = _suffix(text, level.end(), row)
        if suffix is None:
            return None
        return _threshold(text, begin, suffix[1], level.group(), suffix[0], row)
    if comparator.side == "range":
        return _listed(text, begin, pos, row, between=True)
    second = _second_bound(text, level.end(), row, comparator)
    if second:
        return _both(text, begin, level.group(), comparator, second, row)
    return _threshold(text, begin, level.end(), level.group(), comparator, row)


def _suffix(text: Text, pos: int, row: ScaleRow) -> tuple[Comparator, int] | None:
    found = suffix_at(text.low, pos)
    if found or row.levels == "letter":
        return found
    better = re.compile(r"\s{1,3}or\s{1,3}(better|worse)(?![a-z])").match(text.low, pos)
    if better is None:
        return None
    high = (better[1] == "better") == (row.best == "low")
    side: Literal["low", "high"] = "high" if high else "low"
    ident = f"cmp.after.{better[1]}"
    return Comparator(id=ident, text=better[1], side=side, inclusive=True, place="after"), better.end()


def _second_bound(
    text: Text, pos: int, row: ScaleRow, first: Comparator
) -> tuple[Comparator, str, int] | None:
    """The other side of an interval: ">= 1 and <= 3"."""
    joint = re.compile(r"\s{0,3}(?:,|and|but|to|-)?\s{0,3}").match(text.low, pos)
    found = prefix_at(text.low, joint.end()) if joint else None
    if found is None or {found[0].side, first.side} != {"low", "high"}:
        return None
    level = re.compile(rf"\s{{0,3}}({_LEVELS[row.levels]})(?![a-z0-9])").match(text.low, found[1])
    return (found[0], level[1], level.end()) if level else None


def _threshold(
    text: Text, begin: int, end: int, level: str, comparator: Comparator, row: ScaleRow
) -> ValueMention | None:
    number = _decimal(level)
    if number is None or comparator.side in ("equal", "approx"):
        values = (text.view[end - len(level) : end],)
        return ValueMention("ordinal", begin, end, values=values, scale=row.scale, source=row.id)
    bound = BoundParts(number, comparator.inclusive)
    low = bound if comparator.side == "low" else None
    high = bound if comparator.side == "high" else None
    return ValueMention("ordinal", begin, end, low, high, scale=row.scale, source=row.id)


def _both(
    text: Text,
    begin: int,
    level: str,
    first: Comparator,
    second: tuple[Comparator, str, int],
    row: ScaleRow,
) -> ValueMention | None:
    one, two = _decimal(level), _decimal(second[1])
    if one is None or two is None:
        return None
    low, high = BoundParts(one, first.inclusive), BoundParts(two, second[0].inclusive)
    if first.side == "high":
        low, high = high, low
    return ValueMention("ordinal", begin, second[2], low, high, scale=row.scale, source=row.id)


def _decimal(level: str) -> str | None:
    """``"III"`` -> ``"3"``; None for a level with a letter."""
    if level.replace(".", "", 1).isdigit():
        return level
    number = _ROMAN_DIGITS.get(level)
    return str(number) if number else None


# --- lists and ranges of levels --------------------------------------------------------------


def _listed(
    text: Text, begin: int, pos: int, row: ScaleRow, between: bool = False
) -> ValueMention | None:
    levels = _levels(text, pos, _LEVEL[row.levels], between)
    if levels is None or (not row.single and len(levels.values) < 2):
        return None
    aside = _ASIDE.match(text.low, levels.end)
    end = aside.end() if aside else levels.end
    return ValueMention("ordinal", begin, end, values=levels.values, scale=row.scale, source=row.id)


def _levels(text: Text, pos: int, level: re.Pattern[str], between: bool) -> Levels | None:
    first = level.match(text.low, pos)
    if first is None or _is_word(text, first):
        return None
    values, end = [text.view[first.start() : first.end()]], first.end()
    for _ in range(_MAX_LEVELS):
        separator = _SEPARATOR.match(text.low, end)
        again = _AGAIN.match(text.low, separator.end()) if separator else None
        start = again.end() if again else separator.end() if separator else end
        match = level.match(text.low, start) if separator else None
        if separator is None or match is None or _is_word(text, match):
            break
        printed = text.view[match.start() : match.end()]
        if printed[0].isdigit() != values[0][0].isdigit():
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
    return printed in ("a", "e", "d") or (printed == "A" and text.view[match.end() : match.end() + 2].strip().islower())


def _expanded(first: str, last: str) -> list[str]:
    """Levels behind ``first`` up to ``last``, in the notation they are printed in."""
    one, two = _split(first), _split(last)
    if one is None or two is None or one >= two:
        return [last]
    (low, sub), (high, last_sub) = one, two
    if low == 0:
        return [_cased(chr(code), last) for code in range(ord(sub) + 1, ord(last_sub) + 1)]
    names = [_level(low, letter, last) for letter in "ABC" if sub and letter > sub and (low < high or letter <= last_sub)]
    if low < high:
        names += [_level(number, "", last) for number in range(low + 1, high)]
        letters = [c for c in "ABC" if c <= last_sub[:1]] or [""]
        names += [_level(high, letter, last) for letter in letters]
    return names[:20]


def _split(level: str) -> tuple[int, str] | None:
    """``"IIIB"`` -> (3, "B"); a letter alone is (0, "B"); a level 0 counts as -1 so that it sorts."""
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
