"""Asks the index of a vocabulary: codes of a name, concepts of some words, one concept in full."""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from trialcriteria.errors import VocabularyError
from trialcriteria.link.vocab.build import FORMAT
from trialcriteria.link.vocab.keys import key_of
from trialcriteria.link.vocab.rows import leading, systems, vocabularies
from trialcriteria.schema import Code, ConceptKind

_CACHE_SIZE = 1 << 16
_CONCEPT = "concept.id, vocabulary, code, concept.name, kinds, class, standard"
_SCORES = (1.0, 0.95, 0.9, 0.85)  # by rank: own name, own synonym; the same of one that maps to it
_PROBES = 50
_MEND = "`trialcriteria vocab add --force` makes it anew"
_MOST = 20  # relations of a kind that are shown
_DRUG_ITSELF = "Ingredient"


class About(BaseModel, frozen=True):
    """What an index says of itself; ``others`` are concepts of kinds that we have none of."""

    name: str
    origin: str
    version: str
    digest: str
    added: str
    concepts: int
    standard: int
    names: int
    links: int
    others: int
    broken: int
    system: str


class Entry(NamedTuple):
    """A concept of an index."""

    id: int
    vocabulary: str
    code: str
    name: str
    kinds: str
    class_: str
    standard: int


class Details(NamedTuple):
    """One concept in full; ``members`` are the first twenty of ``member_count`` below it."""

    entry: Entry
    codes: tuple[Code, ...]
    synonyms: tuple[str, ...]
    mapped_to: tuple[Entry, ...]
    mapped_from: tuple[Entry, ...]
    parents: tuple[Entry, ...]
    members: tuple[Entry, ...]
    member_count: int


