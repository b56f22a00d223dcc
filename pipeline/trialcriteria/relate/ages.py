"""Whose age it is, and what it limits: every patient's, or those whom another rule is for.

An age beside another requirement is three things: the trial's own ("18 to 65 years with asthma"),
the condition of a rule ("ECOG <= 2 for patients over 60", "for adolescents of 12 to 17 years,
assent"), or somebody else's ("donors must be 18 or older").
"""

import re
from decimal import Decimal
from itertools import pairwise

from trialcriteria.relate.coordinate import coordinate
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import (
    Experiencer,
    Group,
    Join,
    Leaf,
    Tree,
    Unit,
    Unread,
    conditional,
    join_trees,
    leaves,
)
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.time.model import WindowParts
from trialcriteria.tag.values_types import ValueMention

Node = tuple[Unit, Tree]

_PEOPLE = (
    r"(?:(?:all|any|the|those|adult|young|older|pa?ediatric|female|male|minor)\s){0,3}"
    r"(?:patients?|subjects?|participants?|children|child|adolescents?|minors?|infants?|youths?"
    r"|wom[ae]n|m[ae]n|females?|males?|girls?|boys?|people|persons?|individuals?|those|adults?)?"
    r"(?:\s?(?:who|that|are|is|with|ages?|aged|between|an|of|the)){0,4}\s{0,4}"
)
_FOR = re.compile(rf"(?:\b(?:for|if|when|in)\s|\()\s?{_PEOPLE}$")
_OF_CONSENT = re.compile(rf"\b(?:for|from|by|of|in)\s(?:the\scase\sof\s)?{_PEOPLE}$")
_OPENS_FOR = re.compile(r"\W*(?:for|in)\s[^,;:]*$")
_TO_ASSENT = re.compile(r"[\w\s]{0,20}(?<!able )(?<!willing )\bto\s(?:provide|give|sign)\s[\w\s]*")
_MUST_HAVE = re.compile(r"[\w\s]{0,20}\b(?:must|should|have\sto|need\sto)\shave\b[\w\s]{0,40}")
_LOOK_BACK = 80
_RULES = frozenset({"measurement", "consent", "observation", "procedure"})
_PERSON = re.compile(
    r"\b(?:donors?|partners?|spouses?|relatives?|siblings?|patients?|subjects?|participants?"
    r"|recipients?|children|adults?|wom[ae]n|m[ae]n|females?|males?|(?<!donor: )age)\b"
)
_KIN = re.compile(
    r"\b(?:(?P<kin>parents?|mothers?|fathers?)|caregivers?|carers?)\s"
    r"(?:(?:who|that|must|should|is|are|be|have|aged?|at|the)\s){0,4}$"
)
_DONOR_TITLE = re.compile(r"\bdonors?:\s?$")
_OTHERS: dict[str, Experiencer] = {
    "donor": "other",
    "partner": "partner",
    "spouse": "partner",
    "relative": "family",
    "sibling": "family",
}
_ONSET = re.compile(r"\bonset\b")
_HAPPENED_AT = re.compile(
    r"\b(?P<event>onset|diagnosed|diagnosis)\b(?:(?!\bonset\b)[^.;,()]){0,60}\s(?:at|before|after|by)\s"
    r"(?:(?:the|an?)\s)?(?:ages?\s(?:of\s)?)?$"
)
_OR_THEN = re.compile(r"\W*(?:of age\W+|old\W+)?or\b")
_OR_ELSE = re.compile(r"\bor\s(?:[a-z]+\s){0,3}$")
_MEASURED = re.compile(r"\d\s?[a-z%/]|\+\s?/\s?-")


def with_ages(scope: Scope, region: Region, nodes: list[Node], join: Join) -> Tree | None:
    """The nodes joined, ages that only limit a rule as its condition."""
    ages = [unit for unit, _ in nodes if _is_age(unit)]
    if not ages:
        return coordinate(scope, nodes, join)
    _mark_others(scope, region, ages)
    for unit in ages:
        _at_moments(unit)
    cuts = _alternatives(scope, nodes)
    if cuts:
        parts = [nodes[a:b] for a, b in pairwise([0, *cuts, len(nodes)])]
        return join_trees([t for part in parts if (t := _one(scope, region, part, join))], "any")
    return _apart(_one(scope, region, nodes, join))


