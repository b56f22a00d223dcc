"""Several processes that train one model: each takes its share of batches, gradients are averaged.

    torchrun --nproc-per-node 2 scripts/train.py ...

On a CPU two processes of one thread are faster than one of two threads.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import torch
from torch import distributed as dist
from torch import nn

_PATIENCE = timedelta(hours=6)
"""How long processes wait for one that prepares what all need."""


@contextmanager
def together() -> Iterator[None]:
    """Join the processes that torchrun started, if it did."""
    if "RANK" in os.environ:
        dist.init_process_group("gloo", timeout=_PATIENCE)
    yield
    if dist.is_initialized():
        dist.destroy_process_group()


def rank() -> int:
    """Which process this is, from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def is_first() -> bool:
    """Whether this process is the one that writes."""
    return rank() == 0


@contextmanager
def first_alone() -> Iterator[None]:
    """What the first process does before the others do it, who find it done."""
    if not is_first():
        dist.barrier()
    yield
    if is_first() and dist.is_initialized():
        dist.barrier()


def agreed(answer: bool) -> bool:
    """The first process's answer, in all of them: what they do together they do all or none."""
    said = torch.tensor(int(answer))
    if dist.is_initialized():
        dist.broadcast(said, 0)
    return bool(said)


def share(batches: Sequence[list[int]]) -> Sequence[list[int]]:
    """The batches of this process: as many as every other's."""
    count = dist.get_world_size() if dist.is_initialized() else 1
    return batches[rank() : len(batches) - len(batches) % count : count]


def average_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Make the gradients of all processes their mean; one that a batch did not touch is 0."""
    if not dist.is_initialized():
        return
    every = list(parameters)
    found = [torch.zeros_like(p) if p.grad is None else p.grad for p in every]
    flat = torch.cat([each.flatten() for each in found])
    dist.all_reduce(flat)
    parts = (flat / dist.get_world_size()).split([p.numel() for p in every])
    for parameter, part in zip(every, parts, strict=True):
        parameter.grad = part.view_as(parameter)
