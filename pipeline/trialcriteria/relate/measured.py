"""Conditions that are named as what was measured: "proteinuria > 1 g/day", "syphilis positive"."""

import re

from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Unit
from trialcriteria.tag.concepts import term
from trialcriteria.tag.fold import folded_key
from trialcriteria.tag.values_types import QUANTITIES

_MEASURED = re.compile(r"(?:ur|aem|em)ia\Z")  # what is found in urine or blood
_TESTED = re.compile(
    r"\b(?:hepatitis [a-e]|h[abcdeis]v(?:-?[12])?|human immunodeficiency virus|syphilis|influenza"
    r"|covid(?:-19)?|sars-cov-2|cmv|ebv|cytomegalovirus|epstein-barr virus|tuberculosis|hpv)\b"
)
_FOUND = frozenset({"positive", "negative", "detectable", "undetectable", "reactive"})


def measure_conditions(scope: Scope, units: list[Unit]) -> None:
    """Makes measurements of conditions whose value is a result or an amount in urine or blood."""
    for unit in units:
        if unit.value and unit.concept.label == "condition" and _is_measured(scope, unit):
            unit.concept = unit.concept._replace(label="measurement")


def _is_measured(scope: Scope, unit: Unit) -> bool:
    value = unit.value.value if unit.value is not None else None
    if value is None:
        return False
    words = _words(scope, unit)
    if value.kind in QUANTITIES:
        return _MEASURED.search(words) is not None
    if value.kind != "result":
        return False
    if _FOUND.intersection(value.values or ()):
        return is_tested(scope, unit)
    return is_measure(scope, unit)


def is_tested(scope: Scope, unit: Unit) -> bool:
    """Whether the words name what people are tested for: "hepatitis C"."""
    return _TESTED.search(_words(scope, unit)) is not None


def is_measure(scope: Scope, unit: Unit) -> bool:
    """Whether the words are a measurement's too: "kidney function"."""
    return term(folded_key(_words(scope, unit)), "measurement") is not None


def _words(scope: Scope, unit: Unit) -> str:
    return scope.lowered[unit.concept.start : unit.concept.end]
