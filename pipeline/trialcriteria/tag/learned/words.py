"""Words as the encoder reads them: runs of letters, runs of digits, single signs.

The vocabulary of the encoder has no capitals, and a word loses what stood before it; the shape of
a word keeps both ("ALL" the leukaemia, the "mg" of "5mg").
"""

import re
from functools import lru_cache
from typing import NamedTuple

from trialcriteria.schema import Span

_WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
_KINDS = ("lower", "capitalised", "capital", "capitals", "mixed", "digits", "sign")

SHAPES = 1 + 2 * len(_KINDS)
"""How many shapes there are: none, and each kind of word, behind a blank or not."""


class Word(NamedTuple):
    """A word, where it stands, and its shape, from 1 to ``SHAPES`` (exclusive)."""

    text: str
    span: Span
    shape: int


def words(view: str) -> list[Word]:
    """The words of a reading view in order; only blanks lie between them."""
    found = []
    last = -1
    for match in _WORD.finditer(view):
        text, (start, end) = match[0], match.span()
        found.append(Word(text, Span(start, end), _shape(text) + (start == last)))
        last = end
    return found


@lru_cache(maxsize=1 << 14)
def _shape(word: str) -> int:
    """The shape of a word behind a blank."""
    return 1 + 2 * _KINDS.index(_kind(word))


def _kind(word: str) -> str:
    if word.islower():
        return "lower"
    if word.isdigit():
        return "digits"
    if not word.isalpha():
        return "sign"
    if word.isupper():
        return "capitals" if len(word) > 1 else "capital"
    return "capitalised" if word[1:].islower() else "mixed"
