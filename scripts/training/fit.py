"""Training of all heads and the encoder at once, seeded, and resumed where it was stopped."""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR

from training.batches import batches, tensors
from training.checkpoint import resume, save
from training.config import Fitting
from training.examples import IGNORED, Example, Material, Pairs
from training.networks import Encoder, Tagger
from training.processes import average_gradients, is_first, rank, share

ERR = Console(stderr=True)
DECAY = 0.01
_LOWEST = 0.01
LONGEST_STEP = 1.0
_OTHERS = 1000
"""Processes beside the first one draw other random numbers."""


class Average:
    """A running mean of weights."""

    def __init__(self, decay: float) -> None:
        self._decay = decay
        self._weights: dict[str, Tensor] = {}

    def add(self, weights: dict[str, Tensor]) -> None:
        """Move towards these weights."""
        for name, weight in weights.items():
            if name in self._weights and weight.is_floating_point():
                self._weights[name].lerp_(weight, 1 - self._decay)
            else:
                self._weights[name] = weight.detach().clone()

    def state_dict(self) -> dict[str, Tensor]:
        """The mean so far."""
        return self._weights

    def load_state_dict(self, weights: dict[str, Tensor]) -> None:
        """Go on from this mean."""
        self._weights = weights


class _Run(NamedTuple):
    tagger: Tagger
    optimizer: torch.optim.Optimizer
    schedule: LambdaLR
    average: Average


class Taught(NamedTuple):
    """Lines with what teachers say of them, how many an epoch has, and what their loss counts."""

    examples: Sequence[Example] = ()
    an_epoch: int = 0
    weight: float = 0.0


NOBODY = Taught()


def fit(
    encoder: Encoder,
    material: Material,
    fitting: Fitting,
    seed: int,
    folder: Path,
    taught: Taught = NOBODY,
) -> dict[str, Tensor]:
    """The weights of a tagger trained from ``encoder``; one checkpoint an epoch in ``folder``."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    run = _begun(encoder, material, fitting, taught, seed)
    if not is_first():
        torch.manual_seed(_OTHERS * seed + rank())
    for epoch in range(resume(folder, run._asdict(), rng), fitting.epochs):
        chosen = _of_epoch(material, taught, rng)
        made = share(batches(_lengths(chosen), fitting.budget, rng))
        what = f"epoch {epoch + 1} of {fitting.epochs}"
        for batch in track(made, what, console=ERR, transient=True, disable=not is_first()):
            _step(run, [chosen[at] for at in batch], material, fitting, taught.weight)
        if is_first():
            save(folder, epoch + 1, run._asdict(), rng)
    return run.average.state_dict()


def new_tagger(encoder: Encoder, material: Material, fitting: Fitting) -> Tagger:
    """An untrained tagger for all layers and relations of the material."""
    sizes = {name: (len(each.labels), len(each.kinds)) for name, each in material.relations.items()}
    tags = sum(layer.size for layer in material.layers)
    return Tagger(encoder, tags, sizes, fitting.dropout)


def _begun(
    encoder: Encoder, material: Material, fitting: Fitting, taught: Taught, seed: int
) -> _Run:
    tagger = new_tagger(encoder, material, fitting)
    optimizer = torch.optim.AdamW(_groups(tagger, fitting), fused=True)
    rng = random.Random(seed)
    lengths = _lengths(_of_epoch(material, taught, rng))
    steps = len(share(batches(lengths, fitting.budget, rng))) * fitting.epochs
    rates = schedule(optimizer, steps, fitting.warmup)
    return _Run(tagger, optimizer, rates, Average(fitting.average))


def schedule(optimizer: torch.optim.Optimizer, steps: int, warmup: float) -> LambdaLR:
    """Rates that rise for the ``warmup`` share of the steps, and then fall evenly."""
    first = max(1, int(steps * warmup))

    def factor(step: int) -> float:
        return min(1.0, (step + 1) / first) * max(_LOWEST, 1 - step / steps)

    return LambdaLR(optimizer, factor)


def _groups(tagger: Tagger, fitting: Fitting) -> list[dict[str, Any]]:
    """Parameters with their rates: heads fast, the encoder slower, its lower layers slowest."""
    top = len(tagger.encoder.body.encoder.layer)
    groups: list[dict[str, Any]] = []
    for name, parameter in tagger.named_parameters():
        rate = fitting.head_rate
        if name.startswith("relations."):
            rate = fitting.head_rate / 3
        elif name.startswith("encoder."):
            rate = fitting.rate * fitting.decay ** (top - _depth(name))
        decay = DECAY if parameter.dim() > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def _depth(name: str) -> int:
    """Which layer of the encoder a parameter is in; 0 for the embeddings."""
    _, _, rest = name.partition("encoder.layer.")
    return int(rest.split(".")[0]) + 1 if rest else 0


def _of_epoch(material: Material, taught: Taught, rng: random.Random) -> list[Example]:
    return [*material.examples, *rng.sample(taught.examples, taught.an_epoch)]


def _lengths(examples: Sequence[Example]) -> list[int]:
    return [len(each.pieces.ids) for each in examples]


def _step(
    run: _Run, examples: Sequence[Example], material: Material, fitting: Fitting, weight: float
) -> None:
    run.tagger.train()
    _loss(run.tagger, examples, material, fitting, weight).backward()  # type: ignore[no-untyped-call]
    average_gradients(run.tagger.parameters())
    nn.utils.clip_grad_norm_(run.tagger.parameters(), LONGEST_STEP)
    run.optimizer.step()
    run.schedule.step()
    run.optimizer.zero_grad()
    run.average.add(run.tagger.state_dict())


def _loss(
    tagger: Tagger,
    examples: Sequence[Example],
    material: Material,
    fitting: Fitting,
    weight: float,
) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, hidden = tagger(*tensors([each.pieces for each in examples]))
    firsts = [torch.tensor(each.pieces.firsts) for each in examples]
    words = torch.cat([row[first] for row, first in zip(scores, firsts, strict=True)]).float()
    loss = torch.zeros(())
    sizes = [layer.size for layer in material.layers]
    for place, part in enumerate(words.split(sizes, -1)):
        loss = loss + _tag_loss(part, examples, place) + weight * _share_loss(part, examples, place)
    rows = [row[first].float() for row, first in zip(hidden, firsts, strict=True)]
    for scored, kinds in _related(tagger, examples, rows, material):
        loss = loss + fitting.relation_weight * functional.cross_entropy(scored, kinds)
    return loss


def _tag_loss(scores: Tensor, examples: Sequence[Example], place: int) -> Tensor:
    """How far the scores of a layer are from gold, a word of the batch."""
    tags = torch.tensor([tag for each in examples for tag in each.tags[place]])
    summed = functional.cross_entropy(scores, tags, ignore_index=IGNORED, reduction="sum")
    return summed / len(tags)


def _share_loss(scores: Tensor, examples: Sequence[Example], place: int) -> Tensor:
    """How far they are from a teacher's shares (Hinton et al. 2015, arXiv:1503.02531)."""
    taught = [place in each.shares for each in examples for _ in each.pieces.firsts]
    if not any(taught):
        return torch.zeros(())
    given = np.concatenate([each.shares[place] for each in examples if place in each.shares])
    shares = torch.from_numpy(given.astype(np.float32))
    logs = functional.log_softmax(scores[torch.tensor(taught)], -1)
    return -(shares * logs).sum() / len(taught)


