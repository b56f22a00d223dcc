"""Words as pieces of the encoder's vocabulary."""

from collections.abc import Sequence
from functools import lru_cache
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
        # Few words make up most of what is read.
        self._of_word = lru_cache(maxsize=1 << 14)(self._cut)

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
        return [self._row(row) for row in rows]

    def _row(self, row: Sequence[Word]) -> Pieces:
        ids, shapes, firsts = [self._begin], [_NO_SHAPE], []
        for word in row:
            cut = self._of_word(word.text)
            firsts.append(len(ids))
            ids += cut
            shapes += [word.shape] * len(cut)
        ids, shapes = ids[: _MOST + 1], shapes[: _MOST + 1]
        last = len(ids) - 1
        firsts = [min(at, last) for at in firsts]
        return Pieces([*ids, self._end], [*shapes, _NO_SHAPE], firsts)

    def _cut(self, word: str) -> list[int]:
        encoded = self._tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False)
        ids: list[int] = encoded.ids
        return ids
