"""Relation heads trained on what an exported encoder says, its rounding included.

Fitting trains relation heads so that the encoder learns what relations need, at rates that suit
the encoder. With the encoder at rest an epoch takes seconds, and heads can have their own.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from training.config import Relating
from training.examples import Material, Pairs
from training.export import export_relations, write_manifest
from training.fit import DECAY, LONGEST_STEP, Average, relation_scores, schedule
from training.networks import RelationHead
from trialcriteria.tag.learned.network import Network
from trialcriteria.tag.learned.pairs import RelationSet
from trialcriteria.tag.learned.store import manifest

ERR = Console(stderr=True)
_JITTER = 8


class _Row(NamedTuple):
    """What the encoder knows of each word of a line, and the pairs of mentions there."""

    hidden: Tensor
    pairs: Pairs


def relate(
    folder: Path, found: Material, how: Relating, seed: int, *, quantized: bool = True
) -> None:
    """Replace the relation heads of a model folder by ones trained on its encoder."""
    network, old = Network(folder), manifest(folder)
    rows = {name: _rows(network, found, name) for name in found.relations}
    heads = {name: _head(name, found.relations[name], rows[name], how, seed) for name in rows}
    export_relations(heads, folder, quantized=quantized)
    write_manifest(folder, old.name, found, old.calibration)


def _rows(network: Network, found: Material, corpus: str) -> list[_Row]:
    related = [(each.pieces, each.pairs) for each in found.examples if each.pairs]
    mine = [(pieces, pairs) for pieces, pairs in related if pairs.set == corpus]
    hidden = network.run([pieces for pieces, _ in mine], "hidden")
    return [
        _Row(torch.from_numpy(row), pairs) for row, (_, pairs) in zip(hidden, mine, strict=True)
    ]


def _head(
    name: str, relations: RelationSet, rows: Sequence[_Row], how: Relating, seed: int
) -> RelationHead:
    torch.manual_seed(seed)
    rng = random.Random(seed)
    width = rows[0].hidden.shape[1]
    head = RelationHead(width, len(relations.labels), len(relations.kinds), how.dropout)
    optimizer = torch.optim.AdamW(head.parameters(), lr=how.rate, weight_decay=DECAY)
    steps = how.epochs * len([*_batches(rows, how.budget, random.Random(seed))])
    rates, average = schedule(optimizer, steps, how.warmup), Average(how.average)
    mask = torch.from_numpy(relations.mask)
    for epoch in range(how.epochs):
        what = f"{name}: epoch {epoch + 1} of {how.epochs}"
        for batch in track([*_batches(rows, how.budget, rng)], what, console=ERR, transient=True):
            kinds = torch.tensor([kind for row in batch for kind in row.pairs.kinds])
            scores = relation_scores(head, batch, mask)
            functional.cross_entropy(scores, kinds).backward()
            nn.utils.clip_grad_norm_(head.parameters(), LONGEST_STEP)
            optimizer.step()
            rates.step()
            optimizer.zero_grad()
            average.add(head.state_dict())
    head.load_state_dict(average.state_dict())
    return head


def _batches(rows: Sequence[_Row], budget: int, rng: random.Random) -> Iterator[list[_Row]]:
    """All rows in random batches of about ``budget`` pairs, those of like many together."""
    order = sorted(rows, key=lambda row: len(row.pairs.heads) + rng.random() * _JITTER)
    made: list[list[_Row]] = [[]]
    pairs = 0
    for row in order:
        if pairs > budget:
            made.append([])
            pairs = 0
        made[-1].append(row)
        pairs += len(row.pairs.heads)
    rng.shuffle(made)
    yield from made
