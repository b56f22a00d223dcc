"""Which public corpora there are: ``corpus/manifest.toml`` and the checksums beside it.

Both lie beside this module in an installed package and in ``corpus/`` in a checkout.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from trialcriteria.errors import EvaluationError, UsageError
from trialcriteria.schema import Model

_CHECKOUT = Path(__file__).parents[4] / "corpus"


class Checked(Model):
    """The files whose checksums are known: how many, and the sha256 of their list."""

    files: int
    sha256: str


class CorpusInfo(Model):
    """One corpus; the head of ``manifest.toml`` says what each field holds."""

    name: str
    title: str
    source: str
    url: str
    inner: str | None = None
    digest: str
    licence: str
    citation: str
    doi: str
    content: str
    files: int
    member: str
    checked: Checked

    def path_of(self, member: str) -> str | None:
        """The path in the corpus of a file of an archive or copy; None for files of no corpus.

        Never absolute, and never with ``..``.
        """
        match = re.fullmatch(self.member, member)
        path = "/".join(match.groups()) if match else None
        return path if path and ".." not in PurePosixPath(path).parts else None


@cache
def corpora() -> tuple[CorpusInfo, ...]:
    """The corpora of the manifest, in its order.

    Raises EvaluationError where the manifest is missing from the installation or malformed.
    """
    try:
        rows = tomllib.loads(_read("manifest.toml"))["corpus"]
        return tuple(CorpusInfo.model_validate(row) for row in rows)
    except (KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise EvaluationError("manifest.toml is malformed; install the package anew") from error


def corpus(name: str) -> CorpusInfo:
    """The corpus of that name; raises UsageError where there is none."""
    found = next((info for info in corpora() if info.name == name), None)
    if found is None:
        known = ", ".join(info.name for info in corpora())
        raise UsageError(f"unknown corpus {name!r}; known: {known}")
    return found


def checksums(info: CorpusInfo) -> dict[str, str]:
    """The sha256 of the checked files by their path in the corpus.

    Raises EvaluationError where the list is missing from the installation.
    """
    listed = _read(f"checksums/{info.name}.sha256")
    pairs = (line.split("  ", 1) for line in listed.splitlines())
    return {path: digest for digest, path in pairs}


def _read(name: str) -> str:
    try:
        return _home().joinpath(name).read_text(encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{name} is missing; install the package anew") from error


def _home() -> Traversable:
    packaged = files(__package__)
    return packaged if packaged.joinpath("manifest.toml").is_file() else _CHECKOUT
