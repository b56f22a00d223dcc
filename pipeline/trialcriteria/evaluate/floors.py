"""Score floors: pinned figures below which a change may not fall, kept in one TOML file.

A floor belongs to a dataset, certified by its hash and its counts, so that a score is compared
only with one on the same data. Floors rise freely; one is lowered only with a reason, which stays
in the file.
"""

import math
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.report import Report
from trialcriteria.evaluate.scores import Score
from trialcriteria.schema import Model

_DIGITS = 4
# Taken over what both sides have, so that their gold counts move with the prediction.
_CONDITIONAL = frozenset({"section", "parent", "combine", "given_entities", "given_facts"})


class Floor(Model):
    """The least F1 of one micro average, and how many gold items it is taken over."""

    f1: float
    gold: int


class Pinned(Model):
    """The floors of one dataset: a gold folder of the repository, or a public corpus.

    ``shared`` says that it needs registry data or corpora that the repository does not hold.
    Floors are by ``measure.strictness.micro``.
    """

    name: str
    split: str
    shared: bool
    sha256: str
    postings: int
    floors: dict[str, Floor]


class Lowered(Model):
    """A floor that was lowered, and why."""

    name: str
    score: str
    was: float
    now: float
    reason: str


class Floors(Model):
    """The whole file."""

    dataset: tuple[Pinned, ...] = ()
    lowered: tuple[Lowered, ...] = ()


def read_floors(path: Path) -> Floors:
    """The floors of a file; EvaluationError where it is none."""
    try:
        return Floors.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise EvaluationError(f"{path}: cannot be read ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise EvaluationError(f"{path}, {first['loc']}: {first['msg']}") from None


def fallen(pinned: Pinned, report: Report) -> tuple[str, ...]:
    """What is below its floor, or was taken on other data; one sentence each."""
    return tuple(_fallen(pinned, report))


def _fallen(pinned: Pinned, report: Report) -> Iterator[str]:
    about = report.about
    if (pinned.sha256, pinned.postings) != (about.sha256, about.postings):
        yield f"{pinned.name}: the data changed; set its floors anew"
    scores = micro_scores(report)
    for name, floor in pinned.floors.items():
        score = scores.get(name)
        if score is None or score.f1 is None:
            yield f"{pinned.name}: {name} is no longer measured"
        elif score.gold != floor.gold:
            yield f"{pinned.name}: {name} is over {score.gold} gold items, not {floor.gold}"
        elif score.f1 < floor.f1:
            yield f"{pinned.name}: {name} fell from {floor.f1} to {score.f1:.{_DIGITS}f}"


def micro_scores(report: Report) -> dict[str, Score]:
    """The micro averages by ``measure.strictness.micro``, of measures over all of gold."""
    return {
        f"{measure}.{strictness}.micro": scores["micro"]
        for measure, by_strictness in report.scores.items()
        for strictness, scores in by_strictness.items()
        if strictness not in _CONDITIONAL
    }


def pin(report: Report, *, shared: bool) -> Pinned:
    """Floors at the figures of a report, cut to four decimals."""
    return Pinned(
        name=report.about.data,
        split=report.about.split,
        shared=shared,
        sha256=report.about.sha256,
        postings=report.about.postings,
        floors={
            name: Floor(f1=_cut(score.f1), gold=score.gold)
            for name, score in micro_scores(report).items()
            if score.f1 is not None
        },
    )


def _cut(figure: float) -> float:
    return float(math.floor(figure * 10**_DIGITS) / 10**_DIGITS)


def repinned(floors: Floors, new: Pinned, reason: str | None) -> Floors:
    """The floors with those of one dataset set anew.

    Raises EvaluationError where one would fall, or vanish, and there is no ``reason``.
    """
    key = (new.name, new.split)
    old = next((each for each in floors.dataset if (each.name, each.split) == key), None)
    lowered = tuple(_lowered(old, new, reason or "")) if old else ()
    if lowered and not reason:
        first = lowered[0]
        raise EvaluationError(
            f"{first.name}: {first.score} would fall from {first.was} to {first.now}; "
            "lowering a floor needs --lower REASON"
        )
    others = [each for each in floors.dataset if (each.name, each.split) != key]
    ordered = sorted([*others, new], key=lambda each: (each.shared, each.name, each.split))
    return Floors(dataset=tuple(ordered), lowered=(*floors.lowered, *lowered))


def _lowered(old: Pinned, new: Pinned, reason: str) -> Iterator[Lowered]:
    for name, floor in old.floors.items():
        now = new.floors[name].f1 if name in new.floors else 0.0
        if now < floor.f1:
            yield Lowered(name=old.name, score=name, was=floor.f1, now=now, reason=reason)
