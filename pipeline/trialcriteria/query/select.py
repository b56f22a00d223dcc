"""One SELECT of the user's, run on an opened dataset: its columns and its rows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trialcriteria.errors import QueryError, UsageError
from trialcriteria.query.scripts import scripts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 1000
_INFINITE = re.compile("Infinity|NaN")

Row = tuple[object, ...]


class Selection(NamedTuple):
    """The names of the columns, and the rows, read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def named_sql(name: str) -> str:
    """The SQL of a named query; raises UsageError where there is none of that name."""
    known = scripts("named")
    if name not in known:
        raise UsageError(f"no query is named {name!r}; there are {', '.join(known)}")
    return known[name].sql


def select(connection: "DuckDBPyConnection", sql: str) -> Selection:
    """Run one SELECT (also DESCRIBE, SUMMARIZE, SHOW TABLES); QueryError for anything else."""
    cursor = connection.execute(_single(connection, sql))
    columns = tuple(column[0] for column in cursor.description or ())
    return Selection(columns, _rows(cursor))


def select_json(connection: "DuckDBPyConnection", sql: str) -> Iterator[str]:
    """Each row of a SELECT as a JSON object in one line; infinity and "not a number" are null."""
    _keep(connection, sql)
    rows = select(connection, "select to_json(answer) from answer").rows
    return (_finite(str(cell)) for (cell,) in rows)


def select_into(connection: "DuckDBPyConnection", sql: str, path: Path) -> None:
    """Write the rows of a SELECT to a Parquet file, which the connection must allow."""
    _keep(connection, sql)
    target = str(path).replace("'", "''")
    connection.execute(f"copy answer to '{target}' (format parquet, use_tmp_file false)")


def _keep(connection: "DuckDBPyConnection", sql: str) -> None:
    """Make a SELECT a view: what stands in front of it holds whatever semicolon ends it."""
    connection.execute(f"create or replace temp view answer as {_single(connection, sql)}")


def _finite(line: str) -> str:
    """DuckDB writes Infinity and NaN, which JSON does not have (RFC 8259, section 6)."""
    if not _INFINITE.search(line):
        return line
    finite = json.loads(line, parse_constant=lambda _: None)
    return json.dumps(finite, ensure_ascii=False, separators=(",", ":"))


def _single(connection: "DuckDBPyConnection", sql: str) -> str:
    """The text, which is one SELECT; anything else is refused."""
    from duckdb import StatementType  # noqa: PLC0415 - as everything of DuckDB

    found = connection.extract_statements(sql)
    if len(found) != 1 or found[0].type != StatementType.SELECT:
        raise QueryError("a query is one SELECT, and the dataset is only read")
    return sql


def _rows(cursor: "DuckDBPyConnection") -> Iterator[Row]:
    while batch := cursor.fetchmany(_BATCH):
        yield from batch
