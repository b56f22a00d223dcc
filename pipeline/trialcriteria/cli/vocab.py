"""Vocabularies of the user's own: the vocab commands."""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from trialcriteria.errors import TrialCriteriaError, UsageError

if TYPE_CHECKING:
    from trialcriteria.link.vocab.index import About, Index
    from trialcriteria.link.vocab.reading import Told
    from trialcriteria.schema import ConceptKind

vocab = typer.Typer(
    help="Vocabularies of your own: SNOMED, RxNorm and LOINC by OMOP; UMLS.", no_args_is_help=True
)


class OriginName(StrEnum):
    """What a vocabulary is made from."""

    athena = "athena"
    umls = "umls"


class Shape(StrEnum):
    """How what was found is written."""

    table = "table"
    json = "json"


ShapeName = Annotated[Shape, typer.Option("--format", help="A table, or JSON lines.")]
InstalledName = Annotated[str, typer.Argument(metavar="NAME", help="As `vocab list` names it.")]
Within = Annotated[
    str | None, typer.Option("--vocab", metavar="NAME", help="By default all that are installed.")
]


@vocab.command("add")
def add_vocabulary(
    origin: Annotated[OriginName, typer.Argument(help="What it is made from.")],
    source: Annotated[
        str,
        typer.Argument(
            metavar="DIR|FILE|NAME",
            help="Folder of an Athena download; a scispaCy knowledge base, by file or name.",
        ),
    ],
    name: Annotated[str | None, typer.Option(help="By default what it is made from.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the one of that name.")] = False,
) -> None:
    """Index a vocabulary, so that `extract --vocab NAME` adds its codes."""
    from trialcriteria.link.vocab import store

    kind: store.Origin = origin.value
    with _progress(store.source_size(kind, source)) as told:
        made, broken = store.add(kind, source, name or kind, told, force=force)
    for each in broken:
        typer.echo(f"{each.file}, line {each.line}: {each.reason}; left out", err=True)
    if made.broken > len(broken):
        typer.echo(f"{made.broken:,} broken lines in all were left out", err=True)
    typer.echo(_summary(made))


@vocab.command("list")
def list_vocabularies(shape: ShapeName = Shape.table) -> None:
    """List what is installed: versions, counts, broken lines and sizes."""
    from trialcriteria.link.vocab import store
    from trialcriteria.link.vocab.report import about_row, write_json, write_table

    names = store.installed()
    if not names:
        typer.echo("none is installed; `trialcriteria vocab add --help` says how", err=True)
    rows = (about_row(store.opened(name).about, store.size(name)) for name in names)
    (write_json if shape is Shape.json else write_table)(rows)


@vocab.command("search")
def search_vocabularies(
    text: Annotated[str, typer.Argument(help="Words of a name; the last may be cut short.")],
    kind: Annotated[str | None, typer.Option(help="Only concepts of this kind: drug, ...")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Concepts per vocabulary at most.")] = 10,
    within: Within = None,
    shape: ShapeName = Shape.table,
) -> None:
    """Find concepts by words of their names, the best first."""
    from trialcriteria.link.vocab.report import entry_row, write_json, write_table

    wanted = _kind(kind)
    rows = [
        entry_row(index.about.name, entry)
        for index in _indexes(within)
        for entry in index.search(text, wanted, limit)
    ]
    _refuse_nothing(rows, text)
    (write_json if shape is Shape.json else write_table)(rows)


@vocab.command("info")
def show_concept(
    asked: Annotated[str, typer.Argument(metavar="CODE|NAME", help="A code, or a whole name.")],
    within: Within = None,
    shape: ShapeName = Shape.table,
) -> None:
    """Show a concept in full: its names, codes, mappings, parents and members."""
    from trialcriteria.link.vocab.report import details_row, write_details, write_json

    rows = [
        details_row(index.about.name, details)
        for index in _indexes(within)
        for details in index.details(asked)
    ]
    _refuse_nothing(rows, asked)
    (write_json if shape is Shape.json else write_details)(rows)


@vocab.command("remove")
def remove_vocabulary(name: InstalledName) -> None:
    """Delete an installed vocabulary; what it was made from is not touched."""
    from trialcriteria.link.vocab import store

    store.remove(name)
    typer.echo(f"removed {name}")


def _indexes(name: str | None) -> "list[Index]":
    from trialcriteria.link.vocab import store

    return [store.opened(each) for each in ([name] if name else store.installed())]


def _kind(name: str | None) -> "ConceptKind | None":
    from trialcriteria.schema import ConceptKind

    kinds = get_args(ConceptKind)
    if name is not None and name not in kinds:
        raise UsageError(f"no kind is named {name!r} ({', '.join(kinds)})")
    return cast("ConceptKind | None", name)


def _refuse_nothing(rows: Sequence[object], asked: str) -> None:
    if not rows:
        raise TrialCriteriaError(f"nothing is named {asked!r}; `vocab list` shows what is searched")


def _summary(made: "About") -> str:
    return (
        f"{made.name}: {made.version}, {made.concepts:,} concepts ({made.standard:,} standard),"
        f" {made.names:,} names; {made.others:,} concepts of other kinds left out"
    )


@contextmanager
def _progress(size: int) -> "Iterator[Told]":
    """Shows on a terminal what is done, and how much of ``size`` bytes is read."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("reading", total=size)
        yield lambda step, count: bar.update(task, description=step, advance=count)
