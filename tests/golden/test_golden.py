"""The whole output for our own corpus, as trees a reviewer can read in a diff.

These files record what the program does, right or wrong; what it should do stands in
tests/cases and tests/corpus. `make golden` writes them anew: read the diff before committing it.
"""

import io
import os
from pathlib import Path

import pytest

from trialcriteria.export.tree import write_tree
from trialcriteria.extract import extract
from trialcriteria.read import read_path
from trialcriteria.schema import Posting

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpus"
NOT_POSTINGS = {"README.md", "manifest.toml"}
FILES = sorted(
    path.name for path in CORPUS.iterdir() if path.is_file() and path.name not in NOT_POSTINGS
)


@pytest.mark.parametrize("name", FILES)
def test_output_is_as_recorded(name: str) -> None:
    out = io.StringIO()
    postings = [record for record in read_path(CORPUS / name) if isinstance(record, Posting)]
    write_tree((extract(posting) for posting in postings), out)
    record = HERE / f"{name}.tree.txt"
    if os.environ.get("TRIALCRITERIA_WRITE_GOLDEN"):
        record.write_text(out.getvalue(), encoding="utf-8")
    assert out.getvalue() == record.read_text(encoding="utf-8")