def _one(scope: Scope, region: Region, nodes: list[Node], join: Join) -> Tree | None:
    """Nodes about one group of people: those of whom the others are asked, then the others."""
    comma = _end_of_opening(scope, region, nodes)
    people = [node for node in nodes if node[0].end <= comma] or _opening(scope, nodes, join)
    if not people or len(people) == len(nodes):
        return _lifted(coordinate(scope, _under_ages(scope, region, nodes, join), join), join)
    rest = _under_ages(scope, region, nodes[len(people) :], join)
    who, asked = coordinate(scope, people, "all"), coordinate(scope, rest, join)
    if who is None or asked is None:
        return who or asked
    if comma or _assents(scope, people[-1][0], nodes[len(people)][0]):
        return conditional(who, asked, None, join)
    return join_trees([who, asked], "all")


def _alternatives(scope: Scope, nodes: list[Node]) -> list[int]:
    """Where "55 or older with A, or 18 to 54 with B" goes on to its next group of people."""
    if not _is_people_or_age(nodes[0][0]):
        return []
    return [
        place
        for place in range(1, len(nodes))
        if _is_age(nodes[place][0]) and _OR_ELSE.search(scope.lowered, *_gap(nodes, place))
    ]


def _gap(nodes: list[Node], place: int) -> tuple[int, int]:
    return _end(nodes[place - 1][0]), _start(nodes[place][0])


def _opening(scope: Scope, nodes: list[Node], join: Join) -> list[Node]:
    """The people that "adults over 18 with A, B or C" begins with; none in exclusions."""
    count = 0
    while count < len(nodes) and _is_people_or_age(nodes[count][0]):
        count += 1
    if join == "any" or count == len(nodes) or not any(_is_age(u) for u, _ in nodes[:count]):
        return []
    return [] if _OR_THEN.match(scope.lowered, *_gap(nodes, count)) else nodes[:count]


def _is_age(unit: Unit) -> bool:
    value = unit.value.value if unit.value else None
    return unit.concept.label == "demographic" and value is not None and value.kind == "age"


def _is_people_or_age(unit: Unit) -> bool:
    return _is_age(unit) or (unit.concept.label == "demographic" and unit.value is None)


def _start(unit: Unit) -> int:
    """Where an age begins: at its word or at its number."""
    return min(unit.start, unit.value.start) if unit.value else unit.start


def _end(unit: Unit) -> int:
    return max(unit.end, unit.value.end) if unit.value else unit.end


def _at_moments(age: Unit) -> None:
    """An age is had at a moment: it does not last, nor is it had before or within a time."""
    age.duration = None
    age.windows = [window for window in age.windows if _is_moment(window)]


def _is_moment(window: Mention) -> bool:
    parts = window.time.parts if window.time else None
    return not isinstance(parts, WindowParts) or (parts.side == "at" and parts.opening is None)


def _apart(tree: Tree | None) -> Tree | None:
    """ "Age < 6 and >= 18 years": nobody is both."""
    if not isinstance(tree, Group) or tree.join != "all":
        return tree
    ages = [part for part in tree.of if isinstance(part, Leaf) and _is_age(part.unit)]
    if len(ages) != 2 or not _are_apart(*(part.unit for part in ages)):
        return tree
    rest = [part for part in tree.of if part not in ages]
    return join_trees([Group("any", tuple(ages)), *rest], "all")


def _are_apart(one: Unit, two: Unit) -> bool:
    """Whether the one ends below where the other begins; of two in other units nobody knows."""
    values = [unit.value.value for unit in (one, two) if unit.value and unit.negation is None]
    ages = [value for value in values if isinstance(value, ValueMention)]
    if len(ages) != 2 or len({age.unit_text for age in ages} - {None}) > 1:
        return False
    lower = next((age.high for age in ages if age.high and not age.low), None)
    upper = next((age.low for age in ages if age.low and not age.high), None)
    return bool(lower and upper and Decimal(lower.number) <= Decimal(upper.number))


def _mark_others(scope: Scope, region: Region, ages: list[Unit]) -> None:
    """An age is a donor's where that is the last person named before it in the sentence.

    One at the onset of something is no age of the person at all.
    """
    for unit in ages:
        floor = max(region.start, _start(unit) - _LOOK_BACK)
        named = _PERSON.findall(scope.lowered, floor, _start(unit))
        if named:
            unit.experiencer = _OTHERS.get(named[-1].rstrip("s"), unit.experiencer)
        elif _DONOR_TITLE.search(scope.lowered, max(0, region.start - 10), region.start):
            unit.experiencer = "other"
        kin = _KIN.search(scope.lowered, floor, _start(unit))
        if kin:
            unit.experiencer = "family" if kin["kin"] else "other"
        event = _event_of(scope, floor, unit)
        if event:
            start, end = event
            unit.concept = unit.concept._replace(label="observation", start=start, end=end)


