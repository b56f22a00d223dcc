"""The learned relations of a corpus: mentions of a text in, links between them out."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from trialcriteria.errors import ModelError
from trialcriteria.tag.learned.decode import Scores, log_shares
from trialcriteria.tag.learned.layers import Stretch
from trialcriteria.tag.learned.network import Network, session
from trialcriteria.tag.learned.pairs import RelationSet
from trialcriteria.tag.learned.store import Manifest
from trialcriteria.tag.learned.words import Word

_NEVER = np.float32(-1e4)


class LearnedLink(NamedTuple):
    """A relation between two of the mentions given, by their places."""

    kind: str
    head: int
    tail: int
    score: float


def relations_file(corpus: str) -> str:
    """The name of the file that scores the relations of a corpus."""
    return f"relations_{corpus}.onnx"


class LearnedRelations:
    """Links in the kinds of one corpus."""

    def __init__(self, folder: Path, found: Manifest, network: Network, corpus: str) -> None:
        self._set = _set_of(found, corpus)
        self._network = network
        self._session = session(folder / relations_file(corpus))

    def link(
        self, rows: Sequence[Sequence[Word]], mentions: Sequence[Sequence[Stretch]]
    ) -> list[list[LearnedLink]]:
        """For each row of words, links between its mentions, which are in text order."""
        hidden = self._network.hidden(rows)
        return [self._in_row(*each) for each in zip(hidden, mentions, strict=True)]

    def _in_row(self, hidden: Scores, mentions: Sequence[Stretch]) -> list[LearnedLink]:
        labels = [each.label for each in mentions]
        pairs = self._set.pairs(labels)
        if not pairs:
            return []
        numbers = np.array(self._set.numbers(labels))
        heads, tails = np.array(pairs).T
        given = {
            "words": np.pad(hidden, ((1, 1), (0, 0))),
            "firsts": np.array([each.first + 1 for each in mentions]),
            "lasts": np.array([each.last + 1 for each in mentions]),
            "labels": numbers,
            "heads": heads,
            "tails": tails,
        }
        (scores,) = self._session.run(["scores"], given)
        scores = np.where(self._set.mask[numbers[heads], numbers[tails]], scores, _NEVER)
        kinds = scores.argmax(axis=1)
        shares = np.exp(log_shares(scores))
        return [
            LearnedLink(self._set.kinds[kind], *pair, round(float(share[kind]), 3))
            for pair, kind, share in zip(pairs, kinds, shares, strict=True)
            if kind
        ]


def _set_of(found: Manifest, corpus: str) -> RelationSet:
    for each in found.relations:
        if each.set == corpus:
            return each
    known = ", ".join(each.set for each in found.relations) or "none"
    raise ModelError(f"{found.name} has no relations of {corpus!r}; it has {known}")
