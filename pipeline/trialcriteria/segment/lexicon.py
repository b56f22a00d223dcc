"""The rule rows of this room, loaded and compiled once."""

import re
import unicodedata
from functools import cache
from typing import Literal

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import SectionKind

Tokens = tuple[str, ...]

_ACCENTED = re.compile(r"[^\x00-\x7f]")
TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


class HeadingRow(Row):
    """Phrases of one role and language; ``kind`` is null for qualifiers and groups."""

    role: Literal["core", "bare", "group", "qualifier"]
    kind: SectionKind | None = None
    phrases: tuple[str, ...]


class CueRow(Row):
    """A cue as a regular expression over the folded reading view."""

    role: str
    pattern: str


class JoinRow(Row):
    """A cue for how items join, or a number word (``role`` number)."""

    join: Literal["any", "all", "at_least", "number"]
    pattern: str
    value: int | None = None


def fold(view: str) -> str:
    """Lower case without accents, character for character."""
    lowered = view.lower()
    if lowered.isascii():
        return lowered
    if len(lowered) != len(view):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in view)
    return _ACCENTED.sub(_base_letter, lowered)


def _base_letter(char: "re.Match[str]") -> str:
    return unicodedata.normalize("NFD", char[0])[0]


def tokens(folded: str) -> Tokens:
    """The words of a folded phrase."""
    return tuple(TOKEN.findall(folded))


@cache
def phrases(role: str) -> dict[str, tuple[tuple[Tokens, SectionKind | None], ...]]:
    """Phrases of a role by first word, the longest first."""
    table: dict[str, list[tuple[Tokens, SectionKind | None]]] = {}
    for row in load_rows("headings", HeadingRow):
        if row.role == role:
            for phrase in row.phrases:
                words = tokens(fold(phrase))
                table.setdefault(words[0], []).append((words, row.kind))
    return {
        word: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for word, found in table.items()
    }


@cache
def joined_phrases() -> tuple[tuple[str, SectionKind | None], ...]:
    """Core phrases of scripts that put no blanks between words."""
    return tuple(
        (phrase, row.kind)
        for row in load_rows("headings", HeadingRow)
        if row.role == "core"
        for phrase in row.phrases
        if _CJK.match(phrase)
    )


@cache
def cue(role: str) -> re.Pattern[str]:
    """All patterns of a role (or of one row, by its id) as one alternation."""
    rows = [row.pattern for row in load_rows("segment_cues", CueRow) if role in (row.role, row.id)]
    return re.compile(
        "|".join(f"(?:{pattern})" for pattern in rows).replace(" ", r"\s+"), re.DOTALL
    )


@cache
def joins() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compiled cues for how items join."""
    rows = load_rows("segment_joins", JoinRow)
    number = "|".join(row.pattern for row in rows if row.join == "number")
    return tuple(
        (re.compile(row.pattern.replace("{n}", number).replace(" ", r"\s+")), row.join)
        for row in rows
        if row.join != "number"
    )


@cache
def numbers() -> dict[str, int]:
    """Number words and digits by their printed form."""
    return {
        word: row.value
        for row in load_rows("segment_joins", JoinRow)
        if row.value is not None
        for word in row.pattern.split("|")
    }