class Index:
    """A vocabulary of the user's own; a ``Vocabulary`` in the sense of ``apply``.

    Raises VocabularyError where the file is no index, or one of another version of the program.
    A copy sent to another process opens the file anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._check_format()
            self.about = self._read_about()
        except (sqlite3.Error, ValueError) as error:
            raise VocabularyError(f"{path}: damaged ({error}); {_MEND}") from error
        self._codes = lru_cache(_CACHE_SIZE)(self._codes_of_name)
        self._standing = lru_cache(_CACHE_SIZE)(self._standard_of_code)

    def __reduce__(self) -> "tuple[type[Index], tuple[Path]]":
        return Index, (self.path,)

    @property
    def identity(self) -> str:
        """Name, version and beginning of the sha256 of the sources, for ``provenance``."""
        return f"{self.about.name}:{self.about.version}@{self.about.digest[:12]}"

    def codes(
        self, kind: ConceptKind, names: Sequence[str], known: Sequence[Code] = ()
    ) -> tuple[Code, ...]:
        """The codes of the one concept meant; none where no name, or more than one, fits.

        A standard concept of a code that is known already is taken first, then the first of the
        names that leads to one concept of the kind.
        """
        for code in known:
            entry = self._standing(code.system, code.code)
            if entry and _is_of(entry, kind):
                return self._as_codes(entry, code.score)
        return next(filter(None, (self._codes(kind, name) for name in names)), ())

    def search(self, text: str, kind: ConceptKind | None = None, most: int = 10) -> list[Entry]:
        """Standard concepts with all these words in their names (the last may go on), best first.

        First come those that are so named, then those with the shortest names.
        """
        key = key_of(text)
        words = "".join(c if c.isalnum() else " " for c in key).split()
        if not words:
            return []
        asked = " ".join(f'"{word}"' for word in words) + "*"
        rows = self._ask(
            f"SELECT {_CONCEPT} FROM word JOIN concept ON concept.id = word.rowid"
            " WHERE word MATCH ? AND instr(',' || kinds || ',', ?)"
            " ORDER BY concept.id NOT IN (SELECT concept FROM name WHERE key = ?),"
            " length(concept.name), concept.id LIMIT ?",
            (asked, f",{kind}," if kind else ",", key, most),
        )
        return [*map(Entry._make, rows)]

    def details(self, asked: str, most: int = 5) -> list[Details]:
        """The concepts of a code, of an OMOP concept id or of a name, in full."""
        entries = self._by_code(asked) or self._by_id(asked)
        entries = entries or [entry for entry, _ in self._by_key(key_of(asked))]
        return [*map(self._in_full, entries[:most])]

    def _standard_of_code(self, system: str, code: str) -> Entry | None:
        vocabulary = vocabularies().get(system)
        entries = self._by_code(code, vocabulary) if vocabulary else []
        return entries[0] if len(entries) == 1 and entries[0].standard else None

    def _codes_of_name(self, kind: ConceptKind, name: str) -> tuple[Code, ...]:
        found = [(each, rank) for each, rank in self._by_key(key_of(name)) if _is_of(each, kind)]
        best = min((rank for _, rank in found), default=0)
        entry = _only([each for each, rank in found if rank == best], kind)
        return self._as_codes(entry, _SCORES[best]) if entry else ()

    def _as_codes(self, entry: Entry, score: float) -> tuple[Code, ...]:
        """The concept in its own code system, and by its OMOP concept id."""
        pairs = [(systems().get(entry.vocabulary), entry.code), (self.about.system, str(entry.id))]
        return tuple(
            Code(system=system, code=code, display=entry.name, score=score, source=self.about.name)
            for system, code in pairs
            if system
        )

    def _by_key(self, key: str) -> list[tuple[Entry, int]]:
        rows = self._ask(
            f"SELECT rank, {_CONCEPT} FROM name JOIN concept ON concept.id = name.concept"
            " WHERE key = ? ORDER BY rank, concept.id",
            (key,),
        )
        return [(Entry._make(row[1:]), row[0]) for row in rows]

    def _by_code(self, code: str, vocabulary: str = "") -> list[Entry]:
        """The concepts of a code, of one vocabulary or (empty) of any."""
        rows = self._ask(
            f"SELECT {_CONCEPT} FROM concept WHERE code = ?1 AND ?2 IN (vocabulary, '')"
            " ORDER BY standard DESC, id",
            (code, vocabulary),
        )
        return [*map(Entry._make, rows)]

    def _by_id(self, text: str) -> list[Entry]:
        if not self.about.system or not text.isdecimal() or len(text) > 18:
            return []
        rows = self._ask(f"SELECT {_CONCEPT} FROM concept WHERE id = ?", (int(text),))
        return [*map(Entry._make, rows)]

    def _in_full(self, entry: Entry) -> Details:
        said = self._ask("SELECT text FROM synonym WHERE concept = ?", (entry.id,))
        synonyms = sorted({text for (text,) in said} - {entry.name})
        count = "SELECT count(*) FROM link WHERE other = ? AND relation = 'Is a'"
        return Details(
            entry,
            self._as_codes(entry, 1.0),
            tuple(synonyms),
            self._linked(entry, "Maps to", "concept", "other"),
            self._linked(entry, "Maps to", "other", "concept"),
            self._linked(entry, "Is a", "concept", "other"),
            self._linked(entry, "Is a", "other", "concept"),
            self._ask(count, (entry.id,))[0][0],
        )

    def _linked(self, entry: Entry, relation: str, this: str, that: str) -> tuple[Entry, ...]:
        rows = self._ask(
            f"SELECT {_CONCEPT} FROM link JOIN concept ON concept.id = link.{that}"
            f" WHERE link.{this} = ? AND relation = ? ORDER BY concept.name, concept.id LIMIT ?",
            (entry.id, relation, _MOST),
        )
        return tuple(map(Entry._make, rows))

    def _ask(self, query: str, given: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; raises VocabularyError where the file is damaged."""
        try:
            return self._db.execute(query, given).fetchall()
        except sqlite3.Error as error:
            raise VocabularyError(f"{self.path}: damaged ({error}); {_MEND}") from error
        except UnicodeEncodeError:  # half a character, as of a torn command line, is in no name
            return []

    def _read_about(self) -> About:
        return About.model_validate(dict(self._ask("SELECT name, value FROM meta")))

    def _check_format(self) -> None:
        """Raises ValueError where names are compared in another way than they were indexed."""
        ((found,),) = self._ask("SELECT value FROM meta WHERE name = 'format'")
        probes = self._ask("SELECT id, name FROM concept WHERE standard LIMIT ?", (_PROBES,))
        named = "SELECT 1 FROM name WHERE key = ? AND concept = ?"
        keys = ((key_of(name), id_) for id_, name in probes)
        if found != FORMAT or not all(self._ask(named, probe) for probe in keys if probe[0]):
            raise ValueError("made by another version")


def _is_of(entry: Entry, kind: ConceptKind) -> bool:
    return kind in entry.kinds.split(",")


def _only(entries: list[Entry], kind: ConceptKind) -> Entry | None:
    """The one that is meant: of the leading vocabulary, a drug itself rather than its products."""
    for preferred in (
        [each for each in entries if each.vocabulary in leading(kind)],
        [each for each in entries if each.class_ == _DRUG_ITSELF],
    ):
        entries = preferred or entries
    return entries[0] if len(entries) == 1 else None
