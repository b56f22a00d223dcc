"""Two bulk runs, compared where DuckDB finds that a trial differs; the rest is only counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from trialcriteria.compare.changes import TrialChanges, compared
from trialcriteria.compare.summary import Summary
from trialcriteria.query.dataset import add_tables, connected
from trialcriteria.schema import AtLeastN, Criterion, Node, SectionKind, Span

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 1000
_NODE: TypeAdapter[Node] = TypeAdapter(Node)
_Side = Literal["old", "new"]
_Row = tuple[object, ...]


@contextmanager
def opened_runs(before: Path, after: Path) -> "Iterator[DuckDBPyConnection]":
    """A connection that knows which trials of the two datasets differ; raises QueryError."""
    with connected() as connection:
        for side, folder in (("old", before), ("new", after)):
            connection.execute(f"create schema {side}; use {side}")
            add_tables(connection, folder)
        connection.execute(files(__package__).joinpath("runs.sql").read_text("utf-8"))
        yield connection


def alike(connection: "DuckDBPyConnection") -> Summary:
    """The count of trials that need no closer look, and of their criteria."""
    query = "select count(*), coalesce(sum(criteria), 0) from digests where not differs"
    ((trials, criteria),) = connection.execute(query).fetchall()
    return Summary(trials, criteria)


def compare_runs(connection: "DuckDBPyConnection") -> Iterator[TrialChanges]:
    """Each trial that may differ, read one after the other, in the order of their ids."""
    cursor = connection.execute("from differing")
    rows = iter(lambda: cursor.fetchmany(_BATCH), [])
    flat = (row for batch in rows for row in batch)
    for trial, found in groupby(flat, key=itemgetter(0)):
        sides: dict[_Side, list[Criterion]] = {}
        for _, side, *fields in found:
            held = sides.setdefault(side, [])
            if fields[0] is not None:
                held.append(_criterion(*fields))
        yield compared(trial, sides.get("old"), sides.get("new"))


def _criterion(  # noqa: PLR0913, PLR0917 - one parameter a column of the table
    id_: str,
    kind: SectionKind,
    section: str,
    label: str | None,
    text: str,
    start: int,
    end: int,
    parent: str | None,
    combine: Literal["all", "any", "at_least"],
    combine_n: int | None,
    requirement: str | None,
) -> Criterion:
    """A criterion as its row has it; its entities and relations are not compared."""
    return Criterion(
        id=id_,
        section=section,
        kind=kind,
        label=label,
        span=Span(start, end),
        text=text,
        parent=parent,
        combine=AtLeastN(at_least=combine_n or 1) if combine == "at_least" else combine,
        requirement=_NODE.validate_json(requirement) if requirement else None,
    )
