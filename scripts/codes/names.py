"""Names of the sources: as they are spoken, and which of them are names at all."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from trialcriteria.link.names import canonical

RULES = Path(__file__).with_name("rules.toml")
MAX_WORDS = 7  # longer names are never met word for word
_BRACKETS = re.compile(r"\s*\[[^\]]*\]")
_ROUND = re.compile(r"\s*\([^)]*\)")
_VOWEL = re.compile(r"[aeiouy]")
_QUALIFYING = re.compile(r"\b(?:nos|unspecified)$", re.I)


@cache
def rules() -> dict[str, Any]:
    """The hand-written rules."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@cache
def headings_by_hand() -> dict[str, dict[str, list[str]]]:
    """Kind, MeSH heading and its everyday names."""
    files = sorted(RULES.with_name("headings").glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in files}


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
