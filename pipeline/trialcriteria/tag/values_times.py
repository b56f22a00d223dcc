"""Stretches of time that are values: a life expectancy, a gestational age, a length of stay.

What they measure is named beside them, by a row of ``lexicons/measured_times.toml``. All other
stretches of time are durations or windows, which the time grammar reads.
"""

import re

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.tag.values_intervals import Interval
from trialcriteria.tag.values_patterns import Text, phrase_pattern
from trialcriteria.tag.values_types import BoundParts, ValueMention


class TimeOfRow(Row):
    """What a stretch of time may measure, and its names."""

    names: tuple[str, ...]


_ROWS = load_rows("measured_times", TimeOfRow)
_NAMES = phrase_pattern(
    sorted({name.lower() for row in _ROWS for name in row.names}), blank=r"[\s-]{1,4}"
)
_ASIDE = r"\([^()]{0,40}\)"
_WORDS = (
    r"of|is|are|was|be|being|to|at|for|from|the|a|an|in|on|by|as|with|it|its|than|must|should|shall"
    r"|will|would|or|equal|estimated|expected|predicted|anticipated|projected|judged|assessed"
    r"|determined|investigators?|according|opinion|length|duration|interval|lasting|lasts?"
    r"|ranges?|ranging|regular|normal|period|greater|more|less|longer|due|comorbidities"
)
_EXPECTED = (
    r"(?:expected|anticipated|planned|estimated|projected|predicted)\s(?:duration|length)\sof"
    r"(?:\s[a-z-]{1,20}){0,3}\s(?:surgery|operation|procedure|ana?esthesia|scan|stay|admission"
    r"|hospitali[sz]ation|intubation|ventilation)"
)
_BEFORE = re.compile(
    rf"(?<![a-z])(?:{_NAMES}|{_EXPECTED})(?![a-z])"
    rf"(?:[\s:,=\[>-]++|{_ASIDE}|\(|(?<![a-z])(?:{_WORDS})(?![a-z])){{0,14}}$"
)
_BEHIND = re.compile(rf"[\s,]{{1,4}}(?:of\s)?(?:expected\s|estimated\s|the\s)?{_NAMES}(?![a-z])")
_GESTATION_BEFORE = re.compile(r"gestation(?:al\s{1,3}age)?(?![a-z])[^.;\n]{0,30}$")
_BY_WEEK = re.compile(
    r"(?<![a-z])(?:(?P<high>before|prior\sto|until)|(?P<with>at\sor\s)?(?:after|beyond))\s{1,3}$"
)
_LOOK_BACK = 80


def is_measured_time(text: Text, interval: Interval) -> bool:
    """Whether the words beside a stretch of time say what it measures."""
    first, last = interval.terms[0], interval.last
    if first.comparator is not None and first.comparator.text == "within":
        return False
    before = text.low[max(0, first.start - _LOOK_BACK) : first.start]
    if _BEFORE.search(before) or _BEHIND.match(text.low, last.end):
        return True
    weeks = last.unit is not None and last.unit.ucum in ("wk", "d")
    return weeks and _GESTATION_BEFORE.search(before) is not None


def by_week(text: Text, found: ValueMention) -> ValueMention:
    """ "Before 34 weeks of gestation" bounds the weeks that it names."""
    led = _BY_WEEK.search(text.low, max(0, found.start - _LOOK_BACK), found.start)
    if led is None or found.low is None:
        return found
    bound = BoundParts(found.low.number, led["with"] is not None)
    ends = (None, bound) if led["high"] else (bound, None)
    return found._replace(start=led.start(), low=ends[0], high=ends[1], source="gestation.by_week")
