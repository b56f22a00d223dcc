"""Agreement of the age and sex that the text states with the registry's own fields.

The registry's fields hold the whole trial, every arm and cohort, so the text is read the same
way: its lowest minimum, its highest maximum, and every sex that an inclusion criterion names.
What is stated of some patients only is not read (``stated.py``), nor statements about relatives and
donors, or for the age at another time (at diagnosis, at delivery). An exclusion of one side of an
age ("< 18 years") states the bound of the other, where no inclusion criterion states one.

What else counts as agreement, because the registry's fields cannot say it otherwise:

- an exclusive bound agrees with its own number and with the next whole one inside it: "> 18 years"
  with 18 and with 19 years, "< 76 years" with 76 and with 75;
- a year is 12 months or 365 days, give or take a leap day, a week 7 days: "24 months" and "730
  days" agree with 2 years;
- a minimum of zero is no minimum; nor is one of less than a year in a table of whole years, which
  can only leave it blank.

Where only the registry states a field, the text is silent or was not understood: counted, but no
disagreement. Where only the text states it, that is one, except in records whose registry has no
such field: those without sex, and those with neither of the two ages. A field whose age has lost
its comparator in the text ("= 18 years") is no agreement either, but an outcome of its own: nobody
could tell which bound it was.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal, NamedTuple

from trialcriteria.evaluate.measures import posting_id
from trialcriteria.evaluate.measures.stated import stated_facts
from trialcriteria.evaluate.scores import Judged, Measured, Mistake, Tally, measured
from trialcriteria.schema import (
    Bound,
    Extraction,
    Fact,
    SectionKind,
    Span,
    Trial,
)

Field = Literal["minimum_age", "maximum_age", "sex"]
Outcome = Literal["agree", "differ", "text_only", "sign_lost", "registry_only"]

MEASURE = "registry"

_KINDS: tuple[SectionKind, SectionKind] = ("inclusion", "exclusion")
_YEAR = Fraction(1461, 4)
_DAYS = {
    "a": _YEAR,
    "mo": _YEAR / 12,
    "wk": Fraction(7),
    "d": Fraction(1),
    "h": Fraction(1, 24),
    "min": Fraction(1, 1440),
}
_WHOLE_YEARS = frozenset({"jsonl"})
_LEAP = Fraction(1, 1000)
_DECIMAL = re.compile(r"\d{1,12}(?:\.\d{1,12})?")
_AGE = re.compile(r"P(T?)(\d{1,12}(?:\.\d{1,12})?)([YMWDH])")
_ISO_UNITS = {"Y": "a", "M": "mo", "W": "wk", "D": "d", "TH": "h", "TM": "min"}
_OTHER_TIME = frozenset({"diagnosis", "birth", "delivery", "last_dose", "event"})

_FEMALE = r"(?:females?|wom[ae]n|girls?)"
_MALE = r"(?:males?|m[ae]n|boys?)"
_ONE_SEX = rf"(?:{_FEMALE}|{_MALE})"
_SEXES = re.compile(
    rf"(?:(?:adult|healthy|sex|gender)[\s:]{{1,3}})?{_ONE_SEX}"
    rf"(?:\s?(?:and/or|and|or|/|&)\s?{_ONE_SEX})?"
    r"(?:\s(?:patient|subject|participant|volunteer|individual|person|adult|sexe?|gender)s?)?"
)
_ANY_SEX = re.compile(r"(?:both|either|any|all)\s(?:sex(?:es)?|genders?)")


class Comparison(NamedTuple):
    """One field of one trial: what the registry and what the text states, null for nothing.

    Ages of the registry are ISO 8601, those of the text its own words. ``span`` is where the text
    states it, empty where it does not.
    """

    field: Field
    outcome: Outcome
    registry: str | None
    text: str | None
    span: Span


class _Limit(NamedTuple):
    """One end of the admitted ages, in days; ``step`` is one of the unit it is stated in.

    ``lost``: the number has lost its comparator, so that it is not known which end it is.
    """

    days: Fraction
    inclusive: bool
    step: Fraction
    text: str
    span: Span
    lost: bool = False


class _Ages(NamedTuple):
    low: _Limit | None
    high: _Limit | None
    lost: _Limit | None = None


class _Sexes(NamedTuple):
    named: frozenset[str]
    span: Span


def measure_registry(extractions: Iterable[Extraction]) -> Measured:
    """Gold is what the registry states, predicted what the text states, correct where they agree.

    One tally for each field and trial; mistakes are the disagreements, not the silent texts.
    """
    return measured(MEASURE, ("strict",), map(_judged, extractions))


def compare_fields(extraction: Extraction) -> tuple[Comparison, ...]:
    """The fields that the registry or the text states, each compared; in the order of Field."""
    trial = extraction.trial
    compared: list[Comparison | None] = []
    if trial.minimum_age or trial.maximum_age:
        ages = _ages(extraction)
        compared.append(_compare_minimum(trial, ages))
        compared.append(_compare_maximum(trial, ages))
    if trial.sex:
        compared.append(_compare_sex(trial.sex, _sexes_of(extraction)))
    return tuple(each for each in compared if each is not None)


def is_disagreement(each: Comparison) -> bool:
    """Whether the text states something that the registry does not."""
    return each.outcome in ("differ", "text_only", "sign_lost")


def _judged(extraction: Extraction) -> Judged:
    compared = compare_fields(extraction)
    name = posting_id(extraction)
    return Judged(
        {"strict": {each.field: _tally(each) for each in compared}},
        [_mistake(each, name) for each in compared if is_disagreement(each)],
    )


def _tally(each: Comparison) -> Tally:
    return Tally(each.registry is not None, each.text is not None, each.outcome == "agree")


def _mistake(each: Comparison, posting: str) -> Mistake:
    return Mistake(
        measure=MEASURE,
        posting=posting,
        label=each.field,
        kind="spurious" if each.outcome == "text_only" else "differs",
        gold=each.registry,
        predicted=each.text,
        span=each.span,
    )


def _compare_minimum(trial: Trial, ages: _Ages) -> Comparison | None:
    days, limit = _days(trial.minimum_age), ages.low
    least = _YEAR if trial.source.format in _WHOLE_YEARS else Fraction(0, 1)
    if limit and (not limit.days or (not days and limit.days < least)):
        limit = None
    if not days:
        return _compared("minimum_age", None, limit, ())
    limit = limit or ages.lost
    return _compared("minimum_age", trial.minimum_age, limit, (days, days - _step(limit)))


def _compare_maximum(trial: Trial, ages: _Ages) -> Comparison | None:
    days, limit = _days(trial.maximum_age), ages.high
    if days is None:
        return _compared("maximum_age", None, limit, ())
    limit = limit or ages.lost
    return _compared("maximum_age", trial.maximum_age, limit, (days, days + _step(limit)))


def _step(limit: _Limit | None) -> Fraction:
    """How far outside the registry's inclusive age an exclusive bound may stand."""
    return Fraction(0) if limit is None or limit.inclusive else limit.step


