"""Keeps ages, rates, journeys and weeks of gestation out: they only look like stretches of time."""

from trialcriteria.tag.time.amounts import Amounts
from trialcriteria.tag.time.tokens import Tokens

_LOOK_BACK = 12
_TRANSPARENT = frozenset(
    ("unit", "comparator", "anchor", "filler", "comparator_after", "short_unit", "transparent")
)
_AGE_BEHIND = frozenset(("age_after", "gestation", "age"))


def is_rate(ts: Tokens, start: int, end: int) -> bool:
    """ "per week", "/24 h", "every 3 weeks" before; "3 days/week", "2 hours' drive" behind."""
    if start and ts.has(start - 1, "rate") and ts.words[start - 1] not in ("a", "daily", "weekly"):
        return True
    if ts.has(end, "journey"):
        return True
    return ts.has(end, "rate") and (ts.words[end] == "apart" or ts.has(end + 1, "unit"))


def announces_list(ts: Tokens, i: int) -> bool:
    """ "(any of) the following" names a list, not the time to come, when "of" precedes it."""
    j = i + 1 if ts.words[i] == "the" else i
    if ts.words[j] != "following" or j < 2:
        return False
    return ts.words[j - 1] == "the" and ts.words[j - 2] in ("of", "meet", "meets", "have", "with")


def _transparent(ts: Tokens, i: int) -> bool:
    if not _TRANSPARENT.isdisjoint(ts.roles[i]) or not ts.words[i][:1].isalnum():
        return True
    return ts.number(i) is not None


def _left_word(ts: Tokens, i: int) -> int | None:
    """Index of the word that the amount before index i is said of; None at the text's start."""
    for j in range(i - 1, max(i - 1 - _LOOK_BACK, -1), -1):
        if ts.words[j] in (";", "."):
            return None
        if not (_transparent(ts, j) or _ends_comparator(ts, j)):
            return j
    return None


def _ends_comparator(ts: Tokens, i: int) -> bool:
    """Word i is "than" or the like, the end of a comparator that begins before it."""
    return any(ts.skip(k, "comparator") > i for k in range(max(i - 3, 0), i))


def is_age(ts: Tokens, start: int, amounts: Amounts, bare: bool) -> bool:
    """The amount is somebody's age, or a week of gestation.

    ``bare``: nothing else says what the amount is, so that words for people decide.
    """
    end = amounts.next
    if ts.has(end, "duration_after") or ts.has(end, "state"):
        return False  # "a 2-year history of", "2 years postmenopausal"
    j = end - 1 if ts.has(end - 1, "comparator_after") else end
    k = j + 1 if ts.words[j] == "-" else j
    if not all(_AGE_BEHIND.isdisjoint(ts.roles[m]) for m in (j, k)):
        return True
    left = _left_word(ts, start)
    if left is None:
        return bare and ts.words[end] != "of" and amounts.items[0].low.unit == "year"
    if ts.has(left, "age") or ts.words[left].startswith("gestation"):
        return True
    return bare and ts.has(left, "person") and _is_age_unit(ts, left, amounts)


def _is_age_unit(ts: Tokens, left: int, amounts: Amounts) -> bool:
    """Adults are counted in years; children in months, weeks and days as well."""
    young = ts.words[left] in ("children", "infants", "child", "infant", "neonates")
    units = ("year", "month", "week", "day") if young else ("year",)
    return amounts.items[0].low.unit in units
