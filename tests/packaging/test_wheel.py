"""The built wheel: what it holds, and that it works in a clean environment away from here.

Takes up to 90 seconds: the pinned dependencies are installed anew, with their hashes. Where pip
reaches no package index the tests of the installed program are skipped; nothing else skips.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pipeline" / "trialcriteria"
POSTING = ROOT / "corpus" / "clinconnect_lupus_car_t.txt"
VERSION = "trialcriteria 0.1.0\n"
NO_INDEX = (
    "Could not find a version that satisfies",
    "NewConnectionError",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "ConnectTimeoutError",
    "Connection refused",
)
"""What pip says where it cannot reach an index; a wrong hash, say, reads otherwise."""

CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], env=CLEAN | {"PYTHONIOENCODING": "utf-8"}, cwd=cwd,
        capture_output=True, text=True, check=False, timeout=600, encoding="utf-8",
    )  # fmt: skip


def succeed(*command: str | Path, cwd: Path) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    succeed(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a clean environment's programs."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / "bin"
    pip = (programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check")
    done = run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=folder)
    if done.returncode and any(sign in done.stderr for sign in NO_INDEX):
        pytest.skip(f"pip reaches no package index: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr[-2000:]
    succeed(*pip, "--no-deps", wheel, cwd=folder)
    return programs


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder away from the checkout that holds a posting."""
    shutil.copy(POSTING, tmp_path)
    return tmp_path


def test_everything_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    corpora = PACKAGE.parent / "trialcriteria" / "evaluate" / "corpora"
    listed = [ROOT / "corpus" / "manifest.toml", *(ROOT / "corpus" / "checksums").iterdir()]
    placed = (corpora / path.relative_to(ROOT / "corpus") for path in listed)
    models = (PACKAGE / path.relative_to(ROOT) for path in (ROOT / "models").rglob("*.*"))
    every = {path.relative_to(PACKAGE.parent).as_posix() for path in (*files, *placed, *models)}
    assert packed == every
    assert {
        "trialcriteria/py.typed",
        "trialcriteria/export/page.css",
        "trialcriteria/export/page.js",
        "trialcriteria/lexicons/units.toml",
        "trialcriteria/lexicons/concepts.tsv",
        "trialcriteria/evaluate/gold/gold.lark",
        "trialcriteria/evaluate/corpora/manifest.toml",
        "trialcriteria/models/eligibility-minilm/encoder.onnx",
    } <= packed


def test_licences_and_the_entry_point_are_in_the_wheel(wheel: Path) -> None:
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" in name]
    inside = {name.split(".dist-info/")[1] for name in names}
    assert inside == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
        "licenses/pipeline/trialcriteria/lexicons/LICENSES.md",
    }


def test_version(installed: Path, elsewhere: Path) -> None:
    assert succeed(installed / "trialcriteria", "--version", cwd=elsewhere) == VERSION


def test_it_is_the_wheel_that_runs(installed: Path, elsewhere: Path) -> None:
    code = "import trialcriteria; print(trialcriteria.__file__)"
    found = succeed(installed / "python", "-c", code, cwd=elsewhere).strip()
    assert Path(found).is_relative_to(installed.parent)


def test_schema(installed: Path, elsewhere: Path) -> None:
    printed = succeed(installed / "trialcriteria", "schema", cwd=elsewhere)
    assert printed == (ROOT / "docs" / "schema.v1.json").read_text(encoding="utf-8")


def test_extract_gives_what_the_checkout_gives(installed: Path, elsewhere: Path) -> None:
    call = ("extract", POSTING.name, "--format", "jsonl")
    here = succeed(
        "env",
        f"PYTHONPATH={ROOT / 'pipeline'}",
        sys.executable,
        "-m",
        "trialcriteria",
        *call,
        cwd=elsewhere,
    )
    assert succeed(installed / "trialcriteria", *call, cwd=elsewhere) == here
    assert here.count("\n") == 1


def test_show_writes_a_page(installed: Path, elsewhere: Path) -> None:
    call = (installed / "trialcriteria", "show", POSTING.name, "-o", "page.html")
    assert succeed(*call, cwd=elsewhere) == "page.html\n"
    page = (elsewhere / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "NCT99000001" in page


def test_formats(installed: Path, elsewhere: Path) -> None:
    printed = succeed(installed / "trialcriteria", "formats", cwd=elsewhere)
    assert len(printed.splitlines()) == 12


def test_evaluate_measures_gold(installed: Path, elsewhere: Path) -> None:
    (elsewhere / "corpus").mkdir()
    shutil.copy(POSTING, elsewhere / "corpus")
    shutil.copy(ROOT / "annotations" / "corpus" / "NCT99000001.gold", elsewhere)
    call = ("evaluate", "--gold", "NCT99000001.gold", "--format", "json")
    report = json.loads(succeed(installed / "trialcriteria", *call, cwd=elsewhere))
    assert report["segmentation"]["strict"]["micro"]["gold"] == 29
    assert report["facts"]["strict"]["micro"]["correct"] > 0


def test_the_corpora_are_known(installed: Path, elsewhere: Path) -> None:
    listed = succeed(installed / "trialcriteria", "corpus", "list", cwd=elsewhere)
    assert listed.startswith("chia ")
