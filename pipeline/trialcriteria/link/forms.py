"""Forms of a name to look up, the longest first: without words that only narrow it, said otherwise.

Everything here works on keys of ``names.canonical``.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.link.names import canonical
from trialcriteria.tag.cues import QualifierRow

_MOST_WORDS = 6  # of a phrase taken off
_LONGEST = 16  # words of a mention that forms are made of; longer ones are clauses
_HOLE = re.compile(r"\{([xy])\}")
_FILLER = re.compile(r"qq([xy])")
_JOIN = re.compile(r"\s*(?:,|/|\band\b|\bor\b)+\s*", re.IGNORECASE)
_MOST_PARTS = 3


class LinkWordRow(Row):
    """Words around names; the head of link_words.toml says what the roles mean."""

    role: Literal["around", "qualifiers", "keep", "never"]
    kinds: tuple[str, ...]
    words: tuple[str, ...]


class LinkPatternRow(Row):
    """Another way to say a name: what is written, and what is tried instead."""

    kinds: tuple[str, ...]
    written: str
    tried: tuple[str, ...]


def shorter(key: str, kind: str) -> Iterator[str]:
    """The key, and what is left as words that do not name it are taken off its ends."""
    words = key.split()
    while words:
        yield " ".join(words)
        words = _cut(words, _loose(kind)) if 1 < len(words) <= _LONGEST else []


def _cut(words: list[str], loose: frozenset[str]) -> list[str]:
    """The words without the longest loose phrase in front, else behind; none if none is loose."""
    for size in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        if " ".join(words[:size]) in loose:
            return words[size:]
        if " ".join(words[-size:]) in loose:
            return words[:-size]
    return []


def is_loose(text: str, kind: str) -> bool:
    """Whether words are nothing but such as are taken off a name of the kind."""
    return all(word in _loose(kind) for word in canonical(text).split())


@cache
def _loose(kind: str) -> frozenset[str]:
    """Keys of the phrases that are taken off names of a kind."""
    rows = [row for row in load_rows("link_words", LinkWordRow) if kind in row.kinds]
    named = {word for row in rows if row.role == "qualifiers" for word in row.words}
    off = [row for row in rows if row.role == "around"]
    off += [row for row in load_rows("qualifiers", QualifierRow) if row.id in named]
    kept = [row for row in rows if row.role == "keep"]
    return frozenset(_keys(off) - _keys(kept) - {""})


@cache
def never(kind: str) -> frozenset[str]:
    """Keys that get no code of a kind, whatever the vocabulary has."""
    rows = load_rows("link_words", LinkWordRow)
    return frozenset(_keys(row for row in rows if row.role == "never" and kind in row.kinds))


def _keys(rows: Iterable[LinkWordRow | QualifierRow]) -> set[str]:
    return {canonical(word) for row in rows for word in row.words}


def said_otherwise(key: str, kind: str) -> Iterator[str]:
    """What the patterns make of a key."""
    for pattern, tried in _patterns(kind):
        found = pattern.fullmatch(key)
        if found:
            yield from (each.format(**found.groupdict()) for each in tried)


@cache
def _patterns(kind: str) -> tuple[tuple["re.Pattern[str]", tuple[str, ...]], ...]:
    """Each way of saying as an expression over keys, and the keys it stands for, with holes."""
    rows = [row for row in load_rows("link_patterns", LinkPatternRow) if kind in row.kinds]
    return tuple((_compiled(row.written), tuple(map(_with_holes, row.tried))) for row in rows)


def _compiled(written: str) -> "re.Pattern[str]":
    holes = {"x": r"(?P<x>\w\w.*?)", "y": r"(?P<y>\w.*?)"}
    return re.compile(_HOLE.sub(lambda hole: holes[hole[1]], _with_holes(written)))


def _with_holes(phrase: str) -> str:
    """The key of a phrase, in which {x} and {y} stand for words."""
    return _FILLER.sub(r"{\1}", canonical(_HOLE.sub(r"qq\1", phrase)))


def parts(text: str) -> Iterator[tuple[str, ...]]:
    """What the names joined in a text may be: each alone, or all with the last words of the last.

    "Hepatic or renal failure" is "hepatic", "renal failure", then "hepatic failure", "renal
    failure". Nothing where the text joins nothing, or too much for one concept.
    """
    pieces = tuple(piece for piece in _JOIN.split(text) if piece)
    if not 1 < len(pieces) <= _MOST_PARTS:
        return
    yield pieces
    *before, last = pieces
    words = last.split()
    for shared in range(1, len(words)):
        yield (*(f"{piece} {' '.join(words[-shared:])}" for piece in before), last)
