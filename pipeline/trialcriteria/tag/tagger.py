"""Criterion text -> mentions, by grammars and lexicons."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from trialcriteria.schema import ConceptKind, EntityLabel, Span
from trialcriteria.tag.abbreviations import find_short_forms
from trialcriteria.tag.abilities import with_abilities
from trialcriteria.tag.concepts import ConceptMention, find_concepts
from trialcriteria.tag.cues import qualifier_rows
from trialcriteria.tag.extend import extended, is_compound
from trialcriteria.tag.frames import with_frames
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept
from trialcriteria.tag.learned.policy import reconciled
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.merge import merge
from trialcriteria.tag.numbers import WORD_NUMBER
from trialcriteria.tag.shared import with_shared_words
from trialcriteria.tag.time import CountParts, TimeMention, find_times
from trialcriteria.tag.trials import with_trials
from trialcriteria.tag.values import ValueMention, find_values
from trialcriteria.tag.values_named import with_names
from trialcriteria.view import lower_view

_COUNTED = frozenset(("condition", "procedure", "drug", "device"))
_PLURAL = re.compile(r"(?<![sui'])(?<!ascite)(?<!diabete)(?<!herpe)s\Z")
_NUMBER = re.compile(
    rf"(?<![\w.])(\d{{1,2}}|{WORD_NUMBER})(?:\)|\sor\smore)?\s(?:[\w-]+\s){{0,5}}\Z"
)
_NEAR = 60  # code points between a number and what is counted
_GRAMMAR_SCORE = 0.95
_LEXICON_SCORE = 0.9
_HEAD_WORD_SCORE = 0.6
_ASIDE = re.compile(r"(?<=\w)\s+\([A-Z][\w-]*\)\s+(?=\w)")
_INSTITUTION = re.compile(
    r" (?:(?:Care|Clinical|Comprehensive|Cooperative|Research|Treatment) )?"
    r"(?:Alliance|Association|Cent(?:er|re)|Clinic|Consortium|Federation|Foundation|Hospital|Institute"
    r"|League|Network|Societ(?:y|ies)|University)s?\b"
)
_TITER = "curated:titer"
_OPENING = re.compile(r"\s{0,2}\(\s?\Z")
_BLANK = re.compile(r"(?:[\s:,=]|\bof\b|\bis\b){0,4}")


def tag(
    view: str, short_forms: Mapping[str, tuple[ConceptKind, str]], learned: Learned | None = None
) -> tuple[Mention, ...]:
    """Mentions in one criterion's reading view, in order, none overlapping another.

    ``short_forms`` are the abbreviations the posting itself defines, with the kind and name of
    their long form; ``learned`` is what a learned tagger found.
    """
    merged = with_trials(view, merge(view, _all_mentions(view, short_forms, learned)))
    merged = with_frames(view, merged)
    return with_abilities(view, with_shared_words(view, merged))


def _all_mentions(
    view: str, short_forms: Mapping[str, tuple[ConceptKind, str]], learned: Learned | None
) -> Iterator[Mention]:
    lowered = lower_view(view)
    named = find_concepts(view)
    concepts = [*named, *_outside(named, find_short_forms(view, short_forms))]
    if learned is not None:
        concepts, wider = reconciled(lowered, concepts, learned)
        yield from (from_learned(view, one, learned.source) for one in wider)
    measures = {c.end: Span(c.start, c.end) for c in concepts if c.kind == "measurement"}
    values = [*with_names(view, find_values(view), measures)]
    names = _names(concepts) if any(value.kind == "ordinal" for value in values) else {}
    wholes = _Wholes(concepts)
    for value in values:
        if not (value.kind == "result" and wholes.holds(value.start, value.end)):
            yield _from_value(_behind_name(view, value, names))
    places = [(found.start, found.end) for found in concepts]
    counted = [(found.start, found.end) for found in concepts if _may_be_counted(lowered, found)]
    for time in find_times(view, places, counted):
        yield _from_time(time)
    for found in concepts:
        is_adjective = len(concepts) > 1 and lowered[found.start : found.end] in qualifier_rows()
        part = is_compound(found, lowered) or _is_of_institution(view, found)
        if found.source == _TITER:
            yield from _titer_of(view, found, measures)
        elif not (is_adjective or part):
            yield _around_aside(view, _from_concept(extended(found, lowered)))


def _may_be_counted(lowered: str, found: ConceptMention) -> bool:
    """ "At least 2 oral antidiabetics", "> 1 biologic": a noun with a fitting number before it."""
    if found.kind not in _COUNTED:
        return False
    number = _NUMBER.search(lowered, max(found.start - _NEAR, 0), found.start)
    plural = number and _PLURAL.search(lowered, found.start, found.end)
    return bool(plural) or (number is not None and number[1] in ("1", "one"))


def _is_of_institution(view: str, found: ConceptMention) -> bool:
    """The "Cancer" of "National Cancer Institute"."""
    return view[found.start].isupper() and _INSTITUTION.match(view, found.end) is not None


def _titer_of(view: str, found: ConceptMention, owners: Mapping[int, Span]) -> Iterator[Mention]:
    """ "ANA titer" is one measure; the titer of "ANA positive (titer > 1:80)" is another.

    ``owners``: the measures by where their names end.
    """
    before = _OPENING.search(view, max(found.start - _NEAR, 0), found.start)
    owner = owners.get(before.start()) if before else None
    if owner:
        yield _from_concept(found)._replace(shared=owner)


class _Wholes:
    """Names that hold a "positive" of their own ("HIV-positive"; "combined positive score")."""

    def __init__(self, concepts: Iterable[ConceptMention]) -> None:
        # a result at the end of a measure's name is its value
        named = sorted((c.start, c.end - (c.kind == "measurement")) for c in concepts)
        self._starts = [start for start, _ in named]
        self._reaches = [*accumulate((end for _, end in named), max)]

    def holds(self, start: int, end: int) -> bool:
        """Whether a name begins before ``start`` and goes on to ``end`` at least."""
        before = bisect_left(self._starts, start)
        return before > 0 and end <= self._reaches[before - 1]


def _outside(
    named: list[ConceptMention], short: Iterable[ConceptMention]
) -> Iterator[ConceptMention]:
    """The abbreviations that stand inside no concept."""
    starts = [found.start for found in named]
    for found in short:
        at = bisect_left(starts, found.start) - 1
        if at < 0 or named[at].end <= found.end:
            yield found


def _from_value(found: ValueMention) -> Mention:
    label: EntityLabel = "dose" if found.kind == "dose" else "value"
    return Mention(label, found.start, found.end, found.source, _GRAMMAR_SCORE, value=found)


def _names(concepts: list[ConceptMention]) -> dict[int, int]:
    """For each place inside a measure's name, where the name ends."""
    tests = (c for c in concepts if c.kind == "measurement")
    return {at: c.end for c in tests for at in range(c.start + 1, c.end)}


