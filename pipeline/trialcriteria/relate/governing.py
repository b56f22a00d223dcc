"""Qualifiers that govern a list: "known allergy or intolerance", "severe renal or hepatic failure".

What stands before the first of two alternatives of one kind narrows the second too, unless that
has a qualifier of its own ("severe allergy or known intolerance"). Over a bare comma it does so
only where the two share a word ("acute hepatic, renal or heart failure").
"""

import re
from dataclasses import replace
from itertools import pairwise

from trialcriteria.relate.gaps import gap_text
from trialcriteria.relate.generic import is_filler
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Unit

_ALTERNATIVE = re.compile(r" ?(?:/|\b(?:and ?/ ?)?or\b) ?")
_LISTED = re.compile(r" ?(?:/|,|(?:, ?)?\b(?:(?:and ?/ ?)?or|and)\b) ?")
_OWN = frozenset({"qualifier.route", "qualifier.side"})  # "systemic steroids or antibiotics"
_OWN_OF_HEAD = _OWN | {"qualifier.line"}  # "primary peritoneal or ovarian cancer"
_FAR = 80  # code points between the two, brackets included


def share_qualifiers(scope: Scope, units: list[Unit]) -> None:
    """Gives the qualifiers before a unit to the alternatives behind it; ``units`` in text order."""
    for first, second in pairwise(units):
        if first.qualifiers and first.concept.label == second.concept.label:
            _share(scope, first, second)


def _share(scope: Scope, first: Unit, second: Unit) -> None:
    kept = _OWN_OF_HEAD if first.concept.shared else _OWN
    before = [q for q in first.qualifiers if q.end <= first.start and q.source not in kept]
    own = any(q.end <= second.start for q in second.qualifiers)
    if own or not before or is_filler(second) or not 0 < second.start - first.end < _FAR:
        return
    joined = _LISTED if first.concept.shared else _ALTERNATIVE
    if joined.fullmatch(gap_text(scope, first.end, second.start)):
        second.qualifiers[:0] = [replace(qualified) for qualified in before]
