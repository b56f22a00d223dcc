"""Negation, uncertainty and experiencer by medspaCy ConText, with our own rules.

ConText: Harkema 2009, 10.1016/j.jbi.2009.05.002. spaCy objects do not leave this module.
"""

import re
import sys
import warnings
from collections.abc import Iterator, Sequence
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
    from medspacy.context import ConText
    from spacy.language import Language
    from spacy.tokens import Doc, Span

_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"\w")
_INSIDE = 2**64 - 1  # spaCy's -1: no sentence starts here
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


def find_modifiers(text: str, targets: Sequence[tuple[int, int]]) -> list[Modifier]:
    """Cues that modify the target spans of one statement, read as one sentence."""
    if not targets:
        return []
    nlp, context = _pipeline()
    doc = nlp.make_doc(text)
    _make_one_sentence(doc)
    spans = _spans(doc, targets)
    doc.spans["targets"] = list(spans.values())
    with warnings.catch_warnings():
        # medspaCy runs its regex matcher even where no rule is a regex.
        warnings.filterwarnings("ignore", message=r"\[W036\]")
        context(doc)
    index_of = {span.start: index for index, span in reversed(spans.items())}
    found = []
    for target, cue in doc._.context_graph.edges:
        words = doc[cue.modifier_span[0] : cue.modifier_span[1]]
        place = index_of[target.start]
        found.append(Modifier(place, words.start_char, words.end_char, cue.category))
    return found


def _make_one_sentence(doc: "Doc") -> None:
    """At once, because setting a token's mark looks at all tokens each time."""
    import numpy  # noqa: PLC0415

    starts = numpy.full(len(doc), _INSIDE, dtype=numpy.uint64)
    starts[0] = 1
    doc.from_array(["SENT_START"], starts)  # type: ignore[arg-type]


def _spans(doc: "Doc", targets: Sequence[tuple[int, int]]) -> "dict[int, Span]":
    """Target index -> spaCy span over the tokens it touches."""
    spans = {
        index: doc.char_span(start, end, label="TARGET", alignment_mode="expand")
        for index, (start, end) in enumerate(targets)
    }
    return {index: span for index, span in spans.items() if span is not None}


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
    """Where cues stand: a cheap test that spares ConText every statement without one."""
    cues = _cues_by_word()
    placed = words_of(lowered)
    begins = map(cues.__contains__, placed.words)
    return [
        CuePlace(start, start + len(cue), direction)
        for word, start in compress(zip(placed.words, placed.starts, strict=True), begins)
        for cue, direction in cues[word]
        if lowered.startswith(cue, start) and not _JOINED.match(lowered, start + len(cue))
    ]


@cache
def _cues_by_word() -> dict[str, list[tuple[str, str]]]:
    """The cues that modify, with their directions, by their first word."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in _rows():
        if row.direction not in _PLAIN_DIRECTIONS:
            for cue in row.words:
                found.setdefault(_WORD.findall(cue)[0], []).append((cue, row.direction))
    return found


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
def _pipeline() -> "tuple[Language, ConText]":
    with _without_umls_lookup():
        from medspacy.context import ConText, ConTextRule  # noqa: PLC0415

    nlp = english()
    context = ConText(
        nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name="targets"
    )
    context.add(
        [
            ConTextRule(
                literal=word,
                category=row.category,
                direction=_PLAIN_DIRECTIONS.get(row.direction, row.direction).upper(),
            )
            for row in _rows()
            for word in row.words
        ]
    )
    return nlp, context
