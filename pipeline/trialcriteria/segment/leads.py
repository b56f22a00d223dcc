"""Blocks that only lead to others: sentences that announce a section, names of groups."""

import re
from itertools import pairwise

from trialcriteria.schema import SectionKind
from trialcriteria.segment.context import Block, chooses
from trialcriteria.segment.headings import announcement
from trialcriteria.segment.lexicon import fold
from trialcriteria.segment.lines import Page

MAX_LEAD = 300  # code points of a paragraph that may speak of the list below it
MAX_TITLE = 50
SLACK = 1  # columns by which items of one list may differ

_POINTS_DOWN = re.compile(r"\b(?:following|below)\b")
_TITLE = re.compile(r"(?!(?i:and|or)\b)[A-Z][\w/&-]*(?:[ ,/&-]{1,3}[^\W\d_]+){0,4}:?")


def announces_all(page: Page, blocks: list[Block], kind: SectionKind) -> bool:
    """Whether the first block only announces all others ("Patients must meet the following:")."""
    if len(blocks) < 2 or (blocks[0].marker and blocks[0].marker.label):
        return False
    first, others = blocks[0], blocks[1:]
    if announcement(page.view, first.body, first.end) is None and (
        kind != "other" or first.marker or not _names_list(page, first)
    ):
        return False
    if chooses(page, first.body, first.end, kind):
        return False
    deeper = first.marker is not None and others[0].indent > first.indent + SLACK
    return not (deeper and any(block.indent <= first.indent + SLACK for block in others))


def listed_end(page: Page, blocks: list[Block]) -> int:
    """The end of the announced list: another announcement, or paragraphs below marked items."""
    bullet, below = _bullet(blocks[0]), blocks[1].marker
    for at, block in enumerate(blocks[1:], 1):
        if _bullet(block) == bullet and announcement(page.view, block.body, block.end):
            return at
        if below and below.label and below.bullet and _bullet(block) == below.bullet:
            return at
    marked = [at for at, block in enumerate(blocks) if at and block.marker]
    return marked[-1] + 1 if blocks[1].marker else len(blocks)


def _names_list(page: Page, block: Block) -> bool:
    """Whether the words speak of what follows them."""
    words = fold(page.view[block.start : min(block.end, block.start + MAX_LEAD)])
    return _POINTS_DOWN.search(words) is not None


def _bullet(block: Block) -> str:
    """What stands before the words; blank where nothing does."""
    return (block.marker.label or block.marker.bullet) if block.marker else ""


def titles(page: Page, blocks: list[Block]) -> frozenset[int]:
    """Unmarked lines that name what stands below them, where the section has several.

    "Age", "Hepatic", each with bullets below; one alone may as well be a criterion.
    """
    above = [
        block
        for block, below in pairwise(blocks)
        if below.marker and not block.marker and block.gap
    ]
    found = [block.start for block in above if _is_title(page, block.start, block.end)]
    return frozenset(found if len(found) > 1 else ())


def _is_title(page: Page, start: int, end: int) -> bool:
    """Whether an unmarked line is as short and bare as the name of a group ("Hepatic")."""
    return end - start <= MAX_TITLE and _TITLE.fullmatch(page.view, start, end) is not None
