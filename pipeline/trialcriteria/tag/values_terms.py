"""One term of the value grammar: comparator, number, unit or reference, trailing comparator.

``term_at`` reads forward from one offset with anchored regexes only, so its cost is bounded by the
length of what it accepts.
"""

import re
from decimal import Decimal

from trialcriteria.tag.comparators import Comparator, prefix_at, suffix_at
from trialcriteria.tag.numbers import WORD_NUMBER, number_at, parse_number
from trialcriteria.tag.values_gleason import gleason_at, is_second_pattern
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_references import Reference, percent_base_at, reference_at
from trialcriteria.tag.values_suffixes import AGE_TAIL, Term, with_suffix
from trialcriteria.tag.values_types import Relative
from trialcriteria.tag.values_units import (
    NTH,
    UnitMatch,
    frequency_at,
    gestation_end,
    percentile_at,
    titre_at,
    unit_at,
)

_DIGIT = tuple("0123456789")  # with one of these begins a number, and nothing else
_BLANK = re.compile(r"\s{0,8}")
_TIMES = re.compile(
    r"\s{0,4}(?:x|\*|(?:times|time|folds?)(?![a-z])|-\s?(?:fold|times)(?![a-z]))"
    r"\s{0,4}(?:(?:above|over|higher\sthan|greater\sthan|more\sthan|than)\s)?"
)
_MULTIPLE = re.compile(
    rf"(?P<word>twice|double|triple|thrice|(?P<count>{WORD_NUMBER})[-\s]?fold)(?![a-z])\s{{0,4}}"
    r"(?:(?:above|over|higher\sthan|greater\sthan|more\sthan|than)\s)?"
)
_OFTEN = re.compile(r"(once|twice|thrice)(?=\s{1,4}(?:a|per|each)\s)")
_TIMES_WORDS = {"once": "1", "twice": "2", "thrice": "3"}
_MULTIPLES = {"twice": "2", "double": "2", "triple": "3", "thrice": "3"}
_REFERENCE_TIMES = re.compile(r"\s{0,3}(?:x|\*|times)\s{0,3}(?=\d)")
_ASIDE = re.compile(r"\s{0,3}\([^()]{0,60}\)\s{0,3}")
_AGE_HEAD = re.compile(r"\s{0,4}(?:the\s)?age(?:\sof|\sis|\s?[:=])?\s{1,4}(?=\d)")
_METRES = re.compile(r"\s?(?P<m>m)(?![A-Za-z0-9/])")
_THE = re.compile(rf"the\s(?={NTH}\s?(?:(?:per)?centile|-|to|and))")
_FEVER = {"Cel": range(34, 44), "[degF]": range(94, 111)}
_OLD_UNIT = re.compile(r"y\.?[\s/]?o\.?|yr?s?/o")
_THOUSANDS_BY_DOT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_OF = re.compile(r"\s{0,3}of\s{1,3}")
_WEEKS_DAYS = re.compile(
    r"(?:\s?\+\s?|\s|-|\s&\s|\sand\s)(?P<sevenths>[0-6])\s?/\s?7(?!\d)"
    r"|\s?\+\s?(?P<plus>[0-6])(?![\d/.,+])|-(?P<dash>[0-6])(?=\s?(?:weeks?|wks?)(?![a-z]))"
)
_TITRE_BEFORE = re.compile(r"\b(?:tit(?:er|re)s?|dilutions?)\b")
_GESTATION_BEFORE = re.compile(r"gestation|pregnan|amenorr")
_LOOK_BACK = 60
_PREGNANT_WEEKS = range(10, 45)
_CELLS_PER_VOLUME = frozenset({"/uL"})


def term_at(text: Text, pos: int) -> Term | None:
    """The term that starts at ``pos``, or None."""
    start = pos
    lead = None if text.low.startswith(_DIGIT, pos) else prefix_at(text.low, pos)
    comparator = None
    if lead:
        comparator, pos = lead
        pos = _skip_blank(text, pos)
        the = _THE.match(text.low, pos)
        pos = the.end() if the else pos
    if not text.low.startswith(_DIGIT, pos):
        bare = _bare(text, start, comparator, pos) if comparator else None
        if bare:
            return bare
        multiple = _MULTIPLE.match(text.low, pos)
        if multiple:
            times = multiple["count"]
            plain = parse_number(times) if times else _MULTIPLES[multiple["word"]]
            return _ratio(text, start, comparator, plain, multiple.end())
    titre = _titre(text, start, comparator, pos)
    if titre:
        return titre
    number = number_at(text.low, pos)
    if number is None or is_second_pattern(text, pos):
        return None
    gleason = _gleason(text, start, comparator, pos)
    if gleason:
        return gleason
    return _with_number(text, start, comparator, *_weeks_and_days(text, *number))


