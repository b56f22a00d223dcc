"""A model folder that is not whole is one clear error, with the file and its expected sha256."""

import hashlib
import shutil
from pathlib import Path

import pytest

from trialcriteria.errors import ModelError
from trialcriteria.tag.learned.layers import Layer
from trialcriteria.tag.learned.network import ENCODER, VOCABULARY, Network
from trialcriteria.tag.learned.related import relations_file
from trialcriteria.tag.learned.store import Manifest, manifest, shipped_folder

CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Manifest(name="m", files={"a.bin": DIGEST}, layers=(Layer(set="x", labels=("y",)),))
    (tmp_path / "model.json").write_text(made.model_dump_json())
    (tmp_path / "a.bin").write_bytes(CONTENT)
    return tmp_path


def test_a_whole_folder(folder: Path) -> None:
    found = manifest(folder)
    assert found.layers[0].labels == ("y",)
    name, _, digest = found.identity.partition("@")
    assert name == "m"
    assert len(digest) == 12


def test_identity_changes_with_the_weights(folder: Path) -> None:
    found = manifest(folder)
    assert found.model_copy(update={"files": {"a.bin": "0" * 64}}).identity != found.identity


def test_missing_file(folder: Path) -> None:
    (folder / "a.bin").unlink()
    with pytest.raises(ModelError, match=rf"a\.bin: No such file.*expected sha256 {DIGEST}"):
        manifest(folder)


def test_damaged_file(folder: Path) -> None:
    (folder / "a.bin").write_bytes(b"other")
    with pytest.raises(ModelError, match=rf"a\.bin: has sha256 .*, expected {DIGEST}"):
        manifest(folder)


@pytest.mark.parametrize("text", ["", "{", '{"name": 1}', "[]"])
def test_malformed_manifest(folder: Path, text: str) -> None:
    (folder / "model.json").write_text(text)
    with pytest.raises(ModelError, match=r"model\.json: "):
        manifest(folder)


def test_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.json: No such file"):
        manifest(tmp_path)


def test_a_file_outside_the_folder_is_refused(folder: Path) -> None:
    made = Manifest(name="m", files={"../a.bin": DIGEST}, layers=())
    (folder / "model.json").write_text(made.model_dump_json())
    with pytest.raises(ModelError, match="outside"):
        manifest(folder)


def test_a_network_with_other_inputs_is_refused(tmp_path: Path) -> None:
    shutil.copy(shipped_folder() / VOCABULARY, tmp_path / VOCABULARY)
    shutil.copy(shipped_folder() / relations_file("lct"), tmp_path / ENCODER)
    with pytest.raises(ModelError, match=r"encoder\.onnx: was exported by another version"):
        Network(tmp_path)
