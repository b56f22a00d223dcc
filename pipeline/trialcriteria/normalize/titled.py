"""Items below a title that is their subject: "Performance status", and below it "0 or 1"."""

import re
from typing import NamedTuple

from trialcriteria.normalize.shift import moved
from trialcriteria.relate.lead import RESTATED
from trialcriteria.schema import All, Criterion, Fact, Node, Span, Unsupported

_TITLE = re.compile(r"\W*(?P<words>[A-Z][a-z]+(?: [A-Za-z]+){0,2}):?\s*")
_JOINT = len(": ")


class Title(NamedTuple):
    """The words of a title without bullet and colon, and where they stand in the posting."""

    words: str
    start: int


def title(lead: Criterion) -> Title | None:
    """A lead-in that is one to three words, the first with a capital; else none."""
    found = _TITLE.fullmatch(lead.text)
    return Title(found["words"], lead.span.start + found.start("words")) if found else None


def lacks_subject(node: Node | None) -> bool:
    """Whether an item says nothing by itself, or only how long, when or how often."""
    if node is None or isinstance(node, Unsupported):
        return True
    facts = _facts(node)
    return bool(facts) and all(fact.source == RESTATED for fact in facts)


def placed_below(node: Node | None, above: Title, start: int) -> Node | None:
    """A reading of "title: item" with every span in its place, the item's from ``start`` on.

    None where it gives no value, or where words run from one into the other.
    """
    facts = _facts(node)
    if node is None or not facts or any(fact.value is None for fact in facts):
        return None
    end = len(above.words)
    runs_on = []

    def place(span: Span) -> Span:
        runs_on.append(span.start < end < span.end)
        by = above.start if span.end <= end else start - end - _JOINT
        return Span(span.start + by, span.end + by)

    placed = moved(node, place)
    return None if any(runs_on) else placed


def _facts(node: Node | None) -> tuple[Fact, ...]:
    """The facts of a node that is one, or joins some of which all hold; none of any other."""
    if isinstance(node, Fact):
        return (node,)
    parts = node.of if isinstance(node, All) else ()
    facts = tuple(part for part in parts if isinstance(part, Fact))
    return facts if len(facts) == len(parts) else ()
