"""Compares the age and sex that the text states with the registry's own fields.

    python scripts/registry_check.py --data ../shared/registry [--draw 30 --seed 3] [-o FILE]

Reads every registry record below the folder, extracts those whose registry states an age or a
sex, and prints how often the two agree, apart for the half of the ids that rules were tuned on
(train) and the other (dev). A posting that comes in several files is counted once. Disagreements
that ``--classes`` lists as errors of the record are counted apart too, and all are counted by their
class there, "unread" where it lists none. Those of the dev half were read by an auditor who wrote
no rules; they stay out of the draw, and out of the output without ``--dev``.
``--draw`` prints a seeded random sample of the disagreements of the train half, to be classified by
hand; ``-o`` writes all of them as JSON lines, each with the criterion that it was read from.
"""

import argparse
import hashlib
import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, get_args

from rich.console import Console
from rich.progress import track

from trialcriteria.evaluate.corpora.registry import read_registry, registry_files
from trialcriteria.evaluate.datasets import is_dev
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
from trialcriteria.tag.learned.choose import tagger

CLASSES = Path(__file__).parents[1] / "annotations" / "registry_disagreements.toml"
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


class Row(NamedTuple):
    """Agreement on one field: of all that both state, and without the records that are wrong."""

    counts: Counter[str]
    wrong: int

    @property
    def both(self) -> int:
        """Postings whose text and registry both state the field."""
        return sum(self.counts[name] for name in ("agree", "differ", "sign_lost"))

    def share(self, without: int = 0) -> str:
        """How many of them agree, some left out."""
        rest = self.both - without
        return f"{self.counts['agree'] / rest:.1%}" if rest else "-"

    def cells(self) -> list[str]:
        """The row of the table."""
        apart = self.wrong + self.counts["sign_lost"]
        outcomes = [f"{self.counts[name]:,}" for name in get_args(Outcome)]
        return [f"{self.both:,}", self.share(), self.share(apart), *outcomes, f"{self.wrong:,}"]


def table(half: str, rows: dict[str, Row]) -> Iterator[str]:
    """The report on one half of the records."""
    names = [name.replace("_", " ") for name in get_args(Outcome)]
    head = ["both state", "agreement", "sound only", *names, "record wrong"]
    yield f"{half:<14}" + "".join(f"{name:>15}" for name in head)
    for field, row in rows.items():
        yield f"{field:<14}" + "".join(f"{cell:>15}" for cell in row.cells())


def read_classes(path: Path) -> dict[tuple[str, str], str]:
    """The classes of the disagreements that were read, by trial and field."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["disagreement"]
    return {(row["trial"], row["field"]): row["class"] for row in listed}


def by_class(
    read: Iterable[tuple[str, Comparison]], classes: Mapping[tuple[str, str], str]
) -> Counter[str]:
    """How many disagreements each class has, of those that did not lose their sign."""
    wanted = (pair for pair in read if pair[1].outcome in ("differ", "text_only"))
    return Counter(classes.get((trial, each.field), "unread") for trial, each in wanted)


def counted(
    read: Iterable[tuple[str, Comparison]], classes: Mapping[tuple[str, str], str]
) -> dict[str, Row]:
    """The rows of the fields, of the comparisons of one half with their trials."""
    counts: dict[str, Counter[str]] = {field: Counter() for field in get_args(Field)}
    errors: Counter[str] = Counter()
    for trial, each in read:
        counts[each.field][each.outcome] += 1
        wrong = classes.get((trial, each.field)) == "registry_error"
        errors[each.field] += each.outcome == "differ" and wrong
    return {field: Row(counts[field], errors[field]) for field in counts}


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
    parser.add_argument("--classes", type=Path, default=CLASSES)
    parser.add_argument("-o", "--output", type=Path, help="disagreements of the train half")
    parser.add_argument("--dev", action="store_true", help="write those of the dev half too")
    args = parser.parse_args()
    classes = read_classes(args.classes)
    files = registry_files(args.data)
    records = read_registry(files)
    for problem in records.problems:
        ERR.print(f"left out: {problem}", highlight=False)
    found: dict[str, list[Disagreement]] = {"train": [], "dev": []}
    read: dict[str, list[tuple[str, Comparison]]] = {"train": [], "dev": []}
    for posting in track(records.postings, "postings", console=ERR, transient=True):
        extraction = extract(posting, tagger())
        compared = compare_fields(extraction)
        name = posting_id(extraction)
        half = "dev" if is_dev(name) else "train"
        read[half] += [(name, each) for each in compared]
        found[half] += disagreements(extraction, compared)
    print(f"postings whose registry states an age or a sex: {len(records.postings):,}")
    for half, compared_fields in read.items():
        print("\n" + "\n".join(table(half, counted(compared_fields, classes))))
        print(f"disagreements: {len(found[half]):,}")
        for name, count in sorted(by_class(compared_fields, classes).items()):
            print(f"  {name}: {count:,}")
    print(f"\ndata: {len(files):,} files, sha256 {digest(args.data, files)}")
    for each in drawn(found["train"], args.draw, args.seed):
        print(json.dumps(each._asdict(), ensure_ascii=False))
    if args.output:
        every = [*found["train"], *found["dev"]] if args.dev else found["train"]
        lines = (json.dumps(each._asdict(), ensure_ascii=False) + "\n" for each in every)
        args.output.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
