"""Words that say history, present or plan by themselves: "history of", "currently"."""

from trialcriteria.tag.time.amounts import read_amounts
from trialcriteria.tag.time.anchors import unsaid
from trialcriteria.tag.time.events import read_at, read_bare, restarted, window_found
from trialcriteria.tag.time.frames import read_prefix
from trialcriteria.tag.time.lexicon import CueRow
from trialcriteria.tag.time.model import AnchorWords, Bound, Side, WindowParts
from trialcriteria.tag.time.phrases import Found, read_timed
from trialcriteria.tag.time.tokens import Tokens


def read_cue(ts: Tokens, i: int) -> Found | None:
    """Words that say history, present or plan by themselves: "history of", "currently"."""
    cue = ts.cue(i, "window")
    if cue is None:
        return None
    row, j = _current_too(ts, *cue) or cue
    side, event = row.side, row.event
    if event is None or side is None or side == "near":
        return None
    if ts.words[j - 1] == "of" and (timed := read_timed(ts, j)) and timed.mention:
        return Found(None, j)
    if ts.has(j, "age"):
        return None  # "postnatal age"
    explicit = _explicit(ts, j + (side == "at" and ts.words[j] == "or"))
    if explicit and event == "now":
        return _looking_ahead(restarted(ts, i, explicit), side)
    anchor = unsaid(ts, j) if event == "now" else AnchorWords(event, ts.start(i), ts.end(j))
    source = "time.event.same" if event == "event" else row.id
    return window_found(ts, i, j, WindowParts(side, anchor), source)


def read_past_aside(ts: Tokens, i: int) -> Found | None:
    """ "History (< 5 years) of": how long ago stands in brackets between the words."""
    j = ts.skip(i, "past_word")
    if ts.words[j] != "(":
        return None
    prefix = read_prefix(ts, j + 1)
    amounts = read_amounts(ts, prefix.next, implied=True)
    if amounts is None or ts.words[amounts.next] != ")":
        return None
    end = amounts.next + 1
    end += ts.words[end] == "of"
    cue = amounts.comparator or prefix.cues.get("comparator")
    bound: Bound = "low" if cue and cue.bound == "low" else "within"
    parts = WindowParts("before", unsaid(ts, end), bound, amounts.items, amounts.choose)
    return window_found(ts, i, end, parts, "time.history")


def _current_too(ts: Tokens, row: CueRow, i: int) -> tuple[CueRow, int] | None:
    """ "current or former", "present or planned": the farther of two cues, and the index behind."""
    other = ts.cue(i + 1, "window") if ts.words[i] in ("or", "and", "/") else None
    if other is None or {row.event, other[0].event} != {"now"} or row.side == other[0].side:
        return None
    if "at" not in (row.side, other[0].side):
        return None
    return (row if other[0].side == "at" else other[0]), other[1]


def _explicit(ts: Tokens, i: int) -> Found | None:
    """The window in so many words at word i, to which the cue before it belongs."""
    timed = read_timed(ts, i) if ts.has(i, "inside") or ts.has(i, "look") else None
    found = timed or read_at(ts, i) or read_bare(ts, i)
    is_window = found and found.mention and found.mention.kind == "window"
    return found if is_window else None


def _looking_ahead(found: Found, side: Side) -> Found:
    """ "planned within 6 months" lies ahead; "currently or within 6 months" does not."""
    old = found.mention
    if old is None or side != "after" or not isinstance(old.parts, WindowParts):
        return found
    if old.source != "time.window.within":
        return found
    return found._replace(mention=old._replace(parts=old.parts._replace(side=side)))
