"""How much of the criteria in given files the program structures, with its shipped model.

    python scripts/coverage.py FILE [FILE ...]

Prints, over all postings of the files: counts; the shares of criteria whose requirement is all
facts, partly unsupported, wholly unsupported, or absent; the median and the quartiles over
postings; warnings by code; and the sha256 of each file. Says how much was structured, not
whether it is right.
"""

import argparse
import hashlib
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track

from trialcriteria.export.table import leaves
from trialcriteria.extract import extract
from trialcriteria.read import BrokenRecord, read_path
from trialcriteria.schema import Criterion, Extraction, Fact
from trialcriteria.tag.learned.choose import tagger

OUTCOMES = ("all facts", "partly unsupported", "wholly unsupported", "no requirement")


@dataclass
class Tally:
    """What was counted, and the shares of each posting."""

    postings: int = 0
    without_criteria: int = 0
    broken: int = 0
    characters: int = 0
    uncovered: int = 0
    facts: list[int] = field(default_factory=list)
    criteria: list[int] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    unsupported: list[float] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)


def outcome(criterion: Criterion) -> tuple[str, int]:
    """Which of OUTCOMES the criterion is, and its number of facts."""
    if criterion.requirement is None:
        return "no requirement", 0
    kinds = [isinstance(leaf, Fact) for _, leaf in leaves(criterion.requirement)]
    if all(kinds):
        return "all facts", len(kinds)
    return ("partly unsupported" if any(kinds) else "wholly unsupported"), sum(kinds)


def uncovered(extraction: Extraction) -> int:
    """Non-blank characters in no criterion, no warning, and not in the span of a section's head."""
    covered = bytearray(len(extraction.text))
    spans = [criterion.span for criterion in extraction.criteria]
    spans += [warning.span for warning in extraction.warnings if warning.span]
    for section in extraction.sections:
        if section.heading:
            start = section.span.start
            end = extraction.text.index(section.heading, start) + len(section.heading)
            spans.append(section.span._replace(end=end))
    for start, end in spans:
        covered[start:end] = b"\1" * (end - start)
    return sum(not (char.isspace() or covered[at]) for at, char in enumerate(extraction.text))


def add(tally: Tally, extraction: Extraction) -> None:
    """Count one posting."""
    tally.postings += 1
    tally.characters += len(extraction.text)
    tally.uncovered += uncovered(extraction)
    tally.warnings.update(warning.code for warning in extraction.warnings)
    tally.criteria.append(len(extraction.criteria))
    if not extraction.criteria:
        tally.without_criteria += 1
        return
    found = [outcome(criterion) for criterion in extraction.criteria]
    kinds = Counter(kind for kind, _ in found)
    tally.outcomes += kinds
    tally.facts.append(sum(facts for _, facts in found))
    tally.unsupported.append(kinds["wholly unsupported"] / len(found))


def counted(files: list[Path]) -> Tally:
    """The tally of every posting of the files, with progress on standard error."""
    tally = Tally()
    records = (record for path in files for record in read_path(path))
    for record in track(records, "postings", console=Console(stderr=True), transient=True):
        if isinstance(record, BrokenRecord):
            tally.broken += 1
        else:
            add(tally, extract(record, tagger()))
    return tally


def lines(tally: Tally) -> Iterator[str]:
    """The report."""
    criteria = sum(tally.criteria)
    yield f"{'postings read':<34}{tally.postings:>10,}"
    yield f"{'records that could not be read':<34}{tally.broken:>10,}"
    yield f"{'postings without a criterion':<34}{tally.without_criteria:>10,}"
    yield f"{'characters':<34}{tally.characters:>10,}"
    yield f"{'non-blank characters uncovered':<34}{tally.uncovered:>10,}"
    yield f"{'criteria':<34}{criteria:>10,}"
    yield f"{'facts':<34}{sum(tally.facts):>10,}"
    for name in OUTCOMES:
        count = tally.outcomes[name]
        yield f"{'criteria, ' + name:<34}{count:>10,}{count / max(criteria, 1):>8.1%}"
    yield f"\n{'per posting':<34}{'quarter':>10}{'median':>10}{'quarter':>10}"
    yield quartiles("criteria", tally.criteria, "{:>10.0f}")
    yield quartiles("facts", tally.facts, "{:>10.0f}")
    yield quartiles("criteria wholly unsupported", tally.unsupported, "{:>10.1%}")
    yield "\nwarnings"
    for code, count in sorted(tally.warnings.items()):
        yield f"{code:<34}{count:>10,}"


def quartiles(name: str, values: list[int] | list[float], shape: str) -> str:
    """One row: name, lower quartile, median, upper quartile."""
    found = statistics.quantiles(values, n=4) if len(values) > 1 else list(values) * 3
    return f"{name:<34}" + "".join(shape.format(value) for value in found)


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    files = parser.parse_args().files
    for line in lines(counted(files)):
        print(line)
    print("\nsha256")
    for path in files:
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


if __name__ == "__main__":
    main()
