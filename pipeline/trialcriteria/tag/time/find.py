"""Reads a criterion from left to right and hands out its phrases about time."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from trialcriteria.tag.time.context import in_context
from trialcriteria.tag.time.counts import mark_named, read_count, read_frequency
from trialcriteria.tag.time.events import prolong, read_at, read_bare, read_from
from trialcriteria.tag.time.guards import announces_list
from trialcriteria.tag.time.lexer import number_places
from trialcriteria.tag.time.lone import read_cue, read_past_aside
from trialcriteria.tag.time.model import TimeMention
from trialcriteria.tag.time.phrases import Found, read_timed
from trialcriteria.tag.time.subjects import Place, of_subject
from trialcriteria.tag.time.tokens import PADDING, Tokens, read_tokens

_REACH_OF_A_PREFIX = 24  # words from the first of a phrase to its first unit, at most


def _timed(ts: Tokens, i: int) -> Found | None:
    if announces_list(ts, i):
        return None
    found = read_timed(ts, i) if ts.unit_ahead(i, _REACH_OF_A_PREFIX) else None
    return prolong(ts, i, found) if found else None


def _phrase_cue(ts: Tokens, i: int) -> Found | None:
    """A cue of several words ("in the past") goes before the rules on single prepositions."""
    return read_cue(ts, i) if ts.skip(i, "window") > i + 1 else None


class _Rule(NamedTuple):
    """A reader, the roles of words that it can begin with, and those of which it needs one.

    ``number``: it can begin with a number as well.
    """

    read: Callable[[Tokens, int], Found | None]
    begins: frozenset[str]
    needs: frozenset[str]
    number: bool = False


_PREFIXES = frozenset(
    ("look", "comparator", "inside", "for", "until", "first", "between", "whichever")
)
_UNITS = frozenset(("unit", "short_unit"))
_EVENTS = frozenset(("sided", "until"))
_COUNTS = frozenset(("countable", "number_word"))
_NUMBERED = frozenset(("comparator", "number_word", "between"))


def _of(read: Callable[[Tokens, int], Found | None], *roles: str) -> _Rule:
    return _Rule(read, frozenset(roles), frozenset(roles))


_RULES = (
    _of(read_from, "from", "between"),
    _Rule(read_past_aside, frozenset(("past_word",)), _UNITS),
    _Rule(read_frequency, _NUMBERED, frozenset(("per",)), number=True),
    _Rule(_timed, _PREFIXES | {"filler"}, _UNITS, number=True),
    _of(_phrase_cue, "window"),
    _of(read_at, "at"),
    _of(read_bare, *_EVENTS),
    _Rule(read_count, _NUMBERED, _COUNTS, number=True),
    _of(read_cue, "window"),
)


def _read(ts: Tokens, i: int, rules: list[_Rule], number: bool) -> Found | None:
    """The first rule that reads something at word i, which may be a number."""
    roles = ts.roles[i]
    for rule in rules:
        if (number and rule.number) or not rule.begins.isdisjoint(roles):
            found = rule.read(ts, i)
            if found:
                return found
    return None


def _is_bare_filler(ts: Tokens, i: int) -> bool:
    """ "the" of "the past" stays outside a phrase; "the week" begins one."""
    if not ts.has(i, "filler"):
        return False
    extra = ts.roles[i].keys() - {"filler", "rate", "multiple", "study_word"}
    return not extra and not ts.has(ts.skip(i, "filler"), "unit")


def _numbers(ts: Tokens, rules: list[_Rule]) -> frozenset[int]:
    """Indices of the numbers, where a rule can begin with one."""
    wanted = any(rule.number for rule in rules)
    return frozenset(number_places(ts.words[:-PADDING]) if wanted else ())


def _beginnings(ts: Tokens, rules: list[_Rule]) -> set[int]:
    """Indices of the words with a role that a phrase can begin with."""
    begins: frozenset[str] = frozenset().union(*[rule.begins for rule in rules])
    return {
        i for i in ts.marked if not begins.isdisjoint(ts.roles[i]) and not _is_bare_filler(ts, i)
    }


def find_times(
    view: str, named: Sequence[Place] = (), counted: Sequence[Place] = ()
) -> list[TimeMention]:
    """All phrases about time in a criterion's reading view, in order, none overlapping.

    ``named``: places of the concepts, of which one may be what a window is said of; ``counted``:
    those that may have a number of them before them.

    Every rule looks a bounded number of words ahead, so the work grows linearly with the text.
    """
    ts = read_tokens(view, always=bool(counted))
    if ts is None:
        return []
    mark_named(ts, counted)
    rules = [rule for rule in _RULES if not rule.needs.isdisjoint(ts.present)]
    mentions: list[TimeMention] = []
    reached = 0
    numbers = _numbers(ts, rules)
    for i in sorted(_beginnings(ts, rules) | numbers):
        found = _read(ts, i, rules, i in numbers) if i >= reached else None
        if found and found.mention:
            mentions.append(of_subject(ts, found.mention, named))
        reached = found.next if found else reached
    return in_context(mentions, view)
