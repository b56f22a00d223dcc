"""The words of one criterion with the lexicon rows that begin at each of them."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from trialcriteria.tag.time.lexer import TOKEN, number_of, split_words
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

    ``present``: every role that some word has; ``units``: indices of units of time. Offsets are
    found when first asked for.
    """

    lowered: str
    words: list[str]
    roles: list[Roles]
    present: frozenset[str]
    units: list[int]
    _spans: list[tuple[int, int]] | None = None

    def _span(self, i: int) -> tuple[int, int]:
        if self._spans is None:
            self._spans = [match.span() for match in TOKEN.finditer(self.lowered)]
            self._spans += [(len(self.lowered), len(self.lowered))] * PADDING
        return self._spans[i]

    def start(self, i: int) -> int:
        return self._span(i)[0]

    def end(self, i: int) -> int:
        """End offset of the word before index i."""
        return self._span(i - 1)[1]

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
    words, tree = split_words(lowered), word_tree()
    roles = [
        _roles_at(words, i, tree[word]) if word in tree else _NONE for i, word in enumerate(words)
    ]
    present = frozenset().union(*roles)
    units = [i for i, here in enumerate(roles) if "unit" in here or "short_unit" in here]
    return Tokens(lowered, words + [""] * PADDING, roles + [_NONE] * PADDING, present, units)
