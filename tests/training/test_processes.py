"""Processes that train together: the same weights in each, and every batch in one of them."""

import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `train`")

SCRIPTS = Path(__file__).parents[2] / "scripts"
WORKER = """
import sys
import torch
from training.processes import agreed, average_gradients, first_alone, is_first, rank, share, together

with together():
    with first_alone():
        (found,) = [*open(sys.argv[1]).read().split(), "none"][:1]
        if is_first():
            open(sys.argv[1], "w").write("prepared")
    torch.manual_seed(0)
    layer, other = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    (layer(torch.ones(1, 1)) * (rank() + 1)).sum().backward()
    average_gradients([*layer.parameters(), *other.parameters()])
    mine = share([[at] for at in range(5)])
    print(agreed(is_first()), rank(), found, layer.weight.grad.item(), other.weight.grad.item(), mine, flush=True)
"""


def test_two_processes_share_batches_and_average_gradients(tmp_path: Path) -> None:
    worker, prepared = tmp_path / "worker.py", tmp_path / "prepared"
    worker.write_text(WORKER, encoding="utf-8")
    prepared.touch()
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
    run = subprocess.run(
        [*command, "2", str(worker), str(prepared)],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(SCRIPTS)}, timeout=120,
    )  # fmt: skip
    assert sorted(run.stdout.splitlines()) == [
        "True 0 none 1.5 0.0 [[0], [2]]",
        "True 1 prepared 1.5 0.0 [[1], [3]]",
    ], run.stderr
