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
    is_section_number,
    numbered_title,
    read_heading,
)
from trialcriteria.segment.lexicon import fold
from trialcriteria.segment.lines import Line, Page, fills_margin
from trialcriteria.segment.markers import Marker, read_marker, without_ordinal

MAX_SENTENCE = 240  # code points of a sentence that announces the list behind it
SHORT = 30  # code points that a line broken in the middle of a sentence has at least
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
_LISTED = re.compile(r":(?=\s{1,3}(?:[(]?1[.)](?!\d)|[-*•]\s))")
_SEVERAL_ITEMS = re.compile(r"[.;]\s+\S")
_JOINING = re.compile(r"(?i:and/or|and|or)\W{0,3}")
_UNFINISHED = re.compile(r"\b(?:the|an?|of|to|in|for|with|by|from|than)\Z")
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
    given: SectionKind | None  # the kind that a field of the registry says
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
    reader = Reader(page, _separated(page, lines), kind, kind)
    for at, line in enumerate(lines):
        marker = read_marker(page.view, line.start, line.end)
        _take(reader, Place(line, marker, lines[at + 1] if at + 1 < len(lines) else None))
    return reader.blocks


def _split_inline(page: Page, line: Line) -> list[Line]:
    """Headings with a colon in the middle of a line begin a line of their own."""
    cuts: list[int] = []
    if "criteri" in page.view[line.start : line.end].lower():
        cuts = sorted({*_plain_cuts(page, line), *_titled_cuts(page, line)})
    if not (cuts or page.text[line.start].isspace() or page.text[line.end - 1].isspace()):
        return [line]
    pieces = []
    for left, right in zip([line.start, *cuts], [*cuts, line.end], strict=True):
        words = page.text[left:right].strip()
        begin = left + page.text[left:right].find(words) if words else left
        if words:
            gap = line.gap if left == line.start else True
            pieces.append(Line(begin, begin + len(words), line.indent, gap))
    return pieces


def _plain_cuts(page: Page, line: Line) -> list[int]:
    marker = read_marker(page.view, line.start, line.end)
    begin = marker.body if marker else line.start
    return [
        match.end()
        for match in _INLINE.finditer(page.view, line.start, line.end)
        if match.end() > begin
        and any(c.isalnum() for c in page.view[max(line.start, match.end() - 40) : match.end()])
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
    page, line = reader.page, place.line
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
    inline = found is not None and found.end < line.end
    if found and (found.strength != "group" or inline or _stands_alone(page, place)):
        return found
    announced = _announced(reader, place)
    if announced:
        return announced
    return titled(page, last, line, place.marker, place.following)


def _section_number(reader: Reader, place: Place) -> Heading | None:
    """A protocol section with number and title, whatever else stands on the line.

    "5.2 Exclusion criteria" is one wherever it stands, other titles only outside lists.
    """
    page, marker, line = reader.page, place.marker, place.line
    if marker is None or not is_section_number(marker.label):
        return None
    core = read_heading(page.view, marker.body, line.end)
    if core and core.strength == "core" and core.kind:
        return core
    if reader.given or _in_numbered_list(reader, place, marker.readings[0].path[0]):
        return None
    return numbered_title(page.view, marker.body, line.end)


def _in_numbered_list(reader: Reader, place: Place, first: int) -> bool:
    """Whether the line above or below is an item of the list that the number may belong to."""
    page, last, following = reader.page, reader.last, place.following
    above = last.marker.readings if last and last.marker else ()
    if any(len(r.path) > 1 or first in (r.value, r.value + 1) for r in above):
        return True
    below = read_marker(page.view, following.start, following.end) if following else None
    return below is not None and any(len(r.path) == 2 for r in below.readings)


def _announced(reader: Reader, place: Place) -> Heading | None:
    """A sentence announcing the list: the heading where there is no other, or of exclusions.

    The registry's own field says better than its words what kind of list it opens.
    """
    page, marker, last, given = reader.page, place.marker, reader.last, reader.given
    if marker and marker.label:
        return None
    end = _announcement_end(page, place)
    kind = announcement(page.view, place.body, end)
    if kind is None or chooses(page, place.body, end, given or kind):
        return None
    if last is None:
        named = given or kind != "other"
        return Heading(place.body, end, None if given else kind, None, "core") if named else None
    opens = kind == "exclusion" and reader.kind != "exclusion" and not marker and not given
    return Heading(place.body, end, kind, None, "core") if opens else None


def _announcement_end(page: Page, place: Place) -> int:
    """The end of the line, or of the sentence before the first list item on the same line."""
    listed = _LISTED.search(page.view, place.body, min(place.line.end, place.body + MAX_SENTENCE))
    return listed.start() + 1 if listed else place.line.end


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
    if marker is None and (last.body >= last.end or _JOINING.fullmatch(page.view, *line[:2])):
        return True
    if line.gap:
        return False
    if marker:
        return reader.separated and hangs(last, line) and page.wrap > 0
    if hangs(last, line) and last.marker:
        return not _leads_list(page, last, place)
    if page.wrap and fills_margin(page, last_line(page, last), line):
        return page.view[last.end - 1] != ":" or page.view[line.start].islower()
    return _flows_on(page, last, line)


def _leads_list(page: Page, last: Block, place: Place) -> bool:
    """A new sentence with a colon above a list ("... in writing. For women:")."""
    line, below = place.line, place.following
    if page.view[line.end - 1] != ":" or page.view[last.end - 1] not in ".;" or below is None:
        return False
    return not page.view[line.start].islower() and (
        read_marker(page.view, below.start, below.end) is not None
    )


def _flows_on(page: Page, last: Block, line: Line) -> bool:
    """A line in lower case below an unfinished one, where the text distinguishes the two."""
    first, final = page.view[line.start], page.view[last.end - 1]
    if final in ".;:!?" or not (first.islower() or first in ",)/&"):
        return False
    if not page.cased:
        long = last.marker is not None and final != ")" and last.end - last.body >= SHORT
        return long or _UNFINISHED.search(page.view, last.body, last.end) is not None
    if last.marker:
        return True
    if _CONJUNCTION.search(fold(page.view[max(last.end - 4, last.start) : last.end])):
        return False
    return last.end - last.start >= 50 and not page.view[last.start].islower()
