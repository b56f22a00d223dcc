"""The rows that codes are looked up by: unique, in use, and saying what they mean."""

from collections import Counter

import pytest

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.link.classes import DrugClassRow
from trialcriteria.link.forms import LinkPatternRow, LinkWordRow, said_otherwise
from trialcriteria.link.names import NameRow, canonical
from trialcriteria.link.senses import SenseRow
from trialcriteria.link.vocabulary import KINDS
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.cues import QualifierRow

SENSES = load_rows("senses", SenseRow)
WORDS = load_rows("link_words", LinkWordRow)
PATTERNS = load_rows("link_patterns", LinkPatternRow)
FILES: list[tuple[str, type[Row]]] = [
    ("senses", SenseRow),
    ("link_words", LinkWordRow),
    ("link_patterns", LinkPatternRow),
    ("same_names", NameRow),
    ("drug_classes", DrugClassRow),
]


@pytest.mark.parametrize(("name", "model"), FILES, ids=str)
def test_ids_are_unique(name: str, model: type[Row]) -> None:
    counted = Counter(row.id for row in load_rows(name, model))
    assert [key for key, count in counted.items() if count > 1] == []


def test_an_abbreviation_has_one_usual_reading_at_most() -> None:
    usual = Counter((row.short, row.kind) for row in SENSES if not row.near)
    assert [key for key, count in usual.items() if count > 1] == []


def test_readings_of_an_abbreviation_differ() -> None:
    counted = Counter((row.short, row.kind, canonical(row.long)) for row in SENSES)
    assert [key for key, count in counted.items() if count > 1] == []


def test_senses_are_of_kinds_that_have_codes() -> None:
    assert {row.kind for row in SENSES} <= {*KINDS}


def test_words_are_not_blank_and_stand_once_in_a_row() -> None:
    for row in WORDS:
        assert [word for word in row.words if word != word.strip() or not word] == [], row.id
        assert len({*row.words}) == len(row.words), row.id


def test_rows_of_qualifiers_exist() -> None:
    known = {row.id for row in load_rows("qualifiers", QualifierRow)}
    named = {word for row in WORDS if row.role == "qualifiers" for word in row.words}
    assert named - known == set()


@pytest.mark.parametrize("row", PATTERNS, ids=lambda row: row.id)
def test_a_pattern_finds_what_is_written_so(row: LinkPatternRow) -> None:
    key = canonical(row.written.format(x="qrstu", y="vwxyz"))
    tried = [canonical(each.format(x="qrstu", y="vwxyz")) for each in row.tried]
    for kind in row.kinds:
        assert set(tried) <= {*said_otherwise(key, kind)}


def test_kinds_of_rows_are_kinds_of_concepts() -> None:
    known = set(ConceptKind.__args__)  # type: ignore[attr-defined]
    assert {kind for row in (*WORDS, *PATTERNS) for kind in row.kinds} <= known
