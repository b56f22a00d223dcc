"""Row models of the time lexicons, and the tree that finds their words in a text."""

from collections.abc import Iterator
from functools import cache
from typing import Literal

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.schema import AnchorEvent
from trialcriteria.tag.numbers import WORDS
from trialcriteria.tag.time.lexer import split_words

Near = Literal["before", "after"]


class UnitRow(Row):
    """A unit of time: ISO 8601 designator (``TH``, ``W``), or the name of a counted unit."""

    forms: tuple[str, ...]
    short: tuple[str, ...] = ()
    iso: str | None = None
    factor: str = "1"
    count: str | None = None


class AnchorRow(Row):
    """Words for an event that windows hang on; the fields are explained in the file."""

    forms: tuple[str, ...]
    event: AnchorEvent
    side: Near
    closed: bool = False
    drug: bool = False
    period: bool = False


class CueRow(Row):
    """Words with a place (``role``) in a phrase about time, and what they mean there."""

    role: str
    forms: tuple[str, ...]
    bound: Literal["low", "high"] | None = None
    inclusive: bool | None = None
    closed: bool = False
    side: Literal["before", "after", "both", "at", "near"] | None = None
    bare: Literal["any", "known", "point", "none"] = "none"
    choose: Literal["longer", "shorter"] | None = None
    event: AnchorEvent | None = None
    number: str | None = None


TimeRow = UnitRow | AnchorRow | CueRow


Roles = dict[str, tuple[TimeRow, int]]


class Node:
    """One word deep in the tree: the words that may follow, and the rows whose words end here
    by role, each with the number of its words.
    """

    __slots__ = ("after", "rows")

    def __init__(self) -> None:
        self.after: dict[str, Node] = {}
        self.rows: Roles = {}


def entries() -> Iterator[tuple[str, str, TimeRow]]:
    """Every (role, form, row) of the three files."""
    for unit in load_rows("time_units", UnitRow):
        yield from (("unit", form, unit) for form in unit.forms)
        yield from (("short_unit", form, unit) for form in unit.short)
    for anchor in load_rows("anchors", AnchorRow):
        yield from (("anchor", form, anchor) for form in anchor.forms)
    for cue in load_rows("time_cues", CueRow):
        yield from ((cue.role, form, cue) for form in cue.forms)


@cache
def word_tree() -> dict[str, Node]:
    """First word -> tree of the words that follow; hyphens count as blanks."""
    root = Node()
    for role, form, row in entries():
        node = root
        words = split_words(form)
        for word in words:
            node = node.after.setdefault(word, Node())
        node.rows[role] = row, len(words)
    return root.after


@cache
def unit_rows() -> dict[str, UnitRow]:
    """Units by row id."""
    return {row.id: row for row in load_rows("time_units", UnitRow)}


@cache
def comparator_rows() -> dict[str, CueRow]:
    """Comparators by row id."""
    roles = ("comparator", "comparator_after")
    return {row.id: row for row in load_rows("time_cues", CueRow) if row.role in roles}


_ALONE = ("unit", "short_unit", "direction", "until", "window", "number_word")
_TOO_COMMON = frozenset(("of", "to", "from", "by", "past"))


def _key_words(*roles: str) -> frozenset[str]:
    """The longest word of each form: without one of them none of the forms is there."""
    forms = (split_words(form) for role, form, _ in entries() if role in roles)
    words = (max((w for w in form if w.isalpha()), key=len, default="") for form in forms)
    return frozenset(words) - _TOO_COMMON


@cache
def trigger_words() -> tuple[tuple[frozenset[str], ...], ...]:
    """Groups of word sets; where a criterion meets no group in full, no rule can apply."""
    numbers = frozenset(WORDS) | {""}
    return (
        (_key_words(*_ALONE),),
        (_key_words("anchor"), _key_words("at")),
        (_key_words("countable"), numbers),
    )
