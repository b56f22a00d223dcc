"""Reads the event that a window hangs on: "prior to" **the first dose of study drug**."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from trialcriteria.schema import AnchorEvent
from trialcriteria.tag.time.lexer import is_dotted_date, is_number
from trialcriteria.tag.time.lexicon import AnchorRow
from trialcriteria.tag.time.model import AnchorWords
from trialcriteria.tag.time.tokens import Tokens

_MOST_WORDS = 10
_MOST_WORDS_OF_OTHER = 8
_MOST_WORDS_OF_DATE = 6
_DATE_SIGNS = frozenset(("/", ".", ",", "-", "st", "nd", "rd", "th"))
_YEAR = re.compile(r"(?:19|20)[0-9][0-9]")
_STUDY_ROLES = frozenset(("study_word", "start", "passing", "end", "filler", "anchor"))


class AnchorRead(NamedTuple):
    """An anchor, its lexicon row (None: an event the lexicon does not know), the index behind.

    ``foreign`` counts the modifiers that no row explains ("CT1192" infusion). ``period``: the
    words name a stretch of time ("treatment") and not its start or end. ``vague``: one word that
    may as well be no event at all ("at a dose").
    """

    words: AnchorWords
    row: AnchorRow | None
    next: int
    foreign: int = 0
    period: bool = False
    vague: bool = False

    def at(self) -> AnchorWords:
        """The event of "during treatment", which is the whole study."""
        return self._treatment_as("study")

    def behind(self) -> AnchorWords:
        """The event of "after treatment", which is its last dose."""
        return self._treatment_as("last_dose")

    def _treatment_as(self, event: AnchorEvent) -> AnchorWords:
        words = self.words
        changes = self.period and words.event == "first_dose"
        return AnchorWords(event, words.start, words.end) if changes else words


@dataclass(slots=True)
class _Scan:
    """State while reading on: where we are, whether "start of" or "end of" was seen."""

    at: int
    starting: bool = False
    ending: bool = False
    foreign: int = 0


def _hyphenated(ts: Tokens, i: int) -> bool:
    """Word i is a hyphen inside a word ("add-on"), or the part behind it."""
    if "-" not in (ts.words[i], ts.words[i - 1]) or not ts.words[i + 1]:
        return False
    k = i if ts.words[i] == "-" else i - 1
    joined = ts.end(k) == ts.start(k) and ts.end(k + 1) == ts.start(k + 1)
    return joined and ts.words[k + 1][0].isalnum()


def _stops(ts: Tokens, i: int) -> bool:
    """A clause ends here: punctuation, a verb or preposition, another direction."""
    here = ts.roles[i]
    if "anchor" in here or _hyphenated(ts, i):
        return False
    if "stop" in here or (here and _turns(ts, i)):
        return True
    return not (ts.words[i][:1].isalnum() or ts.number(i))


def _turns(ts: Tokens, i: int) -> bool:
    cue = ts.cue(i, "direction")
    turning = cue is not None and cue[0].side in ("before", "after") and cue[0].bare == "any"
    return turning or ts.has(i, "until")


def _is_product_code(text: str) -> bool:
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _fits(ts: Tokens, start: int, i: int, row: AnchorRow) -> bool:
    """A closed anchor stands alone or with study words: not "anti-TNF treatment"."""
    if not row.closed:
        return True
    return all(
        not _STUDY_ROLES.isdisjoint(ts.roles[k]) or _is_product_code(ts.words[k])
        for k in range(start, i)
    )


def _head(ts: Tokens, start: int) -> tuple[_Scan, int, AnchorRow] | None:
    """The anchor that is the head of the noun phrase at ``start``: its last word before "of"."""
    scan, segment, best = _Scan(start), start, None
    while scan.at < start + _MOST_WORDS and not _ends(ts, start, scan):
        found = ts.anchor(scan.at)
        if best and ts.has(scan.at, "tail"):
            break
        if found and _fits(ts, segment, scan.at, found[0]):
            best = (found[1], found[0])
            scan.at = found[1]
        elif ts.words[scan.at] == "of" or best:
            if best or scan.foreign:
                break
            scan.at, segment = scan.at + 1, scan.at + 1
        else:
            _pass(ts, scan)
    return (scan, *best) if best else None


def _ends(ts: Tokens, start: int, scan: _Scan) -> bool:
    """The noun phrase is over; "starting on treatment" goes on."""
    if not _stops(ts, scan.at):
        return False
    begun = ts.has(scan.at - 1, "start") or ts.has(scan.at - 1, "passing")
    goes_on = begun and scan.at > start and not scan.foreign
    return not (goes_on and ts.has(scan.at, "into"))


def _pass(ts: Tokens, scan: _Scan) -> None:
    """Step over a word before the head; note "start of", "end of" and words of another event."""
    start, end = ts.skip(scan.at, "start"), ts.skip(scan.at, "end")
    behind = max(start, end, ts.skip(scan.at, "passing", "filler"))
    scan.starting = scan.starting or start > scan.at
    scan.ending = scan.ending or end > scan.at
    scan.foreign += behind == scan.at
    scan.at = max(behind, scan.at + 1)


def _tail(ts: Tokens, i: int) -> int:
    """Index behind "visit", "(Day 1)", "into the study", "of CAR-T cells" after a known anchor."""
    while ts.has(i, "tail"):
        i = ts.skip(i, "tail")
    i += ts.words[i - 1] == "visit" and ts.number(i) is not None
    i = _bracketed_anchor(ts, i)
    j = ts.skip(ts.skip(i, "into"), "filler")
    found = ts.anchor(j) if ts.has(i, "into") else None
    if found and found[0].period:
        return found[1]
    return _complement(ts, i) if ts.words[i] == "of" else i


def _bracketed_anchor(ts: Tokens, i: int) -> int:
    """ "(Day 1)", "[screening]" behind an anchor."""
    found = ts.anchor(i + 1) if ts.words[i] in ("(", "[") else None
    if found and ts.words[found[1]] in (")", "]"):
        return found[1] + 1
    return i


def _complement(ts: Tokens, i: int) -> int:
    """Index behind "of" and its noun phrase."""
    j = i + 1
    while j < i + _MOST_WORDS_OF_OTHER and not _stops(ts, j):
        j = max(j + 1, ts.skip(j, "anchor"))
    return j


def _second(ts: Tokens, i: int) -> int:
    """Index behind a second anchor of the same kind of phrase: "screening or randomization"."""
    if ts.words[i] not in ("or", "/", "and"):
        return i
    j = ts.skip(i + 1, "filler")
    found = ts.anchor(j)
    return found[1] if found and not found[0].closed else i


def _event_of(row: AnchorRow, ending: bool) -> AnchorEvent:
    """The end of treatment is the last dose."""
    return "last_dose" if ending and row.event == "first_dose" else row.event


def _numbered(ts: Tokens, i: int) -> AnchorRead | None:
    """ "Day 15", "Week 12", "Visit 2": a point of the study's own calendar."""
    j = i + 2 if ts.words[i + 1] == "-" else i + 1
    known = ts.anchor(i)
    if (known and known[0].event != "visit") or not ts.number(j):
        return None
    if not (known or ts.has(i, "unit")) or ts.has(j + 1, "unit"):
        return None
    event: AnchorEvent = "visit" if known else "event"
    return AnchorRead(AnchorWords(event, ts.start(i), ts.end(j + 1)), None, j + 1)


