"""Training of all heads and the encoder at once, seeded, and resumed where it was stopped."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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

ERR = Console(stderr=True)
_DECAY = 0.01
_LOWEST = 0.01
_LONGEST_STEP = 1.0


class _Average:
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
    average: _Average


def fit(
    encoder: Encoder, material: Material, fitting: Fitting, seed: int, folder: Path
) -> dict[str, Tensor]:
    """The weights of a tagger trained from ``encoder``; one checkpoint an epoch in ``folder``."""
    torch.manual_seed(seed)
    run, rng = _begun(encoder, material, fitting, seed), random.Random(seed)
    for epoch in range(resume(folder, run._asdict(), rng), fitting.epochs):
        _epoch(run, material, fitting, rng, f"epoch {epoch + 1} of {fitting.epochs}")
        save(folder, epoch + 1, run._asdict(), rng)
    return run.average.state_dict()


def new_tagger(encoder: Encoder, material: Material, fitting: Fitting) -> Tagger:
    """An untrained tagger for all layers and relations of the material."""
    sizes = {name: (len(each.labels), len(each.kinds)) for name, each in material.relations.items()}
    tags = sum(layer.size for layer in material.layers)
    return Tagger(encoder, tags, sizes, fitting.dropout)


def _begun(encoder: Encoder, material: Material, fitting: Fitting, seed: int) -> _Run:
    tagger = new_tagger(encoder, material, fitting)
    optimizer = torch.optim.AdamW(_groups(tagger, fitting), fused=True)
    lengths = [len(each.pieces.ids) for each in material.examples]
    steps = len(batches(lengths, fitting.budget, random.Random(seed))) * fitting.epochs
    rates = schedule(optimizer, steps, fitting.warmup)
    return _Run(tagger, optimizer, rates, _Average(fitting.average))


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
        decay = _DECAY if parameter.dim() > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def _depth(name: str) -> int:
    """Which layer of the encoder a parameter is in; 0 for the embeddings."""
    _, _, rest = name.partition("encoder.layer.")
    return int(rest.split(".")[0]) + 1 if rest else 0


def _epoch(run: _Run, material: Material, fitting: Fitting, rng: random.Random, what: str) -> None:
    run.tagger.train()
    lengths = [len(each.pieces.ids) for each in material.examples]
    made = batches(lengths, fitting.budget, rng)
    for batch in track(made, what, console=ERR, transient=True):
        loss = _loss(run.tagger, [material.examples[at] for at in batch], material, fitting)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(run.tagger.parameters(), _LONGEST_STEP)
        run.optimizer.step()
        run.schedule.step()
        run.optimizer.zero_grad()
        run.average.add(run.tagger.state_dict())


def _loss(
    tagger: Tagger, examples: Sequence[Example], material: Material, fitting: Fitting
) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, hidden = tagger(*tensors([each.pieces for each in examples]))
    firsts = [torch.tensor(each.pieces.firsts) for each in examples]
    words = torch.cat([row[first] for row, first in zip(scores, firsts, strict=True)]).float()
    loss = torch.zeros(())
    sizes = [layer.size for layer in material.layers]
    for place, part in enumerate(words.split(sizes, -1)):
        tags = torch.tensor([tag for each in examples for tag in each.tags[place]])
        summed = functional.cross_entropy(part, tags, ignore_index=IGNORED, reduction="sum")
        loss = loss + summed / len(tags)
    rows = [row[first].float() for row, first in zip(hidden, firsts, strict=True)]
    for scored, kinds in _related(tagger, examples, rows, material):
        loss = loss + fitting.relation_weight * functional.cross_entropy(scored, kinds)
    return loss


def _related(
    tagger: Tagger, examples: Sequence[Example], rows: Sequence[Tensor], material: Material
) -> Iterator[tuple[Tensor, Tensor]]:
    """For each corpus the scores of all pairs in a batch, and their kinds."""
    for name, relations in material.relations.items():
        mask = torch.from_numpy(relations.mask)
        mine = [
            (row, each.pairs)
            for row, each in zip(rows, examples, strict=True)
            if each.pairs and each.pairs.set == name
        ]
        if mine:
            scores = [_scores(tagger, row, pairs, mask) for row, pairs in mine]
            kinds = torch.tensor([kind for _, pairs in mine for kind in pairs.kinds])
            yield torch.cat(scores), kinds


def _scores(tagger: Tagger, row: Tensor, pairs: Pairs, mask: Tensor) -> Tensor:
    """Pairs x kinds; what two labels never are is out of the question."""
    inputs = [torch.tensor(each) for each in pairs[1:6]]
    labels, heads, tails = inputs[2:]
    scores: Tensor = tagger.relations[pairs.set](row, *inputs)
    return scores.float().masked_fill(~mask[labels[heads], labels[tails]], -1e4)
