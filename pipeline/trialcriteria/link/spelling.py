"""Misspelt words: one edit away from one word of the vocabulary's names."""

from collections.abc import Iterator
from functools import cache, lru_cache
from string import ascii_lowercase

from trialcriteria.link.vocabulary import KINDS, names_of

_CACHE_SIZE = 1 << 14  # a long word that no name has is tried in hundreds of spellings
_SHORTEST = 8  # letters; shorter words are one edit away from too many others
_FREE = ("ic", "al", "ive", "ous", "ed", "ing", "ly", "able", "ible")
_HEADING = "mesh:"


def respelled(key: str, kind: str) -> str:
    """The key with its misspelt long words mended; as it is where nothing, or too much, fits."""
    words = [_mended(word, kind) if _may_be_misspelt(word) else word for word in key.split()]
    return " ".join(words)


def _may_be_misspelt(word: str) -> bool:
    """Adjectives and forms of verbs are made freely: "cardiotoxic" is no misspelt "cardiotonic"."""
    return _is_long(word) and not word.endswith(_FREE)


def _is_long(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isascii() and word.isalpha()


@lru_cache(maxsize=_CACHE_SIZE)
def _mended(word: str, kind: str) -> str:
    """The well-known word of the kind's names that is one edit away, if no name has the word."""
    if word in _words():
        return word
    near = {other for other in _edits(word) if other in _known_words(kind)}
    return near.pop() if len(near) == 1 else word


def _edits(word: str) -> Iterator[str]:
    """Words with a letter too many, too few, another or changed with the next; the first stays.

    So does an ending of two letters: "hypoglycemic" is no misspelt "hypoglycemia".
    """
    for place in range(1, len(word) - 1):
        before, behind = word[:place], word[place:]
        yield before + behind[1:]
        if place < len(word) - 2:
            yield before + behind[1] + behind[0] + behind[2:]
            yield from (before + letter + behind[1:] for letter in ascii_lowercase)
        yield from (before + letter + behind for letter in ascii_lowercase)


@cache
def _words() -> frozenset[str]:
    """Long words of all names."""
    names = {name for kind in KINDS for name, _ in names_of(kind)}
    return frozenset(word for name in names for word in name.split() if _is_long(word))


@cache
def _known_words(kind: str) -> frozenset[str]:
    """Long words of names that have a heading; rarer ones attract no misspelling."""
    names = (name for name, concept in names_of(kind) if _HEADING in concept.coded)
    return frozenset(word for name in names for word in name.split() if _is_long(word))
