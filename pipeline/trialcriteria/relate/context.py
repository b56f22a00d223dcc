"""Negation, uncertainty and experiencer by medspaCy ConText, with our own rules.

ConText: Harkema 2009, 10.1016/j.jbi.2009.05.002. spaCy objects do not leave this module.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import compress
from types import ModuleType
from typing import TYPE_CHECKING, Literal, NamedTuple

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.tag.cues import words_of
from trialcriteria.tag.spacy_words import english

if TYPE_CHECKING:
    from medspacy.context import ConTextRule
    from medspacy.context.context_modifier import ConTextModifier
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

_WORD = re.compile(r"\w+")
_PLAIN_DIRECTIONS = {"pseudo": "PSEUDO", "terminate": "TERMINATE"}


class ContextRow(Row):
    """Cue words of one ConText category and direction."""

    category: str
    direction: Literal["forward", "backward", "both", "pseudo", "terminate"]
    words: tuple[str, ...]


class Modifier(NamedTuple):
    """A cue ``[start, end)`` that modifies the target with this index, and its category."""

    target: int
    start: int
    end: int
    category: str


class _Target(NamedTuple):
    """Tokens ``[start, end)`` that a cue may modify: as much of a spaCy span as ConText reads."""

    start: int
    end: int
    label_: str = "TARGET"


def find_modifiers(text: str, targets: Sequence[tuple[int, int]]) -> list[Modifier]:
    """Cues that modify the target spans of one statement, read as one sentence."""
    words = english().make_doc(text)
    cues = _cues(words)
    if not cues:
        return []
    from medspacy.context.context_graph import ConTextGraph  # noqa: PLC0415

    placed = _placed(words, targets)
    graph = ConTextGraph(list(placed.values()), cues)
    graph.update_scopes()
    graph.apply_modifiers()
    index_of = {target.start: index for index, target in reversed(placed.items())}
    found = []
    for target, cue in graph.edges:
        start, end = cue.modifier_span
        last = words[end - 1]
        place = index_of[target.start]
        found.append(Modifier(place, words[start].idx, last.idx + len(last), cue.category))
    return found


def _placed(words: "Doc", targets: Sequence[tuple[int, int]]) -> dict[int, _Target]:
    """Target index -> the tokens it touches."""
    spans = [words.char_span(start, end, alignment_mode="expand") for start, end in targets]
    return {
        index: _Target(span.start, span.end) for index, span in enumerate(spans) if span is not None
    }


def _cues(words: "Doc") -> "list[ConTextModifier]":
    """The cues of a sentence, of overlapping ones the longest, each with its scope.

    What medspaCy's own component does beside goes through every token several times: it marks
    sentences, matches patterns and expressions, of which there are none, and writes to the spans.
    """
    matcher, rules = _matcher()
    matches = matcher(words)
    if not matches:
        return []
    from medspacy.common.util import prune_overlapping_matches  # noqa: PLC0415
    from medspacy.context.context_modifier import ConTextModifier  # noqa: PLC0415

    return [
        ConTextModifier(rules[key], start, end, words, *_scope(rules[key], start, end, len(words)))
        for key, start, end in prune_overlapping_matches(matches)
    ]


def _scope(rule: "ConTextRule", start: int, end: int, size: int) -> tuple[int, int]:
    """The tokens that a cue reaches where no other cue is in the way."""
    if rule.direction == "FORWARD":
        return end, size
    return 0, start if rule.direction == "BACKWARD" else size


@cache
def _rows() -> tuple[ContextRow, ...]:
    return load_rows("context", ContextRow)


class CuePlace(NamedTuple):
    """Words ``[start, end)`` that a rule of this direction knows."""

    start: int
    end: int
    direction: str

    def may_reach(self, first: int, last: int) -> bool:
        """Whether there may be a target: the first begins, the last ends at these places."""
        ahead = self.direction != "backward" and self.end < last
        return ahead or (self.direction != "forward" and first < self.start)


def cue_places(lowered: str) -> list[CuePlace]:
    """Where cues stand: a cheap test that spares ConText every statement without one.

    Of several of one direction at a place the shortest, which leaves most room for a target.
    """
    return _places(lowered, _cues_by_word(plain=False))


def plain_places(lowered: str) -> list[CuePlace]:
    """Where words stand that modify nothing: as a whole no cue ("not recovered from"), or ends.

    Of several of one direction at a place the longest.
    """
    return _places(lowered, _cues_by_word(plain=True))


def _places(
    lowered: str, cues: "Mapping[str, list[tuple[str, re.Pattern[str]]]]"
) -> list[CuePlace]:
    placed = words_of(lowered)
    begins = map(cues.__contains__, placed.words)
    return [
        CuePlace(*cue.span(), direction)
        for word, start in compress(zip(placed.words, placed.starts, strict=True), begins)
        for direction, pattern in cues[word]
        if (cue := pattern.match(lowered, start))
    ]


@cache
def _cues_by_word(*, plain: bool) -> "dict[str, list[tuple[str, re.Pattern[str]]]]":
    """By the first word of cues that modify, or do not: their directions, and what finds them."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in _rows():
        if (row.direction in _PLAIN_DIRECTIONS) == plain:
            for cue in row.words:
                directions = found.setdefault(_WORD.findall(cue)[0], {})
                directions.setdefault(row.direction, []).append(cue)
    return {
        word: [
            (direction, _first_of(sorted(cues, key=len, reverse=plain)))
            for direction, cues in directions.items()
        ]
        for word, directions in found.items()
    }


def _first_of(cues: "Iterable[str]") -> "re.Pattern[str]":
    return re.compile(rf"(?:{'|'.join(map(re.escape, cues))})(?!\w)")


@contextmanager
def _without_umls_lookup() -> Iterator[None]:
    """Lets medspaCy import without QuickUMLS.

    medspaCy imports it for a dictionary look-up that is not used here, and with it NLTK, SciPy
    and scikit-learn: more than half of the program's start. A QuickUMLS or medspaCy that the
    calling program has imported itself is left alone.
    """
    absent = "quickumls" not in sys.modules and "medspacy" not in sys.modules
    if absent:
        stand_in = ModuleType("quickumls")
        vars(stand_in)["spacy_component"] = None
        sys.modules["quickumls"] = stand_in
    try:
        yield
    finally:
        if absent:
            del sys.modules["quickumls"]


@cache
def _matcher() -> "tuple[PhraseMatcher, dict[int, ConTextRule]]":
    """What finds the cues, and the rule of each by the key of a match."""
    from spacy.matcher import PhraseMatcher  # noqa: PLC0415

    with _without_umls_lookup():
        from medspacy.context import ConTextRule  # noqa: PLC0415

    nlp = english()
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    rules = {}
    for row in _rows():
        direction = _PLAIN_DIRECTIONS.get(row.direction, row.direction).upper()
        for word in row.words:
            rule = ConTextRule(word, row.category, direction=direction)
            rules[nlp.vocab.strings.add(word)] = rule
            matcher.add(word, [nlp.make_doc(word)])
    return matcher, rules