def _gleason(text: Text, start: int, comparator: Comparator | None, pos: int) -> Term | None:
    """ "3+3=6", "3+3 or less"."""
    total = gleason_at(text, comparator, pos)
    if total is None:
        return None
    number, end = total
    term = with_suffix(text, Term(start, end, comparator, number, number_end=end))
    return term if gleason_at(text, term.suffix, pos) else None


def _titre(text: Text, start: int, comparator: Comparator | None, pos: int) -> Term | None:
    """ "> 1:80", "a titre of 1:80"; not the ratio of a randomization."""
    found = titre_at(text.low, pos)
    if found is None:
        return None
    if not (comparator or _TITRE_BEFORE.search(text.low, max(pos - _LOOK_BACK, 0), pos)):
        return None
    unit, number, end = found
    return with_suffix(text, Term(start, end, comparator, number, unit, unit.end, number_end=end))


def _bare(text: Text, start: int, comparator: Comparator, pos: int) -> Term | None:
    """Words that need a comparator before them: a limit of normal, "age 60", "twice a week"."""
    found = _bare_reference(text, start, comparator, pos) or _headed_age(
        text, start, comparator, pos
    )
    often = None if found else _OFTEN.match(text.low, pos)
    if often:
        return _with_number(text, start, comparator, _TIMES_WORDS[often[1]], often.end())
    return found


def _weeks_and_days(text: Text, raw: str, pos: int) -> tuple[str, int]:
    """ "34 3/7 weeks", "34+3": weeks of pregnancy with their days, as a decimal of weeks."""
    weeks = raw.isdigit() and int(raw) in _PREGNANT_WEEKS
    days = _WEEKS_DAYS.match(text.low, pos) if weeks else None
    if days is None:
        return raw, pos
    part = Decimal(days[days.lastgroup or 0]) / 7
    return (f"{int(raw) + part:.2f}" if part else raw), days.end()


def _skip_blank(text: Text, pos: int) -> int:
    return _BLANK.match(text.low, pos).end()  # type: ignore[union-attr]


def _bare_reference(text: Text, start: int, comparator: Comparator, pos: int) -> Term | None:
    """ "above the upper limit of normal": once the limit; "ULN x 2": twice."""
    found = reference_at(text.low, pos)
    if found is None or found.bare_letter or found.target == "baseline":
        return None
    if found.target == "detection":
        return Term(start, found.end, comparator, None, target="detection")
    number, end = _times_behind(text, found.end)
    return _referred(Term(start, end, comparator, number), found, end)


def _headed_age(text: Text, start: int, comparator: Comparator, pos: int) -> Term | None:
    """ "Under age 60": the word stands between the comparator and the number."""
    sides = ("low", "high", "range")
    head = _AGE_HEAD.match(text.low, pos) if comparator.side in sides else None
    number = number_at(text.low, head.end()) if head else None
    term = _with_number(text, start, comparator, *number) if number else None
    return term._replace(old=True) if term and (term.time or term.unit is None) else None


def _times_behind(text: Text, pos: int) -> tuple[str, int]:
    times = _REFERENCE_TIMES.match(text.low, pos)
    number = number_at(text.low, times.end()) if times else None
    return (parse_number(number[0]), number[1]) if number else ("1", pos)


def _referred(term: Term, found: Reference, end: int) -> Term:
    relative: Relative = "normal" if found.target == "detection" else found.target
    return term._replace(end=end, unit_end=end, reference=relative, target=found.target)


def _ratio(
    text: Text, start: int, comparator: Comparator | None, number: str, pos: int
) -> Term | None:
    """A multiple of a limit of normal, the number already read."""
    found = reference_at(text.low, pos)
    if found is None:
        aside = _ASIDE.match(text.low, pos)
        found = reference_at(text.low, aside.end()) if aside else None
    if found is None or found.target == "detection":
        return None
    suffix = suffix_at(text.low, found.end)
    term = Term(start, found.end, comparator, number, suffix=suffix[0] if suffix else None)
    return _referred(term, found, found.end)._replace(end=suffix[1] if suffix else found.end)


def _with_number(
    text: Text, start: int, comparator: Comparator | None, raw: str, pos: int
) -> Term | None:
    ratio = _ratio_behind(text, start, comparator, raw, pos)
    if ratio:
        return ratio
    unit = _unit_behind(text, comparator, raw, pos)
    if unit and comparator is None and "^" in raw and unit.ucum.startswith("/"):
        return None  # "WBC (10^9/L)": the unit alone
    number = _grouped(raw, unit)
    worded = text.low[pos - 1].isalpha()
    if unit is None:
        term = Term(start, pos, comparator, number, number_end=pos, worded=worded)
        return with_suffix(text, term)
    term = Term(start, unit.end, comparator, number, unit, unit.end, number_end=pos, worded=worded)
    term = _percent_base(text, term) or _frequency(text, term) or term
    return with_suffix(text, _aged(text, term))


