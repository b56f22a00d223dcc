"""Reads numbers of events: "at least two" exacerbations, "3 or more" relapses, "twice a week"."""

from collections.abc import Iterable
from typing import NamedTuple

from trialcriteria.tag.time.lexicon import CueRow
from trialcriteria.tag.time.model import FREQUENCY, OF_CONCEPT, CountParts, Rate, TimeMention
from trialcriteria.tag.time.phrases import Found
from trialcriteria.tag.time.subjects import Place
from trialcriteria.tag.time.tokens import Tokens

_MOST_ADJECTIVES = 6
_MOST_DIGITS = 2  # of a number without comparator; longer ones are names and codes
_MEASURED = frozenset(("-", "count", "counts"))  # "one platelet count"
_MOST_BETWEEN = 4  # words between what is counted and "per day"
_PLURALS = frozenset(("teeth", "foci"))  # besides those in s
_BETWEEN = frozenset(("or", "of", "the", "(", ")"))
_TAKING = ("smok", "drink", "consum", "intake", "tobacco")
_NAMED = CueRow(id="time.countable_concept", role="countable", forms=(), closed=True)
_PAIRED = frozenset(("and", "&", "/"))
_NEXT_EVENT = frozenset(("direction", "ago"))  # "two doses a week before"


class _Number(NamedTuple):
    """A number at a word, its upper end, the row that bounds it, the index behind it."""

    low: str
    high: str | None
    bound: CueRow | None
    next: int
    word: bool  # "twice", which needs no noun


class _Noun(NamedTuple):
    """What is counted, from word to word: events, or the days on which they happen."""

    start: int
    end: int
    day: str | None = None


def mark_named(ts: Tokens, named: Iterable[Place]) -> None:
    """Lets the last words of these concepts be counted, too ("at least 2 opioids")."""
    for _, end in named:
        last = ts.index_at(end) - 1
        if not ts.has(last, "countable"):
            ts.roles[last] = {**ts.roles[last], "countable": (_NAMED, 1)}
            ts.present |= {"countable"}


def read_count(ts: Tokens, i: int) -> Found | None:
    """A number at word i with a countable noun behind, or a word such as "twice"."""
    number = _number(ts, i)
    if number is None:
        return None
    if number.word:
        return None if _lone(ts, number) else _found(ts, i, number, None, None)
    noun = _noun(ts, number.next)
    if noun is None or _is_labelled(ts, i) or not _is_plain(ts, i, number, noun):
        return None
    return _found(ts, i, number, noun, None)


def is_bounded_count(ts: Tokens, i: int) -> bool:
    """ "2 or more lines", behind "after" no event but so many things."""
    found = read_count(ts, i) if ts.number(i) or ts.roles[i] else None
    parts = found.mention.parts if found and found.mention else None
    return isinstance(parts, CountParts) and parts.comparator is not None


def read_frequency(ts: Tokens, i: int) -> Found | None:
    """ "More than twice a week", "> 4 days per month", "15 or more headache days per month"."""
    number = _number(ts, i)
    if number is None:
        return None
    noun = None if number.word else _days(ts, number.next) or _noun(ts, number.next)
    if not (number.word or noun) or (noun and _is_taken(ts, i, noun)):
        return None
    rate = _rate(ts, noun.end if noun else number.next)
    return _found(ts, i, number, noun, rate) if rate else None


def _found(
    ts: Tokens, i: int, number: _Number, noun: _Noun | None, rate: tuple[Rate, int] | None
) -> Found:
    """The mention; it leaves out the noun, and what stands between that and "per day"."""
    whole = noun and rate and (noun.day or ts.has(noun.start, "times"))
    end = noun.end if noun and whole else number.next
    if rate and ts.end(end) + 1 >= rate[0].start:
        end = rate[1]
    parts = CountParts(
        number.low,
        number.high,
        number.bound.id if number.bound else None,
        (ts.start(noun.start), ts.end(noun.end)) if noun else None,
        noun.day if noun else None,
        rate[0] if rate else None,
    )
    source = OF_CONCEPT if noun and _is_closed(ts, noun) else "time.count"
    source = FREQUENCY if rate and (number.bound or number.high) else source
    return Found(TimeMention("count", ts.start(i), ts.end(end), parts, source), end)


def _number(ts: Tokens, i: int) -> _Number | None:
    if ts.has(i, "between"):
        return _between(ts, i + 1)
    before = ts.cue(i, "comparator")
    j = before[1] if before else i
    word = ts.cue(j, "number_word")
    if word and word[0].number:
        more = ts.cue(word[1] + 1, "number_word") if ts.words[word[1]] in ("or", "to") else None
        after = ts.cue(word[1], "comparator_after")
        bound, end = before or after, (more or after or word)[1]
        high = more[0].number if more else None
        found = _Number(word[0].number, high, bound[0] if bound else None, end, word=True)
        return _up_to(ts, found)
    j = ts.skip(j, "filler")
    low = ts.number(j)
    if low is None or not low.isdigit() or _is_name(ts, i):
        return None
    high, after, end = _rest(ts, j + 1)
    bound = after or before
    return _up_to(ts, _Number(low, high, bound[0] if bound else None, end, word=False))


def _up_to(ts: Tokens, least: _Number) -> _Number:
    """ "At least 1 and no more than 3"."""
    if not (least.bound and least.bound.bound == "low" and least.bound.inclusive):
        return least
    most = ts.cue(least.next + (ts.words[least.next] in ("and", "but", ",")), "comparator")
    if not (most and most[0].bound == "high" and most[0].inclusive):
        return least
    word = ts.cue(most[1], "number_word")
    high = word[0].number if word else ts.number(most[1])
    if high is None or not high.isdigit():
        return least
    return least._replace(high=high, bound=None, next=word[1] if word else most[1] + 1)