def _behind_name(view: str, value: ValueMention, names: Mapping[int, int]) -> ValueMention:
    """The levels alone where the scale's word is the measure's own ("NYHA class III")."""
    if value.kind != "ordinal":
        return value
    end = names.get(value.start, value.end)
    if end >= value.end:
        return value
    blank = _BLANK.match(view, end)
    return value._replace(start=blank.end() if blank else end)


def _from_time(found: TimeMention) -> Mention:
    return Mention(
        found.kind, found.start, found.end, found.source, _GRAMMAR_SCORE, time=found,
        shared=_far_rate(found),
    )  # fmt: skip


def _far_rate(found: TimeMention) -> Span | None:
    """The "per month" of "4 headache days per month", where the noun parts it from the number."""
    rate = found.parts.rate if isinstance(found.parts, CountParts) else None
    return Span(rate.start, rate.end) if rate and rate.start >= found.end else None


def _from_concept(found: ConceptMention) -> Mention:
    score = _HEAD_WORD_SCORE if found.source.startswith("head:") else _LEXICON_SCORE
    return Mention(
        found.kind, found.start, found.end, found.source, score,
        name=found.name, doubt=found.doubt,
    )  # fmt: skip


def from_learned(view: str, found: LearnedConcept, source: str) -> Mention:
    """A concept of a reading view as ``source``, a tagger, sees it."""
    kind, start, end, score = found.kind, found.start, found.end, found.score
    return Mention(kind, start, end, source, score, name=view[start:end].lower())


def _around_aside(view: str, mention: Mention) -> Mention:
    """The concept without an abbreviation in brackets among its words.

    What is measured keeps the end next to its value, any other concept its beginning.
    """
    if view.find("(", mention.start, mention.end) < 0:
        return mention
    aside = _ASIDE.search(view, mention.start, mention.end)
    if aside is None:
        return mention
    first, last = Span(mention.start, aside.start()), Span(aside.end(), mention.end)
    own, shared = (last, first) if mention.label == "measurement" else (first, last)
    return mention._replace(start=own.start, end=own.end, shared=shared)
