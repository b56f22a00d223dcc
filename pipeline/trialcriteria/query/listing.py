"""What there is to ask: tables and views with their columns, and the named queries."""

import textwrap
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from trialcriteria.query.scripts import Script, scripts
from trialcriteria.query.select import select

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WIDTH = 100
_COLUMNS = """
    select table_name, column_name, data_type
    from duckdb_columns()
    where not internal
    order by table_oid, column_index
"""


def listing(connection: "DuckDBPyConnection") -> Iterator[str]:
    """Lines: each table or view with its columns and their types, each named query."""
    views = scripts("views")
    yield "Tables (docs/bulk.md) and ready views:"
    for name, columns in groupby(select(connection, _COLUMNS).rows, key=itemgetter(0)):
        yield from _entry(views.get(str(name)) or Script(str(name), "", ""))
        yield from _indented(", ".join(f"{column} {_type(type_)}" for _, column, type_ in columns))
    yield ""
    yield "Named queries (docs/queries.md):"
    for script in scripts("named").values():
        yield from _entry(script)


def _entry(script: Script) -> list[str]:
    return ["", f"  {script.name}", *(_indented(script.about) if script.about else ())]


def _indented(words: str) -> list[str]:
    return textwrap.wrap(words, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _type(name: object) -> str:
    """A type in few letters: what a struct holds is told by the documentation."""
    text = str(name).lower()
    if text.startswith("struct"):
        return "struct" + ("[]" if text.endswith("[]") else "")
    return text.replace("varchar", "text")
