"""A checkpoint is all that changes while training: weights, optimizer, schedule, random numbers."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

_NAME = "checkpoint.pt"


def save(folder: Path, done: int, parts: Mapping[str, Any], rng: random.Random) -> None:
    """Write the checkpoint after ``done`` epochs, in place of the last one."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: part.state_dict() for name, part in parts.items()}
    state |= {"done": done, "rng": rng.getstate(), "torch": torch.get_rng_state()}
    torch.save(state, folder / "unfinished.pt")
    (folder / "unfinished.pt").replace(folder / _NAME)


def resume(folder: Path, parts: Mapping[str, Any], rng: random.Random) -> int:
    """Take up the checkpoint of a folder, if it has one; how many epochs were done."""
    path = folder / _NAME
    if not path.is_file():
        return 0
    # Our own file, and random states are no tensors.
    state = torch.load(path, weights_only=False)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    rng.setstate(state["rng"])
    torch.set_rng_state(state["torch"])
    return int(state["done"])
