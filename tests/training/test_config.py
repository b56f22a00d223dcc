"""Configurations of training: every file is well-formed, and values can be changed."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from training.config import read_config

FOLDER = Path(__file__).parents[2] / "scripts" / "training"
FILES = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_configuration_names_teachers_that_exist(path: Path) -> None:
    config = read_config(path)
    taught = config.distilling.teachers if config.distilling else ()
    assert all((FOLDER / name).is_file() for name in taught)
    assert bool(config.base.package) != bool(config.base.parts)


def test_values_can_be_changed() -> None:
    changed = read_config(FOLDER / "student.toml", ["fitting.epochs=1", 'fitting.corpora=["lct"]'])
    assert (changed.fitting.epochs, changed.fitting.corpora) == (1, ("lct",))


@pytest.mark.parametrize("change", ["fitting.epoch=1", 'fitting.rate="fast"'])
def test_a_wrong_value_is_refused(change: str) -> None:
    with pytest.raises(ValidationError):
        read_config(FOLDER / "student.toml", [change])
