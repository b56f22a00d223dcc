"""The words of a report, for the terminal and the page alike."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from trialcriteria.compare.changes import Outcome, TrialChanges
from trialcriteria.compare.details import Detail
from trialcriteria.export.notation import one_line

_LONG = 2000  # words: finding the least difference of longer texts takes too long


class Stretch(NamedTuple):
    """Words that both versions have, or that only this one has."""

    words: str
    shared: bool


def detail_line(detail: Detail) -> str:
    """``eGFR >= 60 mL/min -> >= 45 mL/min``, ``aspirin: window none -> [-P2W, P0D] now``."""
    before, after = detail.before or "none", detail.after or "none"
    if detail.part in ("fact", "words"):
        unread = " (no structure)" if detail.part == "words" else ""
        return (f"new: {after}" if detail.before is None else f"gone: {before}") + unread
    if detail.part == "value":
        return f"{detail.subject} {before} -> {after}"
    about = f"{detail.subject}: " if detail.subject else ""
    return f"{about}{detail.part} {before} -> {after}"


def counts_line(counts: Mapping[Outcome, int]) -> str:
    """``12 same, 1 reworded, 3 changed``: what there is none of is left out."""
    named = (f"{number:,} {outcome}" for outcome, number in counts.items() if number)
    return ", ".join(named) or "none"


def trial_line(trial: TrialChanges) -> str:
    """What became of its criteria."""
    outcomes: tuple[Outcome, ...] = ("changed", "reworded", "added", "removed", "same")
    return counts_line({outcome: trial.count(outcome) for outcome in outcomes})


def stretches(before: str, after: str) -> tuple[list[Stretch], list[Stretch]]:
    """Both texts on one line, cut where their words differ."""
    first, second = one_line(before).split(), one_line(after).split()
    if len(first) + len(second) > _LONG:
        return [Stretch(" ".join(first), False)], [Stretch(" ".join(second), False)]
    steps = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return (
        list(_cut(first, ((step[0] == "equal", step[1], step[2]) for step in steps))),
        list(_cut(second, ((step[0] == "equal", step[3], step[4]) for step in steps))),
    )


def _cut(text: list[str], steps: Iterator[tuple[bool, int, int]]) -> Iterator[Stretch]:
    for shared, start, end in steps:
        if start < end:
            yield Stretch(" ".join(text[start:end]), shared)
