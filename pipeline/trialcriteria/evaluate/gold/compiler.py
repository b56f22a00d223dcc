"""A gold file and the text it is about -> an Extraction with annotator and date."""

from typing import NamedTuple

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.gold.facts import NODES, Reader
from trialcriteria.evaluate.gold.layout import Page, Place, lay_out
from trialcriteria.evaluate.gold.syntax import ParseTree, parse_gold, part, parts, tokens
from trialcriteria.schema import Criterion, Extraction, Posting, Provenance, Span
from trialcriteria.view import reading_view


class GoldExtraction(Extraction):
    """What a gold file compiles to: the schema, who annotated it and when (ISO 8601 date)."""

    annotator: str
    date: str


class Head(NamedTuple):
    """The first lines of a gold file."""

    id: str | None
    format: str
    file: str
    sha256: str
    annotator: str
    date: str


def read_head(root: ParseTree) -> Head:
    """The head of a parsed gold file."""
    trial, *rest = tokens(parts(root, "head")[0], "WORD")
    return Head(None if trial == "-" else trial, *rest)


def compile_gold(source: str, posting: Posting, name: str) -> GoldExtraction:
    """Compile the notation in ``source`` against its posting; ``name`` is for errors.

    Raises EvaluationError for a line that does not follow the grammar, a quote that cannot be
    placed, or a posting with another text than the one annotated.
    """
    root = parse_gold(source, name)
    head = read_head(root)
    if head.sha256 != posting.trial.source.sha256:
        raise EvaluationError(f"{name}: the text of {head.file} is not the one annotated (sha256)")
    page = Page(name, posting.text, reading_view(posting.text), source)
    sections, places = lay_out(root, page)
    spans = {place.id: place for place in places}
    return GoldExtraction(
        trial=posting.trial,
        text=posting.text,
        sections=tuple(sections),
        criteria=tuple(_criterion(place, spans, page) for place in places),
        provenance=Provenance(program="gold", version=head.date, lexicons="none"),
        annotator=head.annotator,
        date=head.date,
    )


def _criterion(place: Place, places: dict[str, Place], page: Page) -> Criterion:
    reader = Reader(page, _scopes(place, places))
    tree = part(place.tree, *NODES)
    requirement = reader.node(tree) if tree else None
    for also in parts(place.tree, "also"):
        reader.also(also)
    return Criterion(
        id=place.id,
        section=place.section,
        kind=place.kind,
        label=place.label,
        span=place.span,
        text=page.text[place.span.start : place.span.end],
        parent=place.parent,
        combine=place.combine,
        requirement=requirement,
        entities=reader.noted.entities(page.text),
        relations=reader.noted.relations(),
    )


def _scopes(place: Place, places: dict[str, Place]) -> list[Span]:
    """Its own words, then the lead-ins above, nearest first."""
    scopes = [place.span]
    while place.parent:
        place = places[place.parent]
        scopes.append(place.span)
    return scopes
