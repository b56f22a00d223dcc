"""Phrases built on an amount of time: "within 2 weeks prior to X", "for at least 3 months"."""

from dataclasses import dataclass, field

from trialcriteria.tag.time.amounts import Amounts, Choice, read_amounts, read_choice
from trialcriteria.tag.time.anchors import AnchorRead, read_anchor, read_known, unsaid
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
from trialcriteria.tag.time.tokens import Tokens

_MOST_PREFIX_WORDS = 8
_MOST_BRACKETED = 16
_PREFIX_ROLES = ("look", "comparator", "inside", "for", "until", "first", "between", "filler")


@dataclass(slots=True)
class Prefix:
    """The words before an amount, by role, and the index behind them."""

    next: int
    cues: dict[str, CueRow] = field(default_factory=dict)
    article: bool = False

    def side(self, role: str) -> Side | None:
        side = self.cues[role].side if role in self.cues else None
        return None if side == "near" else side


@dataclass(frozen=True, slots=True)
class Tail:
    """What follows an amount: which side of which event; "near" leaves the side open."""

    side: Side | None
    anchor: AnchorRead | None
    next: int


@dataclass(frozen=True, slots=True)
class Found:
    """A mention (None: words that only look like one) and the index behind it."""

    mention: TimeMention | None
    next: int


def read_prefix(ts: Tokens, i: int) -> Prefix:
    prefix = Prefix(i)
    while prefix.next < i + _MOST_PREFIX_WORDS:
        role = next((r for r in _PREFIX_ROLES if ts.cue(prefix.next, r)), None)
        cue = ts.cue(prefix.next, role) if role else None
        if role is None or cue is None or _begins_amount(ts, prefix.next):
            break
        if role == "filler":
            prefix.article = prefix.article or ts.text(prefix.next) in ("the", "a", "an")
        else:
            prefix.cues.setdefault(role, cue[0])
        prefix.next = cue[1]
    return prefix


def _begins_amount(ts: Tokens, i: int) -> bool:
    """ "a week" belongs to the amount; "a minimum" and "the past" do not."""
    return ts.text(i) in ("a", "an") and ts.has(ts.skip(i + 1, "amount_word"), "unit")


def _skip_aside(ts: Tokens, i: int) -> int:
    """Index behind "(6 weeks for nitrosoureas)" where a direction follows it; else i."""
    if ts.text(i) != "(":
        return i
    for j in range(i + 1, min(i + _MOST_BRACKETED, len(ts.words) - 1)):
        if ts.text(j) == ")":
            return j + 1 if ts.has(j + 1, "direction") else i
    return i


def _interlude(ts: Tokens, i: int) -> int:
    """Index behind "period", "immediately" and the like."""
    for _ in range(3):
        i = ts.skip(i, "interlude")
    return _skip_aside(ts, i)


def read_directions(ts: Tokens, i: int) -> tuple[CueRow, Side | None, int] | None:
    """ "prior to", "before or after", "prior to or during": the first row, the sides joined."""
    first = ts.cue(i, "direction")
    if first is None:
        return None
    side, j = first[0].side, first[1]
    while ts.text(j) in ("or", "and", "/", ",") and (other := _another_side(ts, j + 1)):
        side = "both" if {side, other[0]} == {"before", "after"} else side
        j = other[1]
    return first[0], None if side == "near" else side, j


def _another_side(ts: Tokens, i: int) -> tuple[str | None, int] | None:
    i += 1 if ts.text(i) == "or" else 0
    cue = ts.cue(i, "direction") or ts.cue(i, "at")
    return (cue[0].side, cue[1]) if cue and cue[0].side != "near" else None


def read_tail(ts: Tokens, i: int) -> Tail | None:
    """Side and anchor behind an amount that ends before word i."""
    j = _interlude(ts, i)
    read = read_directions(ts, j)
    if read:
        row, side, k = read
        anchor = read_known(ts, k) if row.bare == "none" and side else read_anchor(ts, k)
        if anchor or row.side in ("before", "after"):
            return _with_anchor(side, anchor, k)
    ago = ts.cue(j, "ago")
    return Tail("before", None, ago[1]) if ago else None


