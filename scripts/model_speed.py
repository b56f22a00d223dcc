"""How fast a model is: load time, word pieces a second, peak memory, in fresh processes.

    python scripts/model_speed.py MODEL --texts FILE [--sample 300] [--seed 7] [--runs 5]

Each run loads the model and reads the criteria of a seeded sample of the postings of FILE, posting
by posting as the program does, on one thread. Prints medians, the least and the greatest.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from trialcriteria.read import read_path
from trialcriteria.schema import Posting
from trialcriteria.segment import segment
from trialcriteria.tag.learned.network import VOCABULARY
from trialcriteria.tag.learned.pieces import Vocabulary
from trialcriteria.tag.learned.words import words
from trialcriteria.view import reading_view


def one_run(model: Path, path: Path, size: int, seed: int) -> None:
    """One run in this process; its figures on standard output."""
    postings = [record for record in read_path(path) if isinstance(record, Posting)]
    chosen = random.Random(seed).sample(postings, min(size, len(postings)))
    texts = [[c.text for c in segment(each.text, each.parts).criteria] for each in chosen]
    vocabulary = Vocabulary(model / VOCABULARY)
    rows = [words(reading_view(text)) for each in texts for text in each]
    pieces = sum(len(row.ids) for row in vocabulary.pieces(rows))
    start = time.perf_counter()
    from trialcriteria.tag.learned.mentions import LearnedTagger  # noqa: PLC0415 - is timed

    tagger = LearnedTagger(model)
    loaded = time.perf_counter()
    busy = time.process_time()
    for each in texts:
        tagger.read(each)
    rate = pieces / (time.process_time() - busy)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"load s": loaded - start, "pieces/s": rate, "peak MB": peak}))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--texts", type=Path, required=True, help="a file of postings, sampled")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one_run(given.model, given.texts, given.sample, given.seed)
        return
    command = [sys.executable, *sys.argv, "--one"]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        for _ in range(given.runs)
    ]
    for name in runs[0]:
        values = sorted(run[name] for run in runs)
        print(f"{name}: {statistics.median(values):.3g} ({values[0]:.3g} to {values[-1]:.3g})")


if __name__ == "__main__":
    main()
