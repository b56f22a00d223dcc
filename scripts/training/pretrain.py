"""Continued masked-language training of the encoder on unlabelled eligibility text.

Masked pieces are guessed as in BERT (Devlin et al. 2019, arXiv:1810.04805): of those to guess,
eight in ten are hidden, one in ten is another piece, one in ten itself. Half of them lose their
shape too.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR

from training.batches import tensors
from training.checkpoint import resume, save
from training.config import Pretraining
from training.fit import schedule
from training.networks import Encoder
from trialcriteria.tag.learned.pieces import Pieces, Vocabulary
from trialcriteria.tag.learned.words import words

ERR = Console(stderr=True)
_NEIGHBOURS = 6
"""Lines that stay together when rows are mixed anew, so that rows are of few postings."""


class _Run(NamedTuple):
    encoder: Encoder
    guess: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: LambdaLR


class _Guess(nn.Module):
    """Hidden states to scores of pieces, by the encoder's own embeddings."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.transform = nn.Sequential(
            nn.Linear(encoder.width, encoder.width), nn.GELU(), nn.LayerNorm(encoder.width)
        )
        self.bias = nn.Parameter(torch.zeros(encoder.body.config.vocab_size))

    def forward(self, hidden: Tensor, embeddings: Tensor) -> Tensor:
        """Pieces x width, vocabulary x width -> pieces x vocabulary."""
        scores: Tensor = self.transform(hidden) @ embeddings.T + self.bias
        return scores


def pretrain(
    encoder: Encoder,
    vocabulary: Vocabulary,
    lines: Sequence[str],
    how: Pretraining,
    folder: Path,
) -> None:
    """Train ``encoder`` in place; one checkpoint an epoch in ``folder``, resumed from there."""
    torch.manual_seed(0)
    cut = vocabulary.pieces([words(line) for line in lines])
    run, rng = _begun(encoder, cut, how), random.Random(0)
    for epoch in range(resume(folder, run._asdict(), rng), how.epochs):
        encoder.train()
        rows = packed(cut, how.length, rng)
        steps = range(0, len(rows), how.rows)
        for at in track(steps, f"epoch {epoch + 1}", console=ERR, transient=True):
            _step(run, rows[at : at + how.rows], how.masked, vocabulary)
        save(folder, epoch + 1, run._asdict(), rng)


def packed(cut: Sequence[Pieces], length: int, rng: random.Random) -> list[Pieces]:
    """Lines one behind another in rows of at most ``length`` pieces, neighbours mostly together."""
    starts = list(range(rng.randrange(_NEIGHBOURS), len(cut), _NEIGHBOURS))
    rng.shuffle(starts)
    rows: list[Pieces] = []
    for line in (line for start in starts for line in cut[start : start + _NEIGHBOURS]):
        ids, shapes = line.ids[:length], line.shapes[:length]
        if rows and len(rows[-1].ids) + len(ids) - 1 <= length:
            rows[-1] = Pieces(rows[-1].ids + ids[1:], rows[-1].shapes + shapes[1:], [])
        else:
            rows.append(Pieces(ids, shapes, []))
    rng.shuffle(rows)
    return rows


def _begun(encoder: Encoder, cut: Sequence[Pieces], how: Pretraining) -> _Run:
    guess = _Guess(encoder)
    parameters = [*encoder.parameters(), *guess.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=how.rate, weight_decay=0.01, fused=True)
    steps = len(packed(cut, how.length, random.Random(0))) // how.rows * how.epochs
    return _Run(encoder, guess, optimizer, schedule(optimizer, steps, how.warmup))


def _step(run: _Run, rows: Sequence[Pieces], masked: float, vocabulary: Vocabulary) -> None:
    ids, shapes, mask = tensors(rows)
    chosen, hidden_ids, hidden_shapes = _hidden(ids, shapes, masked, vocabulary)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = run.encoder(hidden_ids, hidden_shapes, mask)[chosen]
        scores = run.guess(hidden, run.encoder.body.embeddings.word_embeddings.weight)
    functional.cross_entropy(scores.float(), ids[chosen]).backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([*run.encoder.parameters(), *run.guess.parameters()], 1.0)
    run.optimizer.step()
    run.schedule.step()
    run.optimizer.zero_grad()


def _hidden(
    ids: Tensor, shapes: Tensor, masked: float, vocabulary: Vocabulary
) -> tuple[Tensor, Tensor, Tensor]:
    """Which pieces are to be guessed, and the ids and shapes that the encoder sees."""
    chosen = (shapes > 0) & (torch.rand(ids.shape) < masked)
    chance = torch.rand(ids.shape)
    other = torch.randint(len(vocabulary), ids.shape)
    seen = torch.where(chance < 0.9, other, ids)
    seen = torch.where(chance < 0.8, vocabulary.id_of("[MASK]"), seen)
    shapeless = chosen & (torch.rand(ids.shape) < 0.5)
    return chosen, torch.where(chosen, seen, ids), shapes.masked_fill(shapeless, 0)
