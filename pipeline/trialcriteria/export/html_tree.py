"""The tree pane of the page: sections, criteria, and the requirement of each as nested boxes.

Whatever comes from certain words has ``data-span``, a list of ``start-end`` pairs whose edges are
edges of segments in the text pane, and a plain link to the first of them for readers without
scripts.
"""

from collections import Counter
from collections.abc import Iterable
from html import escape

from trialcriteria.export.html_text import FAMILIES
from trialcriteria.export.notation import (
    branches,
    combine_line,
    fact_line,
    node_name,
    one_line,
    range_line,
    value_line,
    window_line,
)
from trialcriteria.export.vocabularies import code_page, code_words
from trialcriteria.export.words import range_words, value_words, window_words
from trialcriteria.schema import (
    All,
    Any,
    AtLeast,
    Code,
    Criterion,
    Extraction,
    Fact,
    Node,
    Qualifier,
    Section,
    Span,
    Unsupported,
    Value,
)

_MAX_DEPTH = 8  # deeper criteria are drawn at this depth
_PREVIEW = 110  # code points of a criterion's words in its title line


def tree_pane(extraction: Extraction) -> str:
    """Sections in order, each with its criteria as a list."""
    depths = _depths(extraction.criteria)
    parents = Counter(criterion.parent for criterion in extraction.criteria)
    pieces = []
    for section in extraction.sections:
        items = "".join(
            _criterion(criterion, depths[criterion.id], criterion.id in parents)
            for criterion in extraction.criteria
            if criterion.section == section.id
        )
        pieces.append(_section(section, items))
    return "".join(pieces)


def _depths(criteria: Iterable[Criterion]) -> dict[str, int]:
    """Depth of every criterion, parents standing before their children."""
    depths: dict[str, int] = {}
    for criterion in criteria:
        depths[criterion.id] = min(depths.get(criterion.parent or "", -1) + 1, _MAX_DEPTH)
    return depths


def _section(section: Section, items: str) -> str:
    heading = f" <small>{escape(one_line(section.heading))}</small>" if section.heading else ""
    cohort = f" <small>{escape(section.cohort)}</small>" if section.cohort else ""
    return (
        f'<section class="{section.kind}"><h3>{section.kind.capitalize()}{heading}{cohort}</h3>'
        f"<ul>{items}</ul></section>"
    )


def _criterion(criterion: Criterion, depth: int, is_parent: bool) -> str:
    name = escape(criterion.id)
    joined = f'<span class="join">{combine_line(criterion.combine)} of</span>' if is_parent else ""
    body = _node(criterion.requirement) if criterion.requirement else ""
    return (
        f'<li class="depth-{depth} {criterion.kind}" id="c-{name}"><p class="words">'
        f'<a class="tag" href="#t-{name}" data-target="t-{name}">{name}</a> '
        f"{escape(_preview(criterion.text))} {joined}</p>{body}</li>"
    )


def _preview(text: str) -> str:
    line = one_line(text)
    if len(line) <= _PREVIEW:
        return line
    return line[:_PREVIEW].rsplit(" ", 1)[0] + "\u2026"


def _node(node: Node) -> str:
    """A fact as a card, a logic node as a box with its name."""
    if isinstance(node, Fact):
        return _fact(node)
    if isinstance(node, Unsupported):
        return _unsupported(node)
    if isinstance(node, All | Any | AtLeast) and len(node.of) == 1:
        return _node(node.of[0])
    rows = "".join(_branch(role, child) for role, child in branches(node))
    return (
        f'<div class="node {node.type}" role="group" aria-label="{node_name(node)}">'
        f'<span class="name">{node_name(node)}</span>{rows}</div>'
    )


def _branch(role: str, child: Node) -> str:
    label = f'<span class="role">{role}</span>' if role not in ("", "of") else ""
    return f'<div class="branch">{label}{_node(child)}</div>'


def _unsupported(node: Unsupported) -> str:
    words = _linked("words", _preview(node.text), (node.span,), one_line(node.text))
    return (
        f'<div class="unsupported"><b>not structured</b> {words} '
        f"<small>{escape(one_line(node.reason))}</small></div>"
    )


def _fact(fact: Fact) -> str:
    spans = fact.spans or ((fact.subject.span,) if fact.subject.span else ())
    provenance = f"{fact_line(fact)}\nfrom {fact.source}, score {fact.score:g}"
    return (
        f'<div class="fact {fact.status}"{_data_span(spans)} title="{escape(provenance)}">'
        f"{' '.join(filter(None, _fact_parts(fact)))}</div>"
    )


def _fact_parts(fact: Fact) -> list[str]:
    subject, window = fact.subject, fact.window
    spans = (subject.span,) if subject.span else fact.spans[:1]
    return [
        f'<span class="badge">{fact.experiencer}</span>' if fact.experiencer != "patient" else "",
        f'<span class="badge">{fact.status}</span>' if fact.status != "present" else "",
        _linked(f"subject m-{FAMILIES[subject.kind]}", one_line(subject.text), spans, subject.kind),
        _value(fact.value) if fact.value else "",
        _value(fact.dose, "dose") if fact.dose else "",
        _chip("value", "count", range_words(fact.count)) if fact.count else "",
        _chip("time", "for", range_words(fact.duration)) if fact.duration else "",
        _linked("chip m-time", window_words(window), (window.span,), window_line(window))
        if window
        else "",
        *map(_qualifier, fact.qualifiers),
        *map(_code, subject.codes),
    ]


def _code(code: Code) -> str:
    """The code with the name of its vocabulary, leading to its page; the rest in the tooltip."""
    made_by = f", from {code.source}" if code.source else ""
    title = escape(f"{code.display}, {code.system}, score {code.score:g}{made_by}")
    words, page = escape(code_words(code)), escape(code_page(code))
    if not page:
        return f'<span class="code" title="{title}">{words}</span>'
    return f'<a class="code" href="{page}" rel="noreferrer" title="{title}">{words}</a>'


def _value(value: Value, role: str = "") -> str:
    printed = f'"{one_line(value.text)}" as {value_line(value)}'
    shown = f"{role} {value_words(value)}".lstrip()
    return _linked("chip m-value", shown, (value.span,), printed)


def _qualifier(qualifier: Qualifier) -> str:
    detail = value_words(qualifier.value) if qualifier.value else one_line(qualifier.text)
    if qualifier.duration:
        detail += f" for {range_words(qualifier.duration)}"
    title = f"{qualifier.kind}: {one_line(qualifier.text)}"
    if qualifier.duration:
        title += f" ({range_line(qualifier.duration)})"
    shown = detail if qualifier.kind == "other" else f"{qualifier.kind} {detail}"
    return _linked("chip m-qualifier", shown, (qualifier.span,), title)


def _chip(family: str, role: str, words: str) -> str:
    return f'<span class="chip m-{family}">{role} {escape(words)}</span>'


def _data_span(spans: Iterable[Span]) -> str:
    pairs = " ".join(f"{start}-{end}" for start, end in spans if start < end)
    return f' data-span="{pairs}"' if pairs else ""


def _linked(classes: str, words: str, spans: tuple[Span, ...], title: str = "") -> str:
    """Words that lead to their place in the text; plain where they have none."""
    tooltip = f' title="{escape(title)}"' if title else ""
    data = _data_span(spans)
    if not data:
        return f'<span class="{classes}"{tooltip}>{escape(words)}</span>'
    return f'<a class="{classes}" href="#s-{spans[0].start}"{data}{tooltip}>{escape(words)}</a>'
