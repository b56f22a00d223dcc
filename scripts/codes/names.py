"""Names as they are compared: folded, in reading order, with words that say the same made one."""

import re
import sys
import tomllib
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

MAIN = Path("/work/main")
sys.path[:0] = [str(MAIN / "pipeline"), str(MAIN / "scripts")]

from trialcriteria.tag.fold import fold, folded_key  # noqa: E402

RULES = Path(__file__).with_name("rules.toml")
MAX_WORDS = 7  # longer names are never met word for word
_BRACKETS = re.compile(r"\s*\[[^\]]*\]")
_ROUND = re.compile(r"\s*\([^)]*\)")
_UNSAID = frozenset(["the", ",", "/", "+", "®", "™", ".", ";"])  # no name differs by these alone
_WHOLE = frozenset(["and", "or", "of", "to", "in", "no", "for", "age", "day"])
_VOWEL = re.compile(r"[aeiouy]")
_QUALIFYING = re.compile(r"\b(?:nos|unspecified)$", re.I)


class Same(NamedTuple):
    """A phrase, what it is turned into, and the next words before which it stays."""

    words: tuple[str, ...]
    to: tuple[str, ...]
    keep: frozenset[str]


@cache
def rules() -> dict[str, Any]:
    """The hand-written rules."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@cache
def headings_by_hand() -> dict[str, dict[str, list[str]]]:
    """Kind, MeSH heading and its everyday names."""
    path = RULES.with_name("headings.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _same() -> dict[str, list[Same]]:
    """Phrases to turn by their first word, the longest first."""
    found: dict[str, list[Same]] = {}
    for row in rules()["same"]:
        to = tuple(folded_key(row["to"]).split())
        keep = frozenset(map(fold, row.get("keep", ())))
        for phrase in row["words"]:
            words = tuple(folded_key(phrase).split())
            words = tuple(_joined([*words]))
            found.setdefault(words[0], []).append(Same(words, to, keep))
    for phrases in found.values():
        phrases.sort(key=lambda each: -len(each.words))
    return found


@cache
def _heads() -> frozenset[str]:
    """Last words of what may stand before "of"."""
    return frozenset(map(fold, rules()["turned"]["heads"]))


@lru_cache(maxsize=1 << 18)
def canonical(name: str) -> str:
    """The key under which names of one concept are equal."""
    words = [word for word in folded_key(name).split() if word not in _UNSAID]
    words = _made_one(_turned(_joined(words)))
    return " ".join(word for word, _ in groupby(words))  # "cancer tumor" is one word twice


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


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(rules()["joined"]["prefixes"])


def _made_one(words: list[str]) -> list[str]:
    """The words with every phrase of the table turned, left to right."""
    done: list[str] = []
    place = 0
    while place < len(words):
        phrase = _phrase_at(words, place)
        if phrase:
            done += phrase.to
        else:
            done.append(words[place])
        place += len(phrase.words) if phrase else 1
    return done


def _phrase_at(words: list[str], place: int) -> Same | None:
    for phrase in _same().get(words[place], ()):
        end = place + len(phrase.words)
        if tuple(words[place:end]) == phrase.words and words[end : end + 1] not in [
            [kept] for kept in phrase.keep
        ]:
            return phrase
    return None


def _turned(words: list[str]) -> list[str]:
    """ "cancer of kidney" as "kidney cancer"; only one "of", and nothing but a name behind it."""
    if words.count("of") != 1:
        return words
    at = words.index("of")
    before, behind = words[:at], words[at + 1 :]
    if not before or not behind or before[-1] not in _heads() or len(behind) > 3:
        return words
    return behind + before


def spoken(name: str) -> list[str]:
    """A heading in reading order: "Diabetes Mellitus, Type 2" also as it is spoken."""
    if ", " not in name:
        return [name]
    if name.endswith(" Drug Combination"):
        return [name.replace(",", "")]
    parts = name.split(", ")
    turned = " ".join([*reversed(parts[1:]), parts[0]])
    return [turned, " ".join(parts)] if name[-1].isdigit() else [turned]


def plain(name: str) -> str:
    """A name without abbreviations in brackets, "NOS" and doubled blanks."""
    bare = _ROUND.sub("", _BRACKETS.sub("", name.replace("’", "'")))
    return " ".join(_QUALIFYING.sub("", bare).strip(" ,-").split())


@cache
def stopped() -> frozenset[str]:
    """Keys that are never a name."""
    stop = rules()["stop"]
    return frozenset(map(canonical, [*stop["any"], *stop["abbreviations"]]))


@cache
def no_drugs() -> frozenset[str]:
    """Keys that are never the name of a drug."""
    return frozenset(map(canonical, rules()["stop"]["drug"]))


def acceptable(name: str, preferred: bool) -> bool:
    """Whether a name is no bare abbreviation, no formula and short enough to be met."""
    key = canonical(name)
    words = key.split()
    if not words or len(words) > MAX_WORDS or key in stopped() or set("|\t;:{}") & set(name):
        return False
    if len(name.split()) > 1:
        return max(map(len, words)) > 3 and not key.replace(" ", "").isdigit()
    return _is_word(name, preferred)


def _is_word(name: str, preferred: bool) -> bool:
    """Whether one word alone is read as a word and not as letters."""
    letters = "".join(filter(str.isalpha, name))
    enough = 4 if preferred else 5
    spelled = bool(_VOWEL.search(letters.lower())) and sum(map(str.isupper, letters[1:])) < 2
    return len(letters) >= enough and spelled
