"""Results: whose they are, and which of them say how something is rather than what was found."""

import re

from trialcriteria.relate.gaps import gap_text
from trialcriteria.relate.measured import is_measure, is_tested
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.tag.mentions import Mention

_TESTED = frozenset({"condition", "procedure"})
_RESULTS = frozenset({"positive", "negative"})
_JUDGED = {"result.abnormal": "other", "result.elevated": "severity"}
# What is measured in a volume or by the minute is a result: "mg/dL", "mL/min/1.73 m2".
OF_A_LAB = re.compile(r"(?:/|\bper ) ?(?:[dmu\u03bc]?l\b|mm|min)", re.IGNORECASE)


def is_judged(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """Whether a result says how a condition is, for which nothing is measured."""
    is_condition = unit.concept.label == "condition" and mention.source in _JUDGED
    return is_condition and not is_measure(scope, unit)


def judge(scope: Scope, unit: Unit, mention: Mention) -> None:
    """ "Elevated symptoms", "abnormal bleeding": no result, as a condition is not measured."""
    in_front = mention.end <= unit.start
    if in_front and not gap_text(scope, mention.end, unit.start).strip():
        kind = _JUDGED[mention.source]
        unit.qualifiers.append(Qualified(kind, mention.start, mention.end, mention.source))


def may_be_found(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """ "Cirrhosis, HIV or hepatitis C positive": nobody is tested for the first."""
    is_result = mention.value is not None and mention.value.kind == "result"
    return unit.concept.label != "condition" or not is_result or is_tested(scope, unit)


def is_joined(scope: Scope, unit: Unit, mention: Mention) -> bool:
    """ "HPV-negative", "HER2+": the result is this concept's alone."""
    is_result = mention.value is not None and mention.value.kind == "result"
    follows = unit.end <= mention.start and scope.view[unit.end : mention.start] in {"", "-"}
    return is_result and follows


def is_test(unit: Unit, mention: Mention) -> bool:
    """ "Hepatitis B positive", "proteinuria > 30 mg/dL": what has a result was tested for."""
    value = mention.value
    if value is None or unit.concept.label not in _TESTED:
        return False
    if value.kind == "result":
        return bool(_RESULTS.intersection(value.values or ()))
    in_a_lab = OF_A_LAB.search(value.unit_text or "") is not None
    return value.kind == "ratio_to_normal" or (value.kind == "quantity" and in_a_lab)
