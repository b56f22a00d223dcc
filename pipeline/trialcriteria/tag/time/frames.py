"""What stands around an amount of time: the words before it, the event behind it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from trialcriteria.tag.time.amounts import skip_sign
from trialcriteria.tag.time.anchors import AnchorRead, read_anchor, read_known
from trialcriteria.tag.time.lexicon import CueRow
from trialcriteria.tag.time.model import AnchorWords, Side
from trialcriteria.tag.time.tokens import PADDING, Tokens

_MOST_PREFIX_WORDS = 8
_MOST_BRACKETED = 16
_GOES_ON = frozenset(("direction", "elapsed"))
_MOST_BETWEEN = 16  # words of the first of two events
_JOINTS = {"between": "and", "from": "to"}
_CLAUSE_ENDS = frozenset((".", ";", ":"))
_PREFIX_ROLES = ("look", "comparator", "inside", "for", "until", "first", "between", "filler")


@dataclass(slots=True)
class Prefix:
    """The words before an amount, by role, and the index behind them."""

    next: int
    cues: dict[str, CueRow] = field(default_factory=dict)
    article: bool = False

    def is_within(self) -> bool:
        """ "within", which reaches up to the anchor or to now."""
        return "inside" in self.cues and self.cues["inside"].closed

    def side(self, role: str) -> Side | None:
        side = self.cues[role].side if role in self.cues else None
        return None if side == "near" else side


class Tail(NamedTuple):
    """What follows an amount: the side (None: the event decides) of which event (None: now).

    ``ago``: the amount leads back to one moment and is no stretch of time.
    """

    side: Side | None
    anchor: AnchorRead | None
    next: int
    ago: bool = False


def read_prefix(ts: Tokens, i: int) -> Prefix:
    prefix = Prefix(i)
    while prefix.next < i + _MOST_PREFIX_WORDS:
        prefix.next = skip_sign(ts, prefix.next)
        role = _prefix_role(ts, prefix.next)
        cue = ts.cue(prefix.next, role) if role else None
        if role is None or cue is None or _begins_amount(ts, prefix.next):
            break
        if role == "filler":
            prefix.article = prefix.article or _is_article(ts, prefix.next)
        else:
            prefix.cues.setdefault(role, cue[0])
        prefix.next = cue[1] + _hyphened_unit(ts, role, cue[1])
    return prefix


def _prefix_role(ts: Tokens, i: int) -> str | None:
    """The role of word i; "over the 4 weeks" is no more than "in the 4 weeks"."""
    here = ts.roles[i]
    role = next((r for r in _PREFIX_ROLES if r in here), None) if here else None
    return (
        "inside" if role == "comparator" and "inside" in here and _is_article(ts, i + 1) else role
    )


def _is_article(ts: Tokens, i: int) -> bool:
    return ts.words[i] in ("the", "a", "an")


def _hyphened_unit(ts: Tokens, role: str, i: int) -> bool:
    """ "past-week": the hyphen between is skipped."""
    return role == "look" and ts.words[i] == "-" and ts.has(i + 1, "unit")


def _begins_amount(ts: Tokens, i: int) -> bool:
    """ "a week" and "the longer of" belong to the amount; "a minimum" and "the past" do not."""
    if ts.has(i, "whichever"):
        return True
    return ts.words[i] in ("a", "an") and ts.has(ts.skip(i + 1, "amount_word"), "unit")


def _skip_aside(ts: Tokens, i: int) -> int:
    """Index behind "(6 weeks for nitrosoureas)" where the phrase goes on; else i."""
    if ts.words[i] != "(":
        return i
    for j in range(i + 1, min(i + _MOST_BRACKETED, len(ts.words) - PADDING)):
        if ts.words[j] == ")":
            goes_on = _GOES_ON.intersection(ts.roles[j + 1]) or ts.words[j + 1] == "between"
            return j + 1 if goes_on else i
    return i


def interlude(ts: Tokens, i: int) -> int:
    """Index behind "period", "immediately" and the like."""
    i = _skip_interludes(ts, i)
    behind = _skip_aside(ts, i)
    return i if behind == i else _skip_interludes(ts, behind)


def _skip_interludes(ts: Tokens, i: int) -> int:
    for _ in range(3):
        i = ts.skip(i, "interlude", "elapsed")
    return i


def read_directions(ts: Tokens, i: int) -> tuple[CueRow, Side | None, int] | None:
    """ "prior to", "before or after", "prior to or during": the first row, the sides joined."""
    first = ts.cue(i, "direction")
    if first is None or ts.has(i, "state"):
        return None
    side, j = first[0].side, first[1]
    while ts.words[j] in ("or", "and", "/", ",") and (other := _another_side(ts, j + 1)):
        side = "both" if {side, other[0]} == {"before", "after"} else side
        j = other[1] + (ts.words[j] == "," == ts.words[other[1]])
    return first[0], None if side == "near" else side, j


def _another_side(ts: Tokens, i: int) -> tuple[str | None, int] | None:
    i += 1 if ts.words[i] in ("or", "and") else 0
    cue = ts.cue(i, "direction") or ts.cue(i, "at")
    return (cue[0].side, cue[1]) if cue and cue[0].side != "near" else None


def read_tail(ts: Tokens, i: int) -> Tail | None:
    """Side and anchor behind an amount that ends before word i."""
    j = interlude(ts, i)
    since = ts.cue(j + (ts.words[j] == "-"), "since_event")
    if since and since[0].event and not ts.has(since[1], "age"):
        words = AnchorWords(since[0].event, ts.start(j), ts.end(since[1]))
        return Tail("after", AnchorRead(words, None, since[1]), since[1])
    between = _between(ts, j)
    if between:
        return between
    read = read_directions(ts, j)
    if read:
        row, side, k = read
        anchor = read_known(ts, k) if row.bare == "none" and side else read_anchor(ts, k)
        if anchor or row.side in ("before", "after"):
            return _with_anchor(side, anchor, k)
    ago = ts.cue(j, "ago")
    return Tail("before", None, ago[1], ago=True) if ago else None


def _between(ts: Tokens, i: int) -> Tail | None:
    """ "At least 28 days between" the last dose "and registration": so long before the latter."""
    joint = _JOINTS.get(ts.words[i])
    if joint is None:
        return None
    for k in range(i + 2, min(i + _MOST_BETWEEN, len(ts.words) - PADDING)):
        if ts.words[k] in _CLAUSE_ENDS:
            return None
        read = read_known(ts, k + 1) if ts.words[k] == joint else None
        if read:
            return Tail("before", read, i + 1)
    return None


def read_unled(ts: Tokens, i: int) -> Tail | None:
    """ "within 30 days screening", "within 30 days, before screening": a known event."""
    parted = read_directions(ts, i + 1) if ts.words[i] == "," else None
    read = read_known(ts, parted[2] if parted else i) if parted or ts.has(i, "anchor") else None
    unmistakable = read and read.row and not read.row.closed
    return Tail(parted[1] if parted else None, read, read.next) if read and unmistakable else None


def _with_anchor(side: Side | None, anchor: AnchorRead | None, j: int) -> Tail:
    return Tail(side, anchor, anchor.next if anchor else j)
