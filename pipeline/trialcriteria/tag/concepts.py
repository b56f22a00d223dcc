"""Finds conditions, drugs, procedures, measurements and other concepts in one criterion.

Terms come from ``measurements.toml``, ``curated_concepts.toml``, ``concepts.tsv`` (built by
scripts/build_concepts.py) and ``abbreviations.toml``; ``heads.py`` adds what has no entry. On
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
from trialcriteria.tag.heads import find_heads, framed

_MAX_CASED = 4  # abbreviations up to this length match in their own case only
_REVERSING = "anti"  # before a term, makes another concept of it: "anti-hypertension"


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
    """A concept of eligibility text that the open vocabularies lack or name otherwise.

    ``code`` is the MeSH or DrugBank id of the same concept ("mesh:D008180"), empty if none.
    """

    kind: ConceptKind
    name: str
    aliases: tuple[str, ...] = ()
    code: str = ""


class _Entry(NamedTuple):
    """What a term stands for; ``cased`` is the spelling it must have, if it matters."""

    kind: ConceptKind
    name: str
    source: str
    cased: str | None


_Readings = tuple[_Entry, ...]  # best first; only the last may be free of a spelling


class _Candidate(NamedTuple):
    first: int
    last: int
    entry: _Entry


class AbbreviationRow(Row):
    """A field abbreviation and its long form, which is a term of the other files."""

    short: str
    long: str


class _Terms:
    """Automaton over folded text whose values index the terms' lengths and readings."""

    def __init__(self) -> None:
        self.automaton = ahocorasick.Automaton()
        self.lengths: list[int] = []
        self.readings: list[_Readings] = []
        self._index: dict[str, int] = {}

    def add(self, term: str, readings: _Readings) -> None:
        """Adds a term; where it is known, only if its readings so far depend on spelling."""
        key = f" {folded_key(term)} "  # between blanks, so that words match whole
        known = self._index.setdefault(key, len(self._index))
        if known == len(self.readings):
            self.automaton.add_word(key, known)
            self.lengths.append(len(key))
            self.readings.append(readings)
        elif self.readings[known][-1].cased:
            self.readings[known] += readings

    def best(self, term: str) -> _Entry:
        """The first reading of a known term; KeyError where it is none."""
        return self.readings[self._index[f" {folded_key(term)} "]][0]


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
    lexicon = _lexicon()
    for end, term in lexicon.automaton.iter(folded):
        first, last = blanks[end - lexicon.lengths[term] + 1], blanks[end] - 1
        surface = view[words[first].start : words[last].end]
        entry = _reading(lexicon.readings[term], surface)
        if entry and not (first > 0 and words[first - 1].folded == _REVERSING):
            is_test = entry.kind == "measurement"
            yield _Candidate(*(framed(words, first, last) if is_test else (first, last)), entry)


def _by_head(view: str, words: list[Token]) -> Iterator[_Candidate]:
    for first, last, row in find_heads(words):
        if row.kind == "condition" and words[first].folded == _REVERSING:
            continue
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


def _reading(readings: _Readings, surface: str) -> _Entry | None:
    """The reading in just this spelling, else the first that the spelling allows.

    An abbreviation may stand in capitals or with a plural s.
    """
    if not readings[0].cased:
        return readings[0]
    letters = _letters(surface)
    allowed = [
        e for e in readings if not e.cased or letters in (e.cased, e.cased + "s", e.cased.upper())
    ]
    return max(allowed, key=lambda entry: entry.cased == letters, default=None)


@cache
def _lexicon() -> _Terms:
    """All terms in one automaton."""
    terms = _Terms()
    for term, readings in _all_terms():
        terms.add(term, readings)
    for row in load_rows("abbreviations", AbbreviationRow):
        terms.add(row.short, (terms.best(row.long)._replace(cased=_letters(row.short)),))
    terms.automaton.make_automaton()
    return terms


def _all_terms() -> Iterator[tuple[str, _Readings]]:
    """Terms with what they stand for, the most trusted file first."""
    for test in measurements().values():
        yield from _terms("measurement", f"measurement:{test.id}", (test.name, *test.synonyms))
    for row in load_rows("curated_concepts", CuratedConcept):
        yield from _terms(row.kind, f"curated:{row.id}", (row.name, *row.aliases))
    for line in files("trialcriteria.lexicons").joinpath("concepts.tsv").open(encoding="utf-8"):
        if not line.startswith("#"):
            kind, name, aliases, source = line.rstrip("\n").split("\t")
            names = (name, *aliases.split("|")) if aliases else (name,)
            yield from _terms(cast(ConceptKind, kind), source, names)


def _terms(
    kind: ConceptKind, source: str, names: tuple[str, ...]
) -> Iterator[tuple[str, _Readings]]:
    """Every name of one concept; the first is the preferred one."""
    entry = _Entry(kind, names[0], source, None)
    free = (entry,)
    for name in names:
        yield name, (entry._replace(cased=_letters(name)),) if is_cased(name) else free


def _letters(alias: str) -> str:
    return alias.replace("-", "").replace(" ", "")


def is_cased(alias: str) -> bool:
    """Whether the alias is a short abbreviation that must be met in its own case."""
    return alias != alias.lower() and len(_letters(alias)) <= _MAX_CASED
