"""A subject for a value whose measure is in no lexicon: the noun phrase before it."""

import re
from functools import cache

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.relate.biomarkers import marker_of
from trialcriteria.relate.gaps import gap_text
from trialcriteria.relate.scope import GRAMMAR_LABELS, Region, Scope
from trialcriteria.relate.tree import Unit
from trialcriteria.schema import ConceptKind, EntityLabel
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.values import DIASTOLIC, SYSTOLIC
from trialcriteria.tag.values_types import QUANTITIES

_WORDS = 6
_BREAK = re.compile(r"[,;:()\[\]\n]|\.\s")
_TOKEN = re.compile(r"[^\W_][\w'/+-]*")
_ASIDE = re.compile(
    r"(?:[(\[]|\([^()]{1,60}\)"
    r"(?:[\s:=]|\b(?:scores?|levels?|values?|of|must|should|be|is|are)\b){0,9})\s{0,4}\Z"
)
_ASIDE_REACH = 100
_AGE_INSIDE = re.compile(r"\b(age[ds]?)\b(?! range)")
_LEADS = re.compile(
    r"[\s:=,]*(?:(?:of|is|are|was|were|be|been|to|must|should|shall|will|at|a|an|the|has|have|that|which"
    r"|score|level|value)s?\b[\s:=,]*){0,6}"
)
_SCALE_WORDS = (
    "scale|subscale|score|index|questionnaire|inventory|test|examination|assessment|nrs|vas"
)
_SCORED_ON = re.compile(
    r"\W{0,3}(?:points?\W{1,3})?on (?:(?:the|a|an|their|his|her)\s{1,3})?"
    rf"(?P<name>(?:[\w/'+-]{{1,30}} ){{0,6}}(?:{_SCALE_WORDS}))s?\b"
)
# Units of what people do, not of what is measured in them.
_HABITS = re.compile(
    r"(?<!/)(?<!per )\b(?:cigarettes?|cigs?|packs?|drinks?|units? of|beverages?|cups?|glasses"
    r"|servings?|portions?|times|hours?|hrs?|minutes?|mins?|blocks?|steps?|km|kilomet|miles?|met(?:er|re)s?)\b"
)
_PHASES = frozenset({"systolic", "diastolic"})
_APART = re.compile(r"[,;:(\[]|\b(?:with|by|and|or|has|have)\b")
_GESTATION = re.compile(r"\b(?:gestation(?:al)?(?: age)?|pregnancy|amenorrh?o?ea)\b")
GESTATION = "value.gestation"
LED = "lead:subject"
PHRASE = "phrase:subject"
# What a value names without a word for it: "18 to 65 years old" no age, "hypertension (> 160/100
# mmHg)" no pressure. Such a mention stands where the value does.
IMPLIED_AGE = "implied:age"
_PRESSURES = {SYSTOLIC: "implied:systolic", DIASTOLIC: "implied:diastolic"}
IMPLIED: dict[str, tuple[ConceptKind, str]] = {
    IMPLIED_AGE: ("demographic", "age"),
    "implied:systolic": ("measurement", "systolic blood pressure"),
    "implied:diastolic": ("measurement", "diastolic blood pressure"),
}
_AGE_WORD = re.compile(r"\b(age[ds]?(?: range)?)\W*\Z")
_PHRASE_SCORE = 0.5


class WordRow(Row):
    """Words of one part in a noun phrase."""

    kind: str
    words: tuple[str, ...]


@cache
def subject_words(kind: str) -> frozenset[str]:
    """The words of one kind; see subject_words.toml."""
    rows = load_rows("subject_words", WordRow)
    return frozenset(word for row in rows if row.kind == kind for word in row.words)


def fallback_unit(scope: Scope, region: Region, orphan: Mention, units: list[Unit]) -> Unit | None:
    """A unit for an orphan value: an age, or the words right before (or after) the value."""
    value = orphan.value
    assert value is not None
    if value.kind == "age":
        start, end = _age_words(scope, region, orphan)
        source = IMPLIED_AGE if (start, end) == (orphan.start, orphan.end) else "value.age"
        concept = Mention("demographic", start, end, source, orphan.score, name="age")
        return Unit(concept, value=orphan)
    gestation = _GESTATION.search(scope.lowered, orphan.start, orphan.end)
    if gestation and value.unit_text:  # "37 weeks gestation or greater"
        return Unit(Mention("measurement", *gestation.span(), GESTATION, orphan.score), orphan)
    if names_pressure(orphan):
        source = _PRESSURES[value.source]
        return Unit(Mention("measurement", orphan.start, orphan.end, source, orphan.score), orphan)
    found = _phrase_before(scope, region, orphan, units)
    if value.kind == "result":
        marker = marker_of(scope, orphan)
        found = marker or _phrase_after(scope, region, orphan) or found
    elif found is None and value.kind in QUANTITIES:
        found = _thing_after(scope, region, orphan)
    if found is None or (value.kind == "ordinal" and _is_set_aside(scope, found, orphan)):
        return None
    label: EntityLabel = "condition" if value.kind == "ordinal" else "measurement"
    concept = Mention(label, found.start, found.end, PHRASE, _PHRASE_SCORE)
    return Unit(concept, value=orphan)


def names_pressure(value: Mention) -> bool:
    """ "> 160/100 mmHg": the values of a pair are pressures, whatever stands before them."""
    return value.source in _PRESSURES


def _is_set_aside(scope: Scope, words: Region, value: Mention) -> bool:
    """Whether the words before a level name a concept that stands aside, as an example does."""
    return any(
        m.label not in GRAMMAR_LABELS and m.start < value.start and m.end > words.start
        for m in scope.mentions
    )


