"""Floors: scores may not fall, floors are lowered only with a reason, and the gate itself."""

from pathlib import Path

import pytest
import tomli_w

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.datasets import gold_dataset
from trialcriteria.evaluate.evaluation import about, report
from trialcriteria.evaluate.floors import Floors, fallen, pin, read_floors, repinned
from trialcriteria.evaluate.report import About, Report, build
from trialcriteria.evaluate.scores import Measured, Tally
from trialcriteria.extract import extract

ROOT = Path(__file__).parents[2]
FLOORS = ROOT / "annotations" / "floors.toml"
ABOUT = About(
    data="annotations/x", postings=1, sha256="a" * 64, version="1", lexicons="1", command="c"
)


def made(correct: int, *, gold: int = 10, info: About = ABOUT) -> Report:
    tallies = {"strict": [{"condition": Tally(gold, 10, correct)}]}
    return build([Measured("facts", tallies)], info)


def test_a_floor_holds_at_its_own_figures() -> None:
    pinned = pin(made(7), shared=False)
    assert pinned.floors["facts.strict.micro"].f1 == 0.7
    assert fallen(pinned, made(7)) == ()
    assert fallen(pinned, made(8)) == ()


def test_a_fall_is_told() -> None:
    pinned = pin(made(7), shared=False)
    assert fallen(pinned, made(6)) == ("annotations/x: facts.strict.micro fell from 0.7 to 0.6000",)
    assert fallen(pinned, made(8, gold=9)) == (
        "annotations/x: facts.strict.micro is over 9 gold items, not 10",
    )
    changed = ABOUT.model_copy(update={"sha256": "b" * 64})
    assert "the data changed" in fallen(pinned, made(7, info=changed))[0]
    assert fallen(pinned, build([], ABOUT)) == (
        "annotations/x: facts.strict.micro is no longer measured",
    )


def test_floors_rise_freely_and_fall_with_a_reason() -> None:
    floors = repinned(Floors(), pin(made(7), shared=False), None)
    higher = repinned(floors, pin(made(9), shared=False), None)
    assert (higher.dataset[0].floors["facts.strict.micro"].f1, higher.lowered) == (0.9, ())
    with pytest.raises(EvaluationError, match=r"would fall from 0.9 to 0.7; .*--lower REASON"):
        repinned(higher, pin(made(7), shared=False), None)
    lower = repinned(higher, pin(made(7), shared=False), "gold was corrected")
    assert [(x.was, x.now, x.reason) for x in lower.lowered] == [(0.9, 0.7, "gold was corrected")]


def test_a_floor_that_vanishes_needs_a_reason() -> None:
    floors = repinned(Floors(), pin(made(7), shared=False), None)
    with pytest.raises(EvaluationError, match=r"would fall from 0\.7 to 0\.0"):
        repinned(floors, pin(build([], ABOUT), shared=False), None)


def test_floors_come_back_from_the_file(tmp_path: Path) -> None:
    floors = repinned(Floors(), pin(made(7), shared=True), None)
    path = tmp_path / "floors.toml"
    path.write_text(tomli_w.dumps(floors.model_dump()), encoding="utf-8")
    assert read_floors(path) == floors
    path.write_text("[[dataset]]\nname = 1\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"floors.toml, "):
        read_floors(path)


@pytest.mark.parametrize(
    "pinned",
    [each for each in read_floors(FLOORS).dataset if not each.shared],
    ids=lambda each: each.name,
)
def test_no_score_falls_below_its_floor(pinned) -> None:
    dataset = gold_dataset(ROOT / pinned.name, [ROOT])
    predictions = [extract(posting) for posting in dataset.postings]
    info = about(dataset, predictions[0].provenance, (), "make test")
    assert fallen(pinned, report(dataset, predictions, None, info)) == ()


def test_the_gate_has_floors() -> None:
    gated = [each for each in read_floors(FLOORS).dataset if not each.shared]
    assert [each.name for each in gated] == ["annotations/corpus"]
    assert len(gated[0].floors) >= 10
