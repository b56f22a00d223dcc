"""Counts how often each measurement of measurements.jsonl stands in eligibility text.

    python scripts/count_measurements.py TRIALS.jsonl[.gz]

Each line of the input is a JSON object whose ``eligibility`` is the text. Prints the id, the
number of trials that name it and its share, most frequent first; rows that never occur come
last and are candidates for removal.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from trialcriteria.tag.concepts import find_concepts, measurements
from trialcriteria.view import reading_view

PREFIX = "measurement:"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trials", type=Path, help="JSON lines with a field `eligibility`")
    arguments = parser.parse_args()
    counts: Counter[str] = Counter(dict.fromkeys(measurements(), 0))
    total = 0
    for text in eligibility_texts(arguments.trials):
        total += 1
        counts.update(named(text))
    for row, number in counts.most_common():
        print(f"{row}\t{number}\t{number / max(total, 1):.4f}")


def eligibility_texts(path: Path) -> Iterator[str]:
    """Eligibility text of each line, from a plain or gzipped file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["eligibility"]


def named(text: str) -> set[str]:
    """Ids of the measurements that the text names."""
    found = (mention.source for mention in find_concepts(reading_view(text)))
    return {source.removeprefix(PREFIX) for source in found if source.startswith(PREFIX)}


if __name__ == "__main__":
    main()
