"""Registry fields in one spelling: ages as ISO 8601, sex, yes or no, lists, trial ids."""

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

from trialcriteria.schema import Sex

_AGE = re.compile(
    r"(?P<number>\d{1,6}(?:\.\d{1,4})?)\s*"
    r"(?P<unit>(?:year|month|week|day|hour|minute)s?|[ymwdh])\.?(?:\s*\(s\))?",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,4})?")
_ISO_DURATION = re.compile(r"P(?:\d+(?:\.\d+)?[YMWD]|T\d+(?:\.\d+)?[HM])")
_OLDEST = 150
_TIME_UNITS = {"h": "H", "minute": "M"}
_YES_NO = {
    **dict.fromkeys(("yes", "true", "t", "y", "1", "accepts healthy volunteers"), True),
    **dict.fromkeys(("no", "false", "f", "n", "0", "does not accept healthy volunteers"), False),
}
_SEX_WORDS: dict[str, Sex] = {
    **dict.fromkeys(("all", "both", "any"), "ALL"),
    **dict.fromkeys(("female", "females", "f", "woman", "women"), "FEMALE"),
    **dict.fromkeys(("male", "males", "m", "man", "men"), "MALE"),
}
_SEX_FLAG = re.compile(r"\b(female|male)\s?:\s?(yes|no)\b", re.IGNORECASE)
_BREAK = re.compile(r"<br[ \t]{0,3}/?[ \t]{0,3}>", re.IGNORECASE)
_ABSENT = frozenset({"", "n/a", "na", "none", "null", "not available"})


class _IdShape(NamedTuple):
    registry: str
    pattern: re.Pattern[str]


_ID_SHAPES = (
    _IdShape("ClinicalTrials.gov", re.compile(r"(?<![A-Z0-9])NCT\d{8}(?!\d)", re.IGNORECASE)),
    _IdShape("ISRCTN", re.compile(r"(?<![A-Z0-9])ISRCTN\d{8}(?!\d)", re.IGNORECASE)),
    _IdShape("CTIS", re.compile(r"(?<![\d-])20\d{2}-5\d{5}-\d{2}-\d{2}(?![\d-])")),
    _IdShape(
        "EU CTR",
        re.compile(r"(?<![\d-])(?:19|20)\d{2}-\d{6}-\d{2}(?:-(?:[A-Z]{2}|3RD)(?![A-Z]))?(?![\d-])"),
    ),
    _IdShape("DRKS", re.compile(r"(?<![A-Z0-9])DRKS\d{8}(?!\d)", re.IGNORECASE)),
    _IdShape("ANZCTR", re.compile(r"(?<![A-Z0-9])ACTRN\d{14}(?!\d)", re.IGNORECASE)),
    _IdShape("ChiCTR", re.compile(r"(?<![A-Za-z0-9])ChiCTR\d{10}(?!\d)")),
)


def clean(value: str | None) -> str | None:
    """A registry field as one line; None where it is blank."""
    return (" ".join(value.split()) or None) if value else None


def stated(value: str | None) -> str | None:
    """A registry field as one line with entities decoded; None where blank or "N/A"."""
    text = clean(html.unescape(value)) if value else None
    return None if text is None or text.lower() in _ABSENT else text


def lines_of(value: str | None) -> tuple[str, ...]:
    """The distinct entries of a field that lists them with ``;`` or ``<br>`` between."""
    pieces = _BREAK.sub(";", html.unescape(value or "")).split(";")
    return distinct(stated(piece) for piece in pieces)


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """The non-empty values in their order, each once."""
    return tuple(dict.fromkeys(value for value in values if value))


def iso_age(value: str | None, bare_unit: str | None = None) -> str | None:
    """An age as an ISO 8601 duration: "18 Years" is P18Y, "6M" is P6M, "72 Hours" is PT72H.

    None for "N/A", "No limit" and everything else that is no age. A number without a unit
    counts only where ``bare_unit`` says its unit ("Y"); there 0 and 999 stand for no limit.
    """
    text = clean(value) or ""
    if _ISO_DURATION.fullmatch(text):
        return text
    if bare_unit and _BARE_NUMBER.fullmatch(text):
        return f"P{text}{bare_unit}" if 0 < float(text) < _OLDEST else None
    match = _AGE.fullmatch(text)
    return _duration(match["number"], match["unit"].lower()) if match else None


def _duration(number: str, unit: str) -> str:
    key = "minute" if unit.startswith("minute") else unit[0]
    return f"PT{number}{_TIME_UNITS[key]}" if key in _TIME_UNITS else f"P{number}{key.upper()}"


def yes_no(value: object) -> bool | None:
    """A registry's yes or no, true or false, "Accepts Healthy Volunteers"; None if neither."""
    if isinstance(value, bool):
        return value
    return _YES_NO.get(value.strip().lower()) if isinstance(value, str) else None


def sex_of(value: str | None) -> Sex | None:
    """ALL, FEMALE or MALE from the field's words ("Both", "Male, Female", "Female: yes ...")."""
    text = _BREAK.sub(" ", value or "")
    flags = {word.lower(): flag.lower() == "yes" for word, flag in _SEX_FLAG.findall(text)}
    if flags:
        return sex_from_flags(flags.get("female"), flags.get("male"))
    found = {_SEX_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _SEX_WORDS}
    if len(found) > 1 or "ALL" in found:
        return "ALL"
    return next(iter(found), None)


def sex_from_flags(female: bool | None, male: bool | None) -> Sex | None:
    """The sex where a registry states one flag for women and one for men."""
    if female and male:
        return "ALL"
    if female:
        return "FEMALE"
    return "MALE" if male else None


def find_id(*texts: str) -> str | None:
    """The first registry id in the first of the texts that holds one."""
    for text in texts:
        found = [m for shape in _ID_SHAPES if (m := shape.pattern.search(text))]
        if found:
            return min(found, key=lambda match: match.start()).group()
    return None


def registry_of(trial_id: str | None) -> str | None:
    """The registry that gives out ids of this shape."""
    for registry, pattern in _ID_SHAPES:
        if trial_id and pattern.fullmatch(trial_id):
            return registry
    return None
