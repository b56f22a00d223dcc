"""The dataset of a bulk run as views of an in-memory DuckDB that can read it and nothing else."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trialcriteria.errors import QueryError
from trialcriteria.query.scripts import macros, scripts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# As `trialcriteria bulk` writes them; docs/bulk.md has their columns. A part counts once the file
# of the first table is there.
TABLES = ("trials", "criteria", "facts", "entities", "relations", "warnings", "errors")
_ON_DEMAND = "extractions"
# What follows the message: a drawing of the place, the signatures of all functions alike.
_WHERE = re.compile(r"\n\nLINE |\n\s*Candidate (?:functions|macros)")
_SHOWN = "--list shows all tables, views and columns"
_WILDCARD = re.compile(r"[*?\[]")


@contextmanager
def opened_dataset(folder: Path, writes: Path | None = None) -> "Iterator[DuckDBPyConnection]":
    """A connection with the tables and the ready views of the dataset in ``folder``.

    It reads the folder, writes at most the file ``writes``, reaches nothing else of this machine
    or the network, and its settings are locked. Raises QueryError where there is no dataset.
    """
    with connected() as connection:
        add_tables(connection, folder)
        connection.execute(macros())
        for view in scripts("views").values():
            connection.execute(f"create view {view.name} as {view.sql}")
        _lock(connection, folder, writes)
        yield connection


def is_complete(folder: Path) -> bool:
    """Whether the last run on the folder came to its end, as far as its manifest says."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return True
    return not isinstance(manifest, dict) or manifest.get("complete") is not False


@contextmanager
def connected() -> "Iterator[DuckDBPyConnection]":
    """A database in memory, which puts aside on the disk what is too large for it.

    What DuckDB finds wrong while it is open is raised as QueryError, in one line.
    """
    import duckdb  # noqa: PLC0415 - it takes a while, and the help of the program needs none

    with tempfile.TemporaryDirectory(prefix="trialcriteria-") as spill:
        connection = duckdb.connect(config={"temp_directory": spill})
        try:
            yield connection
        except duckdb.Error as error:
            said = " ".join(_WHERE.split(str(error))[0].split())
            unknown = isinstance(error, duckdb.CatalogException | duckdb.BinderException)
            raise QueryError(f"{said}; {_SHOWN}" if unknown else said) from error
        finally:
            connection.close()


def add_tables(connection: "DuckDBPyConnection", folder: Path) -> None:
    """Create a view of each table of the dataset; raises QueryError where there is none."""
    if not folder.is_dir():
        raise QueryError(f"{folder}: no such folder; give the output of `trialcriteria bulk`")
    parts = sorted(path.name for path in (folder / TABLES[0]).glob("part-*.parquet"))
    for name in TABLES:
        files = [folder / name / part for part in parts]
        if not files or not all(path.is_file() for path in files):
            what = "is no whole dataset of `trialcriteria bulk`"
            raise QueryError(f"{folder}: {what}; look into {folder / name}")
        _add_table(connection, name, files)
    wholes = [path for part in parts if (path := folder / _ON_DEMAND / part).is_file()]
    if wholes:
        _add_table(connection, _ON_DEMAND, wholes)


def _add_table(connection: "DuckDBPyConnection", name: str, files: Iterable[Path]) -> None:
    listed = _list(map(_as_pattern, files))
    connection.execute(
        f"create view {name} as select * from read_parquet({listed}, union_by_name = true)"
    )


def _lock(connection: "DuckDBPyConnection", folder: Path, writes: Path | None) -> None:
    """No file but those, no network, no extension, no Python variable read as a table."""
    for setting, value in (
        ("allowed_directories", _list([str(folder), _as_pattern(folder)])),
        ("allowed_paths", _list([str(writes)] if writes else [])),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        ("python_enable_replacements", "false"),
        ("enable_external_access", "false"),
        ("lock_configuration", "true"),
    ):
        connection.execute(f"set {setting} = {value}")


def _as_pattern(path: Path) -> str:
    """The path as a pattern that means itself, whatever wildcards its name holds."""
    return _WILDCARD.sub(r"[\g<0>]", str(path))


def _list(texts: Iterable[str]) -> str:
    """A list of strings in SQL."""
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
