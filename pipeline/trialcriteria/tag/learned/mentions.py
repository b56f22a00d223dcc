"""The learned tagger: texts in, mentions with scores out, in one set of labels."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from trialcriteria.schema import Span
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept, outermost
from trialcriteria.tag.learned.decode import Scores, Tags, best_tags, log_shares
from trialcriteria.tag.learned.kinds import kinds
from trialcriteria.tag.learned.layers import Layer, Stretch, stretches
from trialcriteria.tag.learned.network import Network
from trialcriteria.tag.learned.related import LearnedRelations
from trialcriteria.tag.learned.store import Calibration, Manifest, manifest
from trialcriteria.tag.learned.words import Word, words
from trialcriteria.view import reading_view

_LONGEST = 200
"""Words a row: the encoder's work grows with the square of a row's length."""
_STOPS = frozenset(".;")
_PRODUCT: Literal["ours"] = "ours"
_SUREST = -1e-6
# A stretch that ends so was cut off; it names nothing.
_UNFINISHED = frozenset(("of", "with", "to", "in", "for", "by", "from", "on", "or", "and", "the"))
BARREN = 0.2
"""A word that is less likely than this to be part of a concept is ruled out as one."""


class Found(NamedTuple):
    """A labelled stretch of a text; ``score`` is how likely it is right."""

    label: str
    span: Span
    score: float


class Guess(NamedTuple):
    """A stretch of a row of words, and the log odds that the network gives it, not calibrated."""

    stretch: Stretch
    odds: float


class LearnedTagger:
    """Mentions by a model folder; ``identity`` names the model in what it finds."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.manifest: Manifest = manifest(folder)
        self.identity = self.manifest.identity
        self._folder = folder
        self._network = Network(folder, threads)

    def read(self, texts: Sequence[str]) -> list[Learned]:
        """For each text its concepts in the labels of our guideline, and where it has none."""
        calibration = self.manifest.calibration.get(_PRODUCT, Calibration())
        found: list[list[LearnedConcept]] = [[] for _ in texts]
        barren: list[list[Span]] = [[] for _ in texts]
        for at, row, scores in self._scored(texts):
            layers = self._layers(scores, _PRODUCT)
            guesses = (guess for each in layers for guess in _in_layer(*each))
            guesses = (one for one in guesses if row[one.stretch.last].text not in _UNFINISHED)
            found[at] += _concepts(_found(row, guess, calibration) for guess in guesses)
            barren[at] += _barren(row, _concept_shares(layers))
        pairs = zip(found, barren, strict=True)
        return [Learned(outermost(some), tuple(none), self.identity) for some, none in pairs]

    def find(self, texts: Sequence[str], label_set: str) -> list[list[Found]]:
        """For each text its mentions in the labels of a set, in order."""
        calibration = self.manifest.calibration.get(label_set, Calibration())
        found: list[list[Found]] = [[] for _ in texts]
        for at, row, scores in self._scored(texts):
            guesses = self._in_row(scores, label_set)
            found[at] += (_found(row, guess, calibration) for guess in guesses)
        return [sorted(each, key=lambda one: (one.span, one.label)) for each in found]

    def guesses(self, rows: Sequence[Sequence[Word]], label_set: str) -> list[list[Guess]]:
        """For each row of words the stretches in the labels of a set, layer by layer."""
        return [list(self._in_row(each, label_set)) for each in self._network.scores(rows)]

    def _scored(self, texts: Sequence[str]) -> Iterator[tuple[int, list[Word], Scores]]:
        """Rows of words with the place of their text and their scores."""
        rows = [(at, row) for at, text in enumerate(texts) for row in _rows(text)]
        scored = self._network.scores([row for _, row in rows])
        return ((at, row, scores) for (at, row), scores in zip(rows, scored, strict=True))

    def _layers(self, scores: Scores, label_set: str) -> list[tuple[Layer, Scores]]:
        """Each layer of a set with its columns of the scores, as log probabilities."""
        found, place = [], 0
        for layer in self.manifest.layers:
            if layer.set == label_set:
                found.append((layer, log_shares(scores[:, place : place + layer.size])))
            place += layer.size
        return found

    def relations(self, corpus: str) -> LearnedRelations:
        """What links mentions in the kinds of a corpus; raises ModelError for one without any."""
        return LearnedRelations(self._folder, self.manifest, self._network, corpus)

    def _in_row(self, scores: Scores, label_set: str) -> Iterator[Guess]:
        for each in self._layers(scores, label_set):
            yield from _in_layer(*each)


def _concepts(found: Iterable[Found]) -> Iterator[LearnedConcept]:
    for label, span, score in found:
        if label in kinds(_PRODUCT):
            yield LearnedConcept(*span, kinds(_PRODUCT)[label], round(score, 3))


def _concept_shares(layers: Sequence[tuple[Layer, Scores]]) -> Scores:
    """How likely each word is part of a concept, in the layer where that is likeliest."""
    shares = [np.exp(logs)[:, _concept_tags(layer)].sum(axis=1) for layer, logs in layers]
    likeliest: Scores = np.maximum.reduce(shares)
    return likeliest


@cache
def _concept_tags(layer: Layer) -> list[int]:
    """The tags of labels that are kinds of concept."""
    places = (place for place, label in enumerate(layer.labels) if label in kinds(_PRODUCT))
    return [tag for place in places for tag in (2 * place + 1, 2 * place + 2)]


def _barren(row: Sequence[Word], shares: Scores) -> Iterator[Span]:
    """The words that are ruled out as parts of concepts."""
    return (word.span for word, share in zip(row, shares, strict=True) if share < BARREN)


def _found(row: Sequence[Word], guess: Guess, calibration: Calibration) -> Found:
    label, first, last = guess.stretch
    span = Span(row[first].span.start, row[last].span.end)
    return Found(label, span, calibration.score(guess.odds))


def _in_layer(layer: Layer, logs: Scores) -> Iterator[Guess]:
    tags = best_tags(logs)
    for stretch in stretches(layer, tags.tolist()):
        yield Guess(stretch, _odds(_least(logs, tags, stretch)))


def _least(logs: Scores, tags: Tags, stretch: Stretch) -> float:
    """The log probability of the least sure of the words, and of the end behind the last one."""
    places = range(stretch.first, min(stretch.last + 2, len(tags)))
    return float(min(logs[at, tags[at]] for at in places))


def _odds(log: float) -> float:
    """The log odds of a log probability."""
    bounded = min(log, _SUREST)
    return bounded - math.log(-math.expm1(bounded))


def _rows(text: str) -> Iterator[list[Word]]:
    """The words of a text in rows of bounded length, parted at ends of sentences if possible."""
    rest = words(reading_view(text))
    while len(rest) > _LONGEST:
        cut = _cut(rest)
        yield rest[:cut]
        rest = rest[cut:]
    if rest:
        yield rest


def _cut(row: Sequence[Word]) -> int:
    """How many words make a row: up to the last stop in its second half."""
    stops = range(_LONGEST, _LONGEST // 2, -1)
    return next((at for at in stops if row[at - 1].text in _STOPS), _LONGEST)
