"""What an abbreviation stands for: by the posting's own definition, else by our table.

A reading of the table that has ``near`` words holds where the posting speaks of them, one without
holds where nothing speaks for another. Where several fit equally well, none is taken.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from types import MappingProxyType

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.tag.fold import folded_key

_WORD = re.compile(r"[^\W_][\w/+-]*")
_ALIKE = 0.6  # of the words of two long forms of one abbreviation, shared
_TOPIC = 3  # title and conditions tell more than a word in passing


class SenseRow(Row):
    """One reading of an abbreviation; ``long`` is a name that has a code."""

    short: str
    kind: str
    long: str
    near: tuple[str, ...] = ()


class Context:
    """What a posting is about, by which abbreviations are read.

    ``topic`` is its title and conditions, ``text`` its criteria, ``short_forms`` are the
    abbreviations that it defines with their long forms.
    """

    def __init__(
        self, topic: str = "", text: str = "", short_forms: Mapping[str, str] | None = None
    ) -> None:
        self._topic = topic
        self._text = text
        self.short_forms = MappingProxyType(dict(short_forms or {}))
        self._read: dict[tuple[str, str], str | None] = {}

    def long_form(self, short: str, kind: str) -> str | None:
        """What an abbreviation of a kind of concept stands for; None where that is not sure."""
        defined = self.short_forms.get(short)
        if defined:
            return _as_in_table(short, kind, defined)
        if (short, kind) not in self._read:
            self._read[short, kind] = self._by_table(short, kind)
        return self._read[short, kind]

    def _by_table(self, short: str, kind: str) -> str | None:
        """The reading that most speaks for, if it is one."""
        rows = [row for row in senses(short) if row.kind == kind]
        weights = sorted(((self._weight(row), row.long) for row in rows), reverse=True)
        if not weights or (len(weights) > 1 and weights[0][0] == weights[1][0]):
            return None
        return weights[0][1] if weights[0][0] > 0 else None

    def _weight(self, row: SenseRow) -> float:
        """How much speaks for a reading; a half for the usual one."""
        spoken = sum(_has(self._folded_text, word) for word in (row.long, *row.near))
        topical = sum(_has(self._folded_topic, word) for word in (row.long, *row.near))
        return spoken + _TOPIC * topical + (0 if row.near else 0.5)

    @cached_property
    def _folded_topic(self) -> str:
        return f" {folded_key(self._topic)} "

    @cached_property
    def _folded_text(self) -> str:
        return f" {folded_key(self._text)} "


def _as_in_table(short: str, kind: str, defined: str) -> str:
    """A posting's own long form, in the words of the table where that means the same.

    "ST segment elevation myocardial infarction" is "ST elevation myocardial infarction".
    """
    own = {*folded_key(defined).split()}
    for row in senses(short):
        listed = {*folded_key(row.long).split()}
        if row.kind == kind and len(own & listed) >= _ALIKE * len(own | listed):
            return row.long
    return defined


NO_CONTEXT = Context()


@cache
def _has_key(words: str) -> str:
    return f" {folded_key(words)} "


def _has(folded: str, words: str) -> bool:
    return _has_key(words) in folded


def expanded(text: str, kind: str, context: Context) -> str:
    """The text with every abbreviation that is sure written out."""
    if text == text.lower():  # an abbreviation has a capital
        return text
    return _WORD.sub(lambda found: _written_out(found[0], kind, context), text)


def _written_out(word: str, kind: str, context: Context) -> str:
    if word == word.lower():
        return word
    for short in _spellings(word):
        long = context.long_form(short, kind)
        if long:
            return long
    return word


def _spellings(word: str) -> Iterable[str]:
    """The word, and without a plural s."""
    return (word, word[:-1]) if word.endswith("s") else (word,)


@cache
def _by_short() -> Mapping[str, tuple[SenseRow, ...]]:
    found: dict[str, tuple[SenseRow, ...]] = {}
    for row in load_rows("senses", SenseRow):
        found[row.short] = (*found.get(row.short, ()), row)
    return MappingProxyType(found)


def senses(short: str) -> tuple[SenseRow, ...]:
    """The readings that the table has of an abbreviation."""
    return _by_short().get(short, ())
