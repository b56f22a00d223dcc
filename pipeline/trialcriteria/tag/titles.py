"""Names of scales that no lexicon lists: "Anxiety Sensitivity Index", "CAT score".

A name is a run of words with capitals (and "of", "and" between them) that ends in a head of
``lexicons/titles.toml``; one word is enough where it is an abbreviation or the head has a capital.
"""

from functools import cache
from typing import Literal

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.tag.fold import Words, folded_key

_MOST_WORDS = 9


class TitleRow(Row):
    """Words of one part of a scale's name."""

    part: Literal["head", "link", "opening"]
    words: tuple[str, ...]


def is_title_head(word: str) -> bool:
    """Whether a folded word can end a name."""
    return word in _words("head")


def title_start(view: str, words: Words, last: int) -> int | None:
    """First word of the name that ends in a head; a bounded look back. None where it is no name."""
    first = _first(view, words, last)
    return first if first < last and _is_name(view, words, first, last) else None


def _first(view: str, words: Words, last: int) -> int:
    """Where the run of capitals before a head begins; openings and links begin no name."""
    first = last
    while first > max(0, last - _MOST_WORDS) and _goes_on(view, words, first):
        first -= 1
    while first < last and _begins_no_name(view, words, first):
        first += 1
    return first


def _begins_no_name(view: str, words: Words, place: int) -> bool:
    word = words.folded[place]
    return (
        view[words.starts[place]].isdigit() or word in _words("opening") or word in _words("link")
    )


def _goes_on(view: str, words: Words, place: int) -> bool:
    """Whether the word before a place belongs to the same name."""
    start, end = words.starts[place - 1], words.ends[place - 1]
    if view[end : words.starts[place]] not in (" ", "-", "/"):
        return False
    if view[start].isupper() or view[start].isdigit():
        return True
    # "KPS and HCT-CI scores" are two names.
    before = view[words.starts[place - 2] : words.ends[place - 2]] if place > 1 else ""
    return words.folded[place - 1] in _words("link") and not (len(before) > 1 and before.isupper())


def _is_name(view: str, words: Words, first: int, last: int) -> bool:
    """Two words with capitals, or one that is an abbreviation or stands before a capital."""
    named = [view[words.starts[at] : words.ends[at]] for at in range(first, last)]
    capitals = [word for word in named if word[0].isupper()]
    if len(capitals) >= 2:
        return True
    abbreviated = any(len(word) > 1 and word.isupper() for word in capitals)
    return abbreviated or (bool(capitals) and view[words.starts[last]].isupper())


@cache
def _words(part: str) -> frozenset[str]:
    rows = load_rows("titles", TitleRow)
    return frozenset(folded_key(w) for row in rows if row.part == part for w in row.words)
