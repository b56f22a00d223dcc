"""All scores of the program: checks them against the floors, and writes docs/scores.md.

    python scripts/scores.py [--data ../shared] [--write] [--pin] [--lower REASON]

Without --data only what the repository holds is scored (the gate of `make test`); with it also
the gold of registry records, the public corpora (development split), and the registry's own
fields. Everything is run twice: by the rules alone, whose output is the same on every machine and
which the floors are for, and with the shipped model. --write writes docs/scores.md (all datasets
are needed), --pin sets the floors in annotations/floors.toml to the figures of this run; a floor
that would fall needs --lower. Ends with 1 where a score is below its floor.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tomli_w
from rich.console import Console
from rich.progress import track

from trialcriteria.evaluate.datasets import Dataset, Split, corpus_dataset, gold_dataset
from trialcriteria.evaluate.evaluation import about, report
from trialcriteria.evaluate.floors import (
    Floors,
    fallen,
    pin,
    read_floors,
    repinned,
)
from trialcriteria.evaluate.report import Report
from trialcriteria.evaluate.scores import Comparison, Score
from trialcriteria.extract import extract
from trialcriteria.schema import Extraction
from trialcriteria.tag.learned.choose import tagger
from trialcriteria.tag.learned.concepts import Tagger

ROOT = Path(__file__).parents[1]
FLOORS = ROOT / "annotations" / "floors.toml"
PAGE = ROOT / "docs" / "scores.md"


class Task(NamedTuple):
    """One dataset, as the command line names it."""

    name: str
    split: Split = "all"
    shared: bool = True

    @property
    def is_gold(self) -> bool:
        """Whether it is a gold folder of the repository."""
        return self.name.startswith("annotations/")

    @property
    def command(self) -> str:
        """What reproduces it."""
        if self.is_gold:
            data = " --data ../shared" if self.shared else ""
            return f"trialcriteria evaluate --gold {self.name}{data}"
        folder = "../shared/registry" if self.name == "registry" else "../shared/corpora"
        split = f" --split {self.split}" if self.split != "all" else ""
        return f"trialcriteria evaluate --corpus {self.name} --data {folder}{split}"


TASKS = (
    Task("annotations/corpus", shared=False),
    Task("annotations/pages"),
    Task("annotations/train"),
    Task("annotations/registry"),
    Task("annotations/registry2"),
    Task("annotations/registry3"),
    Task("chia", "dev"),
    Task("lct", "dev"),
    Task("llf", "dev"),
    Task("fb_ner", "dev"),
    Task("registry"),
)


def dataset(task: Task, data: Path | None) -> Dataset:
    """The dataset of a task."""
    if task.is_gold:
        return gold_dataset(Path(task.name), [ROOT, *([data] if data else [])])
    if data is None:
        raise ValueError(f"{task.name} needs --data")
    return corpus_dataset(
        task.name, data / ("" if task.name == "registry" else "corpora"), task.split
    )


class Scored(NamedTuple):
    """The scores of the rules alone, and of the program, compared with the rules."""

    rules: Report
    program: Report


def scored(task: Task, data: Path | None) -> Scored:
    """The scores on one dataset."""
    found = dataset(task, data)
    rules, program = (_extracted(found, each) for each in (None, tagger()))
    command = f"{task.command} --model none"
    alone = report(found, rules, None, about(found, rules[0].provenance, (), command))
    info = about(found, program[0].provenance, (), task.command)
    return Scored(alone, report(found, program, rules, info))


def _extracted(found: Dataset, learned: Tagger | None) -> list[Extraction]:
    """The postings, extracted with progress on standard error."""
    what = found.name + (", with the model" if learned else ", rules only")
    watched = track(found.postings, what, console=Console(stderr=True), transient=True)
    return [extract(posting, learned) for posting in watched]


def below_floor(floors: Floors, task: Task, made: Report) -> tuple[str, ...]:
    """What fell below the floors of a task."""
    key = (task.name, task.split)
    found = (each for each in floors.dataset if (each.name, each.split) == key)
    return tuple(line for each in found for line in fallen(each, made))


def page(reports: list[Report]) -> Iterator[str]:
    """docs/scores.md below its first paragraph, which is kept."""
    for each in reports:
        info = each.about
        split = f", split {info.split}" if info.split != "all" else ""
        yield f"\n## {info.data}{split}\n"
        yield f"`{info.command}`: {info.postings:,} postings, data sha256 `{info.sha256[:16]}`…\n"
        yield "| measure | precision | recall | F1 | 95 % interval | gold | predicted | rules | p |"
        yield "|---|---:|---:|---:|---|---:|---:|---:|---:|"
        for measure, by_strictness in each.scores.items():
            for strictness, scores in by_strictness.items():
                name = f"{measure}, {strictness}".replace("_", " ")
                yield row(name, scores["micro"], each.comparison[measure][strictness])
        for note in each.notes:
            yield f"\nNote: {note}."


def row(name: str, score: Score, against: Comparison) -> str:
    """One line of a table: micro averages, F1 of the rules alone, and p that the two differ."""
    interval = "-" if score.ci95 is None else f"{score.ci95[0]:.3f} to {score.ci95[1]:.3f}"
    ratios = " | ".join(map(ratio, (score.precision, score.recall, score.f1)))
    rules = f"{ratio(against.second)} | {ratio(against.p)}"
    return f"| {name} | {ratios} | {interval} | {score.gold:,} | {score.predicted:,} | {rules} |"


def ratio(figure: float | None) -> str:
    """Three decimals."""
    return "-" if figure is None else f"{figure:.3f}"


def write_page(reports: list[Report]) -> None:
    """Everything from the first heading of the second rank on is written anew."""
    kept = PAGE.read_text(encoding="utf-8").split("\n## annotations/")[0]
    PAGE.write_text(kept.rstrip() + "\n" + "\n".join(page(reports)) + "\n", encoding="utf-8")


def main() -> None:
    """Score, check, and write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower", metavar="REASON")
    options = parser.parse_args()
    tasks = [task for task in TASKS if options.data or not task.shared]
    found = [scored(task, options.data) for task in tasks]
    rules, reports = [each.rules for each in found], [each.program for each in found]
    floors = read_floors(FLOORS)
    both = list(zip(tasks, rules, strict=True))
    below = [line for task, each in both for line in below_floor(floors, task, each)]
    if options.pin:
        for task, each in both:
            floors = repinned(floors, pin(each, shared=task.shared), options.lower)
        FLOORS.write_text(tomli_w.dumps(floors.model_dump()), encoding="utf-8")
    if options.write:
        write_page(reports)
    print("\n".join(page(reports)))
    for line in below:
        print(line, file=sys.stderr)
    sys.exit(bool(below and not options.pin))


if __name__ == "__main__":
    main()
