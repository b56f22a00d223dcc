"""Phrases built on an amount of time: "within 2 weeks prior to X", "for at least 3 months"."""

from typing import NamedTuple

from trialcriteria.tag.time.amounts import Amounts, Choice, read_amounts, read_choice
from trialcriteria.tag.time.anchors import AnchorRead, unsaid
from trialcriteria.tag.time.frames import (
    Prefix,
    Tail,
    interlude,
    read_prefix,
    read_tail,
    read_unled,
)
from trialcriteria.tag.time.guards import is_age, is_rate
from trialcriteria.tag.time.lexicon import CueRow
from trialcriteria.tag.time.model import (
    Amount,
    AnchorWords,
    Bound,
    DurationParts,
    Side,
    TimeMention,
    WindowParts,
)
from trialcriteria.tag.time.ranges import shared_unit, two_sided
from trialcriteria.tag.time.tokens import Tokens


class Found(NamedTuple):
    """A mention (None: words that only look like one) and the index behind it."""

    mention: TimeMention | None
    next: int


def _default_side(prefix: Prefix, cue: CueRow | None, anchor: AnchorRead) -> Side:
    """Where "within 2 weeks of X" lies: by the event; the first weeks of a period are in it."""
    row = anchor.row
    if row is None:
        return "after"
    if row.far and cue and cue.bound == "low":
        return row.far
    return "after" if "first" in prefix.cues and anchor.period else row.side


def _bound(prefix: Prefix, cue: CueRow | None, side: Side) -> Bound:
    if prefix.is_within() or "look" in prefix.cues:
        return "within"
    if "until" in prefix.cues and side == "after":
        return "until"
    if cue is None or side == "both" or ("for" in prefix.cues and side == "after"):
        return "within"
    return cue.bound or "within"


def read_timed(ts: Tokens, i: int) -> Found | None:
    """A phrase with an amount that begins at word i: a window, a duration, or a look-alike."""
    prefix = read_prefix(ts, i)
    loose = prefix.article or bool(prefix.cues.keys() - {"between"})
    amounts = read_amounts(ts, prefix.next, "between" in prefix.cues, implied=loose)
    amounts = amounts or shared_unit(ts, prefix.next, prefix.cues.get("comparator"))
    if amounts is None:
        return None
    if is_rate(ts, prefix.next, amounts.next):
        return Found(None, amounts.next if i == prefix.next else i + 1)
    ranged = amounts.items[0].high is not None
    cue = amounts.comparator or (None if ranged else prefix.cues.get("comparator"))
    amounts, cue = two_sided(ts, amounts, cue)
    tail = read_tail(ts, amounts.next)
    if tail is None and prefix.is_within():
        tail = read_unled(ts, amounts.next)
    cue = cue or _elapsed(ts, amounts)
    if is_age(ts, i, amounts, bare=tail is None and "for" not in prefix.cues):
        return Found(None, amounts.next)
    if _lacks_number(ts, prefix) and not (tail and tail.side):
        return None
    window = _window(ts, i, prefix, amounts, cue, tail)
    return window or _duration(ts, i, prefix, amounts, cue)


def _elapsed(ts: Tokens, amounts: Amounts) -> CueRow | None:
    """ "60 days have elapsed since", "4 weeks since": at least as long."""
    if len(amounts.items) > 1 or amounts.items[0].high:
        return None
    cue = ts.cue(amounts.next, "elapsed") or ts.cue(amounts.next, "direction")
    return cue[0] if cue and cue[0].bound else None


def _lacks_number(ts: Tokens, prefix: Prefix) -> bool:
    """ "the week", which says something only with "before" or "past"."""
    return ts.has(prefix.next, "unit") and "look" not in prefix.cues


def _window(
    ts: Tokens, i: int, prefix: Prefix, amounts: Amounts, cue: CueRow | None, tail: Tail | None
) -> Found | None:
    look = prefix.side("look")
    if look:
        return _looking(ts, i, look, amounts, tail)
    if tail and tail.anchor and _is_hung(ts, prefix, amounts, cue, tail):
        side = tail.side or _default_side(prefix, cue, tail.anchor)
        bound = _bound(prefix, cue, side)
        return _finish(ts, i, (side, bound), amounts, tail, "time.window.anchored")
    if tail and tail.anchor is None and tail.side and "for" not in prefix.cues:
        place = tail.side, _ago_bound(prefix, cue, tail)
        return _finish(ts, i, place, amounts, tail, "time.window.ago")
    if prefix.is_within() or (amounts.choose and not cue):
        none = Tail("before", None, amounts.next)
        return _finish(ts, i, ("before", "within"), amounts, none, "time.window.within")
    return None


def _ago_bound(prefix: Prefix, cue: CueRow | None, tail: Tail) -> Bound:
    """ "5 years ago" is just then; "30 days prior" is a stretch up to now."""
    if "inside" in prefix.cues:
        return "within"
    return (cue.bound if cue else None) or ("exact" if tail.ago else "within")


