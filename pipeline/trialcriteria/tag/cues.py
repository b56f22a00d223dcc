"""Cue words (exceptions, conditions, examples, ...) and the adjectives that qualify a concept."""

import re
from functools import cache, lru_cache
from itertools import accumulate, compress
from typing import Literal, NamedTuple

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.schema import ConceptKind

_WORD = re.compile(r"(\w+)")
_ALTERNATIVE = re.compile(r",? (?:and/)?or (?:is |are )?| ?/ ?")
_LISTED = re.compile(r",? and |, ")
_ROUTE = "qualifier.route"
# First word -> what matches the longest phrase that begins with it; phrase -> kind, rule id.
_Phrases = tuple[dict[str, "re.Pattern[str]"], dict[str, tuple[str, str]]]


class CueRow(Row):
    """Words of one kind of cue."""

    kind: str
    words: tuple[str, ...]


class QualifierRow(Row):
    """Words of one kind of qualifier, on which side of the concept they stand, and of what kinds
    of concept (any where empty)."""

    kind: Literal[
        "severity",
        "stage",
        "acuteness",
        "stability",
        "certainty",
        "method",
        "site",
        "other",
        "none",
    ]
    side: Literal["before", "after", "both"]
    kinds: tuple[ConceptKind, ...] = ()
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
    """Qualifying words in a lower-case reading view, longest first, in order.

    Those joined by "or" or a slash are one, as each alone would have to hold; "topical and inhaled"
    name two ways of giving of which each is meant, so they are one as well.
    """
    joined: list[Cue] = []
    for cue in _find(lowered, _qualifier_phrases()):
        if cue.kind == "none":
            continue
        if joined and _are_one(lowered, joined[-1], cue):
            cue = _both(joined.pop(), cue)  # noqa: PLW2901
        joined.append(cue)
    return joined


def _are_one(lowered: str, first: Cue, second: Cue) -> bool:
    between = lowered[first.end : second.start]
    if _ALTERNATIVE.fullmatch(between):
        return True
    same = first.source == second.source == _ROUTE
    return same and _LISTED.fullmatch(between) is not None


def _both(first: Cue, second: Cue) -> Cue:
    """One cue over two; of mixed kinds the first that is not ``other`` counts."""
    kind = second.kind if first.kind == "other" else first.kind
    return Cue(first.start, second.end, kind, second.source)


def qualifier_row(source: str) -> QualifierRow:
    """The row of a qualifier by its rule id."""
    return _rows_by_id()[source]


def _find(lowered: str, phrases: _Phrases) -> list[Cue]:
    """Phrases on whole words, the longest at each place; a hyphen belongs to its word."""
    placed = words_of(lowered)
    patterns, rows = phrases
    found: list[Cue] = []
    free = 0
    begins = map(patterns.__contains__, placed.words)
    for word, start in compress(zip(placed.words, placed.starts, strict=True), begins):
        if start < free or lowered[start - 1 : start] == "-":
            continue
        if phrase := patterns[word].match(lowered, start):
            free = phrase.end()
            found.append(Cue(start, free, *rows[phrase[0]]))
    return found


class PlacedWords(NamedTuple):
    """Words in order, and where each begins."""

    words: list[str]
    starts: list[int]


@lru_cache(maxsize=1)
def words_of(lowered: str) -> PlacedWords:
    """The words of a lower-case reading view; finders that look for phrases ask in turn."""
    parts = _WORD.split(lowered)
    return PlacedWords(parts[1::2], [*accumulate(map(len, parts))][0:-1:2])


def _by_first_word(rows: dict[str, tuple[str, str]]) -> _Phrases:
    table: dict[str, list[str]] = {}
    for phrase in sorted(rows, key=len, reverse=True):
        table.setdefault(_WORD.findall(phrase)[0], []).append(re.escape(phrase))
    patterns = {word: re.compile(rf"(?:{'|'.join(table[word])})(?![\w-])") for word in table}
    return patterns, rows


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
def _rows_by_id() -> dict[str, QualifierRow]:
    return {row.id: row for row in _qualifiers()}


@cache
def qualifier_rows() -> dict[str, tuple[str, str]]:
    """Word -> (kind, rule id)."""
    return {word: (row.kind, row.id) for row in _qualifiers() for word in row.words}


@cache
def _qualifier_phrases() -> _Phrases:
    return _by_first_word(qualifier_rows())