def _with_anchor(side: Side | None, anchor: AnchorRead | None, j: int) -> Tail:
    return Tail(side, anchor, anchor.next if anchor else j)


def _default_side(prefix: Prefix, anchor: AnchorRead) -> Side:
    """Where "within 2 weeks of X" lies: by the event; the first weeks of a period are in it."""
    row = anchor.row
    if row is None:
        return "after"
    return "after" if "first" in prefix.cues and anchor.period else row.side


def _bound(prefix: Prefix, cue: CueRow | None, side: Side) -> Bound:
    if "inside" in prefix.cues and prefix.cues["inside"].closed or "look" in prefix.cues:
        return "within"
    lasting = "for" in prefix.cues or "until" in prefix.cues
    if cue is None or side == "both" or (lasting and side == "after"):
        return "within"
    return cue.bound or "within"


def read_timed(ts: Tokens, i: int) -> Found | None:
    """A phrase with an amount that begins at word i: a window, a duration, or a look-alike."""
    prefix = read_prefix(ts, i)
    loose = prefix.article or bool(prefix.cues.keys() - {"between"})
    amounts = read_amounts(ts, prefix.next, "between" in prefix.cues, implied=loose)
    if amounts is None:
        return None
    if is_rate(ts, prefix.next, amounts.next):
        return Found(None, amounts.next)
    cue = amounts.comparator or prefix.cues.get("comparator")
    amounts, cue = _two_sided(ts, amounts, cue)
    tail = read_tail(ts, amounts.next)
    if is_age(ts, i, amounts, bare=tail is None and "for" not in prefix.cues):
        return Found(None, amounts.next)
    if _lacks_number(ts, prefix) and not (tail and tail.side):
        return None
    window = _window(ts, i, prefix, amounts, cue, tail)
    return window or _duration(ts, i, prefix, amounts, cue)


def _lacks_number(ts: Tokens, prefix: Prefix) -> bool:
    """ "the week", which says something only with "before" or "past"."""
    return ts.has(prefix.next, "unit") and "look" not in prefix.cues


def _two_sided(ts: Tokens, amounts: Amounts, cue: CueRow | None) -> tuple[Amounts, CueRow | None]:
    """ "at least 3 but no more than 12 months": a range with both ends bounded."""
    j = amounts.next + 1 if ts.text(amounts.next) == "," else amounts.next
    upper = ts.cue(j + 1, "comparator") if ts.text(j) in ("and", "but") else None
    first = amounts.items[0]
    if upper is None or cue is None or {cue.bound, upper[0].bound} != {"low", "high"} or first.high:
        return amounts, cue
    other = read_amounts(ts, upper[1])
    if other is None or len(other.items) > 1 or len(amounts.items) > 1:
        return amounts, cue
    ends = (first.low, other.items[0].low)
    low, high = ends if cue.bound == "low" else ends[::-1]
    item = Amount(low, high, first.start, other.items[0].end)
    return Amounts((item,), None, None, other.next), None


def _window(
    ts: Tokens, i: int, prefix: Prefix, amounts: Amounts, cue: CueRow | None, tail: Tail | None
) -> Found | None:
    look = prefix.side("look")
    if look:
        return _looking(ts, i, look, amounts, tail)
    if tail and tail.anchor and _is_hung(ts, prefix, amounts, cue, tail):
        side = tail.side or _default_side(prefix, tail.anchor)
        bound = _bound(prefix, cue, side)
        return _finish(ts, i, side, bound, amounts, tail, "time.window.anchored")
    if tail and tail.anchor is None and tail.side and "for" not in prefix.cues:
        return _finish(ts, i, tail.side, _ago_bound(prefix, cue, tail), amounts, tail, "time.window.ago")
    if "inside" in prefix.cues and prefix.cues["inside"].closed:
        none = Tail("before", None, amounts.next)
        return _finish(ts, i, "before", "within", amounts, none, "time.window.within")
    return None


