"""Further values of one measure, and values that hold only for some patients.

"ALT <= 3 x ULN (<= 5 x ULN in patients with liver metastases)": the second value is the same
measure's, under a condition, and the first holds otherwise.
"""

import re
from bisect import bisect_left

from trialcriteria.relate.cases import PEOPLE, UNDER, case_before
from trialcriteria.relate.gaps import gap_text, is_close, link
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.subjects import IMPLIED, names_pressure
from trialcriteria.relate.tree import (
    Conditional,
    Group,
    Join,
    Leaf,
    Tree,
    Unit,
    conditional,
    join_trees,
    leaves,
)
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.values_types import QUANTITIES

Node = tuple[Unit, Tree]

_THRESHOLDS = QUANTITIES | {"age"}
_UNDER = re.compile(UNDER)
_OF_THOSE = re.compile(
    rf"\W*(?:for|in|if)(?: the)? (?:{PEOPLE} (?:with|who have|whose)(?: an?)?(?: \w+)? )"
)
_CONDITIONS = frozenset({"condition", "demographic", "procedure", "drug", "observation"})


def further_units(orphan: Mention, units: list[Unit]) -> list[Unit]:
    """Units for a value whose measures have one already; none where it has no measure at all."""
    return [Unit(owner.concept, value=orphan, repeated=True) for owner in _owners(orphan, units)]


def _owners(orphan: Mention, units: list[Unit]) -> list[Unit]:
    """The measures that share the nearest threshold before this one."""
    if orphan.value is None or orphan.value.kind not in _THRESHOLDS:
        return []
    valued = [u for u in units if u.value is not None and u.value.end <= orphan.start]
    if not valued:
        return []
    nearest = max(valued, key=lambda unit: unit.value.end if unit.value else 0)
    if not _comparable(nearest.value, orphan) or _is_pressure_alone(nearest, orphan):
        return []
    return [u for u in valued if u.value is nearest.value]


def _is_pressure_alone(nearest: Unit, orphan: Mention) -> bool:
    """The 100 of "> 160/100 mmHg" where no measure of pressure is named."""
    named = nearest.value is not None and names_pressure(nearest.value)
    return names_pressure(orphan) and (not named or nearest.concept.source in IMPLIED)


def _comparable(first: Mention | None, second: Mention) -> bool:
    """Both ages, or both thresholds of a measure."""
    if first is None or first.value is None or second.value is None:
        return False
    kinds = {first.value.kind, second.value.kind}
    return kinds == {"age"} or ("age" not in kinds and kinds <= _THRESHOLDS)


def with_conditions(scope: Scope, nodes: list[Node]) -> list[Node]:
    """Values followed by "for women", "in patients with ...", "if ..." under that condition."""
    values = _values(nodes)
    cases = {id(value): case_before(scope, value, nodes) for value in values}
    named = {id(case[0][0]) for case in cases.values() if case}
    for value in values:
        condition = cases[id(value)] or _condition_after(scope, value, nodes)
        if not cases[id(value)] and condition and id(condition[0][0]) in named:
            continue  # the case of the value behind it
        group = [node for node in nodes if node[0].value is value] if condition else []
        if not group:
            continue
        base = _unconditional_base(group, nodes) or _other_measure(scope, group, condition, nodes)
        when = join_trees([tree for _, tree in condition], "any")
        then = join_trees([tree for _, tree in group], "all")
        otherwise = join_trees([tree for _, tree in base], "all")
        if when is None or then is None:
            continue
        used = {id(unit) for unit, _ in [*group, *condition, *base]}
        first = (base or group)[0][0]
        place = next(i for i, node in enumerate(nodes) if id(node[0]) in used)
        nodes = [node for node in nodes if id(node[0]) not in used]
        nodes.insert(place, (first, Conditional(when, then, otherwise)))
    return _by_population(nodes, scope.join)


def _by_population(nodes: list[Node], join: Join) -> list[Node]:
    """ ">= 12 g/dL for women or >= 13 g/dL for men": one requirement of two conditions.

    As exclusions they are alternatives, however they are joined: nobody is both.
    """
    if not any(isinstance(tree, Conditional) for _, tree in nodes):
        return nodes
    merged: list[tuple[Unit, list[Tree]]] = []
    for unit, tree in nodes:
        if merged and _same_measure(merged[-1][1][-1], tree):
            merged[-1][1].append(tree)
        else:
            merged.append((unit, [tree]))
    return [(unit, _settled(trees, join)) for unit, trees in merged]


def _settled(trees: list[Tree], join: Join) -> Tree:
    settled = [
        conditional(tree.when, tree.then, tree.otherwise, join)
        if isinstance(tree, Conditional)
        else tree
        for tree in trees
    ]
    return join_trees(settled, join) or trees[0]


