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
    ucum: str | None = None
    count: str | None = None


class AnchorRow(Row):
    """Words for an event that windows hang on; the fields are explained in the file."""

    forms: tuple[str, ...]
    event: AnchorEvent
    side: Near
    far: Near | None = None
    closed: bool = False
    drug: bool = False
    period: bool = False


class CueRow(Row):
    """Words with a place (``role``) in a phrase about time, and what they mean there.

    ``unit``: the row id of the unit of time in which so many things happen; ``taken``: what is
    counted may be an amount that somebody takes.
    """

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
    unit: str | None = None
    taken: bool = False


TimeRow = UnitRow | AnchorRow | CueRow


Roles = dict[str, tuple[TimeRow, int]]


class Node:
    """One word deep in the tree: the words that may follow, and the rows whose words end here
    by role, each with the number of its words.

    ``longest``: by role the last such rows on the way here.
    """

    __slots__ = ("after", "longest", "rows")

    def __init__(self) -> None:
        self.after: dict[str, Node] = {}
        self.rows: Roles = {}
        self.longest: Roles = {}


def entries() -> Iterator[tuple[str, str, TimeRow]]:
    """Every (role, form, row) of the three files."""
    for unit in load_rows("time_units", UnitRow):
        yield from (("unit", form, unit) for form in unit.forms)
        yield from (("short_unit", form, unit) for form in unit.short)
    for anchor in load_rows("anchors", AnchorRow):
        yield from (("anchor", form, anchor) for form in anchor.forms)
    for cue in load_rows("time_cues", CueRow):
        yield from ((cue.role, form, cue) for form in cue.forms)
        if cue.role == "direction" and cue.side != "near":
            yield from (("sided", form, cue) for form in cue.forms)


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
    _pass_on(root)
    return root.after


def _pass_on(node: Node) -> None:
    """Fill in ``longest`` below a node."""
    for below in node.after.values():
        below.longest = node.longest | below.rows
        _pass_on(below)


@cache
def unit_rows() -> dict[str, UnitRow]:
    """Units by row id."""
    return {row.id: row for row in load_rows("time_units", UnitRow)}


@cache
def comparator_rows() -> dict[str, CueRow]:
    """Rows that bound an amount, by row id."""
    return {row.id: row for row in load_rows("time_cues", CueRow) if row.bound}


_ALONE = ("unit", "short_unit", "direction", "until", "onwards", "window", "number_word", "per")
_TOO_COMMON = frozenset(("of", "to", "from", "by", "the"))


def _key_word(form: str) -> str:
    """The longest telling word of a form: without it the form is not there."""
    words = [word for word in split_words(form) if word.isalpha() and word not in _TOO_COMMON]
    return max(words, key=len, default="")


def _key_words(*roles: str) -> frozenset[str]:
    return frozenset(_key_word(form) for role, form, _ in entries() if role in roles) - {""}


def _telling_places() -> frozenset[str]:
    """Key words of "during" and the like, which are about time with any event."""
    rows = [row for row in load_rows("time_cues", CueRow) if row.role == "at" and row.bare == "any"]
    return frozenset(_key_word(form) for row in rows for form in row.forms)


@cache
def trigger_words() -> tuple[tuple[frozenset[str], ...], ...]:
    """Groups of word sets; where a criterion meets no group in full, no rule can apply."""
    return (
        (_key_words(*_ALONE) | _telling_places(),),
        (_key_words("anchor"), _key_words("at", "between")),
        (_key_words("month_name", "between"), frozenset(("",))),
        (_key_words("countable"), frozenset(WORDS) | {""}),
    )
