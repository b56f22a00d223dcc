"""All scores of the program: checks them against the floors, and writes docs/scores.md.

    python scripts/scores.py [--data ../shared] [--write] [--pin] [--lower REASON]

Without --data only what the repository holds is scored (the gate of `make test`); with it also
the gold of registry records, the public corpora (development split), and the registry's own
fields. --write writes docs/scores.md (all datasets are needed), --pin sets the floors in
annotations/floors.toml to the figures of this run; a floor that would fall needs --lower.
Ends with 1 where a score is below its floor.
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
from trialcriteria.evaluate.scores import Score
from trialcriteria.extract import extract

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


def scored(task: Task, data: Path | None) -> Report:
    """The program's scores on one dataset, with progress on standard error."""
    found = dataset(task, data)
    watched = track(found.postings, task.name, console=Console(stderr=True), transient=True)
    predictions = [extract(posting) for posting in watched]
    made_by = predictions[0].provenance
    return report(found, predictions, None, about(found, made_by, (), task.command))


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
        yield "| measure | precision | recall | F1 | 95 % interval | gold | predicted |"
        yield "|---|---:|---:|---:|---|---:|---:|"
        for measure, by_strictness in each.scores.items():
            for strictness, scores in by_strictness.items():
                yield row(f"{measure}, {strictness}".replace("_", " "), scores["micro"])
        for note in each.notes:
            yield f"\nNote: {note}."


def row(name: str, score: Score) -> str:
    """One line of a table: micro averages."""
    interval = "-" if score.ci95 is None else f"{score.ci95[0]:.3f} to {score.ci95[1]:.3f}"
    ratios = " | ".join(map(ratio, (score.precision, score.recall, score.f1)))
    return f"| {name} | {ratios} | {interval} | {score.gold:,} | {score.predicted:,} |"


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
    reports = [scored(task, options.data) for task in tasks]
    floors = read_floors(FLOORS)
    both = list(zip(tasks, reports, strict=True))
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
