"""Concepts without a lexicon entry, recognised by their head word or its ending.

"pustular skin eruption disorder" is a condition because of "disorder", "teplizumab" a drug
because of "mab". Heads, endings and the words that may stand before them are rows of
``lexicons/heads.toml``; adjectives are taken leftwards up to the first word that is none.
"""

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.fold import fold, folded_key

_MAX_MODIFIERS = 3
_MIN_STEM = 3
_TARGET = re.compile(r"[^\W\d_]+\d\w*\Z")  # "bcl2", "p38"


class HeadRow(Row):
    """One row of heads.toml.

    ``head``: needs at least one modifier before it. ``ending``: stands alone, and takes
    modifiers where ``modified``. ``modifier``: words and endings of the adjectives and site
    nouns that belong to a concept. ``before`` and ``after``: words that belong to a measurement
    they touch. ``stop`` words are never what their form suggests.
    """

    role: Literal["head", "ending", "modifier", "before", "after"]
    kind: ConceptKind | None = None
    words: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    modified: bool = True


class _Tables(NamedTuple):
    heads: dict[str, HeadRow]
    endings: dict[str, HeadRow]
    ending_lengths: tuple[int, ...]
    modifiers: frozenset[str]
    modifier_endings: tuple[str, ...]
    stop: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]


@cache
def _tables() -> _Tables:
    rows = load_rows("heads", HeadRow)
    modifiers = [row for row in rows if row.role == "modifier"]
    endings = {end: row for row in rows if row.role == "ending" for end in row.endings}
    return _Tables(
        heads={folded_key(w): row for row in rows if row.role == "head" for w in row.words},
        endings=endings,
        ending_lengths=tuple(sorted(set(map(len, endings)), reverse=True)),
        modifiers=frozenset(fold(w) for row in modifiers for w in row.words),
        modifier_endings=tuple(end for row in modifiers for end in row.endings),
        stop=frozenset(fold(w) for row in rows for w in row.stop),
        before=frozenset(fold(w) for row in rows if row.role == "before" for w in row.words),
        after=frozenset(fold(w) for row in rows if row.role == "after" for w in row.words),
    )


def head_row(word: str) -> HeadRow | None:
    """The row whose head or ending the folded word has."""
    tables = _tables()
    if word in tables.heads:
        return tables.heads[word]
    if word in tables.stop or not word.isalpha():
        return None
    for length in tables.ending_lengths:
        if len(word) >= length + _MIN_STEM and (row := tables.endings.get(word[-length:])):
            return row
    return None


@lru_cache(maxsize=1 << 16)
def is_modifier(word: str) -> bool:
    """Whether the folded word may belong to a concept as an adjective or a site."""
    tables = _tables()
    if word in tables.stop:
        return False
    return word in tables.modifiers or (len(word) > 4 and word.endswith(tables.modifier_endings))


def head_start(words: list[str], last: int, row: HeadRow) -> int | None:
    """First word of the concept whose head is ``last``: three modifiers before it at most.

    None where the head makes a concept with a modifier only and has none.
    """
    first = _first_modifier(words, last, row) if row.modified else last
    return first if first < last or row.role == "ending" else None


def is_head(word: str) -> bool:
    """Whether the folded word makes a concept with a modifier before it."""
    return word in _tables().heads


def _first_modifier(words: list[str], last: int, row: HeadRow) -> int:
    first = last
    while first > 0 and last - first < _MAX_MODIFIERS and _belongs(words[first - 1], row):
        first -= 1
    return first


def _belongs(word: str, row: HeadRow) -> bool:
    """Whether the word before a head is part of its concept: an adjective, a drug's target."""
    return is_modifier(word) or (row.kind == "drug" and _TARGET.match(word) is not None)


def framed(words: list[str], first: int, last: int) -> tuple[int, int]:
    """Words of a measurement with one specimen word before and one noun such as "level" after."""
    tables = _tables()
    if first > 0 and words[first - 1] in tables.before:
        first -= 1
    if last + 1 < len(words) and words[last + 1] in tables.after:
        last += 1
    return first, last
