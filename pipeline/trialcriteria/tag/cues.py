"""Cue words (exceptions, conditions, examples, ...) and the adjectives that qualify a concept."""

import re
from functools import cache
from typing import Literal, NamedTuple

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row


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
    return _find(lowered, _cue_pattern(), _cue_rows())


def find_qualifiers(lowered: str) -> list[Cue]:
    """Qualifying words in a lower-case reading view, longest first, in order."""
    return _find(lowered, _qualifier_pattern(), qualifier_rows())


def qualifier_kind(source: str) -> str:
    """The qualifier kind of a rule id."""
    return next(row.kind for row in _qualifiers() if row.id == source)


def qualifier_side(source: str) -> str:
    """On which side of its concept a qualifier stands, by rule id."""
    return next(row.side for row in _qualifiers() if row.id == source)


def _find(lowered: str, pattern: "re.Pattern[str]", rows: dict[str, tuple[str, str]]) -> list[Cue]:
    found = []
    for match in pattern.finditer(lowered):
        kind, source = rows[match.group()]
        found.append(Cue(match.start(), match.end(), kind, source))
    return found


def _alternation(words: "list[str]") -> "re.Pattern[str]":
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w-])")


@cache
def _cue_rows() -> dict[str, tuple[str, str]]:
    return {word: (r.kind, r.id) for r in load_rows("cues", CueRow) for word in r.words}


@cache
def _cue_pattern() -> "re.Pattern[str]":
    return _alternation(list(_cue_rows()))


@cache
def _qualifiers() -> tuple[QualifierRow, ...]:
    return load_rows("qualifiers", QualifierRow)


@cache
def qualifier_rows() -> dict[str, tuple[str, str]]:
    """Word -> (kind, rule id)."""
    return {word: (row.kind, row.id) for row in _qualifiers() for word in row.words}


@cache
def _qualifier_pattern() -> "re.Pattern[str]":
    return _alternation(list(qualifier_rows()))
