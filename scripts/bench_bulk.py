"""How fast ``trialcriteria bulk`` is, how it scales with workers, and what memory it takes.

    python scripts/bench_bulk.py FILE [--size 20000] [--small 2000] [--runs 3] [--workers 1 2]
        [--only with-model rules memory cache] [--work FOLDER]

FILE is any input of postings; its records are repeated to ``size`` with other ids, and with every
number in the text changed a little (1 to 9 added to its last digit, wrapped), so that criteria
do not repeat more than they do in the file. Each figure is the median of the runs; before each the
load of the machine is noted, since another's work slows ours. It asserts nothing.

- with-model, rules: postings a second for each number of workers, and the ratios; and CPU seconds
  of workers and parent, which another's work changes less, and which bound what more workers bring.
- memory: the largest worker and the parent at ``small`` and at ``size`` postings, by the rules.
- cache: seconds on text whose numbers are as they were, against the changed, and the share of
  criteria that were remembered.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from trialcriteria.read import BrokenRecord, read_path

_NUMBER = re.compile(r"\d+")
WHAT = ("with-model", "rules", "memory", "cache")


class Run(NamedTuple):
    """One run: seconds in all, and what its manifest and the system say."""

    seconds: float
    records: int
    remembered: float
    worker_mb: int
    worker_cpu: float
    parent_mb: int
    parent_cpu: float


def changed(text: str, shift: random.Random) -> str:
    """The text with the last digit of every number changed."""
    return _NUMBER.sub(lambda found: _changed_number(found[0], shift), text)


def _changed_number(digits: str, shift: random.Random) -> str:
    return digits[:-1] + str((int(digits[-1]) + shift.randint(1, 9)) % 10)


def postings(source: Path, size: int, perturbed: bool) -> Iterator[dict[str, str]]:
    """So many postings of the file, again and again, each with an id of its own."""
    texts = [each.text for each in read_path(source) if not isinstance(each, BrokenRecord)]
    shift = random.Random(7)
    for number, text in enumerate(islice(cycle(texts), size)):
        again = number >= len(texts)
        made = changed(text, shift) if perturbed and again else text
        yield {"nct_id": f"NCT{number:08d}", "eligibility": made}


def replicate(source: Path, target: Path, size: int, perturbed: bool = True) -> Path:
    """Write them as JSON lines."""
    with target.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in postings(source, size, perturbed))
    return target


def measured(dump: Path, workers: int, model: str | None) -> Run:
    """One run into a new folder, by a process of its own."""
    with tempfile.TemporaryDirectory(dir=dump.parent) as folder:
        command = [sys.executable, "-m", "trialcriteria", "bulk", str(dump), "-o", f"{folder}/out"]
        command += ["--workers", str(workers)] + (["--model", model] if model else [])
        began = time.monotonic()
        subprocess.run(command, check=True)
        seconds = time.monotonic() - began
        manifest = json.loads(Path(folder, "out", "manifest.json").read_bytes())
    timing = manifest["timing"]
    read = timing["criteria_remembered"] + timing["criteria_read"]
    return Run(
        seconds,
        timing["records_extracted"],
        timing["criteria_remembered"] / max(read, 1),
        timing["worker_peak_mb"],
        timing["worker_cpu_seconds"],
        timing["parent_peak_mb"],
        timing["parent_cpu_seconds"],
    )


def median_run(dump: Path, workers: int, model: str | None, runs: int) -> Run:
    """The run of median length."""
    done = [measured(dump, workers, model) for _ in range(runs)]
    seconds = statistics.median_low(each.seconds for each in done)
    return next(each for each in done if each.seconds == seconds)


def show_speed(dump: Path, workers: list[int], model: str | None, runs: int) -> None:
    """Postings a second by number of workers."""
    first = 0.0
    for number in workers:
        load = os.getloadavg()[0]
        run = median_run(dump, number, model, runs)
        rate = run.records / run.seconds
        first = first or rate
        print(
            f"{number} workers: {rate:8.1f} postings/s, {rate / first:.2f} times the first, "
            f"CPU of all workers {run.worker_cpu:.1f} s, of the parent {run.parent_cpu:.1f} s, "
            f"largest worker {run.worker_mb} MB, remembered {run.remembered:.1%}, load {load:.1f}",
            flush=True,
        )


def show_memory(small: Path, large: Path) -> None:
    """The largest processes for a small and for a large dump."""
    for dump in (small, large):
        run = measured(dump, 1, "none")
        print(f"{run.records:,} postings: worker {run.worker_mb} MB, parent {run.parent_mb} MB")


def show_cache(same: Path, other: Path, runs: int) -> None:
    """What remembering criteria saves."""
    for name, dump in (("numbers as they were", same), ("numbers changed", other)):
        run = median_run(dump, 1, "none", runs)
        cpu, share = run.worker_cpu, run.remembered
        print(
            f"{name}: {run.seconds:.1f} s, {cpu:.1f} s of CPU, {share:.1%} of criteria remembered"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--small", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--only", choices=WHAT, nargs="+", default=WHAT)
    parser.add_argument("--work", type=Path, help="where dumps and datasets go; else a new folder")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {given.size:,} postings")
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        large = replicate(given.file, Path(folder, "large.jsonl"), given.size)
        for name, model in (("with-model", None), ("rules", "none")):
            if name in given.only:
                print(name)
                show_speed(large, given.workers, model, given.runs)
        if "memory" in given.only:
            show_memory(replicate(given.file, Path(folder, "small.jsonl"), given.small), large)
        if "cache" in given.only:
            same = replicate(given.file, Path(folder, "same.jsonl"), given.size, perturbed=False)
            show_cache(same, large, given.runs)


if __name__ == "__main__":
    main()
