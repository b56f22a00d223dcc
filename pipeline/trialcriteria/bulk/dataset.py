"""The dataset on disk: ``<folder>/<table>/part-000001.parquet``, each part whole or absent.

A part is one file in every table's folder, under one number. Each file is written beside its
place, brought to the disk, and renamed, that of ``trials`` last: a part without it is none, and
``recover`` clears what is left of it. A part that stands in for others names them, so that a
stop between its appearance and their removal doubles nothing.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trialcriteria.bulk.columns import Table
from trialcriteria.bulk.tables import ERRORS, EXTRACTIONS, TABLES, TRIALS
from trialcriteria.errors import TrialCriteriaError

_EVERY = (*TABLES, EXTRACTIONS)
_NAME = re.compile(r"part-(\d{6,})\.parquet")
_REPLACES = b"replaces"

Batches = Mapping[str, Sequence[pa.RecordBatch]]


class Dataset:
    """The parts of one folder."""

    def __init__(self, folder: Path, with_json: bool = False) -> None:
        self._folder = folder
        self._tables = _EVERY if with_json else TABLES

    def recover(self) -> None:
        """Make the folders, and clear what a run that was stopped left half done."""
        for table in self._tables:
            (self._folder / table.name).mkdir(parents=True, exist_ok=True)
        for part in self.parts():
            for old in self._replaced_by(part):
                self.remove(old)
        whole = set(self.parts())
        for path in self._files():
            if path.name.startswith(".") or path.name not in whole:
                path.unlink(missing_ok=True)

    def parts(self) -> list[str]:
        """Names of the whole parts, in the order they were written."""
        names = (path.name for path in (self._folder / TRIALS.name).glob("part-*.parquet"))
        return sorted((name for name in names if _NAME.fullmatch(name)), key=_number)

    def keys(self, part: str) -> Iterator[str]:
        """The key of every record of a part, whether it became a trial or an error."""
        for table in (TRIALS, ERRORS):
            yield from self._read(table, part, ["record_key"]).column("record_key").to_pylist()

    def count(self, table: Table) -> int:
        """How many rows a table has."""
        return sum(self._metadata(table, part).num_rows for part in self.parts())

    def errors(self, kinds: Iterable[str]) -> dict[str, set[str]]:
        """For each part that has errors of these kinds, their keys."""
        wanted = pa.array(list(kinds), pa.string())
        found = {}
        for part in self.parts():
            rows = self._read(ERRORS, part, ["kind", "record_key"])
            keys = rows.filter(pc.is_in(rows.column("kind"), wanted)).column("record_key")
            if len(keys):
                found[part] = set(keys.to_pylist())
        return found

    def write(self, batches: Batches, replaces: Sequence[str] = ()) -> str:
        """One more part; returns its name.

        Raises TrialCriteriaError where the disk is full or refuses; then nothing of it is left.
        """
        last = self.parts()[-1:]
        part = f"part-{1 + max(map(_number, (*last, *replaces)), default=0):06d}.parquet"
        try:
            for table in self._tables:
                metadata = {_REPLACES: ",".join(replaces)} if table is TRIALS else None
                self._write_hidden(table, part, batches.get(table.name, ()), metadata)
            for table in reversed(self._tables):  # trials, the first, is renamed last
                path = self._path(table, part)
                path.with_name(f".{part}").replace(path)
                _sync_folder(path.parent)
        except OSError as error:
            self._clear(part)
            reason = error.strerror or error
            raise TrialCriteriaError(
                f"{self._folder}: cannot write ({reason}); all parts written so far are whole: "
                "mend that and run the same command again"
            ) from error
        return part

    def without(self, part: str, keys: set[str]) -> dict[str, list[pa.RecordBatch]]:
        """What remains of a part without the records of these keys; the part stays as it is."""
        stale = pa.array(sorted(keys), pa.string())
        trials = self._read(TRIALS, part)
        gone = trials.filter(pc.is_in(trials.column("record_key"), stale)).column("trial_id")
        kept = {}
        for table in self._tables:
            rows = self._read(table, part)
            column, left_out = ("record_key", stale) if table is ERRORS else ("trial_id", gone)
            leaves = pc.is_in(rows.column(column), left_out)
            kept[table.name] = rows.filter(pc.invert(leaves)).to_batches()
        return kept

    def prune(self, stale: Iterable[tuple[str, set[str]]], size: int) -> None:
        """Remove records by part and key; what remains of parts is joined to parts of ``size``."""
        kept: dict[str, list[pa.RecordBatch]] = defaultdict(list)
        old: list[str] = []
        for part, keys in stale:
            for table, batches in self.without(part, keys).items():
                kept[table] += batches
            old.append(part)
            if _records(kept) >= size:
                self._replace(old, kept)
                kept, old = defaultdict(list), []
        self._replace(old, kept)

    def _replace(self, old: Sequence[str], kept: Batches) -> None:
        if _records(kept):
            self.write(kept, replaces=old)
        for part in old:
            self.remove(part)

    def remove(self, part: str) -> None:
        """Remove a part; without its trials the rest of it is none."""
        for table in _EVERY:
            self._path(table, part).unlink(missing_ok=True)

    def _write_hidden(
        self,
        table: Table,
        part: str,
        batches: Sequence[pa.RecordBatch],
        metadata: dict[bytes, str] | None,
    ) -> None:
        rows = pa.Table.from_batches(batches, table.schema).replace_schema_metadata(metadata)
        with self._path(table, f".{part}").open("wb") as out:
            pq.write_table(rows, out, compression="zstd")
            out.flush()
            os.fsync(out.fileno())

    def _replaced_by(self, part: str) -> list[str]:
        found = self._metadata(TRIALS, part).metadata or {}
        return [name for name in found.get(_REPLACES, b"").decode().split(",") if name]

    def _read(self, table: Table, part: str, columns: list[str] | None = None) -> pa.Table:
        with _undamaged(self._path(table, part)) as file:
            return file.read(columns).replace_schema_metadata(None)

    def _metadata(self, table: Table, part: str) -> pq.FileMetaData:
        with _undamaged(self._path(table, part)) as file:
            return file.metadata

    def _clear(self, part: str) -> None:
        self.remove(part)
        self.remove(f".{part}")

    def _files(self) -> Iterator[Path]:
        for table in _EVERY:
            for path in (self._folder / table.name).glob("*part-*.parquet"):
                if _NAME.fullmatch(path.name.removeprefix(".")):
                    yield path

    def _path(self, table: Table, part: str) -> Path:
        return self._folder / table.name / part


@contextmanager
def _undamaged(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, FileNotFoundError) as error:
        raise TrialCriteriaError(
            f"{path}: damaged ({str(error).splitlines()[0]}); remove this part from the table "
            f"{TRIALS.name} and run the same command again"
        ) from error


def _records(batches: Batches) -> int:
    tables = (TRIALS, ERRORS)
    return sum(batch.num_rows for table in tables for batch in batches.get(table.name, ()))


def _number(part: str) -> int:
    match = _NAME.fullmatch(part)
    return int(match[1]) if match else 0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
