"""Phrases built on an event alone: "prior to screening", "at baseline", "from X until Y"."""

from trialcriteria.tag.time.amounts import read_amount
from trialcriteria.tag.time.anchors import (
    AnchorRead,
    read_anchor,
    read_date,
    read_either,
    read_known,
)
from trialcriteria.tag.time.counts import is_bounded_count
from trialcriteria.tag.time.frames import read_directions
from trialcriteria.tag.time.lexicon import CueRow
from trialcriteria.tag.time.model import (
    AGE_AT_EVENT,
    Amount,
    AnchorWords,
    Bound,
    Edge,
    Quantity,
    Side,
    TimeMention,
    WindowParts,
)
from trialcriteria.tag.time.phrases import Found, read_timed
from trialcriteria.tag.time.tokens import Tokens

_NO_POINT = (
    "study", "surgery", "infusion", "transplant", "imaging", "baseline"
)  # fmt: skip
_MOST_FOREIGN = {"known": 1, "point": 0}


def window_found(ts: Tokens, i: int, end: int, parts: WindowParts, source: str) -> Found:
    """A window from word i to before word ``end``."""
    return Found(TimeMention("window", ts.start(i), ts.end(end), parts, source), end)


def _allowed(ts: Tokens, i: int, row: CueRow) -> AnchorRead | None:
    """The event behind a preposition, as far as the preposition is about time with it."""
    if row.bare == "any":
        return read_anchor(ts, i)
    read = read_known(ts, i) if row.bare != "none" else None
    if read is None or read.foreign > _MOST_FOREIGN[row.bare]:
        return None
    return None if _is_no_point(row, read) else read


def _is_no_point(row: CueRow, read: AnchorRead) -> bool:
    """ "at a dose", "in the study": a place or a manner, no time."""
    if read.row is None:
        return False
    placed = row.bare == "point" and (read.row.closed or read.words.event in _NO_POINT)
    return placed or read.vague


def read_bare(ts: Tokens, i: int) -> Found | None:
    """ "prior to screening", "after the last dose", "since 2015", "until recovery"."""
    directions = read_directions(ts, i)
    if directions is None:
        return _until(ts, i)
    row, side, j = directions
    aged = _at_age(ts, i, j, side) if side in ("before", "after") else None
    if aged:
        return aged
    if side == "after" and (beyond := _beyond(ts, i, j)):
        return beyond
    read = _allowed(ts, j, row) if side and not is_bounded_count(ts, j) else None
    if read is None or side is None:
        return None
    anchor = read.behind() if side == "after" else read.words
    return window_found(ts, i, read.next, WindowParts(side, anchor), f"time.event.{side}")


def _at_age(ts: Tokens, i: int, j: int, side: Side) -> Found | None:
    """ "before the age of 18", "after 50 years of age": so long after birth."""
    k = ts.skip(j, "filler")
    named = ts.words[k] == "age"
    k += (1 + (ts.words[k + 1] == "of")) if named else 0
    read = read_amount(ts, k)
    amount, end = (read.amount, read.next) if read else _years(ts, k)
    if amount is None or amount.high or not (named or ts.has(end, "age_after")):
        return None
    end = end if named else ts.skip(end, "age_after")
    bound: Bound = "until" if side == "before" else "low"
    born = AnchorWords("birth", ts.end(end), ts.end(end))
    return window_found(ts, i, end, WindowParts("after", born, bound, (amount,)), AGE_AT_EVENT)


def _years(ts: Tokens, i: int) -> tuple[Amount | None, int]:
    """A bare number as years of age."""
    number = ts.number(i)
    if number is None:
        return None, i
    return Amount(Quantity(number, "year"), None, ts.start(i), ts.end(i + 1)), i + 1


def _beyond(ts: Tokens, i: int, j: int) -> Found | None:
    """ "after the first 6 months of treatment": from the end of that stretch on."""
    k = ts.skip(ts.skip(j, "filler"), "comparator", "first")
    read = read_amount(ts, k)
    if read is None or ts.words[read.next] != "of" or ts.has(read.next, "age_after"):
        return None
    anchor = None if ts.has(read.next, "gestation") else read_anchor(ts, read.next + 1)
    if anchor is None:
        return None
    parts = WindowParts("after", anchor.words, "low", (read.amount,))
    return window_found(ts, i, anchor.next, parts, "time.window.anchored")


def _until(ts: Tokens, i: int) -> Found | None:
    cue = ts.cue(i, "until")
    if cue is None:
        return None
    read = read_anchor(ts, cue[1]) if ts.words[i] in ("until", "till") else read_known(ts, cue[1])
    if read is None:
        return None
    return window_found(ts, i, read.next, WindowParts("before", read.words), "time.event.until")


def read_at(ts: Tokens, i: int) -> Found | None:
    """ "at screening", "during the study", and "... and for 90 days after the last dose"."""
    cue = ts.cue(i, "at")
    if cue is None or ts.has(i, "comparator"):
        return None
    directions = _at_or_before(ts, cue[1])
    j = directions[1] if directions else cue[1]
    read = _allowed(ts, j, cue[0])
    if read is None:
        return _elided(ts, i, cue[1])
    anchor = read.at()
    if directions:
        return window_found(ts, i, read.next, WindowParts(directions[0], anchor), "time.event.at")
    return (
        _prolonged(ts, i, Edge(None, "at", read.words), read.next)
        or _at_either(ts, i, j)
        or window_found(ts, i, read.next, WindowParts("at", anchor), "time.event.at")
    )


