"""Reads numbers of events: "at least two" exacerbations, "3 or more" relapses, "twice"."""

from trialcriteria.tag.time.lexicon import CueRow
from trialcriteria.tag.time.model import CountParts, TimeMention
from trialcriteria.tag.time.phrases import Found
from trialcriteria.tag.time.tokens import Tokens

_MOST_ADJECTIVES = 6
_MOST_DIGITS = 2  # of a number without comparator; longer ones are names and codes


def read_count(ts: Tokens, i: int) -> Found | None:
    """A comparator and number at word i with a countable noun behind; the span leaves it out."""
    before = ts.cue(i, "comparator")
    if ts.has(before[1] if before else i, "number_word"):
        return _number_word(ts, i, before)
    j = ts.skip(before[1] if before else i, "filler")
    low = ts.number(j)
    if low is None or not low.isdigit() or _is_labelled(ts, i):
        return None
    high, after, end = _rest(ts, j + 1)
    if not _counts_events(ts, end):
        return None
    cue = after or before
    if cue is None and len(low) > _MOST_DIGITS:
        return None
    parts = CountParts(low, high, cue[0].id if cue else None)
    return Found(TimeMention("count", ts.start(i), ts.end(end), parts, "time.count"), end)


def _rest(ts: Tokens, i: int) -> tuple[str | None, tuple[CueRow, int] | None, int]:
    """Upper end, comparator behind, and the index after both."""
    i += 3 if ts.text(i) == "(" and ts.text(i + 2) == ")" and ts.number(i + 1) else 0
    joined = ts.text(i) in ("-", "to", "or") and ts.number(i + 1) is not None
    high, i = (ts.number(i + 1), i + 2) if joined else (None, i)
    after = ts.cue(i, "comparator_after")
    return high, after, after[1] if after else i


def _is_labelled(ts: Tokens, i: int) -> bool:
    """ "grade 2 events", "cycle 1 dose": the number names, it does not count."""
    return i > 0 and (ts.has(i - 1, "scale") or ts.number(i - 1) is not None)


def _counts_events(ts: Tokens, i: int) -> bool:
    """A countable noun follows, after at most a few adjectives."""
    for j in range(i, i + _MOST_ADJECTIVES):
        noun = ts.skip(j, "countable")
        if noun > j:
            times = ts.has(j, "times")
            return not (times and (j > i or ts.has(noun, "multiple"))) and ts.text(noun) != "-"
        if not _is_adjective(ts, j):
            return False
    return False


def _is_adjective(ts: Tokens, i: int) -> bool:
    text = ts.text(i)
    if text == "-":
        return True
    return text.isalpha() and not ts.has(i, "stop") and not ts.has(i, "unit") and text != "of"


def _number_word(ts: Tokens, i: int, before: tuple[CueRow, int] | None) -> Found | None:
    """ "twice", "more than once", "twice or more"; not "twice daily", "twice the upper limit"."""
    cue = ts.cue(before[1] if before else i, "number_word")
    if cue is None or cue[0].number is None:
        return None
    if ts.has(cue[1] + (ts.text(cue[1]) == "-"), "multiple"):
        return None
    after = ts.cue(cue[1], "comparator_after")
    bound, end = (before or after), after[1] if after else cue[1]
    if bound is None and cue[0].closed:
        return None
    parts = CountParts(cue[0].number, None, bound[0].id if bound else None)
    return Found(TimeMention("count", ts.start(i), ts.end(end), parts, "time.count"), end)
