"""Lines to blocks: headings split off, hard-wrapped lines joined, markers read."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from trialcriteria.schema import SectionKind
from trialcriteria.segment.context import (
    Around,
    Block,
    chooses,
    hangs,
    last_line,
    list_number,
    titled,
)
from trialcriteria.segment.headings import (
    Heading,
    announcement,
    numbered_title,
    read_heading,
)
from trialcriteria.segment.lexicon import fold
from trialcriteria.segment.lines import Line, Page, fills_margin
from trialcriteria.segment.markers import Marker, read_marker, without_ordinal

SEPARATED = 0.8  # share of list items after a blank line in a text that separates its items

_HEADED = r"(?:(?:in|ex|non-?in)clusion|eligibility)\s(?:criteria|criterion)\s?[:\uff1a]"
_INLINE = re.compile(
    r"(?:(?<=[.;:)\]])|(?<=\s\s)|(?<=\s[•*-]))\s{1,3}"
    rf"(?=(?:(?:key|main|major|general)\s)?{_HEADED})",
    re.IGNORECASE,
)
_INLINE_TITLED = re.compile(
    r"\s(?=(?:(?:Key|Main)\s)?(?:Inclusion|Exclusion)\sCriteria\s?:"
    r"|(?:INCLUSION|EXCLUSION)\sCRITERIA\s?:)"
)
_SEVERAL_ITEMS = re.compile(r"[.;]\s+\S")
_CONJUNCTION = re.compile(r"\b(?:or|and)$")


class Place(NamedTuple):
    """A line, its marker, and the line after it."""

    line: Line
    marker: Marker | None
    following: Line | None

    @property
    def body(self) -> int:
        """Where the words of the line begin."""
        return self.marker.body if self.marker else self.line.start


@dataclass(slots=True)
class Reader:
    """Blocks read so far, and what is known of the text and the section."""

    page: Page
    separated: bool
    kind: SectionKind | None
    blocks: list[Block] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def last(self) -> Block | None:
        """The block above."""
        return self.blocks[-1] if self.blocks else None


def read_blocks(page: Page, start: int, end: int, kind: SectionKind | None = None) -> list[Block]:
    """Blocks of ``page`` between ``start`` and ``end``, in text order.

    ``kind`` is that of the section the stretch begins in, where a registry field says it.
    """
    clipped = [
        line._replace(start=max(line.start, start), end=min(line.end, end))
        for line in page.lines
        if line.start < end and line.end > start
    ]
    lines = [piece for line in clipped for piece in _split_inline(page, line)]
    reader = Reader(page, _separated(page, lines), kind)
    for at, line in enumerate(lines):
        marker = read_marker(page.view, line.start, line.end)
        _take(reader, Place(line, marker, lines[at + 1] if at + 1 < len(lines) else None))
    return reader.blocks


def _split_inline(page: Page, line: Line) -> list[Line]:
    """Headings with a colon in the middle of a line begin a line of their own."""
    cuts = sorted({*_plain_cuts(page, line), *_titled_cuts(page, line)})
    pieces = []
    for left, right in zip([line.start, *cuts], [*cuts, line.end], strict=True):
        words = page.text[left:right].strip()
        begin = left + page.text[left:right].find(words) if words else left
        if words:
            gap = line.gap if left == line.start else True
            pieces.append(Line(begin, begin + len(words), line.indent, gap))
    return pieces


def _plain_cuts(page: Page, line: Line) -> list[int]:
    return [
        match.end()
        for match in _INLINE.finditer(page.view, line.start, line.end)
        if any(c.isalnum() for c in page.view[max(line.start, match.end() - 40) : match.end()])
    ]


def _titled_cuts(page: Page, line: Line) -> list[int]:
    """Capitals alone show a heading where items, not words of its own, stand before it."""
    several = _SEVERAL_ITEMS.search(page.view, line.start, line.end)
    if several is None:
        return []
    return [
        match.end()
        for match in _INLINE_TITLED.finditer(page.view, line.start, line.end)
        if several.end() <= match.start()
        and page.view[max(line.start, match.start() - 4) : match.start()].strip().lower()
        not in ("key", "main")
    ]


def _separated(page: Page, lines: list[Line]) -> bool:
    """Whether blank lines stand before nearly every list item (registry XML does so)."""
    marked = [line for line in lines if read_marker(page.view, line.start, line.end)]
    return len(marked) >= 3 and sum(line.gap for line in marked) >= SEPARATED * len(marked)


def _take(reader: Reader, place: Place) -> None:
    """Append the line as a heading, an item, or the continuation of the last block."""
    page, last, line = reader.page, reader.last, place.line
    may_head = _may_head(reader, place)
    title = _section_number(reader, place) if may_head else None
    if title:
        return _take_heading(reader, place, title)
    place = place._replace(marker=_checked_marker(reader, place))
    heading = _heading(reader, place) if may_head else None
    if heading:
        return _take_heading(reader, place, heading)
    if last and not last.heading and _continues(reader, last, place):
        reader.blocks[-1] = last._replace(end=line.end)
    else:
        reader.blocks.append(_item(page, line, place.marker))
    return None


def _item(page: Page, line: Line, marker: Marker | None) -> Block:
    return Block(line.start, line.end, line.indent, line.gap, marker, None)


def _checked_marker(reader: Reader, place: Place) -> Marker | None:
    marker, line = place.marker, place.line
    after = place.following and read_marker(
        reader.page.view, place.following.start, place.following.end
    )
    around = Around(reader.last, after, reader.seen)
    if marker is None or list_number(reader.page, around, line, marker):
        reader.seen.update((r.kind, r.value) for r in (marker.readings if marker else ()))
        return marker
    return without_ordinal(marker, reader.page.view, line.end)


def _take_heading(reader: Reader, place: Place, heading: Heading) -> None:
    page, last, line = reader.page, reader.last, place.line
    if heading.strength == "announce" and last and last.heading:
        reader.blocks[-1] = last._replace(end=line.end)
        return
    reader.kind = heading.kind or reader.kind
    reader.seen.clear()
    reader.blocks.append(
        Block(line.start, heading.end, line.indent, line.gap, place.marker, heading)
    )
    rest = page.text[heading.end : line.end]
    words = rest.lstrip()
    if words:
        start = line.end - len(words)
        inner = Line(start, line.end, line.indent, False)
        reader.blocks.append(_item(page, inner, read_marker(page.view, start, line.end)))


def _may_head(reader: Reader, place: Place) -> bool:
    """Whether a heading may stand here at all: not on the second line of a wrapped sentence."""
    last, line = reader.last, place.line
    if last and not last.heading and last.body >= last.end and not place.marker:
        return False
    if place.body >= line.end or last is None or last.heading or line.gap or place.marker:
        return place.body < line.end
    if reader.page.cased and reader.page.view[line.start].islower():
        return False
    return not (hangs(last, line) and reader.page.wrap)


def _heading(reader: Reader, place: Place) -> Heading | None:
    """The heading on the line, judged by its words and by what stands around it."""
    page, last, line = reader.page, reader.last, place.line
    found = read_heading(page.view, place.body, line.end)
    if found and (found.strength != "group" or _stands_alone(page, place)):
        return found
    announced = _announced(reader, place)
    if announced:
        return announced
    return titled(page, last, line, place.marker, place.following)


def _section_number(reader: Reader, place: Place) -> Heading | None:
    """A protocol section with number and title, whatever else stands on the line."""
    marker, last = place.marker, reader.last
    if marker is None or not marker.readings:
        return None
    first = marker.readings[0].path[0]
    above = last.marker.readings if last and last.marker else ()
    if any(len(r.path) > 1 or first in (r.value, r.value + 1) for r in above):
        return None
    kind = numbered_title(reader.page.view, marker.body, place.line.end, marker.label)
    return Heading(marker.body, place.line.end, kind, None, "title") if kind else None


def _announced(reader: Reader, place: Place) -> Heading | None:
    """A sentence announcing the list: part of the heading above it, or a heading itself."""
    line, marker, last = place.line, place.marker, reader.last
    kind = announcement(reader.page.view, place.body, line.end)
    if kind is None or (marker and marker.label):
        return None
    under_heading = last is not None and last.heading is not None
    wanted = reader.kind if under_heading and reader.kind else kind
    if chooses(reader.page, line, wanted):
        return None
    if under_heading and (kind in ("other", wanted)):
        return Heading(place.body, line.end, None, None, "announce")
    opens = last is None or (kind == "exclusion" and reader.kind != "exclusion" and not marker)
    return Heading(place.body, line.end, kind, None, "core") if opens and kind != "other" else None


def _stands_alone(page: Page, place: Place) -> bool:
    """Whether a grouping phrase is a heading here: no marker, and something below it."""
    marked = place.marker is not None and not place.marker.bullet.startswith("#")
    if place.following is None or marked:
        return False
    words = page.view[place.line.start : place.line.end].rstrip()
    return words.endswith(":") or words.isupper() or place.line.gap


def _continues(reader: Reader, last: Block, place: Place) -> bool:
    """Whether the line goes on with the words of the block above it."""
    page, line, marker = reader.page, place.line, place.marker
    if last.body >= last.end and marker is None:
        return True
    if line.gap:
        return False
    if marker:
        return reader.separated and hangs(last, line) and page.wrap > 0
    if hangs(last, line) and last.marker:
        return True
    if page.wrap and fills_margin(page, last_line(page, last), line):
        return page.view[last.end - 1] != ":" or page.view[line.start].islower()
    return _flows_on(page, last, line)


def _flows_on(page: Page, last: Block, line: Line) -> bool:
    """A line in lower case below an unfinished one, where the text distinguishes the two."""
    first, final = page.view[line.start], page.view[last.end - 1]
    if not page.cased or final in ".;:!?" or not (first.islower() or first in ",)/&"):
        return False
    if last.marker:
        return True
    if _CONJUNCTION.search(fold(page.view[max(last.end - 4, last.start) : last.end])):
        return False
    return last.end - last.start >= 50 and not page.view[last.start].islower()
