"""Measures `vocab add athena FOLDER` and the look-up of names in what it made.

    python scripts/make_athena.py FOLDER --concepts 5000000
    python scripts/vocab_speed.py FOLDER

Prints the time and processor time of indexing, the most memory used, the size of the index, and how
long one look-up takes: of names drawn from CONCEPT.csv (seeded), each asked once.
"""

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from pathlib import Path

from trialcriteria.link.vocab import store
from trialcriteria.link.vocab.index import Index

SEED = 6
NAME = "measured"


def main() -> None:
    """Index the folder in a place of its own and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--names", type=int, default=2000)
    arguments = parser.parse_args()
    names = drawn_names(arguments.folder / "CONCEPT.csv", arguments.names)
    with tempfile.TemporaryDirectory() as home:
        os.environ[store.VARIABLE] = home
        index = indexed(arguments.folder)
        times = look_ups(index, names)
    print(f"look-up: median {statistics.median(times) * 1e3:.3f} ms", end="")
    print(f", 99 % under {statistics.quantiles(times, n=100)[98] * 1e3:.3f} ms")


def indexed(folder: Path) -> Index:
    """The index of the folder; prints what it cost."""
    wall, processor = time.perf_counter(), time.process_time()
    store.add("athena", str(folder), NAME, lambda step, count: None)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    index = store.opened(NAME)
    about, size = index.about, store.size(NAME) >> 20
    print(
        f"{about.concepts:,} concepts, {about.names:,} names, {about.links:,} relations: ", end=""
    )
    print(f"{wall:.0f} s ({processor:.0f} s of processor), {memory} MB at most, index {size} MB")
    return index


def look_ups(index: Index, names: list[str]) -> list[float]:
    """Seconds of each look-up; the first ones find nothing in memory."""
    times = []
    for name in names:
        start = time.perf_counter()
        index.codes("condition", [name])
        times.append(time.perf_counter() - start)
    return times


def drawn_names(path: Path, count: int) -> list[str]:
    """Names of concepts drawn from the whole table, by their place in the file."""
    draw = random.Random(SEED)
    size = path.stat().st_size
    names = []
    with path.open("rb") as file:
        for _ in range(count):
            file.seek(draw.randrange(size - 1000))
            file.readline()
            names.append(file.readline().decode().split("\t")[1])
    return names


if __name__ == "__main__":
    main()
