"""Writes the index of a vocabulary: an SQLite file, sorted at the end, so that it is quick to ask.

Rows are staged in the order in which they come and then put in place in the order of their keys:
inserting five million rows at random places of a tree would take many times as long.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from trialcriteria.link.vocab.keys import is_short_form, key_of
from trialcriteria.link.vocab.reading import Reading, Told

FORMAT = "1"
_BATCH = 20_000
_SETUP = """
PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE concept(id INTEGER PRIMARY KEY, vocabulary TEXT, code TEXT, name TEXT, kinds TEXT,
  class TEXT, standard INTEGER);
CREATE TABLE synonym(concept INTEGER, text TEXT, PRIMARY KEY(concept, text)) WITHOUT ROWID;
CREATE TABLE link(concept INTEGER, relation TEXT, other INTEGER,
  PRIMARY KEY(concept, relation, other)) WITHOUT ROWID;
CREATE TABLE name(key TEXT, concept INTEGER, rank INTEGER, PRIMARY KEY(key, concept)) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5(names, content='', detail='none', columnsize=0);
PRAGMA staged.journal_mode = OFF; PRAGMA staged.synchronous = OFF;
PRAGMA staged.cache_size = -131072;
CREATE TABLE staged.concept(line INTEGER, id INTEGER, vocabulary TEXT, code TEXT, name TEXT,
  kinds TEXT, class TEXT, standard INTEGER);
CREATE TABLE staged.known(id INTEGER PRIMARY KEY, standard INTEGER);
CREATE TABLE staged.target(source INTEGER PRIMARY KEY, target INTEGER);
CREATE TABLE staged.name(key TEXT, concept INTEGER, rank INTEGER);
CREATE TABLE staged.synonym(concept INTEGER, text TEXT);
CREATE TABLE staged.link(concept INTEGER, relation TEXT, other INTEGER);
"""
# What is done at the end, in this order. The table `known` is small enough to stay in memory, where
# it is asked millions of times. A name leads to its own concept where that is standard,
# else to the one standard concept that it maps to: where there are several, each alone would be
# only a part of what the name says.
_STEPS = {
    "sorting concepts": """
      INSERT OR IGNORE INTO main.concept
        SELECT id, vocabulary, code, name, kinds, class, standard FROM staged.concept
        ORDER BY id, line;
      INSERT INTO staged.known SELECT id, standard FROM main.concept ORDER BY id;
      CREATE INDEX concept_code ON concept(code);""",
    "sorting synonyms": """
      INSERT OR IGNORE INTO main.synonym SELECT concept, text FROM staged.synonym
        WHERE concept IN (SELECT id FROM staged.known) ORDER BY concept, text;""",
    "sorting relations": """
      INSERT OR IGNORE INTO main.link SELECT concept, relation, other FROM staged.link
        WHERE concept IN (SELECT id FROM staged.known) AND other IN (SELECT id FROM staged.known)
        ORDER BY concept, relation, other;
      CREATE INDEX link_other ON link(other, relation);
      INSERT INTO staged.target SELECT link.concept, min(link.other) FROM main.link
        JOIN staged.known AS reached ON reached.id = link.other AND reached.standard
        WHERE link.relation = 'Maps to' GROUP BY link.concept HAVING count(*) = 1;""",
    "sorting names": """
      INSERT OR IGNORE INTO main.name
        SELECT named.key, own.id, named.rank FROM staged.name AS named
          JOIN staged.known AS own ON own.id = named.concept AND own.standard
        UNION ALL
        SELECT named.key, target.target, named.rank + 2 FROM staged.name AS named
          JOIN staged.known AS own ON own.id = named.concept AND NOT own.standard
          JOIN staged.target ON target.source = named.concept
        ORDER BY 1, 2, 3;""",
    "indexing words": """
      INSERT INTO word(rowid, names) SELECT concept, group_concat(key, ' ') FROM main.name
        GROUP BY concept;""",
}


class ConceptRow(NamedTuple):
    """A concept as it is indexed; ``kinds`` joined by commas, ``line`` where it was read."""

    line: int
    id: int
    vocabulary: str
    code: str
    name: str
    kinds: str
    class_: str
    standard: bool


class Builder:
    """Takes concepts, synonyms and relations in any order, and makes the index of them.

    ``folder`` is an empty folder for the index and what is needed on the way.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "index.sqlite"
        self._db = sqlite3.connect(self.path)
        self._db.execute("ATTACH ? AS staged", (str(folder / "staged.sqlite"),))
        self._db.executescript(_SETUP)
        self._waiting: dict[str, list[tuple[object, ...]]] = {}

    def concept(self, row: ConceptRow) -> None:
        """Add a concept under its preferred name."""
        self._stage("concept", row)
        self._name(row.id, row.name, 0)

    def synonym(self, concept: int, text: str) -> None:
        """Add a further name; by an acronym alone no concept is found."""
        self._stage("synonym", (concept, text))
        if not is_short_form(text):
            self._name(concept, text, 1)

    def link(self, concept: int, relation: str, other: int) -> None:
        """Add a relation between two concepts."""
        self._stage("link", (concept, relation, other))

    def finish(self, facts: Mapping[str, str], source: Path, reading: Reading, told: Told) -> None:
        """Put everything in place; the file is whole on the disk afterwards.

        ``facts`` is what is to be kept of the vocabulary; ``source`` the file of the concepts.
        """
        for table in [*self._waiting]:
            self._flush(table)
        self._db.commit()
        for step, statements in _STEPS.items():
            told(step, 0)
            self._db.executescript(statements)
        self._reject_repeated(source, reading)
        kept = {**facts, **self._counts(), "broken": str(reading.counts.total())}
        self._db.executemany("INSERT INTO meta VALUES (?, ?)", {"format": FORMAT, **kept}.items())
        self._db.commit()
        self.close()
        with self.path.open("rb") as file:
            os.fsync(file.fileno())

    def close(self) -> None:
        """Let go of the files."""
        self._db.close()

    def _name(self, concept: int, text: str, rank: int) -> None:
        key = key_of(text)
        if key:
            self._stage("name", (key, concept, rank))

    def _stage(self, table: str, row: tuple[object, ...]) -> None:
        waiting = self._waiting.setdefault(table, [])
        waiting.append(row)
        if len(waiting) >= _BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows = self._waiting.pop(table)
        places = ", ".join("?" * len(rows[0]))
        self._db.executemany(f"INSERT INTO staged.{table} VALUES ({places})", rows)

    def _reject_repeated(self, source: Path, reading: Reading) -> None:
        """Name the concepts whose id an earlier line has; the earlier one stands."""
        if self._count("main.concept") == self._count("staged.concept"):
            return
        lines = self._db.execute(
            "SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY id ORDER BY line)"
            " AS turn FROM staged.concept) WHERE turn > 1 ORDER BY line"
        )
        for (line,) in lines:
            reading.reject(source, line, "a concept with the id of an earlier one")

    def _counts(self) -> dict[str, str]:
        standard = self._db.execute("SELECT count(*) FROM main.concept WHERE standard").fetchone()
        tables: Sequence[str] = ("concept", "name", "link")
        counts = {f"{table}s": str(self._count(f"main.{table}")) for table in tables}
        return {**counts, "standard": str(standard[0])}

    def _count(self, table: str) -> int:
        found: tuple[int] = self._db.execute(f"SELECT count(*) FROM {table}").fetchone()
        return found[0]
