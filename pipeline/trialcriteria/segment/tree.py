"""Blocks of one section to a tree of items, by marker style, indentation and numbering."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from trialcriteria.schema import SectionKind
from trialcriteria.segment.context import Block
from trialcriteria.segment.items import Item, absorb, closes_list, is_lead_in
from trialcriteria.segment.leads import SLACK, announces_all, listed_end, titles
from trialcriteria.segment.lexicon import cue, fold
from trialcriteria.segment.lines import Page
from trialcriteria.segment.markers import Marker, Ordinal

MAX_DEPTH = 10
PLAIN = "plain"  # style of items without a marker
_RANK = {"#": 0, "*": 1, "•": 1, "●": 1, "·": 1, "-": 2, "--": 3, "---": 4, "+": 4, "o": 3, "○": 3}
_RANK_OTHER = 3

Positions = dict[tuple[str, int], list[int]]


@dataclass(slots=True)
class Level:
    """An open list: its style, column, last item; ``flat`` where only a colon opened it."""

    style: str
    indent: int
    item: Item
    bullet: str = ""
    flat: bool = False
    opener: bool = False  # an opening word in a later item says nothing
    paragraph: bool = False  # its last item is a lead-in without a marker


@dataclass(slots=True)
class Growth:
    """The open lists of a section, outermost first, and where its ordinals stand."""

    page: Page
    positions: Positions
    nested: bool  # the text shows by indentation which items stand under which
    titles: frozenset[int]  # where unmarked lines begin that only name the items below them
    levels: list[Level] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def grow(page: Page, blocks: list[Block], nested: bool, kind: SectionKind) -> list[Item]:
    """Items of one section in text order, each knowing its parent and children."""
    if not announces_all(page, blocks, kind):
        return absorb(page, _grown(page, blocks, nested))
    end = listed_end(page, blocks)
    first, below = _bare_item(blocks[0]), _grown(page, blocks[1:end], nested)
    first.children = [item for item in below if item.parent is None]
    for item in first.children:
        item.parent = first
    return absorb(page, [first, *below, *_grown(page, blocks[end:], nested)])


def _grown(page: Page, blocks: list[Block], nested: bool) -> list[Item]:
    growth = Growth(page, _positions(blocks), nested, titles(page, blocks))
    for block in blocks:
        _place(growth, block)
    return growth.items


def _leads(growth: Growth, item: Item) -> bool:
    """Whether the item announces what follows."""
    return item.start in growth.titles or is_lead_in(growth.page, item)


def is_nested(blocks: list[Block]) -> bool:
    """Whether the same bullet stands at several columns."""
    columns: dict[str, int] = {}
    marked = [block for block in blocks if block.marker and not block.heading]
    return any(
        abs(block.indent - columns.setdefault(block.marker.bullet, block.indent)) > SLACK
        for block in marked
        if block.marker
    )


def _positions(blocks: list[Block]) -> Positions:
    found: Positions = defaultdict(list)
    for block in blocks:
        for reading in block.marker.readings if block.marker else ():
            found[reading.style, reading.value].append(block.start)
    return found


def _place(growth: Growth, block: Block) -> None:
    marker = block.marker
    if marker and marker.readings:
        depth, ordinal = _ordinal_depth(growth, block, marker)
        _attach(growth, block, depth, ordinal.style, ordinal)
    elif marker:
        _attach(growth, block, _bullet_depth(growth, block, marker.bullet), marker.bullet, None)
    else:
        _attach(growth, block, _plain_depth(growth, block), PLAIN, None)


def _attach(growth: Growth, block: Block, depth: int, style: str, ordinal: Ordinal | None) -> None:
    """Put the item in the list at ``depth``; one more than the open lists opens a new one."""
    levels = growth.levels
    depth = min(depth, MAX_DEPTH - 1, len(levels))
    parent = levels[depth - 1].item if depth else None
    label = block.marker.label if block.marker else None
    item = Item(block.start, block.end, block.body, label, ordinal, parent, block.gap)
    if parent:
        parent.children.append(item)
    growth.items.append(item)
    if depth == len(levels):
        flat = bool(levels) and levels[-1].style == style and levels[-1].indent == block.indent
        bullet = block.marker.bullet if block.marker else ""
        bulleted = flat and style != PLAIN and levels[-1].paragraph
        opener = bulleted or _opens(growth.page, item)
        levels.append(Level(style, block.indent, item, bullet, flat, opener))
    del levels[depth + 1 :]
    level = levels[depth]
    level.item = item
    level.paragraph = style == PLAIN and _leads(growth, item)
    if level.style == PLAIN or ordinal:
        level.style = style
        level.indent = block.indent if style != PLAIN else level.indent


def _opens(page: Page, item: Item) -> bool:
    """Whether the item begins with words that begin a criterion of its own."""
    words = fold(page.view[item.body : min(item.end, item.body + 60)])
    return cue("opener").match(words) is not None


def _ordinal_depth(growth: Growth, block: Block, marker: Marker) -> tuple[int, Ordinal]:
    """Depth of an item with a number or letter, and the reading that fits there."""
    found = _successor(growth, block, marker, near=True) or _successor(
        growth, block, marker, near=False
    )
    if found:
        return found
    firsts = [reading for reading in marker.readings if reading.value == 1]
    reading = firsts[0] if firsts else marker.readings[-1 if len(marker.readings) > 1 else 0]
    if firsts:
        return _first_depth(growth, block, reading), reading
    return _later_depth(growth, block, reading), reading


def _successor(
    growth: Growth, block: Block, marker: Marker, near: bool
) -> tuple[int, Ordinal] | None:
    """The innermost open list whose next ordinal this is (at its own column, if ``near``)."""
    for depth in range(len(growth.levels) - 1, -1, -1):
        level = growth.levels[depth]
        last = level.item.ordinal or _last_ordinal(growth, depth)
        if last is None or (near and abs(level.indent - block.indent) > SLACK):
            continue
        for reading in marker.readings:
            same = reading.style == last.style or (not near and reading.kind == last.kind)
            if same and reading.value == last.value + 1 and _same_path(last, reading):
                return depth, reading
    return None


def _same_path(last: Ordinal, reading: Ordinal) -> bool:
    return last.path[:-1] == reading.path[:-1]


def _last_ordinal(growth: Growth, depth: int) -> Ordinal | None:
    """The last ordinal in the list at ``depth``, where items without one follow it."""
    parent = growth.levels[depth - 1].item if depth else None
    siblings = parent.children if parent else [i for i in growth.items[-40:] if i.parent is None]
    for item in reversed(siblings[-20:]):
        if item.ordinal:
            return item.ordinal
    return None


def _first_depth(growth: Growth, block: Block, reading: Ordinal) -> int:
    """Depth of a first ordinal: a new list below the item above it, or a restart."""
    levels = growth.levels
    while_deeper = _outdent(growth, block.indent)
    if not levels or while_deeper == 0:
        return 0
    top = levels[while_deeper - 1]
    if block.indent > top.indent + SLACK:
        return while_deeper
    same = [depth for depth in range(while_deeper) if levels[depth].style == reading.style]
    if not same:
        return (
            while_deeper if top.style != PLAIN or _leads(growth, top.item) else (while_deeper - 1)
        )
    if _leads(growth, top.item) or _resumes(growth, block, levels[same[-1]]):
        return while_deeper
    return same[-1]


def _outdent(growth: Growth, indent: int) -> int:
    """Number of open lists that an item at ``indent`` can stand in or under."""
    count = len(growth.levels)
    while count > 1 and growth.levels[count - 1].indent > indent + SLACK:
        count -= 1
    return count


def _resumes(growth: Growth, block: Block, level: Level) -> bool:
    """Whether the list goes on later in the section, before the numbering restarts again."""
    last = level.item.ordinal
    if last is None:
        return False
    resumed = _next_position(growth.positions, last.style, last.value + 1, block.start)
    restarted = _next_position(growth.positions, last.style, 1, block.start)
    second = _next_position(growth.positions, last.style, 2, block.start)
    if last.value + 1 == 2 or resumed is None:
        return False
    return (restarted is None or resumed < restarted) and (second is None or second < resumed)


def _next_position(positions: Positions, style: str, value: int, after: int) -> int | None:
    places = positions.get((style, value), [])
    at = bisect_right(places, after)
    return places[at] if at < len(places) else None


def _later_depth(growth: Growth, block: Block, reading: Ordinal) -> int:
    """Depth of an ordinal that is neither first nor next: gap, repeat, or a fragment."""
    levels = growth.levels
    for near in (True, False):
        for depth in range(len(levels) - 1, -1, -1):
            level = levels[depth]
            last = level.item.ordinal or _last_ordinal(growth, depth)
            if last is None or last.kind != reading.kind:
                continue
            if abs(level.indent - block.indent) <= SLACK if near else reading.value > last.value:
                return depth
    count = _outdent(growth, block.indent)
    if not count:
        return 0
    deeper = block.indent > levels[count - 1].indent + SLACK
    return count if deeper or _leads(growth, levels[count - 1].item) else count - 1


def _bullet_depth(growth: Growth, block: Block, bullet: str) -> int:
    levels = growth.levels
    count = _outdent(growth, block.indent)
    if not count:
        return 0
    top = levels[count - 1]
    if block.indent > top.indent + SLACK:
        return _deeper_bullet(growth, block, bullet, count)
    for depth in range(count - 1, -1, -1):
        if levels[depth].style == bullet and abs(levels[depth].indent - block.indent) <= SLACK:
            return _flat_depth(growth, block, depth)
    if top.item.ordinal and top.bullet == bullet:
        below = _leads(growth, top.item) or _goes_on(growth, block, count - 1)
        return count if below else count - 1
    if _leads(growth, top.item) or top.item.ordinal:
        return count
    if top.style == PLAIN:
        return count - 1
    return count if _rank(bullet) > _rank(top.style) else count - 1


def _deeper_bullet(growth: Growth, block: Block, bullet: str, count: int) -> int:
    """A new list below the paragraph above, or the list that the paragraphs, set further left,
    interrupted: registries lose the indentation of lines without a marker."""
    top = growth.levels[count - 1]
    if top.style == PLAIN and not _leads(growth, top.item):
        for depth in range(count - 2, -1, -1):
            level = growth.levels[depth]
            if level.style == bullet and abs(level.indent - block.indent) <= SLACK:
                return depth
    return count


def _rank(style: str) -> int:
    return _RANK.get(style, _RANK_OTHER)


def _flat_depth(growth: Growth, block: Block, depth: int) -> int:
    """Siblings of a lead-in that are set like it are its items until another criterion begins."""
    levels = growth.levels
    level = levels[depth]
    innermost = depth == len(levels) - 1
    announces = _leads(growth, level.item) and not level.item.children
    if innermost and announces and not level.flat and (level.paragraph or not growth.nested):
        return depth + 1
    if level.flat and depth:
        probe = _bare_item(block)
        ends = _leads(growth, probe) or (_opens(growth.page, probe) and not level.opener)
        ends = ends or closes_list(growth.page, level.item)
        return depth - 1 if ends or (block.gap and not level.item.gap) else depth
    return depth


def _bare_item(block: Block) -> Item:
    return Item(block.start, block.end, block.body, None, None, None)


def _plain_depth(growth: Growth, block: Block) -> int:
    levels = growth.levels
    count = _outdent(growth, block.indent)
    if not count:
        return 0
    top = levels[count - 1]
    if block.indent > top.indent + SLACK:
        return count
    if top.style == PLAIN:
        return _flat_depth(growth, block, count - 1)
    if _leads(growth, top.item) and not top.item.children:
        return count
    if _leads(growth, _bare_item(block)):
        paragraphs = [depth for depth in range(count) if growth.levels[depth].paragraph]
        if paragraphs:
            return paragraphs[-1]
    resumed = [depth for depth in range(count) if _goes_on(growth, block, depth)]
    return resumed[-1] + 1 if resumed else 0


def _goes_on(growth: Growth, block: Block, depth: int) -> bool:
    """Whether the numbered list at ``depth`` has its next item after ``block``."""
    last = growth.levels[depth].item.ordinal
    if last is None:
        return False
    return _next_position(growth.positions, last.style, last.value + 1, block.start) is not None
