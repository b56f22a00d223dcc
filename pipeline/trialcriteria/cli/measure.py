"""Measuring accuracy: the evaluate, gold, corpus and brat commands."""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

import shlex
import sys
from collections.abc import Callable, Sequence
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
    chosen,
    extracted,
    one_line,
    report_failures,
)
from trialcriteria.errors import EvaluationError, UsageError

if TYPE_CHECKING:
    from trialcriteria.evaluate.datasets import Dataset
    from trialcriteria.evaluate.predictions import Prediction
    from trialcriteria.evaluate.report import Report
    from trialcriteria.schema import Provenance
    from trialcriteria.tag.learned.concepts import Tagger

gold = typer.Typer(help="Hand-annotated gold files.", no_args_is_help=True)
corpus = typer.Typer(help="Public annotated corpora.", no_args_is_help=True)
brat = typer.Typer(help="Exchange with the brat annotation tool.", no_args_is_help=True)


class ReportFormat(StrEnum):
    """How ``evaluate`` reports."""

    table = "table"
    json = "json"
    html = "html"


class SplitName(StrEnum):
    """Which trials of a public corpus are scored."""

    all = "all"
    dev = "dev"
    train = "train"


_SUFFIXES = {".json": ReportFormat.json, ".html": ReportFormat.html}

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the corpus, or of the postings of gold.")
]


def evaluate(  # noqa: PLR0913, PLR0917 - one parameter an option
    gold_: Annotated[Path | None, typer.Option("--gold", help="Folder of gold files.")] = None,
    corpus_: Annotated[
        str | None, typer.Option("--corpus", help="chia, lct, llf, fb_ner or registry.")
    ] = None,
    data: Data = None,
    pred: Annotated[
        Path | None,
        typer.Option(help="Score these (JSON lines, a brat or gold folder), not the program."),
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Other predictions, for a paired test against the first.")
    ] = None,
    split: Annotated[SplitName, typer.Option(help="Trials of a public corpus.")] = SplitName.all,
    format_: Annotated[
        ReportFormat | None, typer.Option("--format", help="By default by the extension of -o.")
    ] = None,
    output: Out = None,
    model: ModelName = None,
    tagger: TaggerName = None,
    force: Force = False,
) -> None:
    """Score the program, or predictions from a file, against gold or a public corpus."""
    from trialcriteria.evaluate.evaluation import about, report
    from trialcriteria.export.output import opened

    dataset = _dataset(gold_, corpus_, data, split)
    roots = _roots(gold_, data)
    learned = None if pred else chosen(model, tagger)
    first, notes = _predictions(dataset, pred, roots, learned)
    second, more = _predictions(dataset, compare, roots, None) if compare else (None, [])
    files = [path for path in (pred, compare) if path]
    told = about(dataset, _provenance(first), files, shlex.join(["trialcriteria", *sys.argv[1:]]))
    made = report(dataset, first, second, told, [*notes, *more])
    with opened(output, force) as out:
        _writer(format_ or _format_of(output))(made, out)


def _dataset(
    gold_: Path | None, corpus_: str | None, data: Path | None, split: SplitName
) -> "Dataset":
    from trialcriteria.evaluate.datasets import corpus_dataset, gold_dataset

    if (gold_ is None) == (corpus_ is None):
        raise UsageError("give either --gold DIR or --corpus NAME --data DIR")
    if gold_:
        return gold_dataset(gold_, _roots(gold_, data))
    if data is None:
        raise UsageError(f"--corpus {corpus_} needs --data DIR, where the corpus lies")
    return corpus_dataset(str(corpus_), data, split.value)


def _roots(gold_: Path | None, data: Path | None) -> list[Path]:
    """Where the postings that gold names may lie: here, above the gold files, or in the data."""
    above = list(gold_.resolve().parents[:3]) if gold_ else []
    return [Path(), *above, *([data] if data else [])]


def _predictions(
    dataset: "Dataset", path: Path | None, roots: Sequence[Path], tagger: "Tagger | None"
) -> "tuple[list[Prediction], list[str]]":
    """Those of a file, or the program's own; and notes on what is missing."""
    from trialcriteria.evaluate.evaluation import file_predictions
    from trialcriteria.export.output import progress

    if path:
        return file_predictions(dataset, path, roots)
    from trialcriteria.extract import extract

    shown = progress(dataset.postings, quiet=False)
    return [extract(posting, tagger) for posting in shown], []


