"""Whether a number of years (or a bare number) is a patient's age."""

import re
from decimal import Decimal

from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_suffixes import Term

AGE_WORD = (
    r"(?<![a-z])(?<!gestational\s)(?:ages?|aged|ageing|aging)(?![a-z])"
    r"(?!-(?:adjusted|matched|related))"
)

_GAP = re.compile(
    r"(?:[\s:,;()=\[\].\u2022-]|(?<![a-z])(?:years?|yrs?|months?|ranges?|ranging|limits?|of"
    r"|is|are|at|must|be|"
    r"should|shall|groups?|from|the|a|being|between|in|both|who|has|have|time|day|date|study"
    r"|trial|entry|screening|"
    r"enrollment|enrolment|inclusion|consent|informed|signing|form|icf|randomi[sz]ation|baseline|"
    r"recruitment|registration|start|onset|diagnosis|first|visit|patients?|subjects?|participants?|"
    r"old|eligible|for|criteria|inclusive|years?-old|equal|any|sex|gender|adults?|and|or|"
    r"males?|females?|men|women)(?![a-z])){0,25}"
)
_BEHIND = re.compile(r"\s(?:years?\s)?ages?(?=\s{0,3}(?:$|[,.;)\n]))")
_COHORT = r"(?:\s?\((?:part|cohort|group|arm|stage|phase)\s[a-z0-9]{1,4}\))?"
_CHAIN_GAP = re.compile(
    rf"{_COHORT}\s{{0,3}},?\s{{0,3}}(?:or|and|but|to|&)\s{{0,3}}(?:(?:are|is|not|aged)\s){{0,3}}"
)
_POPULATION = re.compile(
    r"(?<![a-z])(?:wo)?(?:men|man)\s{0,3}[,:(-]?\s{0,3}$"
    r"|(?<![a-z])(?:males?|females?|adults?|patients?|subjects?|participants?|volunteers?"
    r"|individuals?|"
    r"persons?|people|"
    r"veterans?|residents?|outpatients?|caregivers?|those|gender|sex|genders|sexes|either)"
    r"\s{0,3}[,:(-]?\s{0,3}(?:(?:who|that|are|is|be|must|between|from|of|and)\s{1,3}){0,4}$"
)
_CLAUSE_END = re.compile(
    r"\s{0,3}(?:$|[,.;:()\[\]]|(?:and|or|with|who|at|in|without|will|must|are|having)(?![a-z]))"
)
_YOUNG = re.compile(
    r"(?<![a-z])(?:children|child|boys?|girls?|infants?|adolescents?|youths?|neonates?"
    r"|newborns?|toddlers?|teens)"
    r"\s{0,3}[,:(-]?\s{0,3}(?:(?:who|that|are|is|between|from|of)\s{1,3}){0,4}$"
)
_MIRRORED = re.compile(r"\s?(?:(?:the|patient|subject)\s)?ages?(?![a-z])")
_SEX_OR_PEOPLE = re.compile(
    r"(?<![a-z])(?:(?:wo)?men|males?|females?|adults?|patients?|subjects?|participants?"
    r"|volunteers?)\s{0,3}[,:(]?\s{0,3}$"
)
_ONLY_MARKERS = re.compile(r"[\s.)(*\u2022\u00b7\u25cf:-]{0,12}")
_DURATION_BEFORE = re.compile(
    r"(?<![a-z])(?:for|within|past|last|previous|preceding|expectancy|duration|history"
    r"|survival|since|every|"
    r"menopaus\w*|amenorrh\w*|smok\w*|during|follow\w*|after|free|interval|"
    r"remission|disease|diagnos\w*|period|ago|pack|education|schooling|risk)(?![a-z])[^.;\n]{0,30}$"
)
_DURATION_TAIL = re.compile(
    r"[\s,]{0,3}(?:(?:of(?!\s{1,3}age)|since|prior|before|after|ago|from|following|post|apart|"
    r"previous|previously|earlier|history|duration|long|experience|survival|in\s(?:duration"
    r"|the|a)(?![a-z])|during|"
    r"without|free|for|amenorr|smok|life|on|until|preceding|pre|beyond|later|to\slive"
    r"|interval|follow|(?:(?:must|should)\s)?(?:have|has)\s(?:elapsed|passed))"
    r"|menopaus|postmenopaus|durations?)"
)
_PLAUSIBLE_YEARS = (Decimal(12), Decimal(120))
_OLDEST_EXACT = Decimal(15)
_AGE_BOUNDS = frozenset({"over", "under", "above", "below"})
_LOOK_BACK = 40


def _age_words(term: Term) -> bool:
    """Whether the term says itself that it is an age ("older than", "years old")."""
    texts = [row.text for row in (term.comparator, term.suffix) if row]
    return term.old or any("old" in t or "young" in t or " age" in t for t in texts)


