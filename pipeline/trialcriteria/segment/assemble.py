"""The room's one function: sections, criteria and warnings of a text."""

import re
from itertools import groupby, takewhile
from typing import NamedTuple

from trialcriteria.schema import Criterion, Part, Section, SectionKind, Span, Warning
from trialcriteria.segment.blocks import read_blocks
from trialcriteria.segment.combine import combine
from trialcriteria.segment.context import Block
from trialcriteria.segment.headings import Heading
from trialcriteria.segment.items import Item
from trialcriteria.segment.lines import Page, read_page
from trialcriteria.segment.number import Numbering
from trialcriteria.segment.split import split_blocks
from trialcriteria.segment.tree import grow, is_nested

MAX_PREAMBLE = 4  # lines of a text that introduces the lists

_CLOSING = re.compile(r"[*_\\]*")


class Segmented(NamedTuple):
    """Sections, criteria in text order (no requirement yet), and what went amiss."""

    sections: tuple[Section, ...]
    criteria: tuple[Criterion, ...]
    warnings: tuple[Warning, ...]


class Stretch(NamedTuple):
    """The blocks of one section, under its heading (None: none) and its kind."""

    heading: Block | None
    kind: SectionKind
    cohort: str | None
    blocks: list[Block]


def segment(text: str, parts: tuple[Part, ...] = ()) -> Segmented:
    """Sections and criteria of ``text``; ``parts`` give the kind of stretches of it.

    Every non-blank character of ``text`` lies in exactly one criterion, or in a heading (from
    ``section.span.start`` to the end of the heading's words and the asterisks, underscores and
    backslashes that close them), or in the span of a warning.
    Never raises on any text; linear in its length.
    """
    page = read_page(text)
    stretches: list[Stretch] = []
    warnings: list[Warning] = []
    for start, end, kind in _regions(text, parts):
        blocks, stray = _wordless(page, split_blocks(page, read_blocks(page, start, end, kind)))
        warnings += stray
        stretches += _stretches(blocks, kind)
    if stretches and not parts and all(stretch.heading is None for stretch in stretches):
        warnings.append(Warning(code="no_heading", message="no inclusion or exclusion heading"))
    return _assemble(page, stretches, warnings)


def _regions(text: str, parts: tuple[Part, ...]) -> list[tuple[int, int, SectionKind | None]]:
    """The parts and what lies between them, in text order."""
    regions: list[tuple[int, int, SectionKind | None]] = []
    at = 0
    for part in sorted(parts, key=lambda part: part.span):
        start, end = max(part.span[0], at), min(part.span[1], len(text))
        if start >= end:
            continue
        regions += [(at, start, None), (start, end, part.kind)]
        at = end
    return [*regions, (at, len(text), None)]


def _wordless(page: Page, blocks: list[Block]) -> tuple[list[Block], list[Warning]]:
    """Blocks with words, and a warning for each run without: a lone bullet, a row of dashes."""
    kept: list[Block] = []
    warnings: list[Warning] = []
    for has_words, run in groupby(blocks, lambda block: _has_words(page, block)):
        found = list(run)
        if has_words:
            kept += found
        else:
            span = Span(found[0].start, found[-1].end)
            warnings.append(Warning(code="no_words", message="an item without words", span=span))
    return kept, warnings


def _has_words(page: Page, block: Block) -> bool:
    words = page.view[block.body : block.end]
    return block.heading is not None or any(char.isalnum() for char in words)


def _stretches(blocks: list[Block], given: SectionKind | None) -> list[Stretch]:
    """Blocks grouped under their headings; a heading without a kind inherits the last one."""
    kinds = [block.heading.kind for block in blocks if block.heading and block.heading.kind]
    preamble = "inclusion" in kinds and _is_preamble(blocks)
    kind: SectionKind = given or ("other" if preamble else "inclusion")
    if blocks and blocks[0].heading and not given:
        kind = "inclusion"
    found: list[Stretch] = []
    for block in blocks:
        heading = block.heading
        if heading:
            kind = heading.kind or (kind if found or given else "inclusion")
            found.append(Stretch(block, kind, heading.cohort, []))
        elif not found:
            found.append(Stretch(None, kind, None, [block]))
        else:
            found[-1].blocks.append(block)
    return found