def _at_either(ts: Tokens, i: int, j: int) -> Found | None:
    """ "at screening or baseline", the events from word j on: either of two, or both of them."""
    first = read_known(ts, j, alone=True)
    other = read_either(ts, first.next) if first else None
    if first is None or other is None:
        return None
    every = ts.words[first.next] == "and" and ts.words[first.next + 1] != "/"
    parts = WindowParts("at", first.at(), other=other.at(), every=every)
    return window_found(ts, i, other.next, parts, "time.event.at")


def _at_or_before(ts: Tokens, i: int) -> tuple[Side, int] | None:
    """ "or before", "or prior to" behind "at" or "on"."""
    read = read_directions(ts, i + 1) if ts.words[i] in ("or", "and") else None
    return (read[1], read[2]) if read and read[1] else None


def _elided(ts: Tokens, i: int, j: int) -> Found | None:
    """ "during and for 3 months after the end of treatment": the event stands behind only."""
    end = _after_window(ts, j)
    if end is None or not isinstance(end.parts, WindowParts):
        return None
    edge = Edge(None, "at", AnchorWords("study", end.parts.anchor.start, end.parts.anchor.end))
    return _joined(ts, i, edge, end)


_CONNECTORS = frozenset(
    (",", "and", "then", "also", "continuing", "up", "to", "until", "through", "till", "thru", "or")
)


def _after_window(ts: Tokens, i: int) -> TimeMention | None:
    """ "and for 90 days after X", "until 1 year after X" at word i, as its own window."""
    j = i
    while j < i + 4 and ts.words[j] in _CONNECTORS:
        j += 1
    joined = [ts.words[k] for k in range(i, j)]
    if not joined or joined[-1] in (",", "or") or joined[0] == "or":
        return None
    found = read_timed(ts, j + (ts.words[j] == "for"))
    mention = found.mention if found else None
    parts = mention.parts if mention else None
    reaches = isinstance(parts, WindowParts) and parts.side == "after" and parts.amounts
    return mention if reaches else None


def _joined(ts: Tokens, i: int, edge: Edge, end: TimeMention) -> Found | None:
    if not isinstance(end.parts, WindowParts):
        return None
    last = end.parts
    if edge.anchor.event == "now":
        edge = edge._replace(anchor=last.anchor)
    parts = WindowParts("after", last.anchor, "within", last.amounts, last.choose, edge)
    mention = TimeMention("window", ts.start(i), end.end, parts, "time.window.from_until")
    return Found(mention, ts.index_at(end.end))


def _prolonged(ts: Tokens, i: int, edge: Edge, j: int) -> Found | None:
    """The window that opens at ``edge`` and ends where the words at j say; None if they do not."""
    end = _after_window(ts, j)
    return _joined(ts, i, edge, end) if end else None


def prolong(ts: Tokens, i: int, found: Found) -> Found:
    """ "from 28 days before X" at word i and, where it follows, "until 1 year after Y"."""
    parts = found.mention.parts if found.mention else None
    if not isinstance(parts, WindowParts) or parts.side != "before" or len(parts.amounts) != 1:
        return found
    edge = Edge(parts.amounts[0].high or parts.amounts[0].low, "before", parts.anchor)
    return _prolonged(ts, i, edge, found.next) or _to_event(ts, i, edge, found.next) or found


_UNTIL = ("until", "till", "through", "to", "thru")


def _to_event(
    ts: Tokens, i: int, edge: Edge, j: int, joins: tuple[str, ...] = _UNTIL
) -> Found | None:
    """ "until screening" behind an opening edge."""
    j += 1 if ts.words[j] == "," else 0
    if ts.words[j] not in joins:
        return None
    read = read_known(ts, j + 1) or read_date(ts, j + 1)
    if read is None:
        return None
    parts = WindowParts("at", read.at(), opening=edge)
    return window_found(ts, i, read.next, parts, "time.window.from_until")


def read_from(ts: Tokens, i: int) -> Found | None:
    """ "from X until 1 year after Y", "between X and Y"."""
    cue = ts.cue(i, "from") or ts.cue(i, "between")
    if cue is None:
        return None
    timed = read_timed(ts, cue[1])
    if timed and timed.mention:
        longer = prolong(ts, cue[1], timed)
        return None if longer is timed else restarted(ts, i, longer)
    between = ts.has(i, "between")
    read = read_known(ts, cue[1], alone=True) if between else read_anchor(ts, cue[1])
    read = read or read_date(ts, cue[1])
    if read is None:
        return None
    edge = Edge(None, "at", read.words)
    if between:
        return _to_event(ts, i, edge, read.next, ("and",))
    return (
        _prolonged(ts, i, edge, read.next)
        or _to_event(ts, i, edge, read.next)
        or _onwards(ts, i, read)
    )


def _onwards(ts: Tokens, i: int, read: AnchorRead) -> Found | None:
    """ "from baseline onwards"."""
    end = read.next + (ts.words[read.next] == "and")
    if not ts.has(end, "onwards"):
        return None
    return window_found(ts, i, end + 1, WindowParts("after", read.words), "time.event.after")


def restarted(ts: Tokens, i: int, found: Found) -> Found:
    """The same mention, beginning at word i."""
    old = found.mention
    if old is None:
        return found
    return Found(TimeMention(old.kind, ts.start(i), old.end, old.parts, old.source), found.next)
