"""Cue words (exceptions, conditions, examples, ...) and the adjectives that qualify a concept."""

import re
from functools import cache
from typing import Literal, NamedTuple

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row

_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"[\w-]")
# First word -> (phrase, kind, rule id), longest phrase first.
_Phrases = dict[str, tuple[tuple[str, str, str], ...]]


class CueRow(Row):
    """Words of one kind of cue."""

    kind: str
    words: tuple[str, ...]


class QualifierRow(Row):
    """Words of one kind of qualifier, and on which side of the concept they stand."""

    kind: Literal[
        "severity", "stage", "acuteness", "stability", "certainty", "method", "site", "other"
    ]
    side: Literal["before", "after", "both"]
    words: tuple[str, ...]


class Cue(NamedTuple):
    """A cue's words ``[start, end)``, its kind and rule id."""

    start: int
    end: int
    kind: str
    source: str


def find_cues(lowered: str) -> list[Cue]:
    """Cue words in a lower-case reading view, longest first, in order."""
    return _find(lowered, _cue_phrases())


def find_qualifiers(lowered: str) -> list[Cue]:
    """Qualifying words in a lower-case reading view, longest first, in order."""
    return _find(lowered, _qualifier_phrases())


def qualifier_side(source: str) -> str:
    """On which side of its concept a qualifier stands, by rule id."""
    return next(row.side for row in _qualifiers() if row.id == source)


def _find(lowered: str, phrases: _Phrases) -> list[Cue]:
    """Phrases on whole words, the longest at each place; a hyphen belongs to its word."""
    found: list[Cue] = []
    free = 0
    for word in _WORD.finditer(lowered):
        start = word.start()
        if start < free or lowered[start - 1 : start] == "-":
            continue
        for phrase, kind, source in phrases.get(word.group(), ()):
            end = start + len(phrase)
            if lowered.startswith(phrase, start) and not _JOINED.match(lowered, end):
                found.append(Cue(start, end, kind, source))
                free = end
                break
    return found


def _by_first_word(rows: dict[str, tuple[str, str]]) -> _Phrases:
    table: dict[str, list[tuple[str, str, str]]] = {}
    for phrase in sorted(rows, key=len, reverse=True):
        first = _WORD.match(phrase)
        assert first is not None
        table.setdefault(first.group(), []).append((phrase, *rows[phrase]))
    return {word: tuple(listed) for word, listed in table.items()}


@cache
def _cue_rows() -> dict[str, tuple[str, str]]:
    return {word: (r.kind, r.id) for r in load_rows("cues", CueRow) for word in r.words}


@cache
def _cue_phrases() -> _Phrases:
    return _by_first_word(_cue_rows())


@cache
def _qualifiers() -> tuple[QualifierRow, ...]:
    return load_rows("qualifiers", QualifierRow)


@cache
def qualifier_rows() -> dict[str, tuple[str, str]]:
    """Word -> (kind, rule id)."""
    return {word: (row.kind, row.id) for row in _qualifiers() for word in row.words}


@cache
def _qualifier_phrases() -> _Phrases:
    return _by_first_word(qualifier_rows())
