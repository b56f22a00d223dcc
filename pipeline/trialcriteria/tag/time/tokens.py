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


def _longest_roles(words: list[str], i: int, node: Node) -> Roles:
    """Longest match of each role that begins at word i, with its number of words."""
    found: Roles | None = None  # where hyphens between the words are counted
    j = i + 1
    while node.after and j < len(words):
        step = node.after.get(words[j])
        if step is None and words[j] == "-" and j + 1 < len(words):
            found = node.longest if found is None else found
            j += 1
            step = node.after.get(words[j])
        if step is None:
            break
        node, j = step, j + 1
        if found is not None:
            found = found | {role: (row, j - i) for role, (row, _) in node.rows.items()}
    return node.longest if found is None else found


@dataclass(slots=True)
class Tokens:
    """Words and their roles, with ``PADDING`` empty words behind so that rules may look ahead.

    ``marked``: indices of words with a role; ``present``: every role that some word has;
    ``units``, ``anchors``: indices of units of time and of events; ``offsets``: start and end of
    each word in turn.
    """

    words: list[str]
    roles: list[Roles]
    marked: list[int]
    present: frozenset[str]
    units: list[int]
    anchors: list[int]
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
        return _is_ahead(self.units, i, most)

    def anchor_ahead(self, i: int, most: int) -> bool:
        """Whether an event stands among the next words."""
        return _is_ahead(self.anchors, i, most)

    def cue(self, i: int, role: str) -> tuple[CueRow, int] | None:
        found = self.roles[i].get(role)
        return (found[0], i + found[1]) if found and isinstance(found[0], CueRow) else None

    def unit(self, i: int, role: str = "unit") -> tuple[UnitRow, int] | None:
        found = self.roles[i].get(role)
        return (found[0], i + found[1]) if found and isinstance(found[0], UnitRow) else None

    def anchor(self, i: int) -> tuple[AnchorRow, int] | None:
        found = self.roles[i].get("anchor")
        return (found[0], i + found[1]) if found and isinstance(found[0], AnchorRow) else None


def _is_ahead(places: list[int], i: int, most: int) -> bool:
    k = bisect_left(places, i)
    return k < len(places) and places[k] <= i + most


def _may_speak_of_time(lowered: str) -> bool:
    """A cheap look at the words alone; a digit counts as the empty word."""
    present = set(_LETTERS.findall(lowered))
    if _DIGIT.search(lowered):
        present.add("")
    return any(not any(map(present.isdisjoint, group)) for group in trigger_words())


def read_tokens(view: str, *, always: bool = False) -> Tokens | None:
    """The tokens of a criterion; if not ``always``, None where none can begin a phrase on time."""
    lowered = lower_view(view)
    if not always and not _may_speak_of_time(lowered):
        return None
    parts = split_with_gaps(lowered)
    words = parts[1::2]
    roles = [_NONE] * (len(words) + PADDING)
    marked: list[int] = []
    for i, node in enumerate(map(word_tree().get, words)):
        if node and (here := _longest_roles(words, i, node) if node.after else node.rows):
            roles[i] = here
            marked.append(i)
    return Tokens(
        words=words + [""] * PADDING,
        roles=roles,
        marked=marked,
        present=frozenset().union(*[roles[i] for i in marked]),
        units=[i for i in marked if "unit" in roles[i] or "short_unit" in roles[i]],
        anchors=[i for i in marked if "anchor" in roles[i]],
        offsets=[*accumulate(map(len, parts)), *([len(lowered)] * 2 * PADDING)],
    )
