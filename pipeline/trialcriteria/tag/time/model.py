"""What the time grammar hands on: the raw parts of a phrase, as printed.

All offsets are half-open code-point offsets into the string given to ``find_times``. Numbers
are decimal strings, units and comparators are row ids of the lexicons.
"""

from typing import Literal, NamedTuple

from trialcriteria.schema import AnchorEvent

Side = Literal["before", "after", "both", "at"]
Bound = Literal["within", "low", "high", "exact", "until"]

AGE_AT_EVENT = "time.window.age"  # source of "before the age of 18"
OF_STATE = "time.window.state"  # of "6 weeks" before "postpartum", of which it is said
OF_CONCEPT = "time.count.concept"  # source of a number of what a concept names
FREQUENCY = "time.frequency"  # source of "more than twice a week", which is no measured value


class Quantity(NamedTuple):
    """A number and the row id of its unit in ``time_units`` ("2", "week")."""

    number: str
    unit: str


class Amount(NamedTuple):
    """One length of time, or a range of lengths ("6 to 12 months"), and where it stands."""

    low: Quantity
    high: Quantity | None
    start: int
    end: int


class AnchorWords(NamedTuple):
    """The event a window hangs on; ``start`` equals ``end`` where the text leaves it unsaid."""

    event: AnchorEvent
    start: int
    end: int


class Edge(NamedTuple):
    """Where a window opens when that hangs on another event ("from 28 days before X until")."""

    amount: Quantity | None
    side: Side
    anchor: AnchorWords


class WindowParts(NamedTuple):
    """A window: its amounts (more than one are alternatives), its side of the anchor.

    ``bound``: "within" reaches up to the anchor, "low" lies at least that far away, "high" at
    most, "exact" just there, "until" ends there and is open before. Without amounts the window is
    the whole side of the anchor. ``other``: a second event that will do as well ("at X or Y"), or
    with ``every`` one at which it must hold, too ("at X and Y").
    """

    side: Side
    anchor: AnchorWords
    bound: Bound = "within"
    amounts: tuple[Amount, ...] = ()
    choose: Literal["longer", "shorter"] | None = None
    opening: Edge | None = None
    other: AnchorWords | None = None
    every: bool = False


class DurationParts(NamedTuple):
    """A length of time with the row id of its comparator (None: the text has none)."""

    amounts: tuple[Amount, ...]
    comparator: str | None
    choose: Literal["longer", "shorter"] | None = None


class Rate(NamedTuple):
    """ "Per week", "daily": the row id of the unit of time, and where the words stand."""

    unit: str
    start: int
    end: int


class CountParts(NamedTuple):
    """A number of events, or a range of them, with the row id of its comparator.

    ``noun``: the place of the words for what is counted, ``day`` the row id of its unit where
    those are days ("on 4 days per month"); ``rate``: the time in which so many are.
    """

    low: str
    high: str | None
    comparator: str | None
    noun: tuple[int, int] | None = None
    day: str | None = None
    rate: Rate | None = None


class TimeMention(NamedTuple):
    """One phrase about time; ``source`` is the id of the rule that found it."""

    kind: Literal["window", "duration", "count"]
    start: int
    end: int
    parts: WindowParts | DurationParts | CountParts
    source: str


def anchors_of(mention: TimeMention) -> tuple[AnchorWords, ...]:
    """The events that some of a window's words name, in text order."""
    parts = mention.parts
    if not isinstance(parts, WindowParts):
        return ()
    named = {parts.anchor}
    named |= {parts.opening.anchor} if parts.opening else set()
    named |= {parts.other} if parts.other else set()
    inside = (words for words in named if 0 < words.end - words.start < mention.end - mention.start)
    return tuple(sorted(inside, key=lambda words: words.start))


def far_anchor(mention: TimeMention | None) -> AnchorWords | None:
    """The event of "4 weeks between" chemotherapy "and registration", which stands behind."""
    parts = mention.parts if mention else None
    if mention is None or not isinstance(parts, WindowParts):
        return None
    return parts.anchor if parts.anchor.start >= mention.end else None
