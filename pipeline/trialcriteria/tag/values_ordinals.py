"""Levels of ordinal scales: "ECOG 0-1", "NYHA class III or IV", ">= grade 2", "Child-Pugh B"."""

import re
from typing import Literal

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.tag.comparators import Comparator, prefix_at, suffix_at
from trialcriteria.tag.values_gleason import gleason_listed
from trialcriteria.tag.values_levels import (
    AGAIN,
    LEVEL,
    LEVEL_FORMS,
    Levels,
    level_number,
    levels_at,
)
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
    listed_only: bool = False
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
    r"(?:[\s:,\u00ae\u2122-]{1,4}|=(?!\s?[<>])|(?<![a-z])(?:performance|status|state|ps|score|scores|scoring"
    r"|scale|functional|function|classification|"
    r"classified|class|grade|grades|stage|stages|category|categories|index|level|type"
    r"|phototype|skin|cirrhosis|"
    r"heart|failure|congestive|chf|hf|fc|of|is|are|was|be|must|should|has|have|having|the|at"
    r"|with|as|by|"
    r"from|either|toxicity|angina|physical|physiologic(?:al)?|baseline|screening|between|disease|system|modified"
    r"|ecog|who|zubrod|nyha|asa|status/zubrod|"
    r"adequate|defined|rating|or\s(?=equivalent)|according\sto|performances?)(?![a-z])"
    r"|\([^()]{1,40}\)|\[[^][]{1,40}\]|'s?){0,12}"
)
_ASIDE = re.compile(
    r"\s{0,3}\+\s?/?\s?-?\s{0,3}(?:class|type)?\s?v(?![a-z])|\s{1,3}with\s(?:or"
    r"|and/or)\swithout\s(?:concomitant\s)?(?:class|type)?\s?v(?![a-z])"
)

_RANGED = re.compile(r"-|~|(?<![a-z])(?:to|through)(?![a-z])")


def ordinal_at(text: Text, start: int, comparator: Comparator | None = None) -> ValueMention | None:
    """The levels behind the scale name at ``start`` (behind ``comparator``, if one is given)."""
    named = _SCALE.match(text.low, start)
    row = _row(text, named) if named else None
    if (
        named is None
        or row is None
        or _mistaken(row.not_after, text.low[max(0, start - 20) : start], True)
    ):
        return None
    begin, row, pos = _behind_name(text, start, named.end(), row)
    between = "between" in text.low[named.end() : pos]
    if row.listed_only and between:
        return None  # a range of numbers like others
    found = None if row.listed_only else _compared(text, begin, pos, row, comparator)
    found = found or _listed(text, begin, pos, row, between)
    if found is None or _mistaken(row.not_before, text.low[found.end : found.end + 24], False):
        return None
    return found


def _row(text: Text, named: re.Match[str]) -> ScaleRow | None:
    """The row of a name; where one row lists many scales, the scale is the name as printed."""
    row = _BY_NAME.get(_key(named.group()))
    if row is None or row.scale:
        return row
    printed = text.view[named.start() : named.end()]
    return ScaleRow.model_validate({**row.model_dump(), "scale": printed})


def _mistaken(words: tuple[str, ...], around: str, in_front: bool) -> bool:
    if not words:
        return False
    joined = "|".join(map(re.escape, words))
    form = (
        rf"(?<![a-z])(?:{joined})[\s-]{{0,3}}$"
        if in_front
        else rf"[\s-]{{0,3}}(?:{joined})(?![a-z])"
    )
    return re.search(form, around) is not None if in_front else re.match(form, around) is not None


def _behind_name(text: Text, start: int, end: int, row: ScaleRow) -> tuple[int, ScaleRow, int]:
    """Where the mention begins, and where the levels or a comparator begin."""
    fill = _FILL.match(text.low, end)
    pos = fill.end() if fill else end
    if row.inside:
        return start, row, pos
    plain = re.search(
        r"(?:class(?:es)?|grades?|stages?|types?)\s{1,3}(?:of\s)?$", text.low[end:pos]
    )
    return (end + plain.start() if plain else pos), row, pos


def _compared(
    text: Text, begin: int, pos: int, row: ScaleRow, lead: Comparator | None
) -> ValueMention | None:
    """A threshold: the comparator in front of the scale, of the level, or behind it."""
    inner = prefix_at(text.low, pos) if lead is None else None
    comparator = inner[0] if inner else lead
    if inner:
        pos = (
            inner[1]
            + len(text.low[inner[1] : inner[1] + 6])
            - len(text.low[inner[1] : inner[1] + 6].lstrip())
        )
        again = AGAIN.match(text.low, pos)
        pos = again.end() if again else pos
    level = LEVEL[row.levels].match(text.low, pos)
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
    return Comparator(
        id=ident, text=better[1], side=side, inclusive=True, place="after"
    ), better.end()


def _second_bound(
    text: Text, pos: int, row: ScaleRow, first: Comparator
) -> tuple[Comparator, str, int] | None:
    """The other side of an interval: ">= 1 and <= 3"."""
    joint = re.compile(r"\s{0,3}(?:,|and|but|to|-)?\s{0,3}").match(text.low, pos)
    found = prefix_at(text.low, joint.end()) if joint else None
    if found is None or {found[0].side, first.side} != {"low", "high"}:
        return None
    level = re.compile(rf"\s{{0,3}}({LEVEL_FORMS[row.levels]})(?![a-z0-9])").match(
        text.low, found[1]
    )
    return (found[0], level[1], level.end()) if level else None


def _threshold(
    text: Text, begin: int, end: int, level: str, comparator: Comparator, row: ScaleRow
) -> ValueMention | None:
    number = level_number(level)
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
    one, two = level_number(level), level_number(second[1])
    if one is None or two is None:
        return None
    low, high = BoundParts(one, first.inclusive), BoundParts(two, second[0].inclusive)
    if first.side == "high":
        low, high = high, low
    return ValueMention("ordinal", begin, second[2], low, high, scale=row.scale, source=row.id)


# --- lists and ranges of levels --------------------------------------------------------------


def _listed(
    text: Text, begin: int, pos: int, row: ScaleRow, between: bool = False
) -> ValueMention | None:
    sums, end = gleason_listed(text, pos)
    levels = Levels(sums, end) if sums else levels_at(text, pos, LEVEL[row.levels], between)
    if levels is None or (not row.single and len(levels.values) < 2):
        return None
    if row.listed_only and _RANGED.search(text.low, pos, levels.end):
        return None
    aside = _ASIDE.match(text.low, levels.end)
    end = aside.end() if aside else levels.end
    return ValueMention("ordinal", begin, end, values=levels.values, scale=row.scale, source=row.id)
