"""Finds conditions, drugs, procedures, measurements and other concepts in one criterion.

Terms come from ``measurements.jsonl``, ``curated_concepts.jsonl``, ``concepts.tsv`` (built by
scripts/build_concepts.py) and ``abbreviations.toml``; ``heads.py`` adds what has no entry. On
one and the same term the files win in that order; otherwise the leftmost, then longest, mention
wins. Modifiers ("severe", "active") that are not part of a term stay outside the mention.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.asides import aside_places, chosen, without
from trialcriteria.tag.fold import Words, folded_key, read_words
from trialcriteria.tag.heads import HeadRow, framed, head_row, head_start
from trialcriteria.tag.titles import is_title_head, title_start
from trialcriteria.view import mask

_MAX_CASED = 4  # abbreviations up to this length match in their own case only
# Bare words that go on naming a concept of the kind: "prednisone therapy".
GIVING = {
    "curated:therapy": "drug",
    "curated:treatment": "drug",
    "curated:surgery": "procedure",
    "curated:surgical-procedure": "procedure",
}
_GIVEN = "therapy"  # row of heads.toml: what is given is the word before
_REVERSING = "anti"  # before a term, makes another concept of it: "anti-hypertension"


class ConceptMention(NamedTuple):
    """A concept in half-open code points of the view it was found in.

    ``doubt`` is how sure a learned tagger is that it sees none there, 0 where it does.
    """

    start: int
    end: int
    kind: ConceptKind
    name: str
    source: str
    doubt: float = 0.0


class Measurement(Row):
    """A laboratory test, vital sign, score or imaging measure.

    ``loinc`` is given only where one code is clearly the common one; ``canonical_unit`` is UCUM,
    empty where values have none; ``molar_mass`` is in g/mol (hemoglobin: per subunit) and given
    where results come both as mass and as amount of substance; ``plausible`` bounds are in the
    canonical unit and wide enough for the seriously ill; ``values`` are the levels of an
    ordinal scale from least to most; ``result`` says that it can be positive or negative,
    ``stages`` what its level is of a disease it is said of ("NYHA III heart failure").
    Synonyms as in ``CuratedConcept``.
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
    stages: Literal["stage", "severity"] | None = None


