"""Which mentions a corpus relates to which, and by what."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from trialcriteria.schema import Model

UNRELATED = "none"


class RelationSet(Model):
    """The relations of a corpus: its labels, kinds (the first is none), and which occur.

    ``allowed`` has a row (place of the head's label, of the tail's, of the kind) for each
    combination that the training part of the corpus has.
    """

    set: str
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    allowed: tuple[tuple[int, int, int], ...]

    @cached_property
    def mask(self) -> npt.NDArray[np.bool_]:
        """Labels x labels x kinds: what a pair of labels can be; none wherever it can be more."""
        found = np.zeros((len(self.labels), len(self.labels), len(self.kinds)), np.bool_)
        for head, tail, kind in self.allowed:
            found[head, tail, [0, kind]] = True
        return found

    def numbers(self, labels: Sequence[str]) -> list[int]:
        """The place of each label; a label that the set does not have has that of none, -1."""
        places = {label: place for place, label in enumerate(self.labels)}
        return [places.get(label, -1) for label in labels]

    def pairs(self, labels: Sequence[str]) -> list[tuple[int, int]]:
        """Head and tail of each pair of mentions, of these labels in order, that can be related."""
        numbers = self.numbers(labels)
        can = self.mask[:, :, 0]
        return [
            (i, j)
            for i, head in enumerate(numbers)
            for j, tail in enumerate(numbers)
            if i != j and min(head, tail) >= 0 and can[head, tail]
        ]
