"""Phrases behind a concept that narrow it: "by echocardiography", "due to sepsis"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.relate.gaps import gap_text
from trialcriteria.relate.scope import GRAMMAR_LABELS, Region, Scope
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.mentions import Mention

# A word of a phrase, with brackets behind it where more words follow: "Rheumatology (ACR) 1997".
_WORD = r" +(?!(?:{stop})\b)\w[\w'/.+-]*(?: \([^()]{{1,30}}\)(?= (?!(?:{stop})\b)\w))?"
_STOP = (
    "and|or|but|with|without|within|at|on|prior|before|after|during|who|that|which|is|are|was|were"
    "|has|have|must|should|will|may|can|if|unless|except|excluding|including|investigators?"
    "|other than|researchers?|sponsor|opinion|judge?ment|such as|in the|for at|for more"
)
# Words that begin a phrase of their own, where a list goes over "and".
_BEGIN = ("confirmed", "detected", "documented", "proven", "diagnosed", "measured", "assessed")


class PhraseRow(Row):
    """One way of narrowing; see qualifier_phrases.toml. ``ends``: what the words must come to;
    ``over``: words that end other phrases, but not this one; ``listed``: kinds of concepts that a
    list inside the phrase may name."""

    kind: Literal["method", "site", "other"]
    kinds: tuple[ConceptKind, ...]
    lead: str
    words: int
    reach: int
    ends: str = ""
    over: tuple[str, ...] = ()
    listed: tuple[ConceptKind, ...] = ()


class _Phrase(NamedTuple):
    start: int
    end: int
    row: PhraseRow


def attach_phrases(
    scope: Scope, units: list[Unit], region: Region, skipped: list[Region]
) -> list[Region]:
    """Gives phrases to the unit before them; concepts they name are no units of their own.

    ``units`` are in text order; those named are taken out. Returns where the phrases are.
    """
    phrases = sorted(_phrases(scope, region), key=lambda p: (p.start, -p.end)) if units else []
    if not phrases:
        return []
    starts = [unit.start for unit in units]
    named: set[int] = set()
    taken: list[Region] = []
    for phrase in phrases:
        place = Region(phrase.start, _end_of_list(scope, units, starts, phrase))
        inside = taken and place.start < taken[-1].end
        if inside or any(s.holds(place.start, place.end) for s in skipped):
            continue
        first, behind = bisect_left(starts, place.start), bisect_left(starts, place.end)
        standing = [u for u in units[max(first - _BACK, 0) : first] if id(u) not in named]
        owner = _owner(scope, standing, phrase)
        after = [] if phrase.row.listed else units[behind : behind + 1]
        if owner is None or _goes_on(scope, units[first:behind], after, place):
            continue
        _name_stages(scope, owner, place)
        qualified = Qualified(phrase.row.kind, place.start, place.end, phrase.row.id)
        owner.qualifiers.append(qualified)
        named.update(map(id, units[first:behind]))
        taken.append(place)
    units[:] = [unit for unit in units if id(unit) not in named]
    return taken


def _name_stages(scope: Scope, owner: Unit, place: Region) -> None:
    """ "Grade III or IV heart failure by NYHA": a staging scale; a bare grade is severity."""
    if _STAGING.search(scope.lowered, place.start, place.end):
        for qualified in owner.qualifiers:
            qualified.kind = "stage" if qualified.value else qualified.kind


def _goes_on(scope: Scope, named: list[Unit], after: list[Unit], place: Region) -> bool:
    """Whether the concepts in the phrase begin a list, or have values: facts of their own."""
    if any(u.value or u.dose for u in named):
        return True
    if not named or not after:
        return False
    return _LISTED.fullmatch(scope.lowered, place.end, after[0].start) is not None


def _end_of_list(scope: Scope, units: list[Unit], starts: list[int], phrase: _Phrase) -> int:
    """Where a phrase ends that may hold a list: "by device readings or records"; not before "and
    hypertension", which is no way of measuring."""
    if not phrase.row.listed:
        return phrase.end
    end = phrase.end
    for unit in units[bisect_left(starts, phrase.start) :]:
        joined = _LISTED_BEFORE.search(scope.lowered, phrase.start, unit.start)
        own = unit.concept.label in phrase.row.listed and not (unit.value or unit.dose)
        if unit.start < end:
            if not own and joined:
                return joined.start()
        elif own and _ONE_MORE.fullmatch(scope.lowered, end, unit.start):
            end = unit.end
        else:
            break
    return end


def _owner(scope: Scope, before: list[Unit], phrase: _Phrase) -> Unit | None:
    """The unit right before the phrase, where such a phrase can narrow it."""
    unit = before[-1] if before else None
    if unit is None or unit.concept.label not in phrase.row.kinds:
        return None
    if not 0 <= phrase.start - unit.end <= _FAR:
        return None
    gap = gap_text(scope, unit.end, phrase.start)
    return None if len(gap) > phrase.row.reach or _BREAKS.search(gap) else unit


