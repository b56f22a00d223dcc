"""The learned tagger: texts in, mentions with scores out, in one set of labels."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from trialcriteria.schema import Span
from trialcriteria.tag.learned.concepts import BarrenWord, Learned, LearnedConcept, outermost
from trialcriteria.tag.learned.decode import Scores
from trialcriteria.tag.learned.guesses import Guess, LayerShares, in_rows, layer_shares
from trialcriteria.tag.learned.kinds import kinds
from trialcriteria.tag.learned.layers import Layer
from trialcriteria.tag.learned.network import Network
from trialcriteria.tag.learned.related import LearnedRelations
from trialcriteria.tag.learned.store import Calibration, Manifest, manifest
from trialcriteria.tag.learned.words import Word, words
from trialcriteria.view import reading_view

_LONGEST = 200
"""Words a row: the encoder's work grows with the square of a row's length."""
_STOPS = frozenset(".;")
_PRODUCT: Literal["ours"] = "ours"
# A stretch that ends so was cut off; it names nothing.
_UNFINISHED = frozenset(("of", "with", "to", "in", "for", "by", "from", "on", "or", "and", "the"))
BARREN = 0.2
"""A word that is less likely than this to be part of a concept is ruled out as one."""


class Found(NamedTuple):
    """A labelled stretch of a text; ``score`` is how likely it is right."""

    label: str
    span: Span
    score: float


class _Row(NamedTuple):
    """Words that the network reads together, and the place of the text that they are of."""

    text: int
    words: list[Word]


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
        barren: list[list[BarrenWord]] = [[] for _ in texts]
        rows, scores = self._scored(texts)
        layers = self._layers(scores, _PRODUCT)
        barren_words = _barren_words(layers)
        for row, guesses, none in zip(rows, in_rows(layers), barren_words, strict=True):
            whole = (one for one in guesses if not _is_cut_off(row.words, one))
            found[row.text] += _concepts(_found(row.words, one, calibration) for one in whole)
            barren[row.text] += [BarrenWord(*row.words[at].span, share) for at, share in none]
        pairs = zip(found, barren, strict=True)
        return [Learned(outermost(some), tuple(none), self.identity) for some, none in pairs]

    def find(self, texts: Sequence[str], label_set: str) -> list[list[Found]]:
        """For each text its mentions in the labels of a set, in order."""
        calibration = self.manifest.calibration.get(label_set, Calibration())
        found: list[list[Found]] = [[] for _ in texts]
        rows, scores = self._scored(texts)
        for row, guesses in zip(rows, in_rows(self._layers(scores, label_set)), strict=True):
            found[row.text] += (_found(row.words, one, calibration) for one in guesses)
        return [sorted(each, key=lambda one: (one.span, one.label)) for each in found]

    def guesses(self, rows: Sequence[Sequence[Word]], label_set: str) -> list[list[Guess]]:
        """For each row of words the stretches in the labels of a set, layer by layer."""
        return in_rows(self._layers(self._network.scores(rows), label_set))

    def _scored(self, texts: Sequence[str]) -> tuple[list[_Row], list[Scores]]:
        """Rows of words of the texts, and the scores of each."""
        rows = [_Row(at, row) for at, text in enumerate(texts) for row in _rows(text)]
        return rows, self._network.scores([row.words for row in rows])

    def _layers(self, scores: Sequence[Scores], label_set: str) -> list[LayerShares]:
        """Each layer of a set with its columns of the rows' scores."""
        found, place = [], 0
        for layer in self.manifest.layers:
            if layer.set == label_set:
                columns = slice(place, place + layer.size)
                found.append(layer_shares(layer, [row[:, columns] for row in scores]))
            place += layer.size
        return found

    def relations(self, corpus: str) -> LearnedRelations:
        """What links mentions in the kinds of a corpus; raises ModelError for one without any."""
        return LearnedRelations(self._folder, self.manifest, self._network, corpus)


def _is_cut_off(row: Sequence[Word], guess: Guess) -> bool:
    return row[guess.stretch.last].text in _UNFINISHED


def _concepts(found: Iterable[Found]) -> Iterator[LearnedConcept]:
    for label, span, score in found:
        if label in kinds(_PRODUCT):
            yield LearnedConcept(*span, kinds(_PRODUCT)[label], round(score, 3))


def _barren_words(layers: Sequence[LayerShares]) -> list[list[tuple[int, float]]]:
    """For each row the places of the words that are ruled out as parts of concepts.

    A word is as likely a part of one as in the layer where that is likeliest; that share is given.
    """
    shares = [np.exp(each.logs)[:, _concept_tags(each.layer)].sum(axis=1) for each in layers]
    likeliest = np.maximum.reduce(shares).tolist()
    return [
        [(at, round(share, 3)) for at, share in enumerate(likeliest[start:end]) if share < BARREN]
        for start, end in pairwise(layers[0].bounds)
    ]


@cache
def _concept_tags(layer: Layer) -> list[int]:
    """The tags of labels that are kinds of concept."""
    places = (place for place, label in enumerate(layer.labels) if label in kinds(_PRODUCT))
    return [tag for place in places for tag in (2 * place + 1, 2 * place + 2)]


def _found(row: Sequence[Word], guess: Guess, calibration: Calibration) -> Found:
    label, first, last = guess.stretch
    span = Span(row[first].span.start, row[last].span.end)
    return Found(label, span, calibration.score(guess.odds))


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
