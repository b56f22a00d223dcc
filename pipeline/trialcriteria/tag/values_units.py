"""Units as printed: atoms of ``lexicons/units.toml`` joined by "/" or "per", read into UCUM.

Spellings are looked up letter for letter first and then in lower case, so that ``mM`` and ``mm``
stay apart while ``MG/DL`` is read.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.units import UnitAtom
from trialcriteria.tag.values_patterns import phrase_pattern


class UnitMatch(NamedTuple):
    """A unit at ``[start, end)``: dimensions of its atoms in order, and its UCUM code."""

    start: int
    end: int
    ucum: str
    dimensions: tuple[str, ...]


_ATOMS = load_rows("units", UnitAtom)


def _key(spelling: str) -> str:
    return re.sub(r"[\s-]", "", spelling)


def _tables(*places: str) -> tuple[dict[str, UnitAtom], dict[str, UnitAtom]]:
    """Atoms by exact spelling, and by lower-case spelling where case does not count."""
    rows = [row for row in _ATOMS if row.place in places]
    exact = {_key(spelling): row for row in rows for spelling in row.spellings}
    folded = {_key(s).lower(): row for row in rows if not row.case for s in row.spellings}
    return exact, folded


def _regex(before: str, *places: str) -> re.Pattern[str]:
    spellings = (s.lower() for row in _ATOMS if row.place in places for s in row.spellings)
    atom = phrase_pattern(sorted(spellings), blank=r"[\s-]{0,4}")
    end = r"(?:(?<=%)|(?![a-z0-9])(?!-(?!old|of-age)[a-z]))"
    return re.compile(rf"{before}(?P<atom>{atom}){end}", re.IGNORECASE)


_HEAD = _regex(r"[\s-]{0,6}", "head", "any", "prefix")
_HEAD_TABLES = _tables("head", "any", "prefix")
_TAIL = _regex(r"\s{0,4}(?:/\s{0,4}|(?<![a-z])(?:per|a|each)\s{1,4})(?:of\s)?", "tail", "any")
_TAIL_TABLES = _tables("tail", "any")
_POWER = re.compile(
    r"\s{0,4}(?:[x*\u00b7.]\s{0,8}(?P<power>10\s?(?P<sign>\^|\*{1,2}|e|exp|\("
    r"|\[)?\s?[\[(]?(?P<exp>-?[1-9]\d?)[)\]]?"
    r"|(?P<million>1,?000,?000)|(?P<thousand>1,?000))"
    r"|(?P<power_bare>10\s?(?:\^|\*{1,2}|e(?=\d))\s?\(?(?P<bare>\d{1,2})\)?)"
    r"|(?<=\d\s)(?P<flat>10(?P<flat_exp>9|12)(?=\s?/\s?L)))"
    r"(?!\d)(?!\s{0,3}(?:x|times)\b)",
    re.IGNORECASE,
)
NTH = r"\d{1,2}(?:st|nd|rd|th)"
_PERCENTILE = re.compile(
    rf"(?:st|nd|rd|th)(?=\s?(?:-|to|and)\s?(?:the\s|[<>=≤≥]{{1,2}}\s?)?{NTH}\s(?:per)?centile)"
)
_INVERSE = re.compile(
    r"\s{0,2}[.*\u00b7\u2022\u2219\u22c5]?\s{0,2}(?:(?P<surface>1[.,]73\s?m)|(?P<atom>[a-z]{1,3}))"
    r"\s?-(?P<exponent>[12])(?!\d)",
    re.IGNORECASE,
)
_TITRE = re.compile(r"1\s?:\s?(?P<number>\d{1,6})(?![\d:.])")
_TITRE_SIGN = re.compile(r"1\s?:")
_LEAST_TITRE = 4  # "1:1", "1:2" are shares
TITRE = "{titer}"
_GESTATION = re.compile(
    r"(?:['\u2019]s?)?[\s-]{0,3}(?:of\s{1,3})?(?:(?:completed\s{1,3})?gestation(?:al)?(?:\s"
    r"{1,3}age)?|pregnan(?:cy|t)|amenorr?h[eo]*a)(?![a-z])"
)
_WORD = re.compile(r"\s{0,3}(?P<word>[A-Za-z\u03bc]{1,12})(?=\s?/)")
_UNCODED = "?"
_MAX_TAILS = 3
_DAILY = re.compile(
    r"(?:,|\s(?:of|total|once))?\s{0,3}(?:(?:once\s)?(?:daily|a\sday|every\sday|each\sday)"
    r"|q\.?d\.?(?![a-z])|od(?![a-z]))"
    r"(?:\sdose)?(?![a-z-])",
    re.IGNORECASE,
)
_WEEKLY = re.compile(
    r"(?:,|\s(?:once|of))?\s{1,3}(?:weekly|a\sweek|each\sweek|every\sweek)(?![a-z])",
    re.IGNORECASE,
)
_OTHER_FREQUENCY = re.compile(
    r"(?:,|\sof)?\s{0,3}(?:(?:twice|thrice|two\stimes|three\stimes|2\stimes"
    r"|3\stimes)\s(?:daily|a\sday|per\sday|weekly|a\sweek)"
    r"|b\.?i\.?d\.?(?![a-z])|t\.?i\.?d\.?(?![a-z])|q\.?i\.?d\.?(?![a-z])|monthly)",
    re.IGNORECASE,
)


def unit_at(view: str, pos: int) -> UnitMatch | None:
    """The unit right behind a number that ends at ``pos``, or None."""
    power = _POWER.match(view, pos)
    if power:
        found = _unit_after(view, power.end())
        explicit = power["sign"] or power["exp"] in (None, "9", "12") or power["flat"]
        if explicit or _counts_per(found) or (found and power["exp"].startswith("-")):
            return _with_power(power, found)
    return _unit_after(view, pos)


def _counts_per(found: UnitMatch | None) -> bool:
    """Whether a flattened superscript is read: before a count, a rate, a titre ("x 103 IU/mL")."""
    if found is None:
        return False
    titre = found.dimensions[0] == "activity" and len(found.dimensions) > 1
    return titre or found.ucum.startswith("/") or found.dimensions[0] == "count"


def _with_power(power: re.Match[str], found: UnitMatch | None) -> UnitMatch:
    exponent = (
        power["exp"] or power["bare"] or power["flat_exp"] or ("3" if power["thousand"] else "6")
    )
    start = power.start(next(n for n in ("power", "flat", "power_bare") if power[n]))
    code = f"10*{exponent}"
    if found is None:
        return UnitMatch(start, power.end(), code, ("power",))
    glue = "" if not found.ucum or found.ucum.startswith("/") else "."
    dimensions = ("power", *found.dimensions)
    return UnitMatch(start, found.end, code + glue + found.ucum, dimensions)


def _unit_after(view: str, pos: int) -> UnitMatch | None:
    head = _atom(view, pos, _HEAD, _HEAD_TABLES)
    if head is None:
        return _tails(view, pos, "", ("count",)) or _unknown(view, pos)
    row, start, end = head
    found = _tails(view, end, row.ucum, (row.dimension,))
    if found is not None:
        return UnitMatch(start, found.end, found.ucum, found.dimensions)
    if row.place == "prefix":
        return None
    return UnitMatch(start, end, row.ucum, (row.dimension,))


def _unknown(view: str, pos: int) -> UnitMatch | None:
    """A word no row knows, over a known unit ("EliA/mL"): kept as text, never coded."""
    word = _WORD.match(view, pos)
    found = _tails(view, word.end(), _UNCODED, ("unknown",)) if word else None
    if word is None or found is None or found.dimensions[1] == "time":
        return None
    return UnitMatch(word.start("word"), found.end, found.ucum, found.dimensions)


def _tails(view: str, pos: int, ucum: str, dimensions: tuple[str, ...]) -> UnitMatch | None:
    """One to three "/" atoms from ``pos`` on."""
    start, end = -1, pos
    for _ in range(_MAX_TAILS):
        tail = _atom(view, end, _TAIL, _TAIL_TABLES) or _inverse(view, end)
        if tail is None:
            break
        row, _, tail_end = tail
        if start < 0:
            start = end + len(view[end:tail_end]) - len(view[end:tail_end].lstrip())
        end, dimensions = tail_end, (*dimensions, row.dimension)
        ucum += "/" + ("uL" if row.ucum == "mm3" else row.ucum)
    return None if start < 0 else UnitMatch(start, end, ucum, dimensions)


def _inverse(view: str, pos: int) -> tuple[UnitAtom, int, int] | None:
    """ "kg.m-2", "mL.min-1.1.73 m-2": a negative exponent for a slash."""
    match = _INVERSE.match(view, pos)
    if match is None:
        return None
    printed = match["surface"] or match["atom"]
    key = _key(printed + ("2" if match["exponent"] == "2" else ""))
    row = _TAIL_TABLES[0].get(key) or _TAIL_TABLES[1].get(key.lower())
    return (row, match.start("exponent"), match.end()) if row else None


def _atom(
    view: str,
    pos: int,
    regex: re.Pattern[str],
    tables: tuple[dict[str, UnitAtom], dict[str, UnitAtom]],
) -> tuple[UnitAtom, int, int] | None:
    match = regex.match(view, pos)
    if match is None:
        return None
    key = _key(match["atom"])
    row = tables[0].get(key) or tables[1].get(key.lower())
    return (row, match.start("atom"), match.end()) if row else None


def frequency_at(view: str, pos: int) -> tuple[str | None, int] | None:
    """What follows a mass and makes it a dose: ("/d", "/wk" or None for no plain rate, its end)."""
    match = _DAILY.match(view, pos)
    if match:
        return "/d", match.end()
    match = _WEEKLY.match(view, pos)
    if match:
        return "/wk", match.end()
    match = _OTHER_FREQUENCY.match(view, pos)
    return (None, match.end()) if match else None


def percentile_at(low: str, pos: int) -> UnitMatch | None:
    """ "5th to 85th percentile": the unit of the first of two."""
    match = _PERCENTILE.match(low, pos)
    return UnitMatch(pos, match.end(), "{percentile}", ("fraction",)) if match else None


def titre_at(low: str, pos: int) -> tuple[UnitMatch, str, int] | None:
    """ "1:80", a titre of 80: what makes it one, the number, and where it ends."""
    match = _TITRE.match(low, pos)
    if match is None or int(match["number"]) < _LEAST_TITRE:
        return None
    unit = UnitMatch(pos, match.start("number"), TITRE, ("titre",))
    return unit, match["number"], match.end()


def gestation_end(low: str, pos: int) -> int | None:
    """End of "of gestation" behind a stretch of time that ends at ``pos``, if it is there."""
    match = _GESTATION.match(low, pos)
    return match.end() if match else None


@lru_cache(maxsize=4096)
def unit_code(text: str) -> str | None:
    """UCUM code of a whole unit text, None where any part of it is unknown."""
    if _TITRE_SIGN.fullmatch(text):
        return TITRE
    if text == "m":
        return "m"
    printed = f"x {text}" if text.startswith("10") else text
    found = unit_at(printed, 0)
    if found is None or not found.ucum or _UNCODED in found.ucum:
        return None
    if len(printed) in (found.end, gestation_end(printed.lower(), found.end)):
        return found.ucum
    rate = frequency_at(printed, found.end)
    if rate is None or rate[1] != len(printed) or rate[0] is None:
        return None
    return found.ucum + rate[0]