_BACK = 3  # units named by a phrase before that may stand between
_FAR = 160  # code points between a concept and its phrase, values and brackets included
_LISTED = re.compile(r"\s*(?:[,/]|,?\s*(?:and/or|or|and)\b)\s*(?:(?:an?|the|other)\s+)?")
_ONE_MORE = re.compile(
    rf"{_LISTED.pattern}|,?\s*(?:and/or|or|and)\s+(?!the use of\b)"
    rf"(?:(?!(?:{_STOP})\b)[\w-]+ ){{0,3}}"
)
_LISTED_BEFORE = re.compile(r",? (?:and/or|and|or) (?:\w+ )?\Z")
_STAGING = re.compile(r"\b(?:nyha|new york heart|figo|ajcc|tnm|ann arbor|gold|rutherford|killip)\b")
_SMALL = re.compile(r" (?:and/or|and|or|any|of|other|an?|the)\Z")
_SHOWN_BY = re.compile(
    r"\b(?:confirmed|proven|documented|diagnosed|determined|detected|established|shown|demonstrated)"
    r" by (?:(?:an?|the|means of) ){0,2}\Z"
)
_BREAKS = re.compile(r"[;:.]|\b(?:and|or|who|but)\b")


def shows(scope: Scope, mention: Mention) -> bool:
    """Whether a result says how something was found: "confirmed by a positive smear"."""
    if mention.value is None or mention.value.kind != "result":
        return False
    return _SHOWN_BY.search(scope.lowered, max(0, mention.start - 40), mention.start) is not None


def _phrases(scope: Scope, region: Region) -> Iterator[_Phrase]:
    """Phrases of a region, row by row, each up to the next time or value."""
    found = [*_leads().finditer(scope.lowered, region.start, region.end)]
    if not found:
        return
    leads = [match.start() for match in found]
    first = min([int(match.lastgroup[1:]) for match in found if match.lastgroup])
    stops = [m.start for m in scope.mentions if m.label in GRAMMAR_LABELS and not shows(scope, m)]
    for row, pattern, ends in _rows()[first:]:
        for match in _matches(pattern, scope.lowered, leads, region.end):
            stop = bisect_right(stops, match.start())
            end = min([match.end(), *stops[stop : stop + 1]])
            if ends is not None:
                end = _end_of_standard(scope.lowered, match.start(), end, ends)
            end = match.start() + len(_trimmed(scope.lowered[match.start() : end]))
            if end > match.start(1) or (end == match.end() and not row.words):
                yield _Phrase(match.start(), end, row)


def _trimmed(words: str) -> str:
    """A phrase without the signs and the small words at its end."""
    while True:
        shorter = _SMALL.sub("", words.rstrip(" .,;("))
        if shorter == words:
            return words
        words = shorter


def _matches(
    pattern: "re.Pattern[str]", lowered: str, leads: list[int], end: int
) -> "Iterator[re.Match[str]]":
    """What a search for the pattern would find, tried only where a phrase can begin."""
    free = 0
    for place in leads:
        match = pattern.match(lowered, place, end) if place >= free else None
        if match:
            yield match
            free = match.end()


def _end_of_standard(lowered: str, start: int, end: int, ends: "re.Pattern[str]") -> int:
    """Where a phrase ends that must come to certain words; ``start`` where it does not.

    "criteria for SLE" goes on behind its last word.
    """
    found = [match.end() for match in ends.finditer(lowered, start, end)]
    if not found:
        return start
    goes_on = lowered[found[-1] : end].startswith((" for ", " of ", " v", " version"))
    return end if goes_on else found[-1]


@cache
def _rows() -> "tuple[tuple[PhraseRow, re.Pattern[str], re.Pattern[str] | None], ...]":
    return tuple(
        (row, _pattern(row), re.compile(row.ends) if row.ends else None)
        for row in load_rows("qualifier_phrases", PhraseRow)
    )


@cache
def _leads() -> "re.Pattern[str]":
    """Where a phrase of any row can begin, and by its group the first such row; one scan instead
    of one a row."""
    leads = "|".join(f"(?P<r{place}>{row.lead})" for place, (row, _, _) in enumerate(_rows()))
    return re.compile(rf"(?<![\w-])(?=[a-z])(?={leads})")


def _pattern(row: PhraseRow) -> "re.Pattern[str]":
    stop = [word for word in _STOP.split("|") if word not in row.over]
    words = "|".join([*stop, *_BEGIN] if "and" in row.over else stop)
    tail = f"(?:{_WORD.format(stop=words)}){{1,{row.words}}}" if row.words else ""
    return re.compile(rf"(?<![\w-])(?:{row.lead})({tail})")
