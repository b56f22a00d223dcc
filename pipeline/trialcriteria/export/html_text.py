"""The text pane of the page: the eligibility text, verbatim, cut where anything begins or ends.

Overlapping and nested spans cannot be nested HTML elements. So the text is cut at every boundary
into segments; each segment carries the classes of all marks that cover it. No character is added
or dropped: the text content of the pane equals the eligibility text (NUL apart, which HTML cannot
hold).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby, pairwise
from typing import NamedTuple

from trialcriteria.export.table import leaves
from trialcriteria.schema import Criterion, Extraction, Fact, Span, Unsupported

FAMILIES = {
    "condition": "condition",
    "drug": "drug",
    "procedure": "procedure",
    "device": "procedure",
    "measurement": "measurement",
    "observation": "measurement",
    "demographic": "person",
    "study": "study",
    "consent": "study",
    "other": "thing",
    "value": "value",
    "dose": "value",
    "count": "value",
    "window": "time",
    "duration": "time",
    "anchor": "time",
    "qualifier": "qualifier",
    "negation": "logic",
    "exception": "logic",
    "experiencer": "person",
}
"""Colour family of every entity label and concept kind."""

_LAYERS = ("heading", "fact", "unsupported")  # drawn with a colour, not instead of it


class Mark(NamedTuple):
    """A stretch to colour, by family."""

    span: Span
    family: str


class Segment(NamedTuple):
    """A stretch no boundary falls into: the criterion it is in, the families that cover it."""

    span: Span
    criterion: str | None
    families: tuple[str, ...]


def marks(criterion: Criterion) -> Iterator[Mark]:
    """What to colour in a criterion: its entities, then the parts of its facts."""
    for entity in criterion.entities:
        for span in entity.spans:
            yield Mark(span, FAMILIES[entity.label])
    if criterion.requirement:
        for _, leaf in leaves(criterion.requirement):
            if isinstance(leaf, Fact):
                yield from _fact_marks(leaf)
            elif isinstance(leaf, Unsupported):
                yield Mark(leaf.span, "unsupported")


def _fact_marks(fact: Fact) -> Iterator[Mark]:
    if fact.subject.span:
        yield Mark(fact.subject.span, FAMILIES[fact.subject.kind])
    for value in filter(None, (fact.value, fact.dose)):
        yield Mark(value.span, "value")
    if fact.window:
        yield Mark(fact.window.span, "time")
    for qualifier in fact.qualifiers:
        yield Mark(qualifier.span, "qualifier")
    for span in fact.spans:
        yield Mark(span, "fact")


def _heading_marks(extraction: Extraction) -> Iterator[Mark]:
    """Where the headings stand: the first such words inside the section."""
    for section in extraction.sections:
        start = extraction.text.find(section.heading or "", *section.span)
        if section.heading and start >= 0:
            yield Mark(Span(start, start + len(section.heading)), "heading")


def segments(extraction: Extraction) -> list[Segment]:
    """The whole text as segments, in order, without gap or overlap."""
    owners = [(criterion.span, criterion.id) for criterion in extraction.criteria]
    coloured = [*_heading_marks(extraction)]
    for criterion in extraction.criteria:
        coloured += marks(criterion)
    places = [span for span, _ in owners] + [mark.span for mark in coloured]
    places += [warning.span for warning in extraction.warnings if warning.span]
    length = len(extraction.text)
    cuts = sorted({0, length, *(min(edge, length) for span in places for edge in span)})
    owner_at = _covering(cuts, owners)
    families_at = _covering(cuts, _longest_first(coloured))
    return [
        Segment(Span(start, end), next(iter(owner_at[start]), None), tuple(families_at[start]))
        for start, end in pairwise(cuts)
    ]


def _longest_first(coloured: list[Mark]) -> list[Mark]:
    """The innermost mark comes last, so that its colour wins."""
    return sorted(coloured, key=lambda mark: mark.span.start - mark.span.end)


def _covering(cuts: list[int], named: Iterable[tuple[Span, str]]) -> dict[int, list[str]]:
    """For every cut, the names of the spans that cover the segment beginning there."""
    covering: dict[int, list[str]] = defaultdict(list)
    for span, name in named:
        for index in range(bisect_left(cuts, span.start), bisect_left(cuts, span.end)):
            covering[cuts[index]].append(name)
    return covering


def text_pane(extraction: Extraction) -> str:
    """The text as HTML: a span with the id ``t-<criterion>`` around each criterion's segments."""
    kinds = {criterion.id: criterion.kind for criterion in extraction.criteria}
    pieces: list[str] = []
    for owner, group in groupby(segments(extraction), key=lambda segment: segment.criterion):
        inner = "".join(_segment(extraction.text, segment) for segment in group)
        pieces.append(_criterion(owner, kinds[owner], inner) if owner else inner)
    return "".join(pieces)


def _criterion(criterion: str, kind: str, inner: str) -> str:
    name = escape(criterion)
    return (
        f'<span class="criterion {kind}" id="t-{name}" data-criterion="{name}">'
        f'<a class="tag" href="#c-{name}" data-label="{name}" '
        f'aria-label="Show criterion {name} in the tree"></a>{inner}</span>'
    )


def _segment(text: str, segment: Segment) -> str:
    start, end = segment.span
    colours = [f"m-{family}" for family in segment.families if family not in _LAYERS]
    classes = colours[-1:] + [f"in-{layer}" for layer in _LAYERS if layer in segment.families]
    attributes = f' class="{" ".join(classes)}"' if classes else ""
    words = escape(text[start:end]).replace("\r", "&#13;")
    return f'<span id="s-{start}" data-start="{start}" data-end="{end}"{attributes}>{words}</span>'
