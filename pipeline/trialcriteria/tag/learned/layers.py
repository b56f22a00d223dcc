"""Labels in layers: no two mentions of a layer share a word, so that it is one row of tags.

Tags are numbers: 0 outside, ``2 * i + 1`` the first word of label ``i``, ``2 * i + 2`` a further
one.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trialcriteria.schema import Model

OUTSIDE = 0


class Layer(Model):
    """The labels of a set that one row of tags can hold; the rows of a set lie one on another."""

    set: str
    labels: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many tags there are."""
        return 1 + 2 * len(self.labels)


class Stretch(NamedTuple):
    """Words ``first`` to ``last``, both inclusive, that a label is on."""

    label: str
    first: int
    last: int


def tagged(layers: Sequence[Layer], stretches: Iterable[Stretch], words: int) -> list[list[int]]:
    """A row of tags for each layer; longer stretches first, each in the first layer with room.

    A stretch that finds no room in any layer that has its label is left out.
    """
    rows = [[OUTSIDE] * words for _ in layers]
    for stretch in sorted(set(stretches), key=lambda s: (s.first - s.last, s.first, s.label)):
        place = slice(stretch.first, stretch.last + 1)
        for layer, row in zip(layers, rows, strict=True):
            if stretch.label in layer.labels and not any(row[place]):
                begin = 2 * layer.labels.index(stretch.label) + 1
                row[place] = [begin] + [begin + 1] * (stretch.last - stretch.first)
                break
    return rows


def stretches(layer: Layer, tags: Sequence[int]) -> list[Stretch]:
    """What a row of tags says; a further word without a first one begins a stretch."""
    found: list[Stretch] = []
    last = OUTSIDE
    for at, tag in enumerate(tags):
        if tag != OUTSIDE and tag % 2 == 0 and last in (tag - 1, tag):
            found[-1] = found[-1]._replace(last=at)
        elif tag != OUTSIDE:
            found.append(Stretch(layer.labels[(tag - 1) // 2], at, at))
        last = tag
    return found
