"""Several items on one line: run-on numbering, inline bullets, semicolon lists."""

import re
from itertools import pairwise

from trialcriteria.segment.context import Block
from trialcriteria.segment.headings import announcement
from trialcriteria.segment.lexicon import cue, fold
from trialcriteria.segment.lines import Page
from trialcriteria.segment.markers import FULL_BULLETS, Marker, Ordinal, read_marker
from trialcriteria.segment.run_on import split_run_on

MAX_GAP = 3  # numbers missing inside a run-on line
MAX_PART = 200  # code points of one item of a semicolon list, on average
MIN_PARTS = 3

Open = list[Ordinal]

_ORDINAL = re.compile(
    r"(?<=[\s;.,:)])(?:\(?\d{1,2}[.)](?![\d.,)])|\(?[a-z]\)|\([ivx]{1,5}\)|[ivx]{1,5}\)|[ivx]{2,5}\.(?=\s)|[b-z]\.(?=\s[A-Z]))"
    r"\s{0,3}(?=[^\W_]|[(≥≤<>\"'])"
)
_BULLETS = re.compile(rf"(?<=\s)[{FULL_BULLETS}](?=\s)|(?<=\s)[•●▪■‣➢](?=\w)")
_STAR = re.compile(r"(?<=[^\d\s]\s)\*\s+(?=[A-Z])")
_DASH = re.compile(r"(?<=\s)-\s+(?=[^\W\d_])")
_DASHED = re.compile(r":\s{1,3}-\s+(?=[^\W\d_])")
_LEVEL = re.compile(r"[IVX]{1,4}")
_PREFIX = re.compile(
    r"(?<![^\W\d_])(?:non|anti|post|pre|self|semi|co|ex|multi|inter|intra|high|low|long|short|well)$"
)
_CONJUNCTION = re.compile(r"(?<=[;,])\s(?:and|or|and/or)$")
_BRACKETS = re.compile(r"[()\[\];\uff1b]")
_DEPENDENT = re.compile(r"(?:or|and/or|which|who|whose|that|if|except|unless|but|then|e\.g|i\.e)\b")


def split_blocks(page: Page, blocks: list[Block]) -> list[Block]:
    """The blocks with every item in a block of its own."""
    found: list[Block] = []
    opened: Open = []
    for at, block in enumerate(blocks):
        if block.heading:
            opened = []
            found.append(block)
            continue
        alone = _only_item(blocks, at)
        for part in _split_marked(page, block, alone, alone and _under_group(blocks, at)):
            found += _split_ordinals(page, part, opened, _upcoming(blocks, at), alone)
        if alone and found[-1].start == block.start and block.marker is None:
            found[-1:] = _split_semicolons(page, block)
    return found


def _only_item(blocks: list[Block], at: int) -> bool:
    """Whether the block at ``at`` is all that stands under its heading."""
    opens = at == 0 or blocks[at - 1].heading is not None
    return opens and (at + 1 == len(blocks) or blocks[at + 1].heading is not None)


def _under_group(blocks: list[Block], at: int) -> bool:
    """Whether the heading above is one that only groups ("DISEASE CHARACTERISTICS:")."""
    heading = blocks[at - 1].heading if at else None
    return heading is not None and heading.strength == "group"


def _split_marked(page: Page, block: Block, alone: bool, under_group: bool) -> list[Block]:
    """Cut at bullets; where the block has none of its own, at lost line ends."""
    found = _split_bullets(page, block, alone)
    if len(found) > 1 or block.marker:
        return found
    return split_run_on(page, block, under_group)


def _cut(page: Page, block: Block, places: list[int]) -> list[Block]:
    """The block cut before each place; each part reads its own marker."""
    if not places:
        return [block]
    edges = [block.start, *places, block.end]
    parts = []
    for left, right in pairwise(edges):
        end = left + len(page.text[left:right].rstrip())
        marker = read_marker(page.view, left, end) if left != block.start else block.marker
        parts.append(block._replace(start=left, end=end, marker=marker, gap=False))
    return [parts[0]._replace(gap=block.gap), *parts[1:]]


def _split_bullets(page: Page, block: Block, alone: bool) -> list[Block]:
    bullet = block.marker.bullet if block.marker else ""
    bullets = None if page.view[block.body : block.end].isascii() else _BULLETS  # none is ASCII
    pattern = {"*": _STAR, "-": _DASH if alone else None}.get(bullet, bullets)
    places = _places(pattern, page, block, block.body) if pattern else []
    if bullet == "-":
        places = [place for place in places if not _is_hyphen(page, place)]
    opened = None if places else _DASHED.search(page.view, block.body, block.end)
    if opened:
        places = _places(_DASH, page, block, opened.start())
    return _cut(page, block, places if len(places) > 1 or not opened else [])


def _places(pattern: re.Pattern[str], page: Page, block: Block, start: int) -> list[int]:
    """Where the bullets of ``pattern`` stand, the block's own left out."""
    found = [match.start() for match in pattern.finditer(page.view, start, block.end)]
    return [place for place in found if place > block.body]