def _compared(
    field: Field, registry: str | None, limit: _Limit | None, agreeing: tuple[Fraction, ...]
) -> Comparison | None:
    if limit is None:
        return Comparison(field, "registry_only", registry, None, Span(0, 0)) if registry else None
    outcome: Outcome = "differ"
    if not registry:
        outcome = "text_only"
    elif limit.lost:
        outcome = "sign_lost"
    elif any(abs(limit.days - days) <= days * _LEAP for days in agreeing):
        outcome = "agree"
    return Comparison(field, outcome, registry, limit.text, limit.span)


def _compare_sex(registry: str, sexes: _Sexes | None) -> Comparison:
    if sexes is None:
        return Comparison("sex", "registry_only", registry, None, Span(0, 0))
    text = "ALL" if len(sexes.named) > 1 else min(sexes.named)
    return Comparison("sex", "agree" if text == registry else "differ", registry, text, sexes.span)


def _days(age: str | None) -> Fraction | None:
    """Days of an ISO 8601 age of one unit ("P18Y", "PT72H"); None for anything else."""
    match = _AGE.fullmatch(age or "")
    if match is None or match[1] + match[3] not in _ISO_UNITS:
        return None
    return Fraction(match[2]) * _DAYS[_ISO_UNITS[match[1] + match[3]]]


