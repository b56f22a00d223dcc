"""Two versions of a posting: what is told about them (``cases.toml``)."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from trialcriteria.compare.changes import TrialChanges, compared
from trialcriteria.compare.lines import detail_line
from trialcriteria.extract import extract
from trialcriteria.read import read
from trialcriteria.schema import Criterion

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["case"]


def criteria(text: str) -> tuple[Criterion, ...]:
    (posting,) = read(text.encode(), "case.txt", "plain")
    return extract(posting).criteria


def told(changes: TrialChanges) -> Iterator[str]:
    for change in changes.changes:
        yield f"{change.outcome} {(change.after or change.before).id}"
        yield from (f"  {detail_line(detail)}" for detail in change.details)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_told(case) -> None:
    changes = compared("T", criteria(case["before"]), criteria(case["after"]))
    assert list(told(changes)) == case["told"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_backwards_it_is_the_opposite(case) -> None:
    before, after = criteria(case["before"]), criteria(case["after"])
    there, back = compared("T", before, after), compared("T", after, before)
    opposite = {"added": "removed", "removed": "added"}
    assert sorted(change.outcome for change in there.changes) == sorted(
        opposite.get(change.outcome, change.outcome) for change in back.changes
    )
    assert there.same == back.same
