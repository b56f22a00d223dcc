"""AACT flat files: the eligibilities with what three other tables know of each trial.

The other tables go through a temporary database of SQLite's own, which lies on the disk where it
grows, so that memory does not grow with them.
"""

import io
import sqlite3
from collections.abc import Callable, Iterator
from typing import IO, cast

from trialcriteria.read import Record, read_stream
from trialcriteria.read.delimited import Row, is_text, rows
from trialcriteria.read.fields import distinct, stated
from trialcriteria.read.stream import Inflated, text_lines
from trialcriteria.schema import Posting

Opener = Callable[[str], IO[bytes]]

ELIGIBILITIES = "eligibilities.txt"
_STUDIES = "studies.txt"
_NAMES = {"conditions.txt": "conditions", "interventions.txt": "interventions"}
_STUDY_FIELDS = ("brief_title", "official_title", "phase", "overall_status")
_TABLES = """
create table studies (nct_id text primary key, title text, phase text, status text) without rowid;
create table names (nct_id text, kind text, name text);
"""
NAMES = frozenset((ELIGIBILITIES, _STUDIES, *_NAMES))
"""The files that are joined."""
_INDEX = "create index by_trial on names (nct_id, kind)"


def read(opened: Opener, name: str) -> Iterator[Record]:
    """One posting a row of eligibilities, with title, phase, status, conditions, interventions.

    ``opened`` opens a table by its file name. Raises ReadError where a table cannot be read.
    """
    db = sqlite3.connect("")
    try:
        db.executescript(_TABLES)
        db.executemany("insert or ignore into studies values (?, ?, ?, ?)", _studies(opened))
        for table, kind in _NAMES.items():
            db.executemany("insert into names values (?, ?, ?)", _named(opened, table, kind))
        db.execute(_INDEX)
        with opened(ELIGIBILITIES) as stream:
            for record in read_stream(_buffered(stream), f"{name}/{ELIGIBILITIES}", "aact"):
                yield _completed(record, db) if isinstance(record, Posting) else record
    finally:
        db.close()


def _studies(opened: Opener) -> Iterator[tuple[str | None, ...]]:
    for row in _rows(opened, _STUDIES):
        brief, official, phase, status = (stated(row.get(field)) for field in _STUDY_FIELDS)
        yield stated(row.get("nct_id")), brief or official, phase, status


def _named(opened: Opener, table: str, kind: str) -> Iterator[tuple[str | None, ...]]:
    for row in _rows(opened, table):
        yield stated(row.get("nct_id")), kind, stated(row.get("name"))


def _rows(opened: Opener, table: str) -> Iterator[Row]:
    """The rows of a table beside the eligibilities; one that is no text is left out."""
    with opened(table) as stream:
        yield from filter(is_text, rows(text_lines(Inflated(_buffered(stream))), "|"))


def _buffered(stream: IO[bytes]) -> io.BufferedReader:
    return cast(io.BufferedReader, stream)  # files and zip members alike can be peeked at


def _completed(posting: Posting, db: sqlite3.Connection) -> Posting:
    study = db.execute(
        "select title, phase, status from studies where nct_id = ?", (posting.trial.id,)
    ).fetchone()
    title, phase, status = study or (None, None, None)
    found = {
        "title": title,
        "phase": phase,
        "status": status,
        **{kind: _names(posting, kind, db) for kind in _NAMES.values()},
    }
    return posting.model_copy(update={"trial": posting.trial.model_copy(update=found)})


def _names(posting: Posting, kind: str, db: sqlite3.Connection) -> tuple[str, ...]:
    found = db.execute(
        "select name from names where nct_id = ? and kind = ? order by rowid",
        (posting.trial.id, kind),
    )
    return distinct(name for (name,) in found)
