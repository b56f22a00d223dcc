"""What belongs to a class of drugs."""

import pytest

from trialcriteria.lexicons.loader import load_rows
from trialcriteria.link import codes, members
from trialcriteria.link.classes import DrugClassRow
from trialcriteria.link.names import canonical
from trialcriteria.link.vocabulary import named
from trialcriteria.schema import Code

ROWS = load_rows("drug_classes", DrugClassRow)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("JAK inhibitors", {"Tofacitinib", "Baricitinib"}),
        ("biologics", {"Adalimumab", "Rituximab"}),
        ("strong CYP3A4 inhibitors", {"Ketoconazole", "Itraconazole"}),
        ("anticoagulants", {"Warfarin", "Rivaroxaban", "Factor Xa Inhibitors"}),
    ],
)
def test_members(words: str, wanted: set[str]) -> None:
    (code,) = codes(words, "drug")
    assert wanted <= {member.display for member in members(code)}


def test_a_class_is_no_member_of_itself() -> None:
    for row in ROWS:
        code = codes(row.name, "drug")[0]
        assert code not in members(code)


@pytest.mark.parametrize("code", ["D006973", "D999999", "", "|"])
def test_what_is_no_class_has_no_members(code: str) -> None:
    heading = Code(system="https://www.nlm.nih.gov/mesh", code=code, display="", score=1.0)
    assert members(heading) == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_name_of_a_row_is_in_the_vocabulary(row: DrugClassRow) -> None:
    names = (row.name, *row.members)
    assert [name for name in names if named(canonical(name), "drug") is None] == []
    assert len({*row.members}) == len(row.members)
