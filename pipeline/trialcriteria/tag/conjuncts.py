"""Concepts that lack a word of the one before them: "hepatitis B or C", "type 1 or 2 diabetes"."""

import re
from collections.abc import Iterator
from functools import cache

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import Span
from trialcriteria.tag.concepts import ConceptMention, find_concepts
from trialcriteria.tag.fold import fold
from trialcriteria.tag.frames import SUBSTANCE
from trialcriteria.tag.mentions import Mention

JOIN = r"(?:and\s?/\s?or|or|and)"
WORD = re.compile(r"[^\W_][\w'-]*")
_NEXT = rf"(?:\s*,\s*(?:{JOIN}\s+)?|\s*/\s*|\s+(?:{JOIN}|&)\s+)"
_NEXT_LETTER = re.compile(rf"{_NEXT}([A-E])(?![\w-])(?: virus)?(?: infections?)?")
_NEXT_SUBSTANCE = re.compile(rf"{_NEXT}({SUBSTANCE})\b", re.IGNORECASE)
_OF_SUBSTANCES = re.compile(r"\w+ (?:of|on|to)\b")
_NEXT_WORD = re.compile(rf"{_NEXT}([a-z]+)")
_TYPES = re.compile(
    r"\b(?P<whole>(?P<word>type) (?P<first>1|i))(?: ?/ ?|,? (?:and/or|or|and) )(?P<second>2|ii) \Z",
    re.IGNORECASE,
)
_BEFORE = 30  # code points that types take before a name


class SharedRow(Row):
    """Words of one part.

    ``head``: heads besides those of heads.toml. ``modifier``: modifiers besides those. ``plain``:
    never a conjunct of its own. ``twin``: heads that follow one another behind a modifier.
    ``lettered``: names that letters follow.
    """

    part: str
    words: tuple[str, ...]


@cache
def shared_words(part: str) -> frozenset[str]:
    """The words of a part of shared_heads.toml, folded."""
    rows = load_rows("shared_heads", SharedRow)
    return frozenset(fold(word) for row in rows if row.part == part for word in row.words)


def concept_of(words: str) -> ConceptMention | None:
    """The concept that these words are as a whole."""
    found = find_concepts(words)
    return found[0] if len(found) == 1 and found[0][:2] == (0, len(words)) else None


def conjunct(like: Mention, own: Span, shared: Span, named: ConceptMention | None) -> Mention:
    """A mention of its own words and shared ones, of the kind of ``named``, else of ``like``."""
    label, source, name = like.label, "shared:words", None
    if named is not None:
        label, source, name = named.kind, named.source, named.name
    return Mention(label, own.start, own.end, source, like.score, name=name, shared=shared)


def each_type(view: str, mention: Mention) -> list[Mention]:
    """ "Type 1 or 2 diabetes": diabetes of each type."""
    if mention.label != "condition":
        return []
    found = _TYPES.search(view, max(0, mention.start - _BEFORE), mention.start)
    if found is None:
        return []
    own = view[mention.start : mention.end]
    each = [concept_of(f"type {found[number]} {own}") for number in ("first", "second")]
    first = conjunct(mention, Span(*found.span("whole")), Span(mention.start, mention.end), each[0])
    kept = Span(found.start("second"), mention.end)
    return [first, conjunct(mention, kept, Span(*found.span("word")), each[1])]


def letters_behind(view: str, mention: Mention) -> Iterator[Mention]:
    """ "C" and "D" in "hepatitis B, C or D"."""
    if mention.end - mention.start < 3:
        return
    words = view[mention.start : mention.end]
    lettered = _lettered().search(words)
    if lettered is None or lettered.end() != len(words):
        return
    name = Span(mention.start + lettered.start(), mention.end - len(" B"))
    end = mention.end
    while found := _NEXT_LETTER.match(view, end):
        named = concept_of(f"{view[name.start : name.end]} {found[1]}")
        yield conjunct(mention, Span(found.start(1), found.end()), name, named)
        end = found.end()


@cache
def _lettered() -> "re.Pattern[str]":
    names = "|".join(sorted(shared_words("lettered")))
    return re.compile(rf"(?:{names}) [a-e]", re.IGNORECASE)


def twins_behind(view: str, mention: Mention) -> Iterator[Mention]:
    """ "Inducers" in "CYP3A4 inhibitors or inducers"."""
    found = _NEXT_WORD.match(view, mention.end)
    if not found or fold(found[1]) not in shared_words("twin"):
        return
    words = list(WORD.finditer(view, mention.start, mention.end))
    if len(words) < 2 or fold(words[-1].group()) not in shared_words("twin"):
        return
    modifier = Span(mention.start, words[-2].end())
    while found and fold(found[1]) in shared_words("twin"):
        named = concept_of(f"{view[modifier.start : modifier.end]} {found[1]}")
        yield conjunct(mention, Span(*found.span(1)), modifier, named)
        found = _NEXT_WORD.match(view, found.end())


def substances_behind(view: str, mention: Mention) -> Iterator[Mention]:
    """ "Drugs" in "addiction to alcohol or drugs"."""
    of = _OF_SUBSTANCES.match(view, mention.start, mention.end)
    found = _NEXT_SUBSTANCE.match(view, mention.end)
    while of and found:
        named = concept_of(f"{found[1]} abuse")
        yield conjunct(mention, Span(*found.span(1)), Span(*of.span()), named)
        found = _NEXT_SUBSTANCE.match(view, found.end())
