"""Says when a text is not English, the one language the rules read.

Counts the commonest function words of each language, and letters that are not Latin.
"""

import re
from collections import Counter
from functools import cache

from trialcriteria.lexicons.loader import Row, load_rows

_SAMPLE = 4_000  # code points that are looked at
_FEWEST = 4  # function words below which nothing is said
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_END = "\u024f"
_ENGLISH = "en"


class LanguageRow(Row):
    """A language and its commonest function words."""

    name: str
    words: tuple[str, ...]


def foreign_language(text: str) -> str | None:
    """The language of the text where it is not English: a name, or "a non-Latin script"."""
    words = _WORD.findall(text[:_SAMPLE].lower())
    letters = "".join(words)
    foreign = 0 if letters.isascii() else sum(char > _LATIN_END for char in letters)
    if foreign > len(letters) / 2:
        return "a non-Latin script"
    counted = Counter(words)
    counts = {
        key: sum([counted[word] for word in own & counted.keys()])
        for key, own in _languages().items()
    }
    best = max(counts, key=lambda key: counts[key])
    if best == _ENGLISH or counts[best] < _FEWEST or counts[best] < 2 * counts[_ENGLISH]:
        return None
    return next(row.name for row in _rows() if row.id == best)


@cache
def _languages() -> dict[str, frozenset[str]]:
    """Language id -> its function words; ids, because hashing a row costs more than counting."""
    return {row.id: frozenset(row.words) for row in _rows()}


def _rows() -> tuple[LanguageRow, ...]:
    return load_rows("function_words", LanguageRow)
