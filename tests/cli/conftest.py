"""Runs the program in this process; the pipeline is replaced by one criterion a posting."""

import io
import sys
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import pytest

from trialcriteria.cli import main
from trialcriteria.schema import Criterion, Extraction, Posting, Provenance, Section, Span

EXPLODES = "explode"


class Result(NamedTuple):
    """What a run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


def one_criterion(posting: Posting, tagger: object = None, vocabularies: object = ()) -> Extraction:
    """The whole text as one criterion; a text that says so is interrupted by the user."""
    if posting.text.strip() == EXPLODES:
        raise KeyboardInterrupt
    whole = Span(0, len(posting.text))
    section = Section(id="s1", kind="inclusion", heading=None, cohort=None, span=whole)
    criterion = Criterion(
        id="i1", section="s1", kind="inclusion", label=None, span=whole, text=posting.text
    )
    return Extraction(
        trial=posting.trial,
        text=posting.text,
        sections=(section,),
        criteria=(criterion,),
        provenance=Provenance(program="trialcriteria", version="0", lexicons=""),
    )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("extract", "x.txt", stdin=b"...")`` gives exit code, standard output and error."""
    fake = ModuleType("trialcriteria.extract")
    fake.extract = one_criterion
    monkeypatch.setitem(sys.modules, "trialcriteria.extract", fake)

    def call(*args: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["trialcriteria", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        return Result(code, *capsys.readouterr())

    return call
