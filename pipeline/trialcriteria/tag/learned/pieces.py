"""Words as pieces of the encoder's vocabulary."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from trialcriteria.tag.learned.words import Word

_NO_SHAPE = 0
_MOST = 510
"""Pieces of a row beside its two ends: the encoder has 512 positions."""


class Pieces(NamedTuple):
    """A row for the encoder: ids and shapes of its pieces, and where each word's first one is.

    The row begins and ends with a piece of its own that belongs to no word. Words behind the
    longest row that the encoder reads stand at its last piece.
    """

    ids: list[int]
    shapes: list[int]
    firsts: list[int]


class Vocabulary:
    """A word-piece vocabulary, read from a ``tokenizers`` file."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._begin, self._end = self.id_of("[CLS]"), self.id_of("[SEP]")

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size()

    def id_of(self, piece: str) -> int:
        """The number of a piece; raises KeyError where the vocabulary has none."""
        found = self._tokenizer.token_to_id(piece)
        if found is None:
            raise KeyError(piece)
        return found

    def pieces(self, rows: Sequence[Sequence[Word]]) -> list[Pieces]:
        """Each row of words, cut; a word without any piece stands at the piece behind it."""
        texts = [[word.text for word in row] for row in rows]
        cut = self._tokenizer.encode_batch(texts, is_pretokenized=True, add_special_tokens=False)
        return [
            self._row(row, each.ids, [owner or 0 for owner in each.word_ids])
            for row, each in zip(rows, cut, strict=True)
        ]

    def _row(self, row: Sequence[Word], ids: list[int], owners: list[int]) -> Pieces:
        ids, owners = ids[:_MOST], owners[:_MOST]
        firsts: list[int] = []
        for at, owner in enumerate(owners, start=1):
            firsts += [at] * (owner + 1 - len(firsts))
        firsts += [len(ids)] * (len(row) - len(firsts))
        shapes = [_NO_SHAPE, *(row[owner].shape for owner in owners), _NO_SHAPE]
        return Pieces([self._begin, *ids, self._end], shapes, firsts)