def _related(
    tagger: Tagger, examples: Sequence[Example], rows: Sequence[Tensor], material: Material
) -> Iterator[tuple[Tensor, Tensor]]:
    """For each corpus the scores of all pairs in a batch, and their kinds."""
    for name, relations in material.relations.items():
        mine = [
            (row, each.pairs)
            for row, each in zip(rows, examples, strict=True)
            if each.pairs and each.pairs.set == name
        ]
        if mine:
            kinds = torch.tensor([kind for _, pairs in mine for kind in pairs.kinds])
            yield (
                relation_scores(tagger.relations[name], mine, torch.from_numpy(relations.mask)),
                kinds,
            )


def relation_scores(head: nn.Module, mine: Sequence[tuple[Tensor, Pairs]], mask: Tensor) -> Tensor:
    """Pairs x kinds of rows of words with their pairs; what two labels never are is ruled out."""
    sizes = [len(pairs.labels) for _, pairs in mine]
    # A word of zeros before and behind each row.
    words = [start + 1 for start in _starts([len(row) + 2 for row, _ in mine])]
    mentions = _starts(sizes)
    given = [pairs for _, pairs in mine]
    firsts = _moved([each.firsts for each in given], words)
    lasts = _moved([each.lasts for each in given], words)
    heads = _moved([each.heads for each in given], mentions)
    tails = _moved([each.tails for each in given], mentions)
    labels = _moved([each.labels for each in given], [0] * len(given))
    hidden = torch.cat([functional.pad(row, (0, 0, 1, 1)) for row, _ in mine])
    scores: Tensor = head(hidden, firsts, lasts, labels, heads, tails, sizes)
    return scores.float().masked_fill(~mask[labels[heads], labels[tails]], -1e4)


def _starts(sizes: Sequence[int]) -> list[int]:
    return [0, *accumulate(sizes)][:-1]


def _moved(places: Sequence[Sequence[int]], starts: Sequence[int]) -> Tensor:
    pairs = zip(places, starts, strict=True)
    return torch.tensor([place + start for row, start in pairs for place in row])