def _event_of(scope: Scope, floor: int, age: Unit) -> tuple[int, int] | None:
    """Where the onset or the diagnosis stands that the age is of."""
    onset = _ONSET.search(scope.lowered, age.concept.end, _end(age))
    if onset:
        return onset.span()
    happened = _HAPPENED_AT.search(scope.lowered, floor, _start(age))
    return happened.span("event") if happened else None


def _end_of_opening(scope: Scope, region: Region, nodes: list[Node]) -> int:
    """The comma that ends "For patients over 60, ..." at the start of the stretch; 0 for none."""
    age = next((unit for unit, _ in nodes if _is_age(unit)), None)
    if age is None or not _OPENS_FOR.match(scope.lowered, region.start, _start(age)):
        return 0
    comma = scope.view.find(",", _end(age), region.end)
    return comma if any(unit.start > comma > 0 for unit, _ in nodes) else 0


def _under_ages(scope: Scope, region: Region, nodes: list[Node], join: Join) -> list[Node]:
    """The nodes with "ECOG <= 2 for patients over 60" as one node under its condition."""
    done: list[Node] = []
    for unit, tree in nodes:
        if not _is_age(unit):
            done.append((unit, tree))
            continue
        at = _condition_start(scope, region, unit)
        when = [node for node in done if node[0].start >= at] if at >= 0 else []
        rule = done[: len(done) - len(when)]
        if at >= 0 and rule and _takes_condition(rule[-1][0], scope, at):
            people = join_trees([*(tree for _, tree in when), tree], "all") or tree
            limited = conditional(people, rule[-1][1], None, join)
            done = [*rule[:-1], (rule[-1][0], limited)]
        else:
            done.append((unit, tree))
    return done


def _condition_start(scope: Scope, region: Region, age: Unit) -> int:
    """Where "for patients" or a parenthesis begins that ends at the age; negative for none."""
    floor = max(region.start, _start(age) - _LOOK_BACK)
    found = _FOR.search(scope.lowered, floor, _start(age)) or _OF_CONSENT.search(
        scope.lowered, floor, _start(age)
    )
    return found.start() if found else -1


def _takes_condition(rule: Unit, scope: Scope, at: int) -> bool:
    """Rules are "for" somebody; a consent is also "of" and "from" somebody, a score "(...)"."""
    kind = rule.concept.label
    if scope.lowered.startswith(("for", "if", "when"), at):
        return kind in _RULES
    if scope.lowered.startswith("in", at) and rule.value is not None:
        return kind == "measurement"
    return kind == ("measurement" if scope.lowered[at] == "(" else "consent")


def _assents(scope: Scope, age: Unit, rule: Unit) -> bool:
    """ "Patients aged 7 to 17 to provide assent", "patients over 60 must have a KPS of 80"."""
    asks = {"consent": _TO_ASSENT, "measurement": _MUST_HAVE}.get(rule.concept.label)
    return asks is not None and asks.fullmatch(scope.lowered, _end(age), rule.start) is not None


def _lifted(tree: Tree | None, join: Join) -> Tree | None:
    """ "Men or non-pregnant women of 18 to 45 years": the age is asked of both."""
    if not isinstance(tree, Group) or (tree.join, tree.at_least, join) != ("any", None, "all"):
        return tree
    *sexes, last = tree.of
    ages = _ages_of(last)
    if not ages or not isinstance(last, Group) or not all(map(_is_people, sexes)):
        return tree
    rest = join_trees([part for part in last.of if part not in ages], "all")
    return join_trees([*ages, Group("any", (*sexes, *([rest] if rest else [])))], "all")


def _ages_of(branch: Tree) -> list[Tree]:
    """The ages that a branch asks for besides something else, or alone."""
    parts = branch.of if isinstance(branch, Group) and branch.join == "all" else (branch,)
    return [part for part in parts if isinstance(part, Leaf) and _is_age(part.unit)]


def _is_people(tree: Tree) -> bool:
    return (
        isinstance(tree, Leaf)
        and tree.unit.concept.label == "demographic"
        and (tree.unit.value is None)
    )


def beside_lost(scope: Scope, tree: Tree, lost: list[Unread], join: Join) -> Tree:
    """Words beside a tree; a lone measured value beside an age is a row of a table by age."""
    units = leaves(tree)
    measured = any(_MEASURED.search(scope.lowered, words.start, words.end) for words in lost)
    if measured and any(map(_is_age, units)) and all(map(_is_people_or_age, units)):
        return conditional(tree, join_trees(list(lost), "all") or tree, None, join)
    return join_trees([tree, *lost], "all") or tree
