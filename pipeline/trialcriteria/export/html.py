"""One posting as a self-contained HTML page: the text on the left, the criteria tree on the right.

Everything that comes from the posting is escaped, nothing is loaded from elsewhere
(``export/page.py``).
"""

from html import escape

from trialcriteria.export.html_text import text_pane
from trialcriteria.export.html_tree import tree_pane
from trialcriteria.export.notation import one_line
from trialcriteria.export.page import framed
from trialcriteria.export.table import leaves
from trialcriteria.export.words import age_words
from trialcriteria.schema import Extraction, Fact, Trial, Unsupported, Warning

_FAMILY_NAMES = {
    "condition": "condition",
    "drug": "drug",
    "procedure": "procedure, device",
    "measurement": "measurement, observation",
    "person": "demographic, family",
    "study": "study, consent",
    "thing": "other subject",
    "value": "value, dose, count",
    "time": "window, duration",
    "qualifier": "qualifier",
    "logic": "negation, exception",
}


def to_html(extraction: Extraction) -> str:
    """The whole page as one string."""
    trial = extraction.trial
    name = trial.id or trial.source.name
    body = (
        f"<header>{_header(extraction, name)}</header>\n<main>\n"
        '<section id="text" tabindex="0" aria-label="Eligibility text"><h2>Text</h2>'
        f'{_legend()}<div class="verbatim">{text_pane(extraction)}</div></section>\n'
        '<section id="tree" tabindex="0" aria-label="Criteria"><h2>Criteria</h2>'
        f"{_warnings(extraction.warnings)}{tree_pane(extraction)}</section>\n"
        f"</main>\n<footer>{_footer(extraction)}</footer>\n"
    )
    return framed(__package__, f"{name}: eligibility criteria", body)


def _header(extraction: Extraction, name: str) -> str:
    trial = extraction.trial
    title = one_line(trial.title or name)
    fields = "".join(
        f"<div><dt>{term}</dt><dd>{escape(one_line(words))}</dd></div>"
        for term, words in _fields(trial)
        if words
    )
    return (
        f'<p class="id">{escape(name)}</p><h1>{escape(title)}</h1>'
        f'<dl>{fields}</dl><p class="counts">{_counts(extraction)}</p>'
    )


def _fields(trial: Trial) -> tuple[tuple[str, str], ...]:
    healthy = {True: "accepted", False: "not accepted", None: ""}[trial.healthy_volunteers]
    return (
        ("Registry", trial.registry or ""),
        ("Conditions", ", ".join(trial.conditions)),
        ("Interventions", ", ".join(trial.interventions)),
        ("Phase", trial.phase or ""),
        ("Status", trial.status or ""),
        ("Sex", (trial.sex or "").lower()),
        ("Age", age_words(trial.minimum_age, trial.maximum_age)),
        ("Healthy volunteers", healthy),
    )


def _counts(extraction: Extraction) -> str:
    found = [
        leaf
        for criterion in extraction.criteria
        if criterion.requirement
        for _, leaf in leaves(criterion.requirement)
    ]
    facts = sum(isinstance(leaf, Fact) for leaf in found)
    unsupported = sum(isinstance(leaf, Unsupported) for leaf in found)
    numbers = {
        "Criteria": len(extraction.criteria),
        "facts": facts,
        "not structured": unsupported,
        "warnings": len(extraction.warnings),
    }
    return ", ".join(f"{name} {number}" for name, number in numbers.items())


def _legend() -> str:
    keys = "".join(
        f'<li><span class="m-{family}">{name}</span></li>' for family, name in _FAMILY_NAMES.items()
    )
    return f'<ul class="legend" aria-label="Colours">{keys}</ul>'


def _warnings(warnings: tuple[Warning, ...]) -> str:
    if not warnings:
        return ""
    items = "".join(f"<li>{_warning(warning)}</li>" for warning in warnings)
    return (
        f'<details class="warnings" open><summary>Warnings ({len(warnings)})</summary>'
        f"<ul>{items}</ul></details>"
    )


def _warning(warning: Warning) -> str:
    words = f"<b>{escape(warning.code)}</b> {escape(one_line(warning.message))}"
    if warning.span and warning.span.start < warning.span.end:
        start, end = warning.span
        return f'<a href="#s-{start}" data-span="{start}-{end}">{words}</a>'
    if warning.criterion:
        return f'<a href="#c-{escape(warning.criterion)}">{words}</a>'
    return words


def _footer(extraction: Extraction) -> str:
    made, source = extraction.provenance, extraction.trial.source
    return escape(
        f"{made.program} {made.version}, {made.model or 'rules only'}. "
        f"Source: {source.name} ({source.format}), sha256 {source.sha256[:12]}."
    )
