"""Takes narrowing words off a lexicon term: "chronic liver disease" is about "liver disease".

The words taken off become qualifiers where ``qualifiers.toml`` knows them, else they say nothing
that a reader of the fact would need ("method of" in "method of contraception").
"""

import re
from functools import cache
from typing import Literal, NamedTuple

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.concepts import ConceptMention, term
from trialcriteria.tag.fold import folded_key

_FIRST = re.compile(r"\w+(?=[\s-])")
_LAST = re.compile(r"(?<=[\s-])\w+\Z")
_LONGEST = 16  # no word that ends a term in cores.toml is longer


class CoreRow(Row):
    """Words that terms of some kinds may lose at one end; see cores.toml. ``heads``: only terms
    that end in one of these."""

    kinds: tuple[ConceptKind, ...]
    side: Literal["before", "after"]
    words: frozenset[str]
    keep: tuple[str, ...] = ()
    keep_heads: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    free: bool = False


def core(found: ConceptMention, lowered: str) -> ConceptMention:
    """The mention without the narrowing words at its ends."""
    if not _may_lose(found, lowered):
        return found
    for row in _rows()[found.kind]:
        cut = _cut(row, found, lowered)
        if cut is not None:
            found = cut
    return found


def _may_lose(found: ConceptMention, lowered: str) -> bool:
    """Whether the first or last word is in any row for the kind; in most mentions neither is."""
    ends = _ends().get(found.kind)
    if ends is None:
        return False
    first = _first_word(found, lowered)
    if first and first[0] in ends.before:
        return True
    last = _last_word(found, lowered) if ends.after else None
    return last is not None and last[0] in ends.after


def _cut(row: CoreRow, found: ConceptMention, lowered: str) -> ConceptMention | None:
    """The mention without the row's words; the shortest that is a term itself."""
    best = None
    left = _without_word(row, found, lowered)
    while left is not None:
        shorter = _without_word(row, left, lowered)
        best = _core(row, left, lowered, last=shorter is None) or best
        left = shorter
    return best


def _core(row: CoreRow, left: ConceptMention, lowered: str, *, last: bool) -> ConceptMention | None:
    """What is left, under its own name, where it may stand for the concept."""
    key = folded_key(lowered[left.start : left.end])
    head = key.rpartition(" ")[2]
    if key in _keys(row.keep) or head in _keys(row.keep_heads):
        return None
    if row.heads and head not in _keys(row.heads):
        return None
    for kind in _kinds(left):
        known = term(key, kind)
        if known:
            return left._replace(kind=kind, name=known[0], source=known[1])
    return left if row.free and last else None


def _kinds(left: ConceptMention) -> tuple[ConceptKind, ...]:
    """The kinds that what is left may be: a kind read from the head alone was a guess."""
    guessed = left.source == "head:therapy"
    return ("drug", left.kind) if guessed else (left.kind,)


def _without_word(row: CoreRow, found: ConceptMention, lowered: str) -> ConceptMention | None:
    """The mention without one word of the row, and the blanks or hyphens next to it."""
    if row.side == "before":
        word = _first_word(found, lowered)
        if word is None or word.group() not in row.words:
            return None
        rest = lowered[word.end() : found.end]
        return found._replace(start=found.end - len(rest.lstrip(" -\t\n")))
    word = _last_word(found, lowered)
    if word is None or word.group() not in row.words:
        return None
    rest = lowered[found.start : word.start()]
    return found._replace(end=found.start + len(rest.rstrip(" -\t\n")))


def _first_word(found: ConceptMention, lowered: str) -> "re.Match[str] | None":
    return _FIRST.match(lowered, found.start, found.end)


def _last_word(found: ConceptMention, lowered: str) -> "re.Match[str] | None":
    return _LAST.search(lowered, max(found.start, found.end - _LONGEST), found.end)


@cache
def _keys(terms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(folded_key, terms))


@cache
def _rows() -> "dict[str, tuple[CoreRow, ...]]":
    """Rows by the kind of concept they apply to."""
    rows = load_rows("cores", CoreRow)
    return {
        kind: tuple(row for row in rows if kind in row.kinds)
        for kind in {kind for row in rows for kind in row.kinds}
    }


class _Ends(NamedTuple):
    """Words that the rows for one kind take off at either end."""

    before: frozenset[str]
    after: frozenset[str]


@cache
def _ends() -> dict[str, _Ends]:
    """By the kind of concept."""
    return {
        kind: _Ends(*(_words(rows, side) for side in ("before", "after")))
        for kind, rows in _rows().items()
    }


def _words(rows: "tuple[CoreRow, ...]", side: str) -> frozenset[str]:
    return frozenset().union(*(row.words for row in rows if row.side == side))