def _unit_behind(text: Text, comparator: Comparator | None, raw: str, pos: int) -> UnitMatch | None:
    """A capital alone is a unit only where the number is clearly measured: "2D echo", "-2.0 D"."""
    unit = unit_at(text.view, pos)
    if unit is None:
        return _metres(text, raw, pos) or percentile_at(text.low, pos)
    if unit.end == len(text.view) and text.view[-1] == ".":
        inner = unit_at(text.view[:-1], pos)  # the stop of "y.o." ends the sentence too
        unit = inner if inner and inner.ucum == unit.ucum else unit
    if raw.isdigit() and unit.ucum in _FEVER and int(raw) in _FEVER[unit.ucum]:
        return unit
    lone = unit.end - unit.start == 1 and text.view[unit.start] in "DCF"
    if lone and comparator is None and raw.isdigit():
        return None
    return unit


def _metres(text: Text, raw: str, pos: int) -> UnitMatch | None:
    """ "150 m": nobody counts a hundred months with one letter."""
    match = _METRES.match(text.view, pos)
    if match is None or len(raw.partition(".")[0]) < 3:
        return None
    return UnitMatch(match.start("m"), match.end(), "m", ("length",))


def _ratio_behind(
    text: Text, start: int, comparator: Comparator | None, raw: str, pos: int
) -> Term | None:
    times = _TIMES.match(text.low, pos)
    if times:
        return _ratio(text, start, comparator, parse_number(raw), times.end())
    behind = _skip_blank(text, pos)
    if not text.low[behind : behind + 1].isalpha():
        return None  # every reference is words
    found = reference_at(text.low, behind)
    if found is None or found.target not in ("ULN", "LLN"):
        return None
    return _ratio(text, start, comparator, parse_number(raw), behind)


def _grouped(raw: str, unit: UnitMatch | None) -> str:
    """``100.000/mmc`` is a hundred thousand: cells in a microlitre have no three decimals."""
    if unit and unit.ucum in _CELLS_PER_VOLUME and _THOUSANDS_BY_DOT.fullmatch(raw):
        return raw.replace(".", "")
    return parse_number(raw)


def _percent_base(text: Text, term: Term) -> Term | None:
    if term.unit is None or term.unit.ucum != "%":
        return None
    base = percent_base_at(text.low, term.end)
    if base:
        return term._replace(end=base[1], reference=base[0])
    limit = _OF.match(text.low, term.end)
    found = reference_at(text.low, limit.end()) if limit else None
    if found is None or found.target == "detection" or found.bare_letter:
        return None
    return term._replace(end=found.end, reference=found.target)


def _frequency(text: Text, term: Term) -> Term | None:
    """A mass with a rate behind it is a dose: "10 mg daily", "5 mg BID", "10 mg of daily ..."."""
    assert term.unit is not None
    if term.unit.dimensions[0] not in ("mass", "activity"):
        return None
    rate = frequency_at(text.view, term.end)
    if rate is None:
        is_dose = "time" in term.unit.dimensions[1:] and not _weight(term.unit)
        return term._replace(dose=True) if is_dose else term
    return term._replace(end=rate[1], unit_end=rate[1], dose=True)


def _weight(unit: UnitMatch) -> bool:
    """Kilograms and pounds are weights of people, no doses."""
    return unit.ucum.startswith(("kg", "[lb_av]"))


def _aged(text: Text, term: Term) -> Term:
    if term.unit is None or not term.time:
        return term
    gestation = gestation_end(text.low, term.end) if term.unit.ucum in ("wk", "d") else None
    if gestation:
        return _of_gestation(text, term, term.unit, gestation)
    old = AGE_TAIL.match(text.low, term.end) or _OLD_UNIT.fullmatch(
        text.low, term.unit.start, term.unit.end
    )
    return term._replace(old=True) if old else term


def _of_gestation(text: Text, term: Term, unit: UnitMatch, end: int) -> Term:
    """ "34 weeks of gestation": the words behind name what is measured.

    They are part of the value only where that is named in front too, or the comparator follows.
    """
    named = _GESTATION_BEFORE.search(text.low, max(0, term.start - _LOOK_BACK), term.start)
    if not named and suffix_at(text.low, end) is None:
        return term._replace(unit=unit._replace(dimensions=("gestation",)))
    unit = unit._replace(end=end, dimensions=("gestation",))
    return term._replace(end=end, unit_end=end, unit=unit)
