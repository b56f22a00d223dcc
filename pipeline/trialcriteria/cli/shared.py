"""What the commands share: options, reading inputs, running the pipeline on them."""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from trialcriteria.errors import ReadError

if TYPE_CHECKING:
    from io import BufferedReader

    from trialcriteria.export.json_out import Failure, Item
    from trialcriteria.link.vocab.apply import Vocabulary
    from trialcriteria.read import Record
    from trialcriteria.tag.learned.concepts import Tagger

_NCT_ID = re.compile(r"NCT\d{8}", re.IGNORECASE)

Inputs = Annotated[list[str], typer.Argument(help="Files, NCT ids, or - for standard input.")]
Out = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")]
Source = Annotated[
    str | None, typer.Option("--from", help="Format of the input; by default its content decides.")
]
ModelName = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="PATH|none", help="Folder of a model, or rules only; else the shipped."
    ),
]
TaggerName = Annotated[
    str | None,
    typer.Option("--tagger", metavar="spacy:NAME", help="A spaCy pipeline in the model's place."),
]
VocabNames = Annotated[
    list[str] | None,
    typer.Option("--vocab", metavar="NAME", help="Codes of this vocabulary too; may be repeated."),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the output file.")]


def one_line(error: Exception) -> str:
    """The message of an error on one line."""
    return " ".join(str(error).split())


def chosen(model: str | None, other: str | None) -> "Tagger | None":
    """The learned tagger that the options ask for; raises UsageError where both name one."""
    from trialcriteria.tag.learned.choose import tagger

    return tagger(model, other)


def vocabularies(names: list[str] | None) -> "list[Vocabulary]":
    """Those of these names; raises VocabularyError where one is not installed."""
    if not names:
        return []
    from trialcriteria.link.vocab import store

    return [store.opened(name) for name in dict.fromkeys(names)]


def records(name: str, source_format: str | None) -> "Iterator[Record]":
    """The records of one input: standard input, a file, or a registry record by its id."""
    from trialcriteria.read import fetch_record, read, read_path, read_stream

    if name == "-":
        return read_stream(cast("BufferedReader", sys.stdin.buffer), "-", source_format)
    if _NCT_ID.fullmatch(name) and not Path(name).exists():
        return read(fetch_record(name), name.upper(), source_format)
    return read_path(Path(name), source_format)


def extracted(
    inputs: list[str],
    source_format: str | None,
    failures: "list[Failure]",
    tagger: "Tagger | None",
    vocabularies: "Sequence[Vocabulary]" = (),
) -> "Iterator[Item]":
    """Every record of every input, extracted; what failed also goes to ``failures``.

    A single input that cannot be read at all raises; one of several becomes a failure.
    """
    from trialcriteria.export.json_out import Failure

    for name in inputs:
        try:
            for item in (item_of(r, tagger, vocabularies) for r in records(name, source_format)):
                if isinstance(item, Failure):
                    failures.append(item)
                yield item
        except ReadError as error:
            if len(inputs) == 1:
                raise
            failures.append(Failure(None, name, one_line(error)))
            yield failures[-1]


def item_of(
    record: "Record", tagger: "Tagger | None", vocabularies: "Sequence[Vocabulary]" = ()
) -> "Item":
    """What the pipeline makes of a record; a broken one becomes a failure."""
    from trialcriteria.export.json_out import Failure
    from trialcriteria.extract import extract as run
    from trialcriteria.read import BrokenRecord

    if isinstance(record, BrokenRecord):
        return Failure(record.id, record.name, record.reason)
    return run(record, tagger, vocabularies)


def report_failures(failures: "list[Failure]") -> None:
    """Say on standard error how many records failed, and the first of them."""
    first = failures[0]
    name = first.id or first.name
    count = "1 record" if len(failures) == 1 else f"{len(failures)} records"
    typer.echo(f"trialcriteria: {count} failed; first {name}: {first.reason}", err=True)
