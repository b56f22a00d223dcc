"""Cases in which another value of a measure holds, named before that value.

"ALT <= 3 x ULN (if liver metastases are present, <= 5 x ULN)": the metastases are no measure, and
the second value holds where they are.
"""

import re
from bisect import bisect_left

from trialcriteria.relate.scope import Region, Scope, first_at
from trialcriteria.relate.tree import Tree, Unit
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.values_types import QUANTITIES

Node = tuple[Unit, Tree]

PEOPLE = r"(?:patients?|subjects?|participants?|individuals?|people|persons?|those|cases?|adults?)"
UNDER = (
    r"\W*(?:if|when|where|in|for|with|among)\b(?: the)?(?: (?:presence|setting|event|case) of)?"
    rf"(?: {PEOPLE})?(?: (?:with|who have|having|has|have|is|are|there (?:is|are)))?"
    r"(?: (?:a|an|any|known|documented|underlying|the|history of))*\W*"
)
_NAMES = frozenset({"condition", "demographic", "observation"})
_MOST = 6  # mentions, and concepts, looked back at
_REACH = 80  # code points between the value before and the case
_LEADS = re.compile(rf"\W*(?:(?:or|and|but)\b)?{UNDER}")
_HOLDS = re.compile(
    r"(?: (?:is|are|was|were))?(?: (?:present|known|documented|involved|exists?))?[\s,:()-]*"
    r"(?:(?:then|must be|should be|up to|is|are)\s)*"
)


def in_case(scope: Scope, unit: Unit) -> bool:
    """Whether a concept names a case behind the value of a measure, so that it has none itself."""
    if unit.concept.label not in _NAMES:
        return False
    before = _threshold_before(scope, unit.start)
    return before is not None and bool(_LEADS.fullmatch(scope.lowered, before.end, unit.start))


def case_before(scope: Scope, value: Mention, nodes: list[Node]) -> list[Node]:
    """The concepts between the threshold before and this one that name the case for this one."""
    before = _threshold_before(scope, value.start)
    if before is None or value.start - before.end > _REACH:
        return []
    between = Region(before.end, value.start)
    place = bisect_left(nodes, value.start, key=_start)
    near = nodes[max(0, place - _MOST) : place]
    named = [node for node in near if between.holds(node[0].concept.start, node[0].concept.end)]
    if not named or any(unit.value or unit.concept.label not in _NAMES for unit, _ in named):
        return []
    first, last = named[0][0].concept, named[-1][0].concept
    leads = _LEADS.fullmatch(scope.lowered, between.start, first.start)
    return named if leads and _HOLDS.fullmatch(scope.lowered, last.end, between.end) else []


def _threshold_before(scope: Scope, place: int) -> Mention | None:
    behind = first_at(scope.mentions, place)
    near = scope.mentions[max(0, behind - _MOST) : behind]
    thresholds = (m for m in reversed(near) if m.value and m.value.kind in QUANTITIES)
    return next((m for m in thresholds if m.end <= place), None)


def _start(node: Node) -> int:
    return node[0].start
