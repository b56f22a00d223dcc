"""How the items under a lead-in join: any, all, or at least n of them."""

import re
from typing import Literal

from trialcriteria.schema import AtLeastN, SectionKind
from trialcriteria.segment.items import Item
from trialcriteria.segment.lexicon import fold, joins, numbers
from trialcriteria.segment.lines import Page

Combine = Literal["all", "any"] | AtLeastN

CUE_REACH = 200  # code points before the end of a lead-in that are searched

_TRAILING = re.compile(r"\b(and/or|or|and)\s*[.,;:)]*$")
_LEADING = re.compile(r"(?:and/)?(or|and)\b")


def combine(page: Page, item: Item, kind: SectionKind) -> Combine:
    """The last cue of the lead-in; else the conjunction between its items; else the default.

    Without any of these, items under an inclusion lead-in must all hold ("Adequate organ
    function:") and one item under an exclusion lead-in is enough ("Cardiac disease:").
    """
    if not item.children:
        return "all"
    return (
        _by_cue(page, item)
        or _by_conjunction(page, item)
        or ("any" if kind == "exclusion" else "all")
    )


def _by_cue(page: Page, item: Item) -> Combine | None:
    words = fold(page.view[max(item.body, item.end - CUE_REACH) : item.end])
    best: tuple[int, Combine] | None = None
    for pattern, join in joins():
        for match in pattern.finditer(words):
            if best is None or match.end() >= best[0]:
                best = match.end(), _value(join, match)
    return best[1] if best else None


def _value(join: str, match: re.Match[str]) -> Combine:
    if join != "at_least":
        return "any" if join == "any" else "all"
    word = next(group for group in match.groups() if group)
    return AtLeastN(at_least=numbers()[word])


def _by_conjunction(page: Page, item: Item) -> Combine | None:
    """The conjunction between the last two items, which speaks for the whole list."""
    if len(item.children) < 2:
        return None
    before, last = (fold(page.view[c.body : c.end]) for c in item.children[-2:])
    found = _TRAILING.search(before, max(0, len(before) - 12)) or _LEADING.match(last)
    if found is None:
        return None
    return "any" if "or" in found[1] else "all"
