"""A subject for a value whose measure is in no lexicon: the noun phrase before it."""

import re
from functools import cache

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.relate.scope import GRAMMAR_LABELS, Region, Scope
from trialcriteria.relate.tree import Unit
from trialcriteria.schema import EntityLabel
from trialcriteria.tag.mentions import Mention

_WORDS = 6
_BREAK = re.compile(r"[,;:()\[\]\n]|\.\s")
_TOKEN = re.compile(r"[^\W_][\w'/+-]*")
_ASIDE = re.compile(
    r"(?:[(\[]|\([^()]{1,60}\)"
    r"(?:[\s:=]|\b(?:scores?|levels?|values?|of|must|should|be|is|are)\b){0,9})\s{0,4}\Z"
)
_ASIDE_REACH = 100
_AGE_INSIDE = re.compile(r"\b(age[ds]?)\b(?! range)")
LED = "lead:subject"
IMPLIED = (
    "implied:age"  # "18 to 65 years old" names no age; the mention stands where the value does
)
LED_KINDS = frozenset({"quantity", "ratio_to_normal"})
_AGE_WORD = re.compile(r"\b(age[ds]?(?: range)?)\W*\Z")
_PHRASE_SCORE = 0.5


class WordRow(Row):
    """Words of one part in a noun phrase."""

    kind: str
    words: tuple[str, ...]


@cache
def _words(kind: str) -> frozenset[str]:
    rows = load_rows("subject_words", WordRow)
    return frozenset(word for row in rows if row.kind == kind for word in row.words)


def fallback_unit(scope: Scope, region: Region, orphan: Mention, units: list[Unit]) -> Unit | None:
    """A unit for an orphan value: an age, or the words right before (or after) the value."""
    value = orphan.value
    assert value is not None
    if value.kind == "age":
        start, end = _age_words(scope, region, orphan)
        source = IMPLIED if (start, end) == (orphan.start, orphan.end) else "value.age"
        concept = Mention("demographic", start, end, source, orphan.score, name="age")
        return Unit(concept, value=orphan)
    found = _phrase_before(scope, region, orphan, units)
    if value.kind == "result":
        found = _phrase_after(scope, region, orphan) or found
    if found is None:
        return None
    label: EntityLabel = "condition" if value.kind == "ordinal" else "measurement"
    concept = Mention(label, found.start, found.end, "phrase:subject", _PHRASE_SCORE)
    return Unit(concept, value=orphan)


def named_unit(scope: Scope, region: Region, orphan: Mention, units: list[Unit]) -> list[Unit]:
    """ "Diastolic 50-95 mm Hg, pulse 50 to 105": a measure's name right before its value."""
    if orphan.value is None or orphan.value.kind not in LED_KINDS:
        return []
    found = _phrase_before(scope, region, orphan, units)
    if found is None or scope.lowered[found.end : orphan.start].strip() not in {"", "of", "is"}:
        return []
    concept = Mention("measurement", found.start, found.end, "phrase:subject", _PHRASE_SCORE)
    return [Unit(concept, value=orphan)]


def _age_words(scope: Scope, region: Region, orphan: Mention) -> tuple[int, int]:
    """Where "age" or "aged" stands, before the value or in it; else the value's own words."""
    before = _AGE_WORD.search(scope.lowered, max(region.start, orphan.start - 20), orphan.start)
    named = before or _AGE_INSIDE.search(scope.lowered, orphan.start, orphan.end)
    return named.span(1) if named else (orphan.start, orphan.end)


def led_unit(orphan: Mention) -> Unit:
    """A unit whose subject the lead-in names ("Hemoglobin:" above "- >= 9 g/dL for women")."""
    concept = Mention("measurement", orphan.start, orphan.end, LED, orphan.score)
    return Unit(concept, value=orphan)


def _phrase_before(
    scope: Scope, region: Region, orphan: Mention, units: list[Unit]
) -> Region | None:
    floor = max(
        [region.start]
        + [u.end for u in units if u.end <= orphan.start]
        + [m.end for m in scope.mentions if m.label in GRAMMAR_LABELS and m.end <= orphan.start]
    )
    end = _before_aside(scope, floor, orphan.start)
    for cut in _BREAK.finditer(scope.view, floor, end):
        floor = cut.end()
    tokens = list(_TOKEN.finditer(scope.view, floor, end))
    tail = _content_tail(tokens)
    return Region(tail[0].start(), tail[-1].end()) if tail else None


def _before_aside(scope: Scope, floor: int, end: int) -> int:
    """ "Gait speed (< 1 m/s)", "ejection fraction (EF) < 40 %": the measure is named in front."""
    aside = _ASIDE.search(scope.view, max(floor, end - _ASIDE_REACH), end)
    return aside.start() if aside else end


def _phrase_after(scope: Scope, region: Region, orphan: Mention) -> Region | None:
    """ "positive <words> of <words>": the noun phrase a leading result describes."""
    cut = _BREAK.search(scope.view, orphan.end, region.end)
    end = min([cut.start() if cut else region.end, *_mention_starts(scope, orphan.end)])
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(scope.view, orphan.end, end):
        if token.group().lower() in _words("stop") - {"of", "for"}:
            break
        run.append(token)
    while run and run[0].group().lower() in {"of", "for"}:
        run = run[1:]
    while run and run[-1].group().lower() in {"of", "for"}:
        run = run[:-1]
    return Region(run[0].start(), run[-1].end()) if run else None


def _mention_starts(scope: Scope, place: int) -> list[int]:
    return [m.start for m in scope.mentions if m.start >= place and m.label in GRAMMAR_LABELS]


def _content_tail(tokens: "list[re.Match[str]]") -> "list[re.Match[str]]":
    """The last run of content words, generic nouns such as "score" allowed at its end."""
    while tokens and tokens[-1].group().lower() in _words("stop") - _words("tail"):
        tokens = tokens[:-1]
    run: list[re.Match[str]] = []
    for token in reversed(tokens):
        word = token.group().lower()
        if len(run) == _WORDS or (
            word in _words("stop") and not (word in _words("tail") and not run)
        ):
            break
        run.insert(0, token)
    if run and all(t.group().lower() in _words("tail") for t in run):
        return []
    return run
