"""What a measure's name right before a value tells: its unit, and that a bare range is one."""

import re
from collections.abc import Collection, Iterable, Iterator

from trialcriteria.tag.values_types import BoundParts, ValueMention
from trialcriteria.tag.values_units import unit_code
from trialcriteria.view import mask

NAMED_RANGE = "interval.named"  # source of a range that the name before it makes a value
_UNIT_BEFORE = re.compile(r"\(\s?([^\s()][^()]{0,18}|%)\s?\)[\s:,=]{0,4}\Z")
_REACH = 32  # code points of a unit in parentheses
_NUMBER = r"\d{1,4}(?:\.\d{1,3})?"
_RANGE = re.compile(
    r"(?:\s?\([^()]{1,24}\))?(?:\s?[:=])?\s{1,2}(?:(?:is|of|from)\s|(?P<between>between\s))?"
    rf"(?P<low>{_NUMBER})\s?(?:-|\bto\b|(?(between)\band\b|-))\s?(?P<high>{_NUMBER})"
    r"(?![\w%/:+-]|\.\d|\s?(?:-|/|x\s)|\s(?:grades?|items?|times|hours?|days?|weeks?|months?|years?)\b)"
)
_IS_UNIT = re.compile(r".*[/%^].*|cm|mm|kg|ms|msec|mm\s?Hg|bpm")  # "(CPS)" is a short form


def with_names(
    view: str, values: Iterable[ValueMention], ends: Collection[int]
) -> Iterator[ValueMention]:
    """The values, with units printed in the names before them, and bare ranges behind names.

    ``ends``: where the names of measures end, in any order. "HbA1c (%) 7 to 10" is in per cent,
    "heart rate 50-100" is a range although no unit says so.
    """
    found = [_in_unit_of_name(view, value) for value in values]
    yield from found
    if not ends:
        return
    taken = mask(view, found)
    for end in ends:
        named = _RANGE.match(view, end)
        if named is None or taken.find(1, named.start("low"), named.end()) >= 0:
            continue
        if float(named["low"]) < float(named["high"]):
            yield _in_unit_of_name(view, _range(named))


def _range(named: re.Match[str]) -> ValueMention:
    low, high = BoundParts(named["low"], True), BoundParts(named["high"], True)
    return ValueMention("quantity", named.start("low"), named.end(), low, high, source=NAMED_RANGE)


def _in_unit_of_name(view: str, value: ValueMention) -> ValueMention:
    """ "BMI (kg/m2) >= 18.5": the unit stands with the name."""
    if value.kind != "quantity" or value.unit_text is not None or value.relative_to:
        return value
    unit = _UNIT_BEFORE.search(view, max(value.start - _REACH, 0), value.start)
    if unit is None or not _IS_UNIT.fullmatch(unit[1]) or unit_code(unit[1]) is None:
        return value
    return value._replace(unit_text=unit[1])
