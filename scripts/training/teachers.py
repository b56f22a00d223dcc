"""What teachers say of unlabelled lines: for each word how likely each tag is."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from training.batches import batches, tensors
from training.config import Distilling
from training.examples import IGNORED, Example, Shares
from training.fit import Taught
from training.networks import Tagger
from trialcriteria.tag.learned.layers import Layer
from trialcriteria.tag.learned.pieces import Pieces, Vocabulary
from trialcriteria.tag.learned.words import words

ERR = Console(stderr=True)
_BUDGET = 4096
_SEED = 0


def drawn(lines: Sequence[str], distilling: Distilling) -> list[str]:
    """The lines that teachers label."""
    return random.Random(_SEED).sample(lines, min(len(lines), distilling.lines))


def label(teacher: Tagger, vocabulary: Vocabulary, lines: Sequence[str], path: Path) -> None:
    """Write words x tags of all lines, one behind another, the tags of all layers side by side."""
    cut = vocabulary.pieces([words(line) for line in lines])
    found: list[Shares] = [np.empty((0, 0), np.float16)] * len(cut)
    made = batches([len(each.ids) for each in cut], _BUDGET, random.Random(_SEED))
    teacher.eval()
    for batch in track(made, path.stem, console=ERR, transient=True):
        rows = [cut[at] for at in batch]
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores, _ = teacher(*tensors(rows))
        for at, row, scored in zip(batch, rows, scores, strict=True):
            found[at] = scored[row.firsts].float().numpy().astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.concatenate(found))


def taught(
    lines: Sequence[str],
    vocabulary: Vocabulary,
    labelled: Sequence[tuple[Path, Sequence[Layer]]],
    layers: Sequence[Layer],
    distilling: Distilling,
) -> Taught:
    """The lines as examples for a student of ``layers``; ``labelled``: files, and their layers."""
    cut = vocabulary.pieces([words(line) for line in lines])
    columns = [each for path, own in labelled for each in _columns(path, own, layers)]
    examples: list[Example] = []
    at = 0
    for pieces in cut:
        rows = slice(at, at + len(pieces.firsts))
        shares = {place: _shares(scores[rows]) for place, scores in columns}
        examples.append(_example(pieces, len(layers), shares))
        at = rows.stop
    return Taught(examples, round(distilling.share * len(examples)), distilling.weight)


def _example(pieces: Pieces, layers: int, shares: dict[int, Shares]) -> Example:
    return Example(pieces, [[IGNORED] * len(pieces.firsts)] * layers, None, shares)


def _columns(path: Path, own: Sequence[Layer], layers: Sequence[Layer]) -> list[tuple[int, Shares]]:
    """The place of each of a teacher's layers among the student's, and its scores."""
    scores = np.load(path, mmap_mode="r")
    ends = np.cumsum([layer.size for layer in own])
    return list(zip(places(own, layers), np.split(scores, ends[:-1], axis=1), strict=True))


def places(own: Sequence[Layer], layers: Sequence[Layer]) -> list[int]:
    """Where a student has its teacher's layers; those of a set that are alike in their order."""
    left = list(range(len(layers)))
    found = []
    for layer in own:
        place = next(at for at in left if layers[at] == layer)
        left.remove(place)
        found.append(place)
    return found


def _shares(scores: Shares) -> Shares:
    raised = np.exp(scores.astype(np.float32) - scores.max(axis=1, keepdims=True))
    found: Shares = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float16)
    return found
