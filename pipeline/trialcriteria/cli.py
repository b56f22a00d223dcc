"""The command-line program: thin commands, each importing its room inside the function.

Exit codes: 0 done, 1 an error or a record that failed, 2 a wrong call, 130 interrupted.
"""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, cast

import typer

from trialcriteria import __version__
from trialcriteria.errors import ReadError, TrialCriteriaError, UsageError

if TYPE_CHECKING:
    from io import BufferedReader

    from trialcriteria.export.json_out import Failure, Item
    from trialcriteria.read import Record
    from trialcriteria.schema import Extraction

app = typer.Typer(
    name="trialcriteria",
    help="Structured criteria from the eligibility text of clinical-trial postings.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_NCT_ID = re.compile(r"NCT\d{8}", re.IGNORECASE)


class Format(StrEnum):
    """What ``extract`` writes."""

    json = "json"
    jsonl = "jsonl"
    table = "table"
    tree = "tree"


_EXTENSIONS = {
    ".json": Format.json,
    ".jsonl": Format.jsonl,
    ".txt": Format.tree,
    ".csv": Format.table,
}

Inputs = Annotated[list[str], typer.Argument(help="Files, NCT ids, or - for standard input.")]
Out = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")]
Source = Annotated[
    str | None, typer.Option("--from", help="Format of the input; by default its content decides.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the output file.")]


def main() -> None:
    """Run the program; every error raised on purpose becomes one line on standard error."""
    try:
        app(prog_name="trialcriteria")
    except TrialCriteriaError as error:
        typer.echo(f"trialcriteria: error: {_one_line(error)}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"trialcriteria {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Structured criteria from the eligibility text of clinical-trial postings."""


@app.command()
def extract(
    inputs: Inputs,
    output: Out = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="By default a tree on a terminal, JSON lines when piped, else by the extension.",
        ),
    ] = None,
    source_format: Source = None,
    force: Force = False,
) -> None:
    """Extract the criteria of postings."""
    from trialcriteria.export.output import opened, progress

    chosen = format_ or _default_format(output)
    failures: list[Failure] = []
    with opened(output, force) as out:
        shown = progress(_extracted(inputs, source_format, failures), quiet=out.isatty())
        _writer(chosen)(shown, out)
    if failures:
        _report(failures)
        raise typer.Exit(1)


@app.command()
def show(
    input_: Annotated[str, typer.Argument(metavar="INPUT", help="A file, an NCT id, or -.")],
    output: Out = None,
    source_format: Source = None,
    force: Force = False,
) -> None:
    """Render one posting as a self-contained HTML page."""
    from trialcriteria.export.html import to_html
    from trialcriteria.export.output import opened

    extraction = _single(input_, source_format)
    if output is None and sys.stdout.isatty():
        output = Path(_file_name(extraction.trial.id))
    with opened(output, force) as out:
        out.write(to_html(extraction))
    if output:
        typer.echo(str(output))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the output."""
    from trialcriteria.export.json_out import schema_json

    typer.echo(schema_json(), nl=False)


@app.command()
def formats() -> None:
    """List the input formats."""
    from trialcriteria.read import formats as known

    infos = known()
    width = max(len(info.name) for info in infos)
    for info in infos:
        typer.echo(f"{info.name:<{width}}  {info.description} ({info.extension})")


def _default_format(output: Path | None) -> Format:
    if output is None:
        return Format.tree if sys.stdout.isatty() else Format.jsonl
    if output.suffix.lower() in _EXTENSIONS:
        return _EXTENSIONS[output.suffix.lower()]
    known = ", ".join(_EXTENSIONS)
    raise UsageError(f"no format follows from the name {str(output)!r} ({known}): give --format")


def _writer(chosen: Format) -> "Callable[[Iterable[Item], TextIO], None]":
    from trialcriteria.export.json_out import write_json, write_jsonl

    if chosen in (Format.json, Format.jsonl):
        return write_json if chosen is Format.json else write_jsonl
    if chosen is Format.table:
        from trialcriteria.export.table import write_table

        return write_table
    from trialcriteria.export.tree import write_tree

    return write_tree


def _records(name: str, source_format: str | None) -> "Iterator[Record]":
    """The records of one input: standard input, a file, or a registry record by its id."""
    from trialcriteria.read import fetch_record, read, read_path, read_stream

    if name == "-":
        return read_stream(cast("BufferedReader", sys.stdin.buffer), "-", source_format)
    if _NCT_ID.fullmatch(name) and not Path(name).exists():
        return read(fetch_record(name), name.upper(), source_format)
    return read_path(Path(name), source_format)


def _extracted(
    inputs: list[str], source_format: str | None, failures: "list[Failure]"
) -> "Iterator[Item]":
    """Every record of every input, extracted; what failed also goes to ``failures``.

    A single input that cannot be read at all raises; one of several becomes a failure.
    """
    from trialcriteria.export.json_out import Failure

    for name in inputs:
        try:
            for item in map(_item, _records(name, source_format)):
                if isinstance(item, Failure):
                    failures.append(item)
                yield item
        except ReadError as error:
            if len(inputs) == 1:
                raise
            failures.append(Failure(None, name, _one_line(error)))
            yield failures[-1]


def _item(record: "Record") -> "Item":
    from trialcriteria.export.json_out import Failure
    from trialcriteria.extract import extract as run
    from trialcriteria.read import BrokenRecord

    if isinstance(record, BrokenRecord):
        return Failure(record.id, record.name, record.reason)
    return run(record)


def _single(name: str, source_format: str | None) -> "Extraction":
    from trialcriteria.export.json_out import Failure

    records = _records(name, source_format)
    record = next(records, None)
    if record is None:
        raise ReadError(f"{name}: holds no posting")
    if next(records, None) is not None:
        raise UsageError(f"{name}: holds several postings; show renders one")
    item = _item(record)
    if isinstance(item, Failure):
        raise ReadError(f"{item.name}: {item.reason}")
    return item


def _file_name(trial_id: str | None) -> str:
    """A file name in the current folder, whatever the id holds."""
    return (re.sub(r"[^\w-]", "_", trial_id or "") or "posting") + ".html"


def _report(failures: "list[Failure]") -> None:
    first = failures[0]
    name = first.id or first.name
    count = "1 record" if len(failures) == 1 else f"{len(failures)} records"
    typer.echo(f"trialcriteria: {count} failed; first {name}: {first.reason}", err=True)
