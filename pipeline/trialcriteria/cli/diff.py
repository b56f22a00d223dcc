"""Comparing two versions: the diff command."""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialcriteria.cli.query import note_incomplete
from trialcriteria.cli.shared import (
    Force,
    ModelName,
    Out,
    Source,
    TaggerName,
    chosen,
    extracted,
    report_failures,
)
from trialcriteria.errors import ReadError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from trialcriteria.compare.changes import TrialChanges
    from trialcriteria.compare.report import Report
    from trialcriteria.compare.summary import Summary
    from trialcriteria.schema import Extraction

    Comparison = tuple[Iterator[TrialChanges], Summary]
    Load = Callable[[str], Iterator[Extraction]]


class Format(StrEnum):
    """What ``diff`` writes."""

    text = "text"
    json = "json"
    html = "html"


_EXTENSIONS = {".json": Format.json, ".html": Format.html}


def diff(  # noqa: PLR0913, PLR0917 - one parameter an option
    before: Annotated[
        str, typer.Argument(metavar="A", help="A folder of `bulk`, JSON of `extract`, a posting.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The later version.")],
    format_: Annotated[
        Format | None, typer.Option("--format", help="By default by the extension of -o, or text.")
    ] = None,
    output: Out = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where anything differs.")
    ] = False,
    source_format: Source = None,
    model: ModelName = None,
    tagger: TaggerName = None,
    force: Force = False,
) -> None:
    """Compare two versions of postings, or two bulk runs, criterion by criterion."""
    from trialcriteria.compare.report import write_report
    from trialcriteria.export.output import opened, progress

    written = format_ or _EXTENSIONS.get(output.suffix.lower() if output else "", Format.text)
    load = partial(_load, source_format=source_format, model=model, tagger=tagger)
    with _comparison(before, after, load) as (trials, summary), opened(output, force) as out:
        report = _report(written, before, after, out.isatty())
        write_report(report, progress(trials, quiet=False), summary, out)
    if exit_code and summary.differ:
        raise typer.Exit(1)


@contextmanager
def _comparison(before: str, after: str, load: "Load") -> "Iterator[Comparison]":
    """The trials that may differ, and the count that starts from those that do not."""
    folders = [Path(name).is_dir() for name in (before, after)]
    if all(folders):
        from trialcriteria.compare.runs import alike, compare_runs, opened_runs

        note_incomplete(Path(before))
        note_incomplete(Path(after))
        with opened_runs(Path(before), Path(after)) as connection:
            yield compare_runs(connection), alike(connection)
    elif any(folders):
        _check_exist(before, after)
        raise UsageError("give two folders of `bulk`, or two files")
    else:
        from trialcriteria.compare.summary import Summary
        from trialcriteria.compare.versions import compare_extractions

        yield compare_extractions(load(before), load(after)), Summary()


def _check_exist(*names: str) -> None:
    for name in names:
        if not Path(name).exists():
            raise ReadError(f"{name}: No such file or directory")


def _load(
    name: str, source_format: str | None, model: str | None, tagger: str | None
) -> "Iterator[Extraction]":
    """The extractions that a file holds, or those of its postings."""
    from trialcriteria.compare.versions import holds_extractions, read_extractions

    if source_format is None and holds_extractions(Path(name)):
        return read_extractions(Path(name))
    return _extracted(name, source_format, model, tagger)


def _extracted(
    name: str, source_format: str | None, model: str | None, tagger: str | None
) -> "Iterator[Extraction]":
    """The postings of a file, extracted; what failed is reported, and compared as absent."""
    from trialcriteria.export.json_out import Failure

    failures: list[Failure] = []
    for item in extracted([name], source_format, failures, chosen(model, tagger)):
        if not isinstance(item, Failure):
            yield item
    if failures:
        report_failures(failures)


def _report(written: Format, before: str, after: str, coloured: bool) -> "Report":
    if written is Format.json:
        from trialcriteria.compare.report_json import JsonReport

        return JsonReport(before, after)
    if written is Format.html:
        from trialcriteria.compare.report_html import HtmlReport

        return HtmlReport(before, after)
    from trialcriteria.compare.report_text import TextReport

    return TextReport(before, after, coloured)