def named_unit(scope: Scope, region: Region, orphan: Mention, units: list[Unit]) -> list[Unit]:
    """ "Diastolic 50-95 mm Hg, pulse 50 to 105": a measure's name right before its value."""
    if orphan.value is None or orphan.value.kind not in QUANTITIES:
        return []
    found = scored_on(scope, orphan) or _phrase_before(scope, region, orphan, units)
    unit_text = orphan.value.unit_text or ""
    if found is None:
        return []
    if found.end <= orphan.start and not _leads(scope, found.end, orphan.start):
        return []
    label: EntityLabel = "observation" if _HABITS.search(unit_text) else "measurement"
    concept = Mention(label, found.start, found.end, PHRASE, _PHRASE_SCORE)
    return [Unit(concept, value=orphan)]


def scored_on(scope: Scope, value: Mention) -> Region | None:
    """ "A score of 4 or more on the pain scale": the measure is named behind the value."""
    found = _SCORED_ON.match(scope.lowered, value.end)
    return Region(*found.span("name")) if found else None


def names_phase(scope: Scope, concept: Mention) -> bool:
    """The "systolic" of "> 160 mmHg systolic", which says what blood pressure was measured."""
    return scope.lowered[concept.start : concept.end] in _PHASES


def names_measure(scope: Scope, unit: Unit, value: Mention, *, alone: bool) -> Region | None:
    """The noun phrase between a unit and a value where the value is the phrase's own.

    "MRI with a lesion volume of 70 mL": the volume is measured. A phrase whose last word is no
    measure belongs to a measure before it ("diffusion capacity of the lung >= 60 %"), and is
    itself one behind anything else ("renal failure (clearance < 60 mL/min)") where it is ``alone``:
    no measure waits for the value.
    """
    found = _phrase_before(scope, Region(unit.end, value.start), value, [unit])
    words = scope.lowered[found.start : found.end].split() if found else []
    if found is None or subject_words("dose").intersection(words):
        return None
    if words[-1] not in subject_words("measure"):
        apart = _APART.search(gap_text(scope, unit.end, found.start)) is not None
        other = unit.concept.label not in {"measurement", "drug"}
        return found if alone and apart and other else None
    says_more = set(words) - subject_words("measure") - subject_words("overall")
    return found if says_more or unit.concept.label != "measurement" else None


def _leads(scope: Scope, start: int, end: int) -> bool:
    """Whether only "of", "is", "must be" and the like stand between a phrase and its value."""
    return _LEADS.fullmatch(scope.lowered, start, end) is not None


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
        + [_end_of_grammar(scope, orphan.start)]
    )
    end = _before_aside(scope, floor, orphan.start)
    for cut in _BREAK.finditer(scope.view, floor, end):
        floor = cut.end()
    tokens = list(_TOKEN.finditer(scope.view, floor, end))
    tail = _content_tail(tokens)
    return Region(tail[0].start(), tail[-1].end()) if tail else None


def _end_of_grammar(scope: Scope, place: int) -> int:
    """Where the last value or time before a place ends."""
    before = reversed(scope.mentions_before(place))
    return next((m.end for m in before if m.label in GRAMMAR_LABELS), 0)


def _start_of_grammar(scope: Scope, place: int) -> int:
    """Where the next value or time begins, or the text ends."""
    behind = scope.mentions_from(place)
    return next((m.start for m in behind if m.label in GRAMMAR_LABELS), len(scope.view))


def _before_aside(scope: Scope, floor: int, end: int) -> int:
    """ "Gait speed (< 1 m/s)", "ejection fraction (EF) < 40 %": the measure is named in front."""
    aside = _ASIDE.search(scope.view, max(floor, end - _ASIDE_REACH), end)
    return aside.start() if aside else end


def _phrase_after(scope: Scope, region: Region, orphan: Mention) -> Region | None:
    """ "positive <words> of <words>": the noun phrase a leading result describes."""
    end = min(region.end, _start_of_grammar(scope, orphan.end))
    cut = _BREAK.search(scope.view, orphan.end, min(end + 1, region.end))
    end = min(cut.start(), end) if cut else end
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(scope.view, orphan.end, end):
        if token.group().lower() in subject_words("stop") - {"of", "for"}:
            break
        run.append(token)
    while run and run[0].group().lower() in {"of", "for"}:
        run = run[1:]
    while run and run[-1].group().lower() in {"of", "for"}:
        run = run[:-1]
    return Region(run[0].start(), run[-1].end()) if run else None


def _thing_after(scope: Scope, region: Region, orphan: Mention) -> Region | None:
    """ ">= 5 ppm CO in breath": the noun phrase right behind a value that nothing leads to."""
    assert orphan.value is not None
    found = _phrase_after(scope, region, orphan) if orphan.value.unit_text else None
    if found is None or scope.view[orphan.end : found.start].strip():
        return None
    words = scope.lowered[found.start : found.end].split()
    return found if len(words) <= _WORDS and words[0].replace("-", "").isalpha() else None


def _content_tail(tokens: "list[re.Match[str]]") -> "list[re.Match[str]]":
    """The last run of content words, generic nouns such as "score" allowed at its end."""
    while tokens and tokens[-1].group().lower() in subject_words("stop") - subject_words("tail"):
        tokens = tokens[:-1]
    run: list[re.Match[str]] = []
    for token in reversed(tokens):
        word = token.group().lower()
        if len(run) == _WORDS or (
            word in subject_words("stop") and not (word in subject_words("tail") and not run)
        ):
            break
        run.insert(0, token)
    if run and all(t.group().lower() in subject_words("tail") for t in run):
        return []
    return run