def is_age(text: Text, terms: tuple[Term, ...], age_end: int, after_age: bool) -> bool:
    """Whether the terms (one, or the two ends of a range) state an age.

    ``age_end``: where the last "age" word before them ends, or the last age mention if
    ``after_age``; negative for none.
    """
    first, last = terms[0], terms[-1]
    if not all(term.time or term.unit is None for term in terms):
        return False
    if any(map(_age_words, terms)) or _faces_age(text, first) or _age_behind(text, last):
        return True
    near = age_end >= 0 and _near(text, age_end, terms, after_age)
    if near and not after_age:
        return True
    if _DURATION_TAIL.match(text.low, last.end):
        return False
    if near:
        return True
    if _people_in_front(text, first, last, _YOUNG):
        return True
    if not _plausible(last):
        return False
    return _people_in_front(text, first, last, _POPULATION) or _years_alone(text, first, last)


def _age_behind(text: Text, term: Term) -> bool:
    """ "20-70 age", "18-50 ages"."""
    return _BEHIND.match(text.low, term.end) is not None and _plausible(term)


def _faces_age(text: Text, term: Term) -> bool:
    """ "18 <= age <= 75": the sign behind the number compares the age."""
    sign = term.suffix is not None and not term.suffix.text[0].isalpha()
    return sign and _MIRRORED.match(text.low, term.end) is not None


def lost_sign(terms: tuple[Term, ...]) -> bool:
    """ "Age = 18 years": nobody asks for one age; the registry's export lost the ">=" or "<=".

    So did "18 years of age" alone; only children are asked for at an exact age.
    """
    (first, *others) = terms
    if others or first.suffix is not None:
        return False
    return _equals(first) or (first.comparator is None and _grown_up(first))


def _grown_up(term: Term) -> bool:
    years = term.unit is None or term.unit.ucum == "a"
    return years and term.number is not None and Decimal(term.number) > _OLDEST_EXACT


def _equals(term: Term) -> bool:
    return term.comparator is not None and term.comparator.text == "="


def _near(text: Text, age_end: int, terms: tuple[Term, ...], after_age: bool) -> bool:
    first, last = terms[0], terms[-1]
    if first.start < age_end or first.start - age_end > 160:
        return False
    if after_age and not (_plausible(first) or _plausible(last) or _young_end(text, first)):
        return False
    gap = _CHAIN_GAP if after_age else _GAP
    return gap.fullmatch(text.low, age_end, first.start) is not None


def _young_end(text: Text, term: Term) -> bool:
    """ "Age > 21 or less than 2": a bound that ends its clause."""
    return _bounded(term) and _CLAUSE_END.match(text.low, term.end) is not None


def _plausible(term: Term) -> bool:
    if term.number is None or (term.unit and term.unit.ucum != "a"):
        return term.unit is not None
    return _PLAUSIBLE_YEARS[0] <= Decimal(term.number) <= _PLAUSIBLE_YEARS[1]


def _people_in_front(text: Text, first: Term, last: Term, people: re.Pattern[str]) -> bool:
    """People right in front: "women over 50", "adults, 18 to 65 years", "females 18-50"."""
    if last.unit is None and not _CLAUSE_END.match(text.low, last.end):
        return False
    if last.unit is None and not _bounded(first) and first.suffix is None:
        return first is not last and _bare_range(text, first)
    before = text.low[max(0, first.start - _LOOK_BACK) : first.start]
    return people.search(before) is not None


def _bare_range(text: Text, first: Term) -> bool:
    before = text.low[max(0, first.start - _LOOK_BACK) : first.start]
    return _plausible(first) and _SEX_OR_PEOPLE.search(before) is not None


def _years_alone(text: Text, first: Term, last: Term) -> bool:
    """Compared or ranged years that nothing before or behind them makes a duration."""
    if last.unit is None:
        worded = last.suffix or (first.comparator and first.comparator.text in _AGE_BOUNDS)
        return bool(worded) and _opens(text, first) and bool(_CLAUSE_END.match(text.low, last.end))
    if last.unit.ucum != "a":
        return False
    if not _bounded(first) and len({first, last}) == 1 and first.suffix is None:
        return _equals(first) and _opens(text, first)
    before = text.low[max(0, first.start - _LOOK_BACK) : first.start]
    return _DURATION_BEFORE.search(before) is None


def _opens(text: Text, term: Term) -> bool:
    """Whether nothing but markers stands before the term in its line: "- 18 and over"."""
    line = text.low.rfind("\n", 0, term.start) + 1
    return _ONLY_MARKERS.fullmatch(text.low, line, term.start) is not None


def _bounded(term: Term) -> bool:
    return term.comparator is not None and term.comparator.side in ("low", "high")