def _between(ts: Tokens, i: int) -> _Number | None:
    """ "Between 4 and 14"."""
    low, high = ts.number(i), ts.number(i + 2)
    if low is None or high is None or ts.words[i + 1] != "and":
        return None
    return _Number(low, high, None, i + 3, word=False)


def _rest(ts: Tokens, i: int) -> tuple[str | None, tuple[CueRow, int] | None, int]:
    """Upper end, comparator behind, and the index after both."""
    i += 3 if ts.words[i] == "(" and ts.words[i + 2] == ")" and ts.number(i + 1) else 0
    joined = ts.words[i] in ("-", "to", "or") and ts.number(i + 1) is not None
    high, i = (ts.number(i + 1), i + 2) if joined else (None, i)
    after = ts.cue(i, "comparator_after")
    return high, after, after[1] if after else i


def _is_name(ts: Tokens, i: int) -> bool:
    """The number of "SGLT-2", "5α", "11q23" and "5-fluorouracil" is part of a name."""
    k = i + 1 + (ts.words[i + 1] == "-")
    joined = ts.words[k][:1].isalpha() and ts.start(k) - ts.end(i + 1) == k - i - 1
    if ts.number(i) is not None and joined:
        return True
    return i > 1 and ts.words[i - 1] == "-" and ts.end(i) == ts.start(i)


def _is_labelled(ts: Tokens, i: int) -> bool:
    """ "Grade 2 events", "HIV 1 and 2 antibodies": the number names, it does not count."""
    k = i - 2 if i > 1 and ts.words[i - 1] in _PAIRED else i - 1
    return i > 0 and (ts.has(i - 1, "scale") or ts.number(k) is not None)


def _is_plain(ts: Tokens, i: int, number: _Number, noun: _Noun) -> bool:
    """A bare number counts where it is short, and not before "4 inhibitors", "2 infection"."""
    if _multiplies(ts, noun):
        return False
    if number.bound:
        return True
    if len(number.low) > _MOST_DIGITS:
        return False
    cue = ts.cue(noun.start, "countable")
    if ts.words[i].isdigit() and cue and cue[0].closed:
        return False
    last = ts.words[noun.end - 1]
    if cue and cue[0] is _NAMED and number.low == "1":
        return False  # "one" may stand for the article
    return number.low == "1" or number.high is not None or last[-1] == "s" or last in _PLURALS


def _lone(ts: Tokens, number: _Number) -> bool:
    """ "Twice the upper limit", "twice-daily" and "once" alone are no numbers of events."""
    end = number.next
    if ts.has(end + (ts.words[end] == "-"), "multiple"):
        return True
    return number.bound is None and number.low == "1"


def _noun(ts: Tokens, i: int) -> _Noun | None:
    """The countable noun at word i, or behind a few adjectives."""
    named = None
    for j in range(i, i + _MOST_ADJECTIVES):
        noun = ts.skip(j, "countable")
        if noun > j:
            found = _Noun(j, noun)
            compound = ts.words[noun] in _MEASURED or (j > i and ts.has(j, "times"))
            if not _is_closed(ts, found):
                return None if compound else found
            named = named if compound else found
        if not _is_adjective(ts, j):
            return named
    return named


def _is_closed(ts: Tokens, noun: _Noun) -> bool:
    """Whether the noun may name what another one counts: the "drug" of "drug regimens"."""
    cue = ts.cue(noun.start, "countable")
    return cue is not None and cue[0].closed


def _is_taken(ts: Tokens, i: int, noun: _Noun) -> bool:
    """ "Smoker of 10 cigarettes a day": an amount, which the value grammar reads."""
    cue = ts.cue(noun.start, "countable")
    if cue is None or not cue[0].taken:
        return False
    return any(ts.words[k].startswith(_TAKING) for k in range(max(i - _MOST_BETWEEN, 0), i))


def _multiplies(ts: Tokens, noun: _Noun) -> bool:
    """ "3 times the upper limit" is no number of events."""
    return ts.has(noun.start, "times") and ts.has(noun.end, "multiple")


def _is_adjective(ts: Tokens, i: int) -> bool:
    """ "HIV-1", "HER2" and "platinum-based" are words before a noun, too."""
    text = ts.words[i]
    if text == "-" or (ts.words[i - 1] == "-" and ts.start(i) == ts.end(i)):
        return True
    if ts.has(i, "stop") or ts.has(i, "unit"):
        return text == "other"
    return text.isalnum() and text[0].isalpha() and text != "of"


def _days(ts: Tokens, i: int) -> _Noun | None:
    """The days of "4 days per month"."""
    unit = ts.unit(i)
    return _Noun(i, unit[1], unit[0].id) if unit and unit[0].id == "day" else None


def _rate(ts: Tokens, i: int) -> tuple[Rate, int] | None:
    """ "Per week", "/day" at word i, or behind "or equivalent", and the index behind it."""
    for j in range(i, i + _MOST_BETWEEN + 1):
        cue = ts.cue(j, "per") or (ts.cue(j + 1, "per") if ts.words[j] == "-" else None)
        if cue and cue[0].unit:
            apart = ts.words[cue[1]] == "apart" or not _NEXT_EVENT.isdisjoint(ts.roles[cue[1]])
            return None if apart else (Rate(cue[0].unit, ts.start(j), ts.end(cue[1])), cue[1])
        if not (_is_adjective(ts, j) or ts.words[j] in _BETWEEN):
            return None
    return None
