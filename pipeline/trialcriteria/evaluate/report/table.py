"""The report for a terminal: aligned columns at most 100 wide, plain text when piped."""

from collections.abc import Iterator, Mapping
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trialcriteria.evaluate.report.result import Report, figure, interval, rows, title
from trialcriteria.evaluate.scores import Score
from trialcriteria.export.notation import one_line

_PLAIN_WIDTH = 100
_LABEL_WIDTH = 36  # what the columns of figures leave of 100
_AVERAGE_STYLES = {"micro": "bold", "macro": "italic"}
_KINDS = ("missing", "spurious", "differs")


def write_table(report: Report, out: TextIO) -> None:
    """What was evaluated, the scores, then comparison, counts of mistakes and notes, if any."""
    plain = not out.isatty()
    console = Console(file=out, highlight=False, width=_PLAIN_WIDTH if plain else None)
    with console.capture() as captured:
        _print(report, console, plain)
    out.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _print(report: Report, console: Console, plain: bool) -> None:
    for line in _about(report):
        console.print(Text(line, style="dim"), soft_wrap=True)
    for table in _tables(report, plain):
        console.print()
        console.print(table)
    if report.notes:
        console.print()
    for note in report.notes:
        console.print(Text(f"note: {one_line(note)}"), soft_wrap=True)


def _about(report: Report) -> Iterator[str]:
    about = report.about
    yield one_line(f"{about.data}, split {about.split}, {about.postings} postings")
    yield f"data sha256 {about.sha256}"
    model = one_line(about.model) if about.model else "rules only"
    yield f"trialcriteria {about.version}, {model}, lexicons {about.lexicons}"
    if report.comparison:
        first, second = map(one_line, report.sides())
        yield f"first: {first}; second: {second}"
    elif about.predictions:
        yield f"predictions {one_line(about.predictions[0])}"
    yield f"$ {one_line(about.command)}"


def _tables(report: Report, plain: bool) -> Iterator[Table]:
    yield _scores(report, plain)
    if report.comparison:
        yield _comparison(report, plain)
    if report.mistakes:
        yield _mistakes(report, plain)


def _table(first: str, numbers: tuple[str, ...], plain: bool) -> Table:
    box, gap = (None, 2) if plain else (SIMPLE_HEAD, 1)  # the box adds a blank of its own
    table = Table(box=box, pad_edge=False, padding=(0, gap, 0, 0))
    table.add_column(first, max_width=_LABEL_WIDTH, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _scores(report: Report, plain: bool) -> Table:
    names = ("P", "R", "F1", "95 % interval", "gold", "predicted", "correct")
    table = _table("scores", names, plain)
    for measure, strictnesses in report.scores.items():
        for strictness, scores in strictnesses.items():
            table.add_row(Text(one_line(f"{title(measure)}, {title(strictness)}"), "bold cyan"))
            _add_scores(table, scores)
    return table


def _add_scores(table: Table, scores: Mapping[str, Score]) -> None:
    for name, score in rows(scores).items():
        ratios = map(figure, (score.precision, score.recall, score.f1))
        counts = map(str, (score.gold, score.predicted, score.correct))
        style = _AVERAGE_STYLES.get(name, "")
        label = Text(f"  {one_line(name)}")
        table.add_row(label, *ratios, interval(score), *counts, style=style)


def _comparison(report: Report, plain: bool) -> Table:
    """Micro F1 of two predictions, and the p value of their difference."""
    table = _table("comparison, micro F1", ("first", "second", "difference", "p"), plain)
    for measure, strictnesses in report.comparison.items():
        for strictness, found in strictnesses.items():
            name = Text(one_line(f"{title(measure)}, {title(strictness)}"))
            first, second = figure(found.first), figure(found.second)
            table.add_row(name, first, second, f"{found.difference:+.3f}", f"{found.p:.4f}")
    return table


def _mistakes(report: Report, plain: bool) -> Table:
    table = _table("mistakes", _KINDS, plain)
    for measure, counts in sorted(report.mistake_counts().items()):
        table.add_row(
            Text(one_line(title(measure))), *(str(counts.get(kind, 0)) for kind in _KINDS)
        )
    return table
