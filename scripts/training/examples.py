"""Lines as what the networks learn from: pieces, tags of each layer, kinds of each pair."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from training.config import Fitting
from training.data import (
    CORPORA,
    OURS,
    Line,
    corpus_lines,
    documents,
    layers,
    our_lines,
    relation_set,
)
from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.tag.learned.layers import Layer, tagged
from trialcriteria.tag.learned.pairs import RelationSet
from trialcriteria.tag.learned.pieces import Pieces, Vocabulary

IGNORED = -100
"""The tag of a word in a layer of another set."""


class Pairs(NamedTuple):
    """The mentions of a line as the relation head takes them, and the kind of each pair."""

    set: str
    firsts: list[int]
    lasts: list[int]
    labels: list[int]
    heads: list[int]
    tails: list[int]
    kinds: list[int]


Shares = npt.NDArray[np.float16]
"""Words x tags: how likely a teacher finds each tag of a layer."""


class Example(NamedTuple):
    """A line: its pieces, its tags in every layer, its pairs (None where there is none).

    A line without gold has the shares of teachers instead, by the place of their layer.
    """

    pieces: Pieces
    tags: list[list[int]]
    pairs: Pairs | None
    shares: Mapping[int, Shares] = MappingProxyType({})


class Material(NamedTuple):
    """All lines of the training split, and what their tags and kinds mean."""

    layers: tuple[Layer, ...]
    relations: dict[str, RelationSet]
    examples: list[Example]


def material(data: Path, fitting: Fitting, vocabulary: Vocabulary) -> Material:
    """The training split of the corpora under ``data``, and our own gold."""
    found = {name: documents(data / "corpora", name, "train") for name in CORPORA}
    found = {name: each for name, each in found.items() if name in fitting.corpora}
    lines = [line for name, each in found.items() for line in corpus_lines(name, each)]
    if OURS in fitting.corpora:
        lines += our_lines([data])
    sets = layers(fitting.corpora)
    related = {
        name: relation_set(name, each)
        for name, each in found.items()
        if fitting.relation_weight and any(document.links for document in each)
    }
    links = {name: _links(each, related[name]) for name, each in found.items() if name in related}
    cut = vocabulary.pieces([line.words for line in lines])
    examples = [
        Example(pieces, _tags(line, sets), _pairs(line, related, links))
        for line, pieces in zip(lines, cut, strict=True)
    ]
    return Material(sets, related, examples)


def _tags(line: Line, sets: Sequence[Layer]) -> list[list[int]]:
    own = [layer for layer in sets if layer.set == line.set]
    rows = iter(tagged(own, line.stretches, len(line.words)))
    return [next(rows) if layer in own else [IGNORED] * len(line.words) for layer in sets]


Links = Mapping[tuple[object, ...], int]


def _links(found: Sequence[Annotated], related: RelationSet) -> Links:
    """Document, head and tail -> place of the kind."""
    return {
        (each.id, link.head, link.tail): related.kinds.index(link.kind)
        for each in found
        for link in each.links
    }


def _pairs(
    line: Line, related: Mapping[str, RelationSet], links: Mapping[str, Links]
) -> Pairs | None:
    if line.set not in related:
        return None
    labels = [mention.label for mention, _, _ in line.mentions]
    pairs = related[line.set].pairs(labels)
    if not pairs:
        return None
    firsts, lasts = ([place[i] for place in line.mentions] for i in (1, 2))
    ends = [(line.mentions[head][0], line.mentions[tail][0]) for head, tail in pairs]
    kinds = [links[line.set].get((line.document, *each), 0) for each in ends]
    heads, tails = map(list, zip(*pairs, strict=True))
    return Pairs(line.set, firsts, lasts, related[line.set].numbers(labels), heads, tails, kinds)
