"""The rooms import only to their left, and nothing heavy is imported where it is not used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "pipeline" / "trialcriteria"
ORDER = [
    "read",
    "segment",
    "tag",
    "relate",
    "normalize",
    "link",
    "export",
    "evaluate",
    "query",
    "compare",
    "bulk",
]
SHARED = {"schema", "errors", "view", "lexicons", "garbage"}


def imported_rooms(path: Path) -> set[str]:
    """Names of the package's own modules or rooms that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trialcriteria"):
            parts = (node.module or "").split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {
                a.name.split(".")[1] for a in node.names if a.name.startswith("trialcriteria.")
            }
    return names - SHARED - {"__version__"}


@pytest.mark.parametrize("room", ORDER)
def test_room_imports_nothing_to_its_right(room: str) -> None:
    # read and segment stand alone; export and evaluate work on schema values only.
    allowed = {
        "read": {"read"},
        "segment": {"segment"},
        "tag": {"tag"},
        "relate": {"tag", "relate"},
        "normalize": {"tag", "relate", "normalize"},
        "link": {"tag", "link"},
        "export": {"export"},
        "evaluate": {"read", "export", "evaluate"},
        "query": {"export", "query"},
        "compare": {"export", "query", "compare"},
        "bulk": {"read", "tag", "link", "extract", "export", "bulk"},
    }[room]
    found = {
        (path.name, name)
        for path in (PACKAGE / room).rglob("*.py")
        for name in imported_rooms(path) - allowed
    }
    assert found == set()


def test_only_the_pipeline_and_the_command_line_know_the_order() -> None:
    outside = [*PACKAGE.glob("*.py"), *(PACKAGE / "cli").glob("*.py")]
    knowing = {
        path.relative_to(PACKAGE).parts[0]
        for path in outside
        if len(imported_rooms(path) & set(ORDER)) > 1
    }
    assert knowing == {"cli", "extract.py"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, trialcriteria; print([m for m in ('spacy', 'pydantic', 'lxml') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=None
    )
    assert done.stdout.strip() == "[]"