def _provenance(predictions: "Sequence[Prediction]") -> "Provenance":
    """What made the predictions; brat files do not say."""
    from trialcriteria.schema import Extraction, Provenance

    made = (each.provenance for each in predictions if isinstance(each, Extraction))
    return next(made, Provenance(program="brat", version="-", lexicons="-"))


def _format_of(output: Path | None) -> ReportFormat:
    return _SUFFIXES.get(output.suffix if output else "", ReportFormat.table)


def _writer(chosen: ReportFormat) -> "Callable[[Report, TextIO], None]":
    from trialcriteria.evaluate import report

    if chosen is ReportFormat.table:
        return report.write_table
    render = report.to_json if chosen is ReportFormat.json else report.to_html
    return lambda made, out: print(render(made), end="", file=out)


@gold.command("check")
def check_gold(
    paths: Annotated[list[Path], typer.Argument(help="Gold files, or folders of them.")],
    data: Data = None,
) -> None:
    """Check that gold files follow the grammar and that every quote stands in its posting."""
    from trialcriteria.evaluate.gold import gold_files, read_gold

    wrong = 0
    for path in (file for folder in paths for file in gold_files(folder)):
        try:
            _, found = read_gold(path, _roots(path, data))
            typer.echo(f"{path}: {len(found.criteria)} criteria")
        except EvaluationError as error:
            wrong += 1
            typer.echo(one_line(error), err=True)
    if wrong:
        raise typer.Exit(1)


@gold.command("compile")
def compile_gold(
    paths: Annotated[list[Path], typer.Argument(help="Gold files, or folders of them.")],
    data: Data = None,
    output: Out = None,
    force: Force = False,
) -> None:
    """Compile gold files to JSON lines in the schema, with annotator and date."""
    from trialcriteria.evaluate.gold import gold_files, read_gold
    from trialcriteria.export.output import opened

    with opened(output, force) as out:
        for path in (file for folder in paths for file in gold_files(folder)):
            print(read_gold(path, _roots(path, data))[1].model_dump_json(), file=out)


@corpus.command("list")
def list_corpora() -> None:
    """List the public corpora: licence, files and source."""
    from trialcriteria.evaluate.corpora.manifest import corpora

    for each in corpora():
        typer.echo(f"{each.name:<6} {each.licence:<12} {each.files:>6,} files  {each.title}")


@corpus.command("fetch")
def fetch_corpus(
    name: Annotated[str, typer.Argument(help="As `corpus list` names it.")],
    source: Annotated[
        Path | None, typer.Option("--from", help="A local copy; by default it is downloaded.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder to write; by default NAME.")
    ] = None,
    force: Force = False,
) -> None:
    """Download a public corpus, or copy it from a folder, and verify its files."""
    from trialcriteria.evaluate.corpora.fetch import fetch

    typer.echo(fetch(name, output or Path(name), source, force))


@brat.command("export")
def export_brat_(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write.")],
    source_format: Source = None,
    model: ModelName = None,
    tagger: TaggerName = None,
    force: Force = False,
) -> None:
    """Extract postings and write them as brat files, with the label configuration."""
    from trialcriteria.export.brat import export_brat
    from trialcriteria.export.json_out import Failure

    failures: list[Failure] = []
    items = extracted(inputs, source_format, failures, chosen(model, tagger))
    count = export_brat((each for each in items if not isinstance(each, Failure)), output, force)
    typer.echo(f"{count} postings in {output}")
    if failures:
        report_failures(failures)
        raise typer.Exit(1)


@brat.command("import")
def import_brat_(
    folder: Annotated[Path, typer.Argument(help="Folder of .txt and .ann files.")],
    output: Out = None,
    force: Force = False,
) -> None:
    """Read brat files of our labels as JSON lines: entities and relations, no requirements."""
    from trialcriteria.evaluate.corpora.brat_import import import_brat
    from trialcriteria.export.output import opened

    with opened(output, force) as out:
        for extraction in import_brat(folder):
            print(extraction.model_dump_json(), file=out)