def _ago_bound(prefix: Prefix, cue: CueRow | None, tail: Tail) -> Bound:
    """ "5 years ago" is just then; "30 days prior" is a stretch up to now."""
    return "within" if "inside" in prefix.cues else (cue.bound if cue and cue.bound else "exact")


def _looking(ts: Tokens, i: int, look: Side, amounts: Amounts, tail: Tail | None) -> Found:
    """ "the past 6 months", with or without "prior to screening"."""
    hung = tail if tail and (tail.side or tail.anchor and tail.anchor.row) else None
    end = hung or Tail(look, None, amounts.next)
    side = look if end.anchor is None else "before"
    return _finish(ts, i, side, "within", amounts, end, "time.window.look")


def _is_hung(
    ts: Tokens, prefix: Prefix, amounts: Amounts, cue: CueRow | None, tail: Tail
) -> bool:
    """Whether the amount counts from the anchor: not in "for 3 months prior to", "8 weeks of X"."""
    inside = "inside" in prefix.cues or "first" in prefix.cues
    if tail.side == "before" and "for" in prefix.cues and not prefix.article:
        return False
    if tail.side or inside:
        return True
    row = tail.anchor.row if tail.anchor else None
    if row is None or row.closed:
        return False
    preposition = ts.text(_interlude(ts, amounts.next))
    return preposition == "from" or bool(cue and cue.bound == "high")


def _finish(
    ts: Tokens, i: int, side: Side, bound: Bound, amounts: Amounts, tail: Tail, source: str
) -> Found:
    """Build the window, with the alternatives that stand behind the anchor."""
    items, choose, end = amounts.items, amounts.choose, tail.next
    if choose is None:
        items, choose, end = _late_choice(ts, items, end)
    anchor = _anchor_of(tail) or unsaid(ts, tail.next)
    parts = WindowParts(side, anchor, bound, items, choose)
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
    j = i + 1 if ts.text(i) in (",", "(") else i
    other = read_amounts(ts, ts.skip(j + 1, "inside")) if ts.text(j) == "or" else None
    if other is None or len(items) > 1 or len(other.items) > 1:
        return items, None, i
    tail = read_tail(ts, other.next)
    choice = read_choice(ts, tail.next if tail else other.next)
    return (items + other.items, *choice) if choice else (items, None, i)


def _duration(
    ts: Tokens, i: int, prefix: Prefix, amounts: Amounts, cue: CueRow | None
) -> Found | None:
    end = ts.skip(amounts.next, "duration_after")
    named = end > amounts.next or _after_duration_noun(ts, i)
    of_what = ts.text(amounts.next) == "of" and ts.number(prefix.next) is not None
    ranged = "between" in prefix.cues
    if not (named or cue or of_what or ranged or "for" in prefix.cues):
        return None
    parts = DurationParts(amounts.items, cue.id if cue else None, amounts.choose)
    start = ts.start(i)
    mention = TimeMention("duration", start, ts.end(end), parts, _duration_source(prefix, cue, named))
    return Found(mention, end)


def _duration_source(prefix: Prefix, cue: CueRow | None, named: bool) -> str:
    if "for" in prefix.cues:
        return "time.duration.for"
    return "time.duration.bound" if cue else "time.duration.named" if named else "time.duration.of"


def _after_duration_noun(ts: Tokens, i: int) -> bool:
    """ "duration of", "washout is", "life expectancy:" directly before word i."""
    j = i
    while j > max(i - 4, 0) and ts.text(j - 1) in ("of", "is", "was", ":", "=", "be", "must", "should"):
        j -= 1
    return any(ts.skip(k, "duration_before") == j > k for k in range(max(j - 3, 0), j))
