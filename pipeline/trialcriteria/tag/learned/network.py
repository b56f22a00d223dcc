"""The encoder in ONNX: rows of words in, scores of tags out."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from trialcriteria.errors import ModelError
from trialcriteria.tag.learned.decode import Scores
from trialcriteria.tag.learned.pieces import Pieces, Vocabulary
from trialcriteria.tag.learned.words import Word

ENCODER = "encoder.onnx"
VOCABULARY = "vocabulary.json"
_BUDGET = 2048
"""Pieces a batch: larger ones do not run faster, and need more memory."""

_INPUTS = {"ids", "shapes", "firsts"}

Ints = npt.NDArray[np.int64]


class Network:
    """Scores for rows of words; holds the weights (about 20 MB) and one thread's work space.

    Raises ModelError for an encoder that an earlier version exported.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.vocabulary = Vocabulary(folder / VOCABULARY)
        self._session = session(folder / ENCODER, threads)
        if {each.name for each in self._session.get_inputs()} != _INPUTS:
            raise ModelError(f"{folder / ENCODER}: was exported by another version; export it anew")

    def scores(self, rows: Sequence[Sequence[Word]]) -> list[Scores]:
        """For each row, words x tags of all layers; rows of one length are run together."""
        return self.run(self.vocabulary.pieces(rows), "scores")

    def hidden(self, rows: Sequence[Sequence[Word]]) -> list[Scores]:
        """For each row, words x width: what the encoder knows of each word."""
        return self.run(self.vocabulary.pieces(rows), "hidden")

    def run(self, cut: Sequence[Pieces], output: str) -> list[Scores]:
        """An output (``scores``, ``hidden``) for the words of rows that are cut in pieces."""
        found: list[Scores] = [np.empty(0, np.float32)] * len(cut)
        for batch in batches([len(each.ids) for each in cut]):
            chosen = [cut[at] for at in batch]
            (made,) = self._session.run([output], feed(chosen))
            ends = accumulate(len(each.firsts) for each in chosen)
            for at, (start, end) in zip(batch, pairwise((0, *ends)), strict=True):
                found[at] = made[start:end]
        return found


def session(path: Path, threads: int = 1) -> ort.InferenceSession:
    """An ONNX file, loaded, that uses so many threads.

    Raises ModelError where it is no network that can be run here.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(f"{path}: cannot be loaded ({str(error).splitlines()[0]})") from None


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places in ``lengths``, the shortest first, rows of one length in a batch.

    Nothing is padded, so that the answer for a row does not depend on the rows beside it.
    """
    ordered = sorted(range(len(lengths)), key=lengths.__getitem__)
    for length, same in groupby(ordered, key=lengths.__getitem__):
        rows = list(same)
        most = max(1, _BUDGET // length)
        yield from (rows[at : at + most] for at in range(0, len(rows), most))


def feed(rows: Sequence[Pieces]) -> dict[str, Ints]:
    """The network's inputs for rows of one length.

    Ids and shapes are pieces x rows; the places of words' first pieces count them as if laid in a
    row, and stand row by row.
    """
    firsts = [at * len(rows) + row for row, each in enumerate(rows) for at in each.firsts]
    return {
        "ids": np.array([each.ids for each in rows], np.int64).T,
        "shapes": np.array([each.shapes for each in rows], np.int64).T,
        "firsts": np.array(firsts, np.int64),
    }
