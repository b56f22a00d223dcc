"""What is in the dataset already, and which trials this run has met.

It lies in a temporary database of SQLite's own, which goes to the disk where it grows, so that
memory does not grow with the number of records.
"""

import sqlite3
from collections.abc import Iterable, Iterator

_TABLES = """
pragma journal_mode = off;
pragma synchronous = off;
create table known (key text primary key, part text, live integer) without rowid;
create index by_part on known (part, live);
create table met (trial_id text primary key) without rowid;
"""


class Ledger:
    """Records by key, each in its part; those not met again in this run are stale."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")
        self._db.executescript(_TABLES)

    def add(self, part: str, keys: Iterable[str]) -> None:
        """A part, and the keys of its records."""
        rows = ((key, part) for key in keys)
        self._db.executemany("insert into known values (?, ?, 0)", rows)

    def is_known(self, key: str) -> bool:
        """Whether the dataset holds the record; if so, it is no longer stale."""
        return self._db.execute("update known set live = 1 where key = ?", (key,)).rowcount > 0

    def is_first(self, trial_id: str) -> bool:
        """Whether the trial is met for the first time in this run."""
        met = self._db.execute("insert or ignore into met values (?)", (trial_id,))
        return met.rowcount > 0

    def stale(self) -> Iterator[tuple[str, set[str]]]:
        """Each part with records not met again, and their keys."""
        parts = self._db.execute("select distinct part from known where not live order by part")
        for (part,) in parts.fetchall():
            rows = self._db.execute("select key from known where part = ? and not live", (part,))
            yield part, {key for (key,) in rows}

    def count_stale(self) -> int:
        """How many records were not met again."""
        (found,) = self._db.execute("select count(*) from known where not live").fetchone()
        return int(found)

    def close(self) -> None:
        """Give the database back."""
        self._db.close()