def read_either(ts: Tokens, i: int) -> AnchorRead | None:
    """The second event of "at screening or baseline", "at screening and baseline" at word i."""
    and_or = ts.words[i : i + 3] == ["and", "/", "or"]
    if not and_or and ts.words[i] not in ("or", "/", "and"):
        return None
    j = ts.skip(i + (3 if and_or else 1), "filler")
    found = ts.anchor(j)
    return read_known(ts, j, alone=True) if found and not found[0].closed else None


def read_known(ts: Tokens, i: int, alone: bool = False) -> AnchorRead | None:
    """An anchor of the lexicon at word i, with its modifiers and what belongs to it.

    ``alone``: a second one behind "and" is not part of it ("between screening and baseline").
    """
    start = ts.skip(i + (ts.words[i] == "-"), "filler")
    head = _head(ts, start) if ts.anchor_ahead(start, _MOST_WORDS) else None
    if head is None:
        return _numbered(ts, start)
    scan, end, row = head
    edge = scan.starting or scan.ending
    vague = row.closed and not edge and not ts.has(end - 2, "anchor")
    end = _tail(ts, end)
    end = end if alone else _second(ts, end)
    words = AnchorWords(_event_of(row, scan.ending), ts.start(start), ts.end(end))
    return AnchorRead(words, row, end, scan.foreign, row.period and not edge, vague)


def read_date(ts: Tokens, i: int) -> AnchorRead | None:
    """ "2003", "January 2015", "1 March 2020", "31/12/2018": a date that ends with its year."""
    if is_dotted_date(ts.words[i]):
        return AnchorRead(AnchorWords("event", ts.start(i), ts.end(i + 1)), None, i + 1)
    j = i
    while j < i + _MOST_WORDS_OF_DATE and (
        ts.has(j, "month_name") or ts.words[j] in _DATE_SIGNS or is_number(ts.words[j])
    ):
        if _YEAR.fullmatch(ts.words[j]):
            return AnchorRead(AnchorWords("event", ts.start(i), ts.end(j + 1)), None, j + 1)
        j += 1
    return None


def read_other(ts: Tokens, i: int) -> AnchorRead | None:
    """An event the lexicon does not know: the noun phrase up to the end of its clause."""
    start = ts.skip(i + (ts.words[i] == "-"), "filler")
    if ts.number(start) and ts.words[start + 1] == "-":
        return None  # "the 30-day period" is a length, not an event
    j = start
    while j < start + _MOST_WORDS_OF_OTHER and not _stops(ts, j):
        j += 1
    while j > start and (ts.words[j - 1] in ("of", "-") or ts.has(j - 1, "filler")):
        j -= 1
    if j == start:
        return None
    return AnchorRead(AnchorWords("event", ts.start(start), ts.end(j)), None, j)


def read_anchor(ts: Tokens, i: int) -> AnchorRead | None:
    """Any event at word i: a known one, a numbered visit, or another one in its own words."""
    return read_known(ts, i) or read_date(ts, i) or read_other(ts, i)


def unsaid(ts: Tokens, i: int) -> AnchorWords:
    """The anchor "now" of a phrase that names none."""
    return AnchorWords("now", ts.end(i), ts.end(i))