def _is_hyphen(page: Page, place: int) -> bool:
    """Whether a dash between blanks joins two words: "ASA I - II", "non - smoker"."""
    before = page.view[max(0, place - 12) : place].rstrip().lower()
    word = page.view[place + 1 : place + 24].split()[0]
    if before[-1:] in (*".;,:)", ""):
        return False
    return word[0].islower() or _LEVEL.fullmatch(word) is not None or bool(_PREFIX.search(before))


def _upcoming(blocks: list[Block], at: int) -> Marker | None:
    """The marker of the block below."""
    return blocks[at + 1].marker if at + 1 < len(blocks) else None


def _split_ordinals(
    page: Page, block: Block, opened: Open, upcoming: Marker | None, alone: bool
) -> list[Block]:
    """Cut ``block`` where the next number of an open list stands; ``opened`` goes along."""
    if block.marker:
        _advance(opened, block.marker)
    found = [
        (match.start(), marker)
        for match in _ORDINAL.finditer(page.view, block.body, block.end)
        if (marker := read_marker(page.view, match.start(), block.end)) and not marker.bullet
    ]
    if not found:
        return [block]
    last = {(r.style, r.value): at for at, (_, marker) in enumerate(found) for r in marker.readings}
    last.update(((r.style, r.value), len(found)) for r in (upcoming.readings if upcoming else ()))
    places: list[int] = []
    for at, (start, marker) in enumerate(found):
        chained = (
            bool(places)
            or (alone and block.marker is not None)
            or any(last.get((r.style, r.value + 1), -1) > at for r in marker.readings)
        )
        if start > block.body and _runs_on(page, block, start, marker, opened, chained):
            _advance(opened, marker)
            places.append(start)
    return _cut(page, block, places)


def _runs_on(
    page: Page, block: Block, start: int, marker: Marker, opened: Open, chained: bool
) -> bool:
    """Whether the ordinal at ``start`` goes on with an open list, or opens one after a colon."""
    before = _CONJUNCTION.sub("", page.view[max(block.body, start - 30) : start].rstrip())
    final = before[-1:]
    word = before.rsplit(None, 1)[-1:] or [""]
    gap = _gap(opened, marker)
    scale = "before.scale" if gap == 1 and chained else "before"
    if final not in ";." and cue(scale).fullmatch(fold(word[0]).strip("(,:")):
        return False
    capital = page.view[marker.body : marker.body + 1].isupper()
    if gap == 1:
        return final in ";.:" or chained or (final in ",)" and capital)
    if 1 < gap <= MAX_GAP:
        return final == ";" or (final == "." and capital and chained)
    opens = chained and any(r.value == 1 for r in marker.readings)
    return opens and (final == ":" or announcement(page.view, block.body, start - 1) is not None)


def _gap(opened: Open, marker: Marker) -> int:
    """How far the ordinal is ahead of the nearest open list of its style; 0 where of none."""
    steps = [
        reading.value - before.value
        for reading in marker.readings
        for before in opened
        if before.style == reading.style and reading.path[:-1] == before.path[:-1]
    ]
    return min((step for step in steps if step > 0), default=0)


def _advance(opened: Open, marker: Marker) -> None:
    """Record an item: it continues the innermost list it can, or opens one."""
    for depth in range(len(opened) - 1, -1, -1):
        for reading in marker.readings:
            if reading.style == opened[depth].style and reading.value == opened[depth].value + 1:
                opened[depth:] = [reading]
                return
    if marker.readings:
        first = min(marker.readings, key=lambda reading: reading.value)
        if first.value > 1:
            opened[:] = [before for before in opened if before.style != first.style]
        opened.append(first)
        del opened[:-8]


def _split_semicolons(page: Page, block: Block) -> list[Block]:
    """An unmarked line that is all of its section, read as a list of standalone criteria."""
    places = _top_level(page.view, block)
    edges = [block.start, *places, block.end]
    parts = [page.view[a:b].strip(" ;") for a, b in pairwise(edges)]
    parts = [part for part in parts if part]
    if len(parts) < MIN_PARTS - (block.end - block.start < 100):
        return [block]
    dependent = any(_DEPENDENT.match(fold(part)) for part in parts)
    if dependent or (block.end - block.start) / len(parts) > MAX_PART:
        return [block]
    return _cut(page, block, [_next_word(page.view, place, block.end) for place in places])


def _next_word(view: str, at: int, end: int) -> int:
    while at < end and view[at].isspace():
        at += 1
    return at


def _top_level(view: str, block: Block) -> list[int]:
    """Places after semicolons that stand in no bracket and have words behind them."""
    places, depth = [], 0
    words_end = block.start + len(view[block.start : block.end].rstrip(" ;."))
    for match in _BRACKETS.finditer(view, block.start, block.end):
        char = match.group()
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and match.end() < words_end:
            places.append(match.end())
    return places
