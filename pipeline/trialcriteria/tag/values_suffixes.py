"""A term of the value grammar, and the comparator behind it: "18 years or older", "1+"."""

import re
from typing import NamedTuple

from trialcriteria.tag.comparators import Comparator, suffix_at
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_types import Relative
from trialcriteria.tag.values_units import UnitMatch, unit_at

AGE_TAIL = re.compile(
    r"\.?[\s-]{0,4}(?:(?:of|in)[\s-]{1,4}age|old)(?![a-z])|\s{0,3}\(\s?of\sage\s?\)"
)
_NOT_NUMBER_END = re.compile(
    r"[a-z]|-(?!fold|point|times)[a-z]|%|/\d|:\d|\+|\s{0,3}(?:x|times)(?![a-z])"
)
_PLUS = re.compile(r"(?<=\d)\s?\+(?![\w+/])")


class Term(NamedTuple):
    """A number with what stands around it. ``number`` is None for a detection limit."""

    start: int
    end: int
    comparator: Comparator | None
    number: str | None
    unit: UnitMatch | None = None
    unit_end: int = 0
    reference: Relative | None = None
    target: str | None = None
    suffix: Comparator | None = None
    worded: bool = False
    old: bool = False
    dose: bool = False
    number_end: int = 0

    @property
    def time(self) -> bool:
        """Whether the unit is a plain stretch of time, not one per another ("days per week")."""
        return self.unit is not None and self.unit.dimensions == ("time",)


def with_suffix(text: Text, term: Term) -> Term:
    """A trailing comparator, looked for behind "of age" and "old" too."""
    if term.comparator is not None and term.comparator.side in ("low", "high", "approx"):
        return _graded_plus(text, term)
    age = AGE_TAIL.match(text.low, term.end) if term.old else None
    suffix = suffix_at(text.low, age.end() if age else term.end)
    if suffix is None or _graded(term, suffix[0]):
        return term
    return _unit_at_last(text, term._replace(end=suffix[1], suffix=suffix[0]))


def _unit_at_last(text: Text, term: Term) -> Term:
    """ "18 or more years of age", "18+ years old": the unit of an age behind its comparator."""
    unit = unit_at(text.view, term.end) if term.unit is None else None
    if unit is None or unit.dimensions != ("time",) or not AGE_TAIL.match(text.low, unit.end):
        return term
    return term._replace(end=unit.end, unit=unit, unit_end=unit.end, old=True)


def _graded_plus(text: Text, term: Term) -> Term:
    """ "> 1+": the plus belongs to the grade of a dipstick or a stain."""
    plus = _PLUS.match(text.low, term.end) if term.unit is None else None
    return term._replace(end=plus.end()) if plus else term


def _graded(term: Term, suffix: Comparator) -> bool:
    """A plus behind one digit is a grade of staining ("IHC 2+"), no threshold."""
    return suffix.text == "+" and term.unit is None and len(term.number or "") < 2


def runs_on(text: Text, term: Term) -> bool:
    """A number that runs on into a word or another number: "12-lead", "3rd", "1:40"."""
    return term.suffix is None and _NOT_NUMBER_END.match(text.low, term.end) is not None
