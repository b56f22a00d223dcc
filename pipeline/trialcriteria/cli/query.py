"""Asking a dataset: the query and histogram commands."""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from trialcriteria.cli.shared import Force, Out
from trialcriteria.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from trialcriteria.query.histogram import Histogram


class Format(StrEnum):
    """What ``query`` writes."""

    table = "table"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"
    parquet = "parquet"


_EXTENSIONS = {
    ".txt": Format.table,
    ".csv": Format.csv,
    ".json": Format.json,
    ".jsonl": Format.jsonl,
    ".parquet": Format.parquet,
}
_PICTURES = (".txt", ".svg", ".png")

Dataset = Annotated[
    Path, typer.Argument(metavar="DIR", help="The output folder of `trialcriteria bulk`.")
]


def query(  # noqa: PLR0913, PLR0917 - one parameter an option
    folder: Dataset,
    sql: Annotated[str | None, typer.Argument(help="One SELECT, or - for standard input.")] = None,
    named: Annotated[
        str | None, typer.Option("--named", metavar="NAME", help="Run a query that comes along.")
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List tables, views, columns and named queries.")
    ] = False,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format", help="By default a table on a terminal, CSV when piped, by the extension."
        ),
    ] = None,
    output: Out = None,
    force: Force = False,
) -> None:
    """Ask the output of `bulk` in SQL (DuckDB)."""
    if [bool(sql), bool(named), listed].count(True) != 1:
        raise UsageError("give one of SQL, --named NAME and --list")
    note_incomplete(folder)
    if listed:
        _list(folder, output, force)
    else:
        _run(folder, _sql(sql, named), format_ or _format_of(output), output, force)


def histogram(
    folder: Dataset,
    measurement: Annotated[str, typer.Argument(help="Its name, such as eGFR, or LOINC code.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Draw into this file: .svg, .png, .txt.")
    ] = None,
    force: Force = False,
) -> None:
    """Draw the thresholds of one measurement over all trials: floors and ceilings."""
    from trialcriteria.export.output import opened
    from trialcriteria.query.dataset import opened_dataset
    from trialcriteria.query.histogram import histogram as count
    from trialcriteria.query.histogram_text import write_text

    suffix = output.suffix.lower() if output else ".txt"
    if suffix not in _PICTURES:
        raise UsageError(f"{output}: a picture is one of {', '.join(_PICTURES)}")
    note_incomplete(folder)
    with opened_dataset(folder) as connection:
        found = count(connection, measurement)
    if output is None or suffix == ".txt":
        with opened(output, force) as out:
            write_text(found, out)
    else:
        _draw(found, output, force)


def note_incomplete(folder: Path) -> None:
    """Say on standard error that the run which makes the dataset has not come to its end."""
    from trialcriteria.query.dataset import is_complete

    if not is_complete(folder):
        note = "its last run has not ended, so rows are missing or doubled"
        typer.echo(f"trialcriteria: {folder}: {note}; give the `bulk` command again", err=True)


def _sql(sql: str | None, named: str | None) -> str:
    from trialcriteria.query.select import named_sql

    if named:
        return named_sql(named)
    return sys.stdin.read() if sql == "-" else str(sql)


def _list(folder: Path, output: Path | None, force: bool) -> None:
    from trialcriteria.export.output import opened
    from trialcriteria.query.dataset import opened_dataset
    from trialcriteria.query.listing import listing

    with opened_dataset(folder) as connection, opened(output, force) as out:
        out.writelines(f"{line}\n" for line in listing(connection))


def _format_of(output: Path | None) -> Format:
    if output is None:
        return Format.table if sys.stdout.isatty() else Format.csv
    if output.suffix.lower() in _EXTENSIONS:
        return _EXTENSIONS[output.suffix.lower()]
    known = ", ".join(_EXTENSIONS)
    raise UsageError(f"no format follows from the name {str(output)!r} ({known}): give --format")


def _run(folder: Path, sql: str, written: Format, output: Path | None, force: bool) -> None:
    from trialcriteria.export.output import appearing, opened
    from trialcriteria.query.dataset import opened_dataset
    from trialcriteria.query.select import select_into

    if written is not Format.parquet:
        with opened_dataset(folder) as connection, opened(output, force) as out:
            _write(connection, sql, written, out)
    elif output is None:
        raise UsageError("Parquet goes to a file: give -o FILE")
    else:
        with appearing(output, force) as path, opened_dataset(folder, path) as connection:
            select_into(connection, sql, path)


def _write(connection: "DuckDBPyConnection", sql: str, written: Format, out: TextIO) -> None:
    from trialcriteria.query import write
    from trialcriteria.query.select import select, select_json

    if written is Format.json:
        write.write_json(select_json(connection, sql), out)
    elif written is Format.jsonl:
        write.write_jsonl(select_json(connection, sql), out)
    elif written is Format.csv:
        write.write_csv(select(connection, sql), out)
    else:
        write.write_table(select(connection, sql), out)


def _draw(found: "Histogram", output: Path, force: bool) -> None:
    from trialcriteria.export.output import appearing
    from trialcriteria.query.histogram_svg import to_svg

    picture = to_svg(found)
    drawn = _png(picture) if output.suffix.lower() == ".png" else picture.encode()
    with appearing(output, force) as path:
        path.write_bytes(drawn)


def _png(picture: str) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError(
            "PNG needs resvg-py: pip install 'trialcriteria[plot]', or write .svg"
        ) from None
    drawn: bytes = svg_to_bytes(svg_string=picture, zoom=2)
    return drawn
