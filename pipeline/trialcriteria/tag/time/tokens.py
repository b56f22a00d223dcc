"""The words of one criterion with the lexicon rows that begin at each of them."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

from trialcriteria.tag.time.lexer import number_of, split_with_gaps
from trialcriteria.tag.time.lexicon import (
    AnchorRow,
    CueRow,
    Node,
    Roles,
    UnitRow,
    trigger_words,
    word_tree,
)
from trialcriteria.view import lower_view

PADDING = 4
_NONE: Roles = {}
_LETTERS = re.compile("[a-z]+")
_DIGIT = re.compile("[0-9]")


def _roles_at(words: list[str], i: int, node: Node) -> Roles:
    """Longest match of each role that begins at word i, with its number of words."""
    if not node.after:
        return node.rows
    found = node.rows
    j = i + 1
    while node.after and j < len(words):
        step = node.after.get(words[j])
        if step is None and words[j] == "-" and j + 1 < len(words):
            j += 1
            step = node.after.get(words[j])
        if step is None:
            break
        node, j = step, j + 1
        if node.rows:
            found = found | {role: (row, j - i) for role, (row, _) in node.rows.items()}
    return found


@dataclass(slots=True)
class Tokens:
    """Words and their roles, with ``PADDING`` empty words behind so that rules may look ahead.

    ``marked``: indices of words with a role; ``present``: every role that some word has;
    ``units``: indices of units of time; ``offsets``: start and end of each word in turn.
    """

    words: list[str]
    roles: list[Roles]
    marked: list[int]
    present: frozenset[str]
    units: list[int]
    offsets: list[int]

    def start(self, i: int) -> int:
        return self.offsets[2 * i]

    def end(self, i: int) -> int:
        """End offset of the word before index i."""
        return self.offsets[2 * i - 1]

    def index_at(self, offset: int) -> int:
        """Index of the first word that begins at or behind an offset."""
        return (bisect_left(self.offsets, offset) + 1) // 2

    def has(self, i: int, role: str) -> bool:
        return role in self.roles[i]

    def text(self, i: int) -> str:
        return self.words[i]

    def number(self, i: int) -> str | None:
        """The decimal string of word i where it is a number."""
        return number_of(self.words[i])

    def skip(self, i: int, *roles: str) -> int:
        """Index after the words of one of the roles at i, or i where there are none."""
        here = self.roles[i]
        if not here:
            return i
        return i + max([here[role][1] for role in roles if role in here], default=0)

    def unit_ahead(self, i: int, most: int) -> bool:
        """Whether a unit stands among the next words."""
        k = bisect_left(self.units, i)
        return k < len(self.units) and self.units[k] <= i + most

    def cue(self, i: int, role: str) -> tuple[CueRow, int] | None:
        found = self.roles[i].get(role)
        return (found[0], i + found[1]) if found and isinstance(found[0], CueRow) else None

    def unit(self, i: int, role: str = "unit") -> tuple[UnitRow, int] | None:
        found = self.roles[i].get(role)
        return (found[0], i + found[1]) if found and isinstance(found[0], UnitRow) else None

    def anchor(self, i: int) -> tuple[AnchorRow, int] | None:
        found = self.roles[i].get("anchor")
        return (found[0], i + found[1]) if found and isinstance(found[0], AnchorRow) else None


def _may_speak_of_time(lowered: str) -> bool:
    """A cheap look at the words alone; a digit counts as the empty word."""
    present = set(_LETTERS.findall(lowered))
    if _DIGIT.search(lowered):
        present.add("")
    return any(not any(map(present.isdisjoint, group)) for group in trigger_words())


def read_tokens(view: str) -> Tokens | None:
    """The tokens of a criterion, or None where no word of it can begin a phrase about time."""
    lowered = lower_view(view)
    if not _may_speak_of_time(lowered):
        return None
    parts, tree = split_with_gaps(lowered), word_tree()
    words = parts[1::2]
    roles = [
        _roles_at(words, i, node) if (node := tree.get(word)) else _NONE
        for i, word in enumerate(words)
    ]
    marked = [i for i, here in enumerate(roles) if here]
    return Tokens(
        words=words + [""] * PADDING,
        roles=roles + [_NONE] * PADDING,
        marked=marked,
        present=frozenset().union(*(roles[i] for i in marked)),
        units=[i for i in marked if "unit" in roles[i] or "short_unit" in roles[i]],
        offsets=[*accumulate(map(len, parts)), *([len(lowered)] * 2 * PADDING)],
    )
