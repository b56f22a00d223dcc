"""The encoder in ONNX: rows of words in, scores of tags out."""

from collections.abc import Iterator, Sequence
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
"""Padded pieces a batch: larger ones do not run faster, and need more memory."""

_STRETCH, _SLACK = 1.2, 3
"""The longest row of a batch in pieces of its shortest: padding is work as well."""

Ints = npt.NDArray[np.int64]


class Network:
    """Scores for rows of words; holds the weights (about 20 MB) and one thread's work space."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.vocabulary = Vocabulary(folder / VOCABULARY)
        self._session = session(folder / ENCODER, threads)

    def scores(self, rows: Sequence[Sequence[Word]]) -> list[Scores]:
        """For each row, words x tags of all layers; rows of like length are run together."""
        return self._run(rows, "scores")

    def hidden(self, rows: Sequence[Sequence[Word]]) -> list[Scores]:
        """For each row, words x width: what the encoder knows of each word."""
        return self._run(rows, "hidden")

    def _run(self, rows: Sequence[Sequence[Word]], output: str) -> list[Scores]:
        cut = self.vocabulary.pieces(rows)
        found: list[Scores] = [np.empty(0, np.float32)] * len(rows)
        for batch in batches([len(each.ids) for each in cut]):
            chosen = [cut[at] for at in batch]
            (made,) = self._session.run([output], feed(chosen))
            for at, row, one in zip(batch, made, chosen, strict=True):
                found[at] = row[one.firsts]
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
    """Places in ``lengths``, the shortest first, rows of like length in a batch."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and _is_too_long(lengths[at], lengths[batch[0]], len(batch)):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _is_too_long(length: int, shortest: int, rows: int) -> bool:
    """Whether a row would pad a batch too much, or make it too large."""
    return length * (rows + 1) > _BUDGET or length > shortest * _STRETCH + _SLACK


def feed(rows: Sequence[Pieces]) -> dict[str, Ints]:
    """The network's inputs for rows: ids, shapes and mask, each rows x pieces, padded with 0."""
    longest = max(len(row.ids) for row in rows)
    ids, shapes, mask = (np.zeros((len(rows), longest), np.int64) for _ in range(3))
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = row.ids
        shapes[at, : len(row.ids)] = row.shapes
        mask[at, : len(row.ids)] = 1
    return {"ids": ids, "shapes": shapes, "mask": mask}
