"""Kills a bulk run at random moments, again and again, and compares what is there at the end.

    python scripts/kill_bulk.py FILE ... [--kills 25] [--seed 7] [--workers 2] [--model none]

First one run without a stop; then, in another folder, runs that are killed (SIGKILL) while they
start or after their next parts, until there were so many kills, and one to the end. The rows of
every table of both folders, sorted, have to be the same bytes. A run that ends before its kill
counts as none, and the next begins in a new folder: give it work for minutes. Exit code 1 where
anything differs.
"""

import argparse
import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson
import pyarrow.parquet as pq


def sorted_rows(folder: Path) -> dict[str, list[bytes]]:
    """Every row of every table as JSON, sorted: what datasets that say the same have in common."""
    tables = sorted(path for path in folder.iterdir() if path.is_dir())
    return {
        table.name: sorted(
            orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
            for part in table.glob("part-*.parquet")
            for row in pq.ParquetFile(part).read().to_pylist()
        )
        for table in tables
    }


def digest(rows: dict[str, list[bytes]]) -> str:
    """sha256 of all rows."""
    return hashlib.sha256(b"\n".join(b"\n".join(rows[name]) for name in rows)).hexdigest()


def start(arguments: list[str], folder: Path) -> "subprocess.Popen[bytes]":
    """A bulk run in a process of its own."""
    command = [sys.executable, "-m", "trialcriteria", "bulk", *arguments, "-o", str(folder)]
    return subprocess.Popen(command)


def parts(folder: Path) -> int:
    """How many parts are whole."""
    return len(list(folder.glob("trials/part-*.parquet")))


def killed(arguments: list[str], folder: Path) -> bool:
    """Whether a run was killed, rather than done by then.

    The moment is random: up to two seconds after the start, or after the first or second new part.
    """
    wanted = parts(folder) + random.randrange(3)
    process = start(arguments, folder)
    while process.poll() is None and parts(folder) < wanted:
        time.sleep(0.01)
    try:
        process.wait(random.uniform(0, 2))
    except subprocess.TimeoutExpired:
        process.kill()
    if process.wait() not in (0, -signal.SIGKILL):
        sys.exit("a run failed of itself")
    return process.returncode != 0


def kill_often(arguments: list[str], folder: Path, kills: int) -> None:
    """Runs into one folder, killed so many times in all, and then left to end."""
    done = 0
    while done < kills:
        if killed(arguments, folder):
            done += 1
            print(f"kill {done}: {parts(folder)} parts are whole", flush=True)
        else:
            shutil.rmtree(folder)
    if start(arguments, folder).wait() != 0:
        sys.exit("the last run failed")


def main() -> None:
    """Run, kill, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--part-size", default="20")
    parser.add_argument("--model", default="none")
    given = parser.parse_args()
    random.seed(given.seed)
    arguments = [*given.files, "--workers", given.workers, "--part-size", given.part_size]
    arguments += ["--model", given.model]
    with tempfile.TemporaryDirectory() as name:
        whole, stopped = Path(name, "whole"), Path(name, "stopped")
        if start(arguments, whole).wait() != 0:
            sys.exit("the run without a stop failed")
        print(f"without a stop: {parts(whole)} parts", flush=True)
        kill_often(arguments, stopped, given.kills)
        compare(sorted_rows(whole), sorted_rows(stopped))


def compare(whole: dict[str, list[bytes]], stopped: dict[str, list[bytes]]) -> None:
    """Say how many rows there are, and end with an error where they differ."""
    for table, rows in whole.items():
        lost, more = len(set(rows) - set(stopped[table])), len(stopped[table]) - len(rows)
        print(f"{table:<12}{len(rows):>9,} rows, lost {lost}, too many {more}")
    print(f"sha256 {digest(whole)}\n       {digest(stopped)}")
    if whole != stopped:
        sys.exit("they differ")


if __name__ == "__main__":
    main()
