"""The score part of the page: tables with bars, precision-recall plots, comparison, confusion."""

from collections.abc import Mapping
from html import escape

from trialcriteria.evaluate.measures.entities import NO_LABEL
from trialcriteria.evaluate.report.plots import bar, bar_scale, precision_recall
from trialcriteria.evaluate.report.result import (
    AVERAGES,
    Report,
    figure,
    interval,
    rows,
    title,
)
from trialcriteria.evaluate.scores import Comparison, Score
from trialcriteria.export.notation import one_line

_SHADES = 10  # classes shade-1 to shade-10 in page.css
_PLOTTED = 3  # fewer labels than this are read faster in the table


def anchor(measure: str) -> str:
    """The id of the section on a measure."""
    return "m-" + "".join(c if c.isalnum() else "-" for c in measure)


def overview(report: Report) -> str:
    """One row for each measure and strictness: the micro average."""
    lines = "".join(
        _row(f'<a href="#{anchor(measure)}">{_name(measure)}</a>, {_name(strictness)}', micro)
        for measure, strictnesses in report.scores.items()
        for strictness, scores in strictnesses.items()
        if (micro := scores.get("micro"))
    )
    return _score_table("Micro averages of all measures", "Measure", lines)


def measures(report: Report) -> str:
    """A section for each measure: for each strictness a table, beside it the plot."""
    return "".join(
        f'<section id="{anchor(measure)}"><h2>{_name(measure)}</h2>'
        + "".join(_strictness(name, scores) for name, scores in strictnesses.items())
        + "</section>"
        for measure, strictnesses in report.scores.items()
    )


def _strictness(name: str, scores: Mapping[str, Score]) -> str:
    lines = "".join(
        _row(escape(one_line(label)), score, label if label in AVERAGES else "label")
        for label, score in rows(scores).items()
    )
    labels = {label: score for label, score in scores.items() if label not in AVERAGES}
    plot = precision_recall(labels) if len(labels) >= _PLOTTED else ""
    caption = "Precision and recall by label; the area of a dot grows with its gold count"
    drawn = f"<figure>{plot}<figcaption>{caption}</figcaption></figure>" if plot else ""
    return f'<div class="pair">{_score_table(title(name), "Label", lines)}{drawn}</div>'


def _score_table(caption: str, first: str, lines: str) -> str:
    counts = "".join(f'<th scope="col">{name}</th>' for name in ("gold", "predicted", "correct"))
    return (
        f'<div class="wide"><table class="scores"><caption>{escape(caption)}</caption><thead><tr>'
        f'<th scope="col">{first}</th><th scope="col">P</th><th scope="col">R</th>'
        f'<th scope="col">F1</th><th scope="col">95 % interval</th>'
        f'<th scope="col" class="drawn" aria-label="F1 drawn from 0 to 1">{bar_scale()}</th>'
        f"{counts}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _row(name: str, score: Score, kind: str = "label") -> str:
    """One line of figures; ``name`` is HTML."""
    ratios = "".join(
        f"<td>{figure(ratio)}</td>" for ratio in (score.precision, score.recall, score.f1)
    )
    counts = "".join(f"<td>{n:,}</td>" for n in (score.gold, score.predicted, score.correct))
    return (
        f'<tr class="{kind}"><th scope="row">{name}</th>{ratios}<td>{interval(score)}</td>'
        f'<td class="drawn">{bar(score)}</td>{counts}</tr>'
    )


def comparison(report: Report) -> str:
    """Micro F1 of two predictions side by side; empty where only one was scored."""
    if not report.comparison:
        return ""
    heads = "".join(
        f'<th scope="col">{escape(one_line(name))}</th>'
        for name in (*report.sides(), "difference", "p")
    )
    lines = "".join(
        _comparison_row(f"{_name(measure)}, {_name(strictness)}", found)
        for measure, by in report.comparison.items()
        for strictness, found in by.items()
    )
    return (
        '<section id="comparison"><h2>Comparison</h2><div class="wide"><table class="scores">'
        "<caption>Micro F1 of two predictions on the same postings; approximate randomisation "
        f'test, two-sided</caption><thead><tr><th scope="col">Measure</th>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div></section>"
    )


def _comparison_row(name: str, found: Comparison) -> str:
    return (
        f'<tr class="label"><th scope="row">{name}</th><td>{figure(found.first)}</td>'
        f"<td>{figure(found.second)}</td><td>{found.difference:+.3f}</td><td>{found.p:.4f}</td></tr>"
    )


def confusion(report: Report) -> str:
    """Gold labels down, predicted labels across, shaded by the share of the row."""
    matrix = report.confusion
    if not matrix:
        return ""
    labels = _ordered({*matrix, *(label for row in matrix.values() for label in row)})
    heads = "".join(
        f'<th scope="col"><span>{escape(one_line(label))}</span></th>' for label in labels
    )
    lines = "".join(_confusion_row(gold, matrix[gold], labels) for gold in labels if gold in matrix)
    return (
        '<section id="confusion"><h2>Confusion</h2><p class="lead">Entities: rows are gold labels, '
        "columns predicted labels; the shade is the share of the row. A count off the diagonal "
        'leads to its errors.</p><div class="wide" tabindex="0" role="group" '
        'aria-label="Confusion matrix">'
        '<table class="confusion"><thead><tr><th scope="col">gold \\ predicted</th>'
        f'{heads}<th scope="col"><span>all</span></th></tr></thead><tbody>{lines}</tbody></table>'
        "</div></section>"
    )


def _ordered(labels: set[str]) -> list[str]:
    """By name, what stands for nothing last."""
    return sorted(labels, key=lambda label: (label == NO_LABEL, label))


def _confusion_row(gold: str, row: Mapping[str, int], labels: list[str]) -> str:
    total = sum(row.values())
    cells = "".join(_cell(gold, label, row.get(label, 0), total) for label in labels)
    name = escape(one_line(gold))
    return f'<tr><th scope="row">{name}</th>{cells}<td class="total">{total:,}</td></tr>'


def _cell(gold: str, predicted: str, count: int, total: int) -> str:
    if not count:
        return "<td></td>"
    kind = "agreed" if gold == predicted else "confused"
    words = f"gold {gold}, predicted {predicted}: {count:,} of {total:,} ({count / total:.1%})"
    shown = f"{count:,}"
    if gold != predicted:
        link = f'href="#errors" data-gold="{escape(gold)}" data-predicted="{escape(predicted)}"'
        shown = f"<a {link}>{shown}</a>"
    shade = max(1, round(_SHADES * count / total))
    return f'<td class="{kind} shade-{shade}" title="{escape(words)}">{shown}</td>'


def _name(name: str) -> str:
    return escape(one_line(title(name)))