def _ages(extraction: Extraction) -> _Ages:
    """The lowest minimum and the highest maximum; exclusions where no inclusion states them."""
    included, excluded = (
        [ages for fact in facts if (ages := _admitted(fact, kind))]
        for kind in _KINDS
        for facts in [stated_facts(extraction, kind, _is_age)]
    )
    inner, outer = _widest(included), _widest(excluded)
    lost = next((ages.lost for ages in (*included, *excluded) if ages.lost), None)
    return _Ages(inner.low or outer.low, inner.high or outer.high, lost)


def _is_age(fact: Fact) -> bool:
    return _about_patient(fact) and fact.value is not None and not _is_other_time(fact)


def _widest(stated: list[_Ages]) -> _Ages:
    """Open where a statement admits only ages beyond the bound: "< 16" beside ">= 16 years"."""
    lows = [ages.low for ages in stated if ages.low]
    highs = [ages.high for ages in stated if ages.high]
    low = min(lows, key=lambda limit: (limit.days, not limit.inclusive), default=None)
    high = max(highs, key=lambda limit: (limit.days, limit.inclusive), default=None)
    younger = [ages.high for ages in stated if ages.high and not ages.low]
    older = [ages.low for ages in stated if ages.low and not ages.high]
    return _Ages(
        None if any(low and limit.days <= low.days for limit in younger) else low,
        None if any(high and limit.days >= high.days for limit in older) else high,
    )


def _admitted(fact: Fact, kind: SectionKind) -> _Ages | None:
    """The ages that a fact admits; the complement where it excludes on one side."""
    value = fact.value
    if value and value.text.startswith("=") and not (value.low or value.high):
        nothing = Fraction(0)
        return _Ages(None, None, _Limit(nothing, False, nothing, value.text, value.span, lost=True))
    step = _DAYS.get(value.unit.ucum or "") if value and value.unit else None
    if value is None or step is None:
        return None

    def limit(bound: Bound | None, flip: bool) -> _Limit | None:
        if bound is None or not _DECIMAL.fullmatch(bound.value):
            return None
        days = Fraction(bound.value) * step
        return _Limit(days, bound.inclusive != flip, step, value.text, value.span)

    if kind == "inclusion":
        return _Ages(limit(value.low, False), limit(value.high, False))
    if value.low and value.high:
        return None
    return _Ages(limit(value.high, True), limit(value.low, True))


def _is_other_time(fact: Fact) -> bool:
    anchor = fact.window.anchor if fact.window else None
    return anchor is not None and anchor.event in _OTHER_TIME


def _sexes_of(extraction: Extraction) -> _Sexes | None:
    """Every sex that an inclusion criterion names, and where the first stands."""
    facts = stated_facts(extraction, "inclusion", _names_sex)
    found = [each for fact in facts for each in _sexes(fact)]
    if not found:
        return None
    return _Sexes(frozenset().union(*(each.named for each in found)), found[0].span)


def _names_sex(fact: Fact) -> bool:
    return _about_patient(fact) and any(_sexes(fact))


def _sexes(fact: Fact) -> Iterator[_Sexes]:
    """The sexes that the words of a fact's subject name and do nothing but name."""
    words = " ".join(fact.subject.text.lower().split())
    if fact.value or fact.subject.span is None:
        return
    named: set[str] = set()
    if _ANY_SEX.fullmatch(words):
        named = {"FEMALE", "MALE"}
    elif _SEXES.fullmatch(words):
        named |= {"FEMALE"} if re.search(rf"\b{_FEMALE}\b", words) else set()
        named |= {"MALE"} if re.search(rf"\b{_MALE}\b", words) else set()
    if named:
        yield _Sexes(frozenset(named), fact.subject.span)


def _about_patient(fact: Fact) -> bool:
    who = (fact.subject.kind, fact.status, fact.experiencer)
    return who == ("demographic", "present", "patient")
