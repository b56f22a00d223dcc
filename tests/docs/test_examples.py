"""The examples in the documentation give what they say, and everything is documented."""

import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from trialcriteria import read, schema
from trialcriteria.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
VOCABULARIES = "TRIALCRITERIA_VOCABULARIES"  # where those of the reader's own would lie
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENVIRONMENT = os.environ | {
    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    "PYTHONIOENCODING": "utf-8",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class Step:
    """A line after ``$`` and what stands below it."""

    command: str
    output: str


def blocks(page: Path) -> list[tuple[str, str]]:
    """Language and content of the page's console and python blocks, in order."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def steps(console: str) -> list[Step]:
    parts = re.split(r"^\$ (.*)\n", console, flags=re.MULTILINE)
    assert parts[0] == "", f"words before the first command: {parts[0]!r}"
    return [Step(*pair) for pair in zip(parts[1::2], parts[2::2], strict=True)]


def check(step: Step, folder: Path) -> None:
    program, *arguments = step.command.split()
    if program == "cat":
        (folder / arguments[0]).write_text(step.output, encoding="utf-8")
        return
    assert program == "trialcriteria", f"no way to run {step.command!r}"
    done = subprocess.run(
        [sys.executable, "-m", "trialcriteria", *arguments], cwd=folder,
        env=ENVIRONMENT | {VOCABULARIES: str(folder / "vocabularies")},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
        timeout=120,
    )  # fmt: skip
    assert done.stdout == step.output


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VOCABULARIES, str(tmp_path / "vocabularies"))
    for language, content in blocks(page):
        if language == "console":
            for step in steps(content):
                check(step, tmp_path)
        else:
            example = doctest.DocTestParser().get_doctest(content, {}, page.name, str(page), 0)
            report: list[str] = []
            assert doctest.DocTestRunner().run(example, out=report.append).failed == 0, report


def test_there_are_examples() -> None:
    counts = {page.name: len(blocks(page)) for page in PAGES}
    assert [
        name
        for name in ("README.md", "formats.md", "notation.md", "schema.md", "vocabularies.md")
        if not counts[name]
    ] == []


@pytest.mark.parametrize(
    "name", sorted(command.callback.__name__ for command in app.registered_commands)
)
def test_every_command_is_documented(name: str) -> None:
    assert f"trialcriteria {name}" in TEXT


@pytest.mark.parametrize(
    "name",
    [
        f"{group.name} {command.name}"
        for group in app.registered_groups
        for command in group.typer_instance.registered_commands
    ],
)
def test_every_command_of_a_group_is_documented(name: str) -> None:
    assert f"trialcriteria {name}" in TEXT


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, value in vars(schema).items()
        if isinstance(value, type) and value.__name__ == name and issubclass(value, schema.Model)
        if name != "Model"
    ),
)
def test_every_type_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [info.name for info in read.formats()])
def test_every_format_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_warning_is_documented() -> None:
    sources = (ROOT / "pipeline" / "trialcriteria").rglob("*.py")
    raised = re.compile(r"(?:Warning\(\s*code=|code = )(\"[^\n]*)")
    codes = {
        code
        for path in sources
        for line in raised.findall(path.read_text(encoding="utf-8"))
        for code in re.findall(r'"([a-z]+(?:_[a-z]+)*)"', line.split("message")[0])
    }
    guide = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    assert len(codes) >= 7
    assert [code for code in sorted(codes) if f"`{code}`" not in guide] == []


def test_every_script_has_its_line() -> None:
    listed = (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")
    scripts = (path.name for path in (ROOT / "scripts").iterdir() if path.suffix in (".py", ".txt"))
    assert [name for name in scripts if f"- `{name}`: " not in listed] == []


def test_links_lead_somewhere() -> None:
    links = [
        (page, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in link
    ]
    assert [link for page, link in links if not (page.parent / link).exists()] == []