def _is_preamble(blocks: list[Block]) -> bool:
    """Whether a few unmarked lines, no list, stand before the first heading."""
    before = list(takewhile(lambda block: block.heading is None, blocks))
    return len(before) <= MAX_PREAMBLE and all(block.marker is None for block in before)


def _assemble(page: Page, stretches: list[Stretch], warnings: list[Warning]) -> Segmented:
    sections, criteria = [], []
    numbering = Numbering()
    nested = is_nested([block for stretch in stretches for block in stretch.blocks])
    for number, stretch in enumerate(stretches, 1):
        section = _section(page, stretch, f"s{number}")
        sections.append(section)
        criteria += _criteria(
            page, grow(page, stretch.blocks, nested, stretch.kind), section, numbering
        )
    warnings += _outside(page, sections, criteria, warnings)
    found = sorted(warnings + numbering.warnings, key=lambda w: w.span or Span(0, 0))
    return Segmented(tuple(sections), tuple(criteria), tuple(found))


def _outside(
    page: Page, sections: list[Section], criteria: list[Criterion], warnings: list[Warning]
) -> list[Warning]:
    """A warning for each stretch that stands in none of these: HTML line ends, stray markdown."""
    spans = [criterion.span for criterion in criteria]
    spans += [warning.span for warning in warnings if warning.span]
    spans += [_heading_span(page.text, section) for section in sections if section.heading]
    found, at = [], 0
    for start, end in [*sorted(spans), (len(page.text), len(page.text))]:
        between = page.text[at:start]
        if between.strip():
            lead = at + len(between) - len(between.lstrip())
            span = Span(lead, at + len(between.rstrip()))
            found.append(Warning(code="markup", message="markup outside criteria", span=span))
        at = max(at, end)
    return found


def _heading_span(text: str, section: Section) -> Span:
    """The heading with the markdown around its words."""
    heading = section.heading or ""
    start = section.span.start
    closing = _CLOSING.match(text, text.index(heading, start) + len(heading))
    return Span(start, closing.end() if closing else start)


def _section(page: Page, stretch: Stretch, name: str) -> Section:
    blocks = [*([stretch.heading] if stretch.heading else []), *stretch.blocks]
    span = Span(blocks[0].start, blocks[-1].end)
    heading = _printed_heading(page, stretch.heading) if stretch.heading else None
    return Section(id=name, kind=stretch.kind, heading=heading, cohort=stretch.cohort, span=span)


def _printed_heading(page: Page, block: Block) -> str:
    """The heading's words, section number included, bullet and markdown not.

    With its bullet where the words alone would be found too early.
    """
    heading = block.heading
    assert isinstance(heading, Heading)
    start = heading.start
    if block.marker and block.marker.label:
        start = block.marker.ordinal
    words = page.view[start : block.end]
    start += len(words) - len(words.lstrip())
    printed = page.text[start : start + len(words.strip())]
    if page.text.find(printed, block.start) == start:
        return printed
    return page.text[block.start : start + len(printed)]


def _criteria(
    page: Page, items: list[Item], section: Section, numbering: Numbering
) -> list[Criterion]:
    return [
        Criterion.known(
            {
                "id": numbering.name(item, section.kind, at == 0),
                "section": section.id,
                "kind": section.kind,
                "label": item.label,
                "span": Span(item.start, item.end),
                "text": page.text[item.start : item.end],
                "parent": numbering.ids[id(item.parent)] if item.parent else None,
                "combine": combine(page, item, section.kind),
                "requirement": None,
                "entities": (),
                "relations": (),
            }
        )
        for at, item in enumerate(items)
    ]