class CuratedConcept(Row):
    """A concept of eligibility text that the open vocabularies lack or name otherwise.

    ``name`` is the plain name, ``aliases`` are synonyms and abbreviations; one of up to four
    letters that holds a capital matches in that spelling only. Plurals, hyphens, accents and
    British spelling need no alias of their own. A class ("immunosuppressant") does not list its
    members. ``code`` is the MeSH or DrugBank id of the same concept ("mesh:D008180"), empty if
    none.
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


_Candidate = tuple[int, int, _Entry]  # first and last word


class AbbreviationRow(Row):
    """A field abbreviation and its long form, which is a term of the other files."""

    short: str
    long: str


class _Lexicon:
    """Readings by folded term; by last word and the word before, how many words a term can have."""

    def __init__(self) -> None:
        self.readings: dict[str, _Readings] = {}
        self.most_words: dict[str, dict[str, int]] = {}

    def add(self, key: str, readings: _Readings) -> None:
        """Adds a folded term; where it is known, only if its readings so far depend on spelling."""
        known = self.readings.get(key)
        if known is None:
            self.readings[key] = readings
            words = key.split(" ")
            if len(words) > 1:
                ends = self.most_words.setdefault(words[-1], {})
                ends[words[-2]] = max(ends.get(words[-2], 0), len(words))
        elif known[-1].cased:
            self.readings[key] = known + readings


@cache
def measurements() -> Mapping[str, Measurement]:
    """Rows of measurements.jsonl by id."""
    return MappingProxyType({row.id: row for row in load_rows("measurements", Measurement)})


def find_concepts(view: str) -> list[ConceptMention]:
    """Concepts of one criterion's reading view, left to right, without overlap.

    A concept may span an abbreviation in brackets that is no part of it.
    """
    words = read_words(view)
    asides = aside_places(view, words)
    if not asides:
        return _concepts(view, words)
    mentions = _concepts(view, without(words, asides))
    taken = mask(view, mentions)
    for at in asides:
        bracket = chosen(words, [at + 1])
        if not taken[bracket.starts[0]]:
            mentions += _concepts(view, bracket)
    return sorted(mentions)


class _Roles(NamedTuple):
    """What a folded word can be: a term's last word (of how many behind the word before, and a
    term itself), a head, the head of a title.
    """

    ends: Mapping[str, int]
    readings: _Readings
    head: HeadRow | None
    titled: bool


_Places = list[tuple[int, _Roles]]


@lru_cache(maxsize=1 << 16)
def _roles(word: str) -> _Roles | None:
    """None for the many words that end no concept."""
    lexicon = _lexicon()
    roles = _Roles(
        lexicon.most_words.get(word, {}),
        lexicon.readings.get(word, ()),
        head_row(word),
        is_title_head(word),
    )
    return roles if any(roles) else None


def _concepts(view: str, words: Words) -> list[ConceptMention]:
    """Concepts among words of the view."""
    places = [(at, roles) for at, roles in enumerate(map(_roles, words.folded)) if roles]
    candidates = [
        *_by_term(view, words, places),
        *_by_head(view, words, places),
        *_by_title(view, words, places),
    ]
    candidates.sort(key=lambda found: (found[0], -found[1]))
    mentions: list[ConceptMention] = []
    free = 0
    for first, last, entry in candidates:
        if first >= free:
            if mentions and _says_given(view, mentions[-1], words.starts[first], entry):
                continue
            span = words.starts[first], words.ends[last]
            mentions.append(ConceptMention(*span, entry.kind, entry.name, entry.source))
            free = last + 1
    return mentions


def _says_given(view: str, before: ConceptMention, start: int, entry: _Entry) -> bool:
    """Whether the concept is the bare "therapy" of "prednisone therapy", already named."""
    return GIVING.get(entry.source) == before.kind and view[before.end : start] == " "


def _by_term(view: str, words: Words, places: _Places) -> Iterator[_Candidate]:
    """Every lexicon term that stands in the text on whole words."""
    folded = words.folded
    for first, last, readings in _terms_in(folded, places):
        start, end = words.starts[first], words.ends[last]
        entry = _reading(readings, view[start:end]) if readings[0].cased else readings[0]
        if entry and not (first > 0 and folded[first - 1] == _REVERSING):
            is_test = entry.kind == "measurement"
            yield *(framed(folded, first, last) if is_test else (first, last)), entry


def _terms_in(folded: list[str], places: _Places) -> Iterator[tuple[int, int, _Readings]]:
    """First and last word of each term with its readings, by last word, longest first."""
    known = _lexicon().readings
    for last, (ends, alone, *_) in places:
        if last and (most := ends.get(folded[last - 1])):
            for first in range(max(last + 1 - most, 0), last):
                if readings := known.get(" ".join(folded[first : last + 1])):
                    yield first, last, readings
        if alone:
            yield last, last, alone


def _by_head(view: str, words: Words, places: _Places) -> Iterator[_Candidate]:
    for last, roles in places:
        row = roles.head
        first = head_start(words.folded, last, row) if row else None
        if row is None or first is None:
            continue
        if row.kind == "condition" and words.folded[first] == _REVERSING:
            continue
        name = view[words.starts[first] : words.ends[last]].lower()
        kind = cast(ConceptKind, row.kind)
        if row.id == _GIVEN and term(words.folded[last - 1], "drug"):
            kind = "drug"  # "vaginal estrogen therapy"
        yield first, last, _Entry(kind, name, f"head:{row.id}", None)


def _by_title(view: str, words: Words, places: _Places) -> Iterator[_Candidate]:
    for last, roles in places:
        first = title_start(view, words, last) if roles.titled else None
        if first is not None:
            name = view[words.starts[first] : words.ends[last]]
            entry = _Entry("measurement", name, "title:scale", None)
            yield *framed(words.folded, first, last), entry


def _reading(readings: _Readings, surface: str) -> _Entry | None:
    """The reading in just this spelling, else the first that the spelling allows.

    An abbreviation may stand in capitals or with a plural s.
    """
    letters = _letters(surface)
    allowed = [
        e for e in readings if not e.cased or letters in (e.cased, e.cased + "s", e.cased.upper())
    ]
    return max(allowed, key=lambda entry: entry.cased == letters, default=None)


@cache
def _lexicon() -> _Lexicon:
    """All terms, the most trusted file first."""
    lexicon = _Lexicon()
    for test in measurements().values():
        _add(lexicon, "measurement", f"measurement:{test.id}", (test.name, *test.synonyms))
    for row in load_rows("curated_concepts", CuratedConcept):
        _add(lexicon, row.kind, f"curated:{row.id}", (row.name, *row.aliases))
    _add_vocabulary(lexicon)
    for short in load_rows("abbreviations", AbbreviationRow):
        best = lexicon.readings[folded_key(short.long)][0]
        lexicon.add(folded_key(short.short), (best._replace(cased=_letters(short.short)),))
    return lexicon


def _add(lexicon: _Lexicon, kind: ConceptKind, source: str, names: tuple[str, ...]) -> None:
    """Adds every name of one concept; the first is the preferred one."""
    entry = _Entry(kind, names[0], source, None)
    free = (entry,)
    for name in names:
        readings = (entry._replace(cased=_letters(name)),) if is_cased(name) else free
        lexicon.add(folded_key(name), readings)


def _add_vocabulary(lexicon: _Lexicon) -> None:
    """Adds concepts.tsv, whose terms are long enough to match in any spelling."""
    for line in files("trialcriteria.lexicons").joinpath("concepts.tsv").open(encoding="utf-8"):
        if not line.startswith("#"):
            kind, name, _, source, keys = line.rstrip("\n").split("\t")
            readings = (_Entry(cast(ConceptKind, kind), name, source, None),)
            for key in keys.split("|"):
                lexicon.add(key, readings)


def term(key: str, kind: ConceptKind) -> tuple[str, str] | None:
    """Name and source of the concept of the kind that folded words name in any spelling."""
    readings = _lexicon().readings.get(key, ())
    found = (r for r in readings if r.kind == kind and not r.cased)
    return next(((r.name, r.source) for r in found), None)


def _letters(alias: str) -> str:
    return alias.replace("-", "").replace(" ", "")


def is_cased(alias: str) -> bool:
    """Whether the alias is a short abbreviation that must be met in its own case."""
    return alias != alias.lower() and len(_letters(alias)) <= _MAX_CASED
