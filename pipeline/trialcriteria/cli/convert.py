"""Converting postings: extract, show, schema, formats."""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from trialcriteria.cli.shared import (
    Force,
    Inputs,
    ModelName,
    Out,
    Source,
    TaggerName,
    VocabNames,
    chosen,
    extracted,
    item_of,
    records,
    report_failures,
    vocabularies,
)
from trialcriteria.errors import ReadError, UsageError

if TYPE_CHECKING:
    from trialcriteria.export.json_out import Failure, Item
    from trialcriteria.link.vocab.apply import Vocabulary
    from trialcriteria.schema import Extraction
    from trialcriteria.tag.learned.concepts import Tagger


class Format(StrEnum):
    """What ``extract`` writes."""

    json = "json"
    jsonl = "jsonl"
    table = "table"
    tree = "tree"
    gold = "gold"


_EXTENSIONS = {
    ".json": Format.json,
    ".jsonl": Format.jsonl,
    ".txt": Format.tree,
    ".csv": Format.table,
    ".gold": Format.gold,
}


def extract(  # noqa: PLR0913, PLR0917 - one parameter an option
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
    model: ModelName = None,
    tagger: TaggerName = None,
    vocab: VocabNames = None,
    force: Force = False,
) -> None:
    """Extract the criteria of postings."""
    from trialcriteria.export.output import opened, progress

    written = format_ or _default_format(output)
    learned, own = chosen(model, tagger), vocabularies(vocab)
    failures: list[Failure] = []
    with opened(output, force) as out:
        items = extracted(inputs, source_format, failures, learned, own)
        _writer(written)(progress(items, quiet=out.isatty()), out)
    if failures:
        report_failures(failures)
        raise typer.Exit(1)


def show(  # noqa: PLR0913, PLR0917 - one parameter an option
    input_: Annotated[str, typer.Argument(metavar="INPUT", help="A file, an NCT id, or -.")],
    output: Out = None,
    source_format: Source = None,
    model: ModelName = None,
    tagger: TaggerName = None,
    vocab: VocabNames = None,
    force: Force = False,
) -> None:
    """Render one posting as a self-contained HTML page."""
    from trialcriteria.export.html import to_html
    from trialcriteria.export.output import opened

    extraction = _single(input_, source_format, chosen(model, tagger), vocabularies(vocab))
    if output is None and sys.stdout.isatty():
        output = Path(_file_name(extraction.trial.id))
    with opened(output, force) as out:
        out.write(to_html(extraction))
    if output:
        typer.echo(str(output))


def schema() -> None:
    """Print the JSON Schema of the output."""
    from trialcriteria.export.json_out import schema_json

    typer.echo(schema_json(), nl=False)


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


def _writer(written: Format) -> "Callable[[Iterable[Item], TextIO], None]":
    from trialcriteria.export.json_out import write_json, write_jsonl

    if written in (Format.json, Format.jsonl):
        return write_json if written is Format.json else write_jsonl
    if written is Format.gold:
        from trialcriteria.evaluate.gold.output import write_gold

        return write_gold
    if written is Format.table:
        from trialcriteria.export.table import write_table

        return write_table
    from trialcriteria.export.tree import write_tree

    return write_tree


def _single(
    name: str,
    source_format: str | None,
    tagger: "Tagger | None",
    own: "Sequence[Vocabulary]",
) -> "Extraction":
    from trialcriteria.export.json_out import Failure

    found = records(name, source_format)
    record = next(found, None)
    if record is None:
        raise ReadError(f"{name}: holds no posting")
    if next(found, None) is not None:
        raise UsageError(f"{name}: holds several postings; show renders one")
    item = item_of(record, tagger, own)
    if isinstance(item, Failure):
        raise ReadError(f"{item.name}: {item.reason}")
    return item


def _file_name(trial_id: str | None) -> str:
    """A file name in the current folder, whatever the id holds."""
    return (re.sub(r"[^\w-]", "_", trial_id or "") or "posting") + ".html"