def _same_measure(first: Tree, second: Tree) -> bool:
    """Whether both say what a measure must be under some condition, and nothing otherwise."""
    if not (isinstance(first, Conditional) and isinstance(second, Conditional)):
        return False
    if first.otherwise or second.otherwise:
        return False
    return {u.concept.source for u in leaves(first.then)} == {
        u.concept.source for u in leaves(second.then)
    }


def with_otherwise(tree: Tree) -> Tree:
    """ "Bilirubin <= 1.5 x ULN; in case of Gilbert's syndrome, bilirubin <= 3 x ULN".

    The first threshold of a measure holds where the condition of a later one does not.
    """
    if not isinstance(tree, Group) or tree.join != "all" or tree.at_least is not None:
        return tree
    kept: list[Tree] = []
    for of in tree.of:
        base = _base_of(of, kept)
        if base is not None and isinstance(of, Conditional):
            kept.remove(base)
            kept.append(Conditional(of.when, of.then, base))
        else:
            kept.append(of)
    return join_trees(kept, "all") or tree


def _base_of(tree: Tree, before: list[Tree]) -> Tree | None:
    """The threshold of the same measure before a conditional one."""
    if not isinstance(tree, Conditional) or tree.otherwise or not isinstance(tree.then, Leaf):
        return None
    measure = tree.then.unit
    if measure.value is None or measure.concept.label != "measurement":
        return None
    alike = [
        leaf
        for leaf in before
        if isinstance(leaf, Leaf)
        and leaf.unit.value is not None
        and leaf.unit.concept.source == measure.concept.source
    ]
    return alike[-1] if alike else None


def _values(nodes: list[Node]) -> list[Mention]:
    """Distinct thresholds, in text order."""
    found = {id(u.value): u.value for u, _ in nodes if u.value is not None and u.value.value}
    return [v for v in found.values() if v.value is not None and v.value.kind in _THRESHOLDS]


def _condition_after(scope: Scope, value: Mention, nodes: list[Node]) -> list[Node]:
    place = bisect_left(nodes, value.end, key=_start)
    after = (node for node in nodes[place:] if node[0].concept.start >= value.end)
    first = next(after, None)
    if first is None:
        return []
    unit = first[0]
    words = scope.lowered[value.end : unit.start]
    if _OF_THOSE.fullmatch(words) and unit.concept.label == "measurement":
        return [first] if unit.value and not unit.repeated else []
    if not _may_be_condition(unit):
        return []
    if not _leads_to(words, unit) or _names_the_patient(value, words):
        return []
    listed = [first]
    for node in after:
        start = listed[-1][0].end
        valued = any(start <= m.start < node[0].start and m.value for m in scope.mentions)
        close = is_close(gap_text(scope, start, node[0].start))
        if valued or not close or not _may_be_condition(node[0]):
            break
        listed.append(node)
    return listed


def _start(node: Node) -> int:
    return node[0].start


def _leads_to(words: str, unit: Unit) -> bool:
    """ "for women", "if liver metastases", or "(males)" right behind the value."""
    if words.strip() == "(":
        return unit.concept.label == "demographic"
    return _UNDER.fullmatch(words.rstrip("( ")) is not None


def _names_the_patient(value: Mention, words: str) -> bool:
    """ "Aged 40 or older with COPD" asks for both; the disease is no condition of the age."""
    is_age = value.value is not None and value.value.kind == "age"
    return is_age and words.strip(" ,").startswith("with")


def _may_be_condition(unit: Unit) -> bool:
    return unit.concept.label in _CONDITIONS and unit.value is None and unit.dose is None


def _other_measure(
    scope: Scope, group: list[Node], condition: list[Node], nodes: list[Node]
) -> list[Node]:
    """ "Creatinine <= 1.5 mg/dL, or clearance >= 60 mL/min for those with creatinine > 1.5"."""
    asked = {unit.concept.source for unit, _ in condition if unit.value is not None}
    start = group[0][0].start
    before = [n for n in nodes if n[0].concept.end <= start and n not in group]
    if not before or not asked or before[-1][0].concept.source not in asked:
        return []
    unit, tree = before[-1]
    either = link(gap_text(scope, unit.value.end if unit.value else unit.end, start)) == "or"
    return before[-1:] if either and isinstance(tree, Leaf) else []


def _unconditional_base(group: list[Node], nodes: list[Node]) -> list[Node]:
    """The same measures' value before, where it still stands free of any condition."""
    if not group[0][0].repeated:
        return []
    concepts = {id(unit.concept) for unit, _ in group}
    free = [n for n in nodes if isinstance(n[1], Leaf) and id(n[0].concept) in concepts]
    before = [n for n in free if n not in group and n[0].start < group[0][0].start]
    last = before[-1][0].value if before else None
    return [n for n in before if n[0].value is last]
