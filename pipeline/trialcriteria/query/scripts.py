"""The SQL that comes with the package: one file a view or a named query, said what it is in front.

A file begins with lines of comment, which are its description; the rest is one statement.
"""

from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple


class Script(NamedTuple):
    """One file: its name without the suffix, its description on one line, its SQL."""

    name: str
    about: str
    sql: str


@cache
def scripts(folder: Literal["views", "named"]) -> dict[str, Script]:
    """The files of a folder beside this module, by name, in alphabetical order."""
    found = sorted(files(__package__).joinpath(folder).iterdir(), key=lambda path: path.name)
    read = (_script(path.name.removesuffix(".sql"), path.read_text("utf-8")) for path in found)
    return {script.name: script for script in read}


def macros() -> str:
    """The functions that views and queries share, as one text of statements."""
    return files(__package__).joinpath("macros.sql").read_text("utf-8")


def _script(name: str, text: str) -> Script:
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if not line.startswith("--"))
    about = " ".join(line.removeprefix("--").strip() for line in lines[:first])
    return Script(name, about, "\n".join(lines[first:]).strip())
