"""Classifications said of a disease: "NYHA class III heart failure", "cirrhosis (Child-Pugh B)".

The level is the disease's stage; a classification without a disease beside it is a measure.
"""

import re
from functools import cache

from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.tag.concepts import measurements

_PREFIX = "measurement:"
_PAIR = 2  # a classification and its level
_LEVELS = frozenset({"ordinal", "quantity"})
# Words between a disease and the level it has.
_OF_BEFORE = re.compile(
    r"[\s,:([-]{0,3}(?:(?:in|of|with|by|at|a|an|the|is|are|stage|class|classified|graded|staged"
    r"|defined|as|according|to|per|based|on)\b[\s,:([-]{0,3}){0,5}"
)


def stage_conditions(scope: Scope, units: list[Unit]) -> None:
    """Makes a classification's level the stage of the disease beside it."""
    kinds = _kinds()
    for unit in [u for u in units if u.concept.source in kinds]:
        disease = _disease(scope, units, unit)
        if disease is not None and unit.value is not None:
            source = unit.concept.source
            start, end = unit.start, max(unit.end, unit.value.end)
            disease.qualifiers.append(
                Qualified(kinds[source], start, end, source, value=unit.value)
            )
            units.remove(unit)


def only_stages(scope: Scope, parenthesis: Region) -> bool:
    """Parentheses that hold nothing but a classification and its level."""
    inside = scope.in_region(parenthesis)
    if len(inside) != _PAIR or inside[0].source not in _kinds():
        return False
    return inside[1].value is not None


def _disease(scope: Scope, units: list[Unit], unit: Unit) -> Unit | None:
    """The condition right behind the level, else the one right before the classification."""
    value = unit.value
    if value is None or value.value is None or value.value.kind not in _LEVELS:
        return None
    place = units.index(unit)
    after = units[place + 1 : place + 2]
    if after and _is_free(after[0]) and not scope.view[value.end : after[0].start].strip():
        return after[0]
    before = units[place - 1 : place]
    touches = before and _OF_BEFORE.fullmatch(scope.lowered, before[0].end, unit.start)
    return before[0] if touches and _is_free(before[0]) else None


def _is_free(unit: Unit) -> bool:
    return unit.concept.label == "condition" and unit.value is None


@cache
def _kinds() -> "dict[str, str]":
    """What the level of each classification is, by its rule id."""
    return {_PREFIX + row.id: row.stages for row in measurements().values() if row.stages}
