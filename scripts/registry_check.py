"""Compares the age and sex that the text states with the registry's own fields.

    python scripts/registry_check.py --data ../shared/registry [--draw 30 --seed 3] [-o FILE]

Reads every registry record below the folder, extracts those whose registry states an age or a
sex, and prints how often the two agree. A posting that comes in several files is counted once.
``--draw`` prints a seeded random sample of the disagreements, to be classified by hand; ``-o``
writes all of them as JSON lines, each with the criterion that it was read from.
"""

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, get_args

from rich.console import Console
from rich.progress import track

from trialcriteria.evaluate.corpora.registry import read_registry, registry_files
from trialcriteria.evaluate.measures import posting_id
from trialcriteria.evaluate.measures.registry import (
    Comparison,
    Field,
    Outcome,
    compare_fields,
    is_disagreement,
)
from trialcriteria.extract import extract
from trialcriteria.schema import Extraction

ERR = Console(stderr=True)


class Disagreement(NamedTuple):
    """One field of one trial on which text and registry differ; ``criterion`` is its context."""

    trial: str
    format: str
    field: str
    registry: str | None
    text: str | None
    criterion: str


def disagreements(extraction: Extraction, compared: Iterable[Comparison]) -> Iterator[Disagreement]:
    """Those of the fields that disagree, with their criterion on one line."""
    trial = extraction.trial
    for each in compared:
        if is_disagreement(each):
            yield Disagreement(
                posting_id(extraction),
                trial.source.format,
                each.field,
                each.registry,
                each.text,
                " ".join(_criterion_text(extraction, each.span.start).split()),
            )


def _criterion_text(extraction: Extraction, at: int) -> str:
    inside = (c.text for c in extraction.criteria if c.span.start <= at < c.span.end)
    return next(inside, "")


def digest(data: Path, files: Iterable[Path]) -> str:
    """sha256 over the lines that ``sha256sum`` prints for the files, in their order."""
    lines = hashlib.sha256()
    for path in files:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.update(f"{found}  {path.relative_to(data).as_posix()}\n".encode())
    return lines.hexdigest()


def table(counts: Counter[tuple[str, str]], read: Counter[str]) -> Iterator[str]:
    """The report: of the fields that both state, how many agree."""
    outcomes = get_args(Outcome)
    for name, count in read.items():
        yield f"postings whose registry states {name}: {count:,}"
    yield ""
    yield f"{'field':<14}{'both state':>12}{'agreement':>11}" + "".join(
        f"{name.replace('_', ' '):>15}" for name in outcomes
    )
    for field in get_args(Field):
        agree, differ = counts[field, "agree"], counts[field, "differ"]
        both = agree + differ
        share = f"{agree / both:.1%}" if both else "-"
        yield f"{field:<14}{both:>12,}{share:>11}" + "".join(
            f"{counts[field, name]:>15,}" for name in outcomes
        )


def drawn(found: Iterable[Disagreement], size: int, seed: int) -> list[Disagreement]:
    """A seeded random sample, whatever the order of the files."""
    unique = sorted(set(found), key=lambda each: tuple(map(str, each)))
    return random.Random(seed).sample(unique, min(size, len(unique)))


def main() -> None:
    """Extract, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/registry"))
    parser.add_argument("--draw", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("-o", "--output", type=Path)
    args = parser.parse_args()
    files = registry_files(args.data)
    records = read_registry(files)
    for problem in records.problems:
        ERR.print(f"left out: {problem}", highlight=False)
    counts: Counter[tuple[str, str]] = Counter()
    found: list[Disagreement] = []
    read = Counter({"an age": 0, "a sex": 0})
    for posting in track(records.postings, "postings", console=ERR, transient=True):
        extraction = extract(posting)
        compared = compare_fields(extraction)
        counts.update((each.field, each.outcome) for each in compared)
        found += disagreements(extraction, compared)
        trial = posting.trial
        read.update(
            {"an age": bool(trial.minimum_age or trial.maximum_age), "a sex": bool(trial.sex)}
        )
    print("\n".join(table(counts, read)))
    print(f"\ndisagreements: {len(found):,}")
    print(f"data: {len(files):,} files, sha256 {digest(args.data, files)}")
    for each in drawn(found, args.draw, args.seed):
        print(json.dumps(each._asdict(), ensure_ascii=False))
    if args.output:
        lines = (json.dumps(each._asdict(), ensure_ascii=False) + "\n" for each in found)
        args.output.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
