"""The seeded draw of the registry records that carry gold.

    python scripts/draw_gold.py [--data ../shared]

One record of every format under DATA/registry and the rest in the largest formats, by turns, from
the development half of the ids (md5 modulo 5 is 1) where a format has any, so that no rule was
tuned on them. The two pages that the tests hold to are left out. Prints a row for each record:
format, id, file, sha256 of its eligibility text, and whether it is annotated twice.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import track

from trialcriteria.evaluate.datasets import is_dev
from trialcriteria.read import BrokenRecord, read_path
from trialcriteria.schema import Posting
from trialcriteria.tag.language import foreign_language

SEED = 20_261_122
RECORDS = 12
TWICE = 4
SHORTEST = 200
PAGES = {"clinconnect", "ctgov_page"}

Strata = dict[str, dict[str, tuple[Path, Posting]]]


def eligible(record: Posting | BrokenRecord) -> bool:
    """Whether a record can be drawn: it has an id and an English text of some length."""
    if isinstance(record, BrokenRecord) or record.trial.source.format in PAGES:
        return False
    text = record.text
    return bool(record.trial.id) and len(text) >= SHORTEST and foreign_language(text) is None


def records(folder: Path) -> Iterator[tuple[Path, Posting]]:
    """Every record under the folder that can be drawn, with its file."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".md", "")
    )
    for path in track(files, "files", console=Console(stderr=True), transient=True):
        for record in read_path(path):
            if isinstance(record, Posting) and eligible(record):
                yield path, record


def strata(folder: Path) -> Strata:
    """Format -> id -> record; the development half alone where a format has one."""
    found: Strata = defaultdict(dict)
    for path, posting in records(folder):
        found[posting.trial.source.format].setdefault(str(posting.trial.id), (path, posting))
    for name, stratum in found.items():
        dev = {trial: record for trial, record in stratum.items() if is_dev(trial)}
        found[name] = dev or stratum
    return found


def draw(found: Strata) -> list[tuple[Path, Posting]]:
    """RECORDS records, formats by turns (the largest first), no trial twice."""
    rng = random.Random(SEED)
    by_size = sorted(found, key=lambda name: (-len(found[name]), name))
    shuffled = {name: rng.sample(sorted(found[name]), len(found[name])) for name in by_size}
    chosen: dict[str, tuple[Path, Posting]] = {}
    while len(chosen) < RECORDS and any(shuffled.values()):
        for name in by_size:
            waiting = [trial for trial in shuffled[name] if trial not in chosen]
            if waiting and len(chosen) < RECORDS:
                chosen[waiting[0]] = found[name][waiting[0]]
                shuffled[name] = waiting[1:]
    return list(chosen.values())


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    data = parser.parse_args().data
    chosen = draw(strata(data / "registry"))
    twice = set(random.Random(SEED + 1).sample([posting.trial.id for _, posting in chosen], TWICE))
    for path, posting in chosen:
        trial = posting.trial
        passes = "twice" if trial.id in twice else "once"
        name = path.relative_to(data).as_posix()
        print(trial.source.format, trial.id, name, trial.source.sha256, passes)


if __name__ == "__main__":
    main()
