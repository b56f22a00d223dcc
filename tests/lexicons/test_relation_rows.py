"""The rows that say how words hang together: unique, not blank, and alive."""

import re
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest

from trialcriteria.lexicons import load_rows
from trialcriteria.tag.concepts import CuratedConcept, measurements
from trialcriteria.tag.frames import FrameRow

WORD_FILES = ["cues", "qualifiers", "context", "subject_words", "function_words", "cores"]
SOURCE_FILES = ["generic_concepts", "objects"]
PATTERN_FILES = {"extensions": "pattern", "objects": "lead", "qualifier_phrases": "lead"}


def rows(name: str) -> list[dict[str, Any]]:
    text = files("trialcriteria.lexicons").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["row"]


@pytest.mark.parametrize("name", [*WORD_FILES, *SOURCE_FILES, "extensions"])
def test_ids_are_unique(name: str) -> None:
    counted = Counter(row["id"] for row in rows(name))
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("name", WORD_FILES)
def test_words_are_lower_case_and_not_blank(name: str) -> None:
    words = [word for row in rows(name) for word in row["words"]]
    assert [w for w in words if w != w.strip().lower() or not w] == []


@pytest.mark.parametrize("name", ["cues", "qualifiers"])
def test_a_word_has_one_row(name: str) -> None:
    counted = Counter(word for row in rows(name) for word in row["words"])
    assert [word for word, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("name", SOURCE_FILES)
def test_sources_name_existing_concepts(name: str) -> None:
    known = {f"curated:{row.id}" for row in load_rows("curated_concepts", CuratedConcept)}
    known |= {f"measurement:{key}" for key in measurements()}
    known |= {row.id for row in load_rows("frames", FrameRow)}
    sources = {source for row in rows(name) for source in row["sources"]}
    vocabulary = files("trialcriteria.lexicons").joinpath("concepts.tsv").read_text("utf-8")
    missing = {s for s in sources - known if f"\t{s}\t" not in vocabulary}
    assert missing == set()


@pytest.mark.parametrize(("name", "column"), PATTERN_FILES.items())
def test_patterns_compile_and_match_no_empty_text(name: str, column: str) -> None:
    for row in rows(name):
        assert re.compile(row[column]).fullmatch("") is None, row["id"]
