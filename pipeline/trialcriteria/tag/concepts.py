"""Finds conditions, drugs, procedures, measurements and other concepts in one criterion.

Terms come from three rule files: ``measurements.toml``, ``curated_concepts.toml`` and
``concepts.tsv`` (built by scripts/build_concepts.py); ``heads.py`` adds what has no entry. On
one and the same term the files win in that order; otherwise the leftmost, then longest, mention
wins. Modifiers ("severe", "active") that are not part of a term stay outside the mention.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

import ahocorasick

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.fold import Token, folded_key, tokens
from trialcriteria.tag.heads import find_heads

_MAX_CASED = 4  # abbreviations up to this length match in their own case only


class ConceptMention(NamedTuple):
    """A concept in half-open code points of the view it was found in."""

    start: int
    end: int
    kind: ConceptKind
    name: str
    source: str


class Measurement(Row):
    """A laboratory test, vital sign, score or imaging measure.

    ``canonical_unit`` is UCUM, empty where values have none; ``molar_mass`` is in g/mol and
    given where results come both as mass and as amount of substance; ``plausible`` bounds are
    in the canonical unit and wide enough for the seriously ill; ``values`` are the levels of
    an ordinal scale from least to most; ``result`` says that it can be positive or negative.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    loinc: str = ""
    canonical_unit: str = ""
    kind_of: Literal["lab", "vital", "score", "serology", "imaging"]
    molar_mass: float | None = None
    plausible: tuple[float, float] | None = None
    values: tuple[str, ...] = ()
    result: bool = False


class CuratedConcept(Row):
    """A concept of eligibility text that the open vocabularies lack or name otherwise."""

    kind: ConceptKind
    name: str
    aliases: tuple[str, ...] = ()


class _Entry(NamedTuple):
    """What a term stands for; ``cased`` is the spelling it must have, if it matters."""

    kind: ConceptKind
    name: str
    source: str
    cased: str | None


class _Term(NamedTuple):
    """A folded key: its length, and its readings, best first."""

    length: int
    entries: list[_Entry]


class _Candidate(NamedTuple):
    first: int
    last: int
    entry: _Entry


class _Terms(NamedTuple):
    """Automaton over the folded text; its values index ``terms``."""

    automaton: "ahocorasick.Automaton"
    terms: list[_Term]


@cache
def measurements() -> Mapping[str, Measurement]:
    """Rows of measurements.toml by id."""
    return MappingProxyType({row.id: row for row in load_rows("measurements", Measurement)})


def find_concepts(view: str) -> list[ConceptMention]:
    """Concepts of one criterion's reading view, left to right, without overlap."""
    words = tokens(view)
    candidates = [*_by_term(view, words), *_by_head(view, words)]
    candidates.sort(key=lambda found: (found.first, -found.last))
    mentions: list[ConceptMention] = []
    free = 0
    for first, last, entry in candidates:
        if first >= free:
            span = words[first].start, words[last].end
            mentions.append(ConceptMention(*span, entry.kind, entry.name, entry.source))
            free = last + 1
    return mentions


def _by_term(view: str, words: list[Token]) -> Iterator[_Candidate]:
    """Every lexicon term that stands in the text on whole words."""
    folded, blanks = _folded_text(words)
    automaton, terms = _lexicon()
    for end, index in automaton.iter(folded):
        term = terms[index]
        first, last = blanks[end - term.length + 1], blanks[end] - 1
        surface = view[words[first].start : words[last].end]
        entry = next((e for e in term.entries if e.cased is None or _spelt(surface, e.cased)), None)
        if entry:
            yield _Candidate(first, last, entry)


def _by_head(view: str, words: list[Token]) -> Iterator[_Candidate]:
    for first, last, row in find_heads(words):
        name = view[words[first].start : words[last].end].lower()
        kind = cast(ConceptKind, row.kind)
        yield _Candidate(first, last, _Entry(kind, name, f"head:{row.id}", None))


def _folded_text(words: list[Token]) -> tuple[str, dict[int, int]]:
    """Folded words between blanks, and for each blank the index of the word after it."""
    blanks = {}
    position = 0
    for index, word in enumerate(words):
        blanks[position] = index
        position += len(word.folded) + 1
    blanks[position] = len(words)
    return f" {' '.join(word.folded for word in words)} ", blanks


def _spelt(surface: str, cased: str) -> bool:
    """Same letters in the same case, or all in capitals; a plural s is allowed."""
    letters = surface.replace("-", "").replace(" ", "")
    return letters in (cased, cased + "s", cased.upper())


@cache
def _lexicon() -> _Terms:
    """All terms in one automaton; terms lie between blanks, so that words match whole."""
    automaton = ahocorasick.Automaton()
    terms: list[_Term] = []
    index: dict[str, _Term] = {}
    for alias, entry in _all_entries():
        key = f" {folded_key(alias)} "
        if key not in index:
            index[key] = _Term(len(key), [])
            automaton.add_word(key, len(terms))
            terms.append(index[key])
        if not index[key].entries or index[key].entries[-1].cased:
            index[key].entries.append(entry)
    automaton.make_automaton()
    return _Terms(automaton, terms)


def _all_entries() -> Iterator[tuple[str, _Entry]]:
    """Terms with what they stand for, the most trusted file first."""
    for test in measurements().values():
        yield from _entries("measurement", test.name, f"measurement:{test.id}", test.synonyms)
    for row in load_rows("curated_concepts", CuratedConcept):
        yield from _entries(row.kind, row.name, f"curated:{row.id}", row.aliases)
    for line in files("trialcriteria.lexicons").joinpath("concepts.tsv").open(encoding="utf-8"):
        if not line.startswith("#"):
            kind, name, aliases, source = line.rstrip("\n").split("\t")
            extra = tuple(aliases.split("|")) if aliases else ()
            yield from _entries(cast(ConceptKind, kind), name, source, extra)


def _entries(
    kind: ConceptKind, name: str, source: str, aliases: tuple[str, ...]
) -> Iterator[tuple[str, _Entry]]:
    plain = _Entry(kind, name, source, None)
    for alias in (name, *aliases):
        yield alias, _Entry(kind, name, source, _letters(alias)) if is_cased(alias) else plain


def _letters(alias: str) -> str:
    return alias.replace("-", "").replace(" ", "")


def is_cased(alias: str) -> bool:
    """Whether the alias is a short abbreviation that must be met in its own case."""
    letters = _letters(alias)
    return len(letters) <= _MAX_CASED and letters != letters.lower()
