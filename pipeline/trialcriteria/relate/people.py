"""Rules for some people only: "pregnancy test for women", "contraception (if fertile)"."""

import re

from trialcriteria.relate.coordinate import coordinate
from trialcriteria.relate.edges import is_population
from trialcriteria.relate.gaps import gap_text, is_close
from trialcriteria.relate.scope import GRAMMAR_LABELS, Region, Scope
from trialcriteria.relate.tree import Join, Leaf, Tree, Unit, conditional

Node = tuple[Unit, Tree]

_FOR = re.compile(
    r"(?:[^,;]*[\s(])?(?:for|in|from)\s(?:all\s|any\s|those\s|the\s|adult\s|fertile\s|only\s){0,3}$"
)
_ASKED = frozenset({"measurement", "consent"})
_CONTRACEPTION = re.compile(r"contracep|birth control|condom")
# A condition with what follows from it is a sentence of its own.
_MORE = re.compile(r",|\b(?:must|should|shall|will|may|can|is to|are to)\b")
_IN_PARENTHESES = re.compile(
    r"[(\[]\s?(?:only\s|required\s|applicable\s|mandatory\s|obligatory\s)?"
    r"(?P<cue>if|when|in case of|in the case of|for|in)"
    r"\s(?!known|applicable|available|possible|any\b)"
)


def with_people(scope: Scope, nodes: list[Node], join: Join) -> list[Node]:
    """Nodes with a rule and the people behind it as one; in exclusions both must hold anyway."""
    if scope.join == "any":
        return nodes
    for place in range(1, len(nodes)):
        if not _is_people(scope, nodes[place]) or not _are_asked(scope, nodes, place):
            continue
        first = _start_of_rule(scope, nodes, place)
        last = place + 1
        while last < len(nodes) and _is_people(scope, nodes[last]):
            last += 1
        then = coordinate(scope, nodes[first:place], join)
        when = coordinate(scope, nodes[place:last], "all")
        if then is None or when is None:
            return nodes
        limited = (nodes[first][0], conditional(when, then, None, join))
        return [*nodes[:first], limited, *nodes[last:]]
    return nodes


def _is_people(scope: Scope, node: Node) -> bool:
    unit, tree = node
    plain = isinstance(tree, Leaf) and unit.value is None and unit.negation is None
    return plain and is_population(scope, unit.concept)


def _are_asked(scope: Scope, nodes: list[Node], place: int) -> bool:
    """Whether "for" or "in" leads from what a person can be asked to the people."""
    rule = nodes[place - 1][0]
    words = scope.lowered[rule.concept.start : rule.concept.end]
    asked = rule.concept.label in _ASKED or _CONTRACEPTION.search(words) is not None
    gap = gap_text(scope, rule.end, nodes[place][0].start)
    return asked and _FOR.fullmatch(gap) is not None


def _start_of_rule(scope: Scope, nodes: list[Node], place: int) -> int:
    """ "A negative serum or urine test for women": both tests are asked of them."""
    first = place - 1
    while first > 0:
        before, after = nodes[first - 1][0], nodes[first][0]
        if before.concept.label != after.concept.label:
            break
        if not is_close(gap_text(scope, before.end, after.start)):
            break
        first -= 1
    return first


def limits(scope: Scope, parenthesis: Region) -> Region | None:
    """The words behind the cue of "(if female)", "(for women of childbearing potential)"."""
    cue = _IN_PARENTHESES.match(scope.lowered, parenthesis.start, parenthesis.end)
    if cue is None or _follows_value(scope, parenthesis):
        return None
    inside = Region(cue.end(), parenthesis.end - 1)
    mentions = scope.in_region(inside)
    if any(m.label in GRAMMAR_LABELS for m in mentions) or _MORE.search(
        scope.lowered, inside.start, inside.end
    ):
        return None
    people = bool(mentions) and all(is_population(scope, m) for m in mentions)
    return inside if people or (mentions and cue["cue"] not in {"for", "in"}) else None


def _follows_value(scope: Scope, parenthesis: Region) -> bool:
    """ "> 450 ms (for men)" is read with the value."""
    before = len(scope.view[: parenthesis.start].rstrip())
    return any(m.value is not None and m.end == before for m in scope.mentions)