def _looking(ts: Tokens, i: int, look: Side, amounts: Amounts, tail: Tail | None) -> Found:
    """ "the past 6 months", with or without "prior to screening"."""
    hung = tail if tail and (tail.side or (tail.anchor and tail.anchor.row)) else None
    end = hung or Tail(look, None, amounts.next)
    side = look if end.anchor is None else "before"
    return _finish(ts, i, (side, "within"), amounts, end, "time.window.look")


def _is_hung(ts: Tokens, prefix: Prefix, amounts: Amounts, cue: CueRow | None, tail: Tail) -> bool:
    """Whether the amount counts from the anchor: not in "for 3 months prior to", "8 weeks of X"."""
    inside = "inside" in prefix.cues or "first" in prefix.cues
    if "for" in prefix.cues and not prefix.article and _lasts(tail, cue):
        return False
    if tail.side or inside:
        return True
    row = tail.anchor.row if tail.anchor else None
    away = ts.words[interlude(ts, amounts.next)] == "from"
    if row is None:  # "at least 4 weeks from last chemotherapy"
        return away and "for" not in prefix.cues and bool(cue and cue.bound)
    return not row.closed and (away or bool(cue and cue.bound == "high"))


def _lasts(tail: Tail, cue: CueRow | None) -> bool:
    """ "for 3 months before X" and "for at least 3 months after X" say how long, not when."""
    return tail.side == "before" or (
        tail.side == "after" and cue is not None and cue.bound == "low"
    )


def _finish(
    ts: Tokens, i: int, place: tuple[Side, Bound], amounts: Amounts, tail: Tail, source: str
) -> Found:
    """Build the window, with the alternatives that stand behind the anchor."""
    items, choose, end = amounts.items, amounts.choose, tail.next
    if choose is None:
        items, choose, end = _late_choice(ts, items, end)
    anchor = _anchor_of(tail) or unsaid(ts, tail.next)
    parts = WindowParts(place[0], anchor, place[1], items, choose)
    return Found(TimeMention("window", ts.start(i), ts.end(end), parts, source), end)


def _anchor_of(tail: Tail) -> AnchorWords | None:
    if tail.anchor is None:
        return None
    return tail.anchor.behind() if tail.side == "after" else tail.anchor.words


def _late_choice(
    ts: Tokens, items: tuple[Amount, ...], i: int
) -> tuple[tuple[Amount, ...], Choice | None, int]:
    """ "prior to X or 5 half-lives, whichever is longer": the rest of the alternatives."""
    choice = read_choice(ts, i)
    if choice and len(items) > 1:
        return items, choice[0], choice[1]
    j = i + 1 if ts.words[i] in (",", "(") else i
    other = read_amounts(ts, ts.skip(j + 1, "inside")) if ts.words[j] == "or" else None
    if other is None or len(items) > 1 or len(other.items) > 1:
        return items, None, i
    tail = read_tail(ts, other.next)
    choice = read_choice(ts, tail.next if tail else other.next)
    return (items + other.items, *choice) if choice else (items, None, i)


def _duration(
    ts: Tokens, i: int, prefix: Prefix, amounts: Amounts, cue: CueRow | None
) -> Found | None:
    end = ts.skip(amounts.next, "duration_after")
    named = end > amounts.next or _after_duration_noun(ts, i) or _unbroken(ts, prefix, amounts)
    of_what = ts.words[amounts.next] == "of" and ts.number(prefix.next) is not None
    ranged = "between" in prefix.cues or "comparator" in prefix.cues
    if not (named or cue or of_what or ranged or "for" in prefix.cues):
        return None
    parts = DurationParts(amounts.items, cue.id if cue else None, amounts.choose)
    start = ts.start(i)
    mention = TimeMention(
        "duration", start, ts.end(end), parts, _duration_source(prefix, cue, named)
    )
    return Found(mention, end)


def _unbroken(ts: Tokens, prefix: Prefix, amounts: Amounts) -> bool:
    """ "24 consecutive months" is a duration whatever stands around it."""
    cues = (ts.cue(k, "amount_word") for k in range(prefix.next, amounts.next))
    return any(cue and cue[0].closed for cue in cues)


def _duration_source(prefix: Prefix, cue: CueRow | None, named: bool) -> str:
    if "for" in prefix.cues:
        return "time.duration.for"
    return "time.duration.bound" if cue else "time.duration.named" if named else "time.duration.of"


_LINKS = ("of", "is", "was", ":", "=", "be", "must", "should")


def _after_duration_noun(ts: Tokens, i: int) -> bool:
    """ "duration of", "washout is", "life expectancy:" directly before word i."""
    j = i
    while j > max(i - 4, 0) and ts.words[j - 1] in _LINKS:
        j -= 1
    if any(ts.skip(k, "duration_before") >= j > k for k in range(max(j - 3, 0), j)):
        return True
    return ts.words[i - 1] == "of" and any(
        ts.words[k] == "duration" and ts.words[k + 1] == "of" for k in range(max(i - 6, 0), i - 2)
    )
