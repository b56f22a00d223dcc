"""An evaluation as one self-contained page: scores, plots, confusion matrix, errors in context.

Everything that comes from the data is escaped, nothing is loaded from elsewhere
(``export/page.py``).
"""

from html import escape

from trialcriteria.evaluate.report import html_scores
from trialcriteria.evaluate.report.html_mistakes import data, without_script
from trialcriteria.evaluate.report.result import Report, title
from trialcriteria.export.notation import one_line
from trialcriteria.export.page import framed

# The fields of the form that filters the errors; their names are used by page.js.
_CHOICES = {
    "measure": "Measure",
    "kind": "Kind",
    "gold": "Gold label",
    "predicted": "Predicted label",
}
_SHARED = ("comparison", "confusion", "errors", "notes")


def to_html(report: Report) -> str:
    """The whole page as one string."""
    sections = {
        "measures": html_scores.measures(report),
        "comparison": html_scores.comparison(report),
        "confusion": html_scores.confusion(report),
        "errors": _errors(report),
        "notes": _notes(report),
    }
    body = (
        f"<header>{_header(report)}</header>\n{_navigation(report, sections)}<main>\n"
        f'<section id="overview"><h2>Overview</h2>{_reading()}{html_scores.overview(report)}'
        f"</section>\n{''.join(sections.values())}\n</main>\n<footer>{_footer(report)}</footer>\n"
        f'<script type="application/json" id="data">{data(report)}</script>\n'
    )
    return framed(__package__, f"{one_line(report.about.data)}: evaluation", body)


def _header(report: Report) -> str:
    about = report.about
    fields = {
        "Split": about.split,
        "Postings": f"{about.postings:,}",
        "Model": about.model or "rules only",
        "Predictions": ", ".join(about.predictions),
        "Version": about.version,
        "Lexicons": about.lexicons,
        "Data sha256": about.sha256,
    }
    terms = "".join(
        f"<div><dt>{term}</dt><dd>{escape(one_line(words))}</dd></div>"
        for term, words in fields.items()
        if words
    )
    return (
        f'<p class="id">Evaluation</p><h1>{escape(one_line(about.data))}</h1><dl>{terms}</dl>'
        f'<p class="command"><code>{escape(one_line(about.command))}</code></p>'
    )


def _navigation(report: Report, sections: dict[str, str]) -> str:
    links = {"overview": "overview"}
    links |= {html_scores.anchor(name): title(name) for name in report.scores}
    links |= {name: name for name in _SHARED if sections[name]}
    items = "".join(
        f'<li><a href="#{escape(target)}">{escape(one_line(words))}</a></li>'
        for target, words in links.items()
    )
    return f'<nav aria-label="Parts of the report"><ul>{items}</ul></nav>\n'


def _reading() -> str:
    return (
        '<p class="lead">P is precision, R recall. The interval is the 95 % bootstrap interval of '
        "F1 over postings; in the bars it is the whisker. Micro counts every item once, macro "
        "every label once. A dash stands where nothing was there to divide by.</p>"
    )


def _errors(report: Report) -> str:
    if not report.mistakes:
        return '<section id="errors"><h2>Errors</h2><p class="lead">None.</p></section>'
    heads = "".join(
        f'<th scope="col" class="{name}">{words}</th>'
        for name, words in (("gold", "Gold"), ("predicted", "Predicted"), ("context", "In context"))
    )
    head = f'<thead><tr><th scope="col">Where</th>{heads}</tr></thead>'
    rows = without_script(report)
    return (
        '<section id="errors"><h2>Errors</h2>'
        '<p class="lead">The worst first. In context, <mark class="gold">gold words</mark> are '
        'underlined solid, <mark class="predicted">predicted words</mark> dashed, and '
        '<mark class="span">the place of the error</mark> is shaded; \u21b5 is a line break. '
        "<b>Bold</b> words stand on one side only.</p>"
        f'{_filters()}<div class="wide" id="found" hidden><table class="errors">{head}'
        f'<tbody id="rows"></tbody></table></div>{_pager()}'
        '<noscript><p class="lead">Scripts are off: the first '
        f'{rows.count("<tr>")} of {len(report.mistakes):,} errors.</p><div class="wide">'
        f'<table class="errors">{head}<tbody>{rows}</tbody></table></div></noscript></section>'
    )


def _filters() -> str:
    """The form, hidden until the script has filled its choices."""
    choices = "".join(
        f'<label>{words}<select name="{name}"><option value="">any</option></select></label>'
        for name, words in _CHOICES.items()
    )
    return (
        f'<form id="filters" hidden>{choices}<label>Posting<input name="posting" type="search" '
        'list="postings" autocomplete="off"></label><datalist id="postings"></datalist>'
        '<label>Words<input name="words" type="search" autocomplete="off"></label>'
        '<button type="reset">Clear</button></form><p id="shown" role="status"></p>'
    )


def _pager() -> str:
    return (
        '<div id="pager" role="group" aria-label="Pages of errors" hidden>'
        '<button type="button" id="back">Previous</button><span id="page"></span>'
        '<button type="button" id="forth">Next</button></div>'
    )


def _notes(report: Report) -> str:
    if not report.notes:
        return ""
    items = "".join(f"<li>{escape(one_line(note))}</li>" for note in report.notes)
    return f'<section id="notes"><h2>Notes</h2><ul>{items}</ul></section>'


def _footer(report: Report) -> str:
    return escape(f"Made by trialcriteria {report.about.version}")
