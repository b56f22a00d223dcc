"""Criteria to be, before they have ids; and paragraphs that belong to the number above them."""

import re
from dataclasses import dataclass, field

from trialcriteria.segment.lexicon import cue, fold
from trialcriteria.segment.lines import Page
from trialcriteria.segment.markers import Ordinal

_MOST = 20  # items of a list looked at
_CONNECTED = re.compile(r"[,;\s](?:and/or|or|and)\W{0,3}\Z")


@dataclass(slots=True)
class Item:
    """A criterion to be: trimmed offsets, its marker as read in its place, its parent."""

    start: int
    end: int
    body: int
    label: str | None
    ordinal: Ordinal | None
    parent: "Item | None"
    gap: bool = False
    children: list["Item"] = field(default_factory=list)


def is_lead_in(page: Page, item: Item) -> bool:
    """Whether the item ends by announcing what follows."""
    words = page.view[max(item.body, item.end - 40) : item.end].rstrip("*_ ")
    return words.endswith((":", "\uff1a")) or cue("lead").search(fold(words)) is not None


def closes_list(page: Page, item: Item) -> bool:
    """Whether it is the first item of its list that does not end in "or" or "and"."""
    siblings = item.parent.children if item.parent else []
    if len(siblings) < 2 or _CONNECTED.search(_tail(page, item)):
        return False
    return all(_CONNECTED.search(_tail(page, before)) for before in siblings[:-1][:_MOST])


def _tail(page: Page, item: Item) -> str:
    return page.view[max(item.body, item.end - 12) : item.end].lower()


def absorb(page: Page, items: list[Item]) -> list[Item]:
    """Unlabelled paragraphs between two numbers belong to the number above them."""
    kept: list[Item] = []
    following = _next_siblings(items)
    for item in items:
        above = kept[-1] if kept else None
        if above is not None and _belongs(above, item, following) and not is_lead_in(page, item):
            above.end = item.end
            if item.parent is above:
                above.children.remove(item)
            elif item.parent:
                item.parent.children.remove(item)
        else:
            kept.append(item)
    return kept


def _next_siblings(items: list[Item]) -> dict[int, Item]:
    last: dict[int, Item] = {}
    found: dict[int, Item] = {}
    for item in items:
        key = id(item.parent)
        if key in last:
            found[id(last[key])] = item
        last[key] = item
    return found


def _belongs(above: Item, item: Item, following: dict[int, Item]) -> bool:
    """Whether ``item`` is a paragraph of ``above``: unlabelled, alone, the numbering goes on."""
    if item.label or item.children or above.ordinal is None or item.start != item.body:
        return False
    if item.parent is above:
        return len(above.children) == 1 and id(above) in following
    after = following.get(id(item))
    return (
        item.parent is above.parent
        and not above.children
        and after is not None
        and (after.ordinal is not None)
    )
