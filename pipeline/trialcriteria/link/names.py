"""Names as they are compared: folded, in reading order, with words that say the same made one.

The keys of ``codes.tsv.gz`` were made by ``canonical``; what is looked up goes through it too.
"""

from functools import cache, lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.tag.fold import fold, folded_key

_LONGEST_TURNED = 3  # words behind "of": more are no bare name
# Short words that a number may follow without being a part of them ("B 12" is one word).
_WHOLE = frozenset(["and", "or", "of", "to", "in", "no", "for", "age", "day"])


class NameRow(Row):
    """Words that make no difference between names; the head of same_names.toml says how."""

    kind: Literal["same", "turned", "joined", "unsaid"]
    words: tuple[str, ...]
    to: str = ""
    keep: tuple[str, ...] = ()
    why: str


class _Same(NamedTuple):
    """A phrase, what it is turned into, and the next words before which it stays."""

    words: tuple[str, ...]
    to: tuple[str, ...]
    keep: frozenset[str]


@lru_cache(maxsize=1 << 16)
def canonical(name: str) -> str:
    """The key under which names of one concept are equal; words joined by blanks.

    >>> canonical("Cancer of the Kidney") == canonical("renal tumours")
    True
    """
    unsaid = _folded("unsaid")
    words = [word for word in folded_key(name).split() if word not in unsaid]
    words = _made_one(_turned(_joined(words)))
    return " ".join(word for word, _ in groupby(words))  # "cancer tumor" is one word twice


@cache
def _folded(kind: str) -> frozenset[str]:
    """All words of a kind of row, folded."""
    rows = load_rows("same_names", NameRow)
    return frozenset(fold(word) for row in rows if row.kind == kind for word in row.words)


@cache
def _prefixes() -> frozenset[str]:
    rows = load_rows("same_names", NameRow)
    return frozenset(word for row in rows if row.kind == "joined" for word in row.words)


@cache
def _same() -> dict[str, list[_Same]]:
    """Phrases to turn by their first word, the longest first."""
    found: dict[str, list[_Same]] = {}
    for row in load_rows("same_names", NameRow):
        to = tuple(folded_key(row.to).split())
        keep = frozenset(map(fold, row.keep))
        for phrase in row.words if row.kind == "same" else ():
            words = tuple(_joined(folded_key(phrase).split()))
            found.setdefault(words[0], []).append(_Same(words, to, keep))
    for phrases in found.values():
        phrases.sort(key=lambda each: -len(each.words))
    return found


def _joined(words: list[str]) -> list[str]:
    """The words with "anti inflammatory", "B 12" and the like as one."""
    done: list[str] = []
    for word in words:
        if done and _is_part(done[-1], word):
            done[-1] += word
        else:
            done.append(word)
    return done


def _is_part(word: str, following: str) -> bool:
    """Whether a word is written with a blank, a hyphen or neither before the next one."""
    if word in _prefixes():
        return following.isalpha()
    return len(word) <= 3 and word.isalpha() and word not in _WHOLE and following[0].isdigit()


def _made_one(words: list[str]) -> list[str]:
    """The words with every phrase of the table turned, left to right."""
    done: list[str] = []
    place = 0
    while place < len(words):
        phrase = _phrase_at(words, place)
        done += phrase.to if phrase else words[place : place + 1]
        place += len(phrase.words) if phrase else 1
    return done


def _phrase_at(words: list[str], place: int) -> _Same | None:
    for phrase in _same().get(words[place], ()):
        end = place + len(phrase.words)
        kept = end < len(words) and words[end] in phrase.keep
        if tuple(words[place:end]) == phrase.words and not kept:
            return phrase
    return None


def _turned(words: list[str]) -> list[str]:
    """ "cancer of kidney" as "kidney cancer"; only one "of", and nothing but a name behind it."""
    if words.count("of") != 1:
        return words
    at = words.index("of")
    before, behind = words[:at], words[at + 1 :]
    turns = before and behind and before[-1] in _folded("turned")
    return behind + before if turns and len(behind) <= _LONGEST_TURNED else words
