"""lexicons/codes.tsv.gz as shipped: well-formed, every row with its source, no name of a trap."""

import gzip
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from codes.names import headings_by_hand
from codes.own import check_digit
from trialcriteria.link.names import canonical

LEXICONS = Path(__file__).parents[2] / "pipeline" / "trialcriteria" / "lexicons"
CODE = re.compile(
    r"mesh:D\d{6,9}|icd10cm:[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?|drugbank:DB\d{5}"
    r"|unii:[0-9A-Z]{10}|loinc:\d{1,6}-\d"
)
LARGEST = 1_500_000  # bytes: the file goes in the wheel


class Source(BaseModel):
    """A row of code_sources.toml."""

    model_config = ConfigDict(extra="forbid")
    id: str
    title: str
    version: str
    package: str
    terms: str
    url: str


@cache
def rows() -> list[list[str]]:
    text = gzip.decompress((LEXICONS / "codes.tsv.gz").read_bytes()).decode("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@cache
def names() -> dict[tuple[str, str], list[str]]:
    return {(row[0], name): row for row in rows() for name in row[6].split("|")}


def test_every_row_is_well_formed() -> None:
    wrong = [row for row in rows() if len(row) != 7 or not all((row[0], row[1], row[2], row[6]))]
    assert wrong == []
    assert [c for row in rows() for c in row[2].split("|") if not CODE.fullmatch(c)] == []
    assert (LEXICONS / "codes.tsv.gz").stat().st_size < LARGEST


def test_a_row_has_one_code_of_a_vocabulary() -> None:
    listed = ([code.split(":")[0] for code in row[2].split("|")] for row in rows())
    assert [each for each in listed if len(set(each)) < len(each)] == []


def test_a_name_is_that_of_one_concept_of_a_kind() -> None:
    counts = Counter((row[0], name) for row in rows() for name in row[6].split("|"))
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_row_names_sources_that_are_told_of() -> None:
    raw = tomllib.loads((LEXICONS / "code_sources.toml").read_text(encoding="utf-8"))["row"]
    told = {Source.model_validate(row).id for row in raw}
    assert {source for row in rows() for source in row[3].split(",")} == told


def test_members_of_classes_are_codes_of_rows() -> None:
    known = {code for row in rows() for code in row[2].split("|")}
    assert {member for row in rows() for member in row[5].split("|") if member} <= known


def test_the_check_digits_of_loinc_are_right() -> None:
    codes = [code[6:].split("-") for row in rows() for code in row[2].split("|") if code[0] == "l"]
    assert len(codes) > 200
    assert [number for number, digit in codes if check_digit(number) != digit] == []


@pytest.mark.parametrize("kind", headings_by_hand())
def test_a_name_given_by_hand_finds_a_concept(kind: str) -> None:
    given = (name for names_ in headings_by_hand()[kind].values() for name in names_)
    assert [name for name in given if (kind, canonical(name)) not in names()] == []


TRAPS = {
    "condition": "RA; MS; ED; CF; AS; LN; body weight; today; water; disease; lesion; abuse",
    "drug": "today; water; air; sugar; score; impact; program; ANC; MMF; stork; dialysate",
    "procedure": "demography; DNA repair; geography; PN; TIP",
    "measurement": "RA; MS; today",
}


@pytest.mark.parametrize(
    ("kind", "name"), [(k, n) for k, listed in TRAPS.items() for n in listed.split("; ")]
)
def test_a_trap_is_no_name(kind: str, name: str) -> None:
    assert (kind, canonical(name)) not in names()


CODED = [
    ("condition", "omphalocele", "mesh:D000099245"),
    ("condition", "umbilical hernia", "mesh:D006554"),
    ("condition", "non-small cell lung cancer", "mesh:D002289"),
    ("condition", "tumour of the kidney", "mesh:D007680"),
    ("condition", "systemic lupus erythematosus", "mesh:D008180"),
    ("condition", "uncontrolled hypertension", "mesh:D006973"),
    ("drug", "ergocalciferol", "drugbank:DB00153"),
    ("drug", "verapamil", "drugbank:DB00661"),
    ("drug", "tetracycline", "drugbank:DB00759"),
    ("drug", "CellCept", "drugbank:DB00688"),
    ("drug", "dostarlimab", "drugbank:DB15627"),
    ("drug", "JAK inhibitors", "mesh:D000075242"),
    ("drug", "strong CYP3A4 inhibitor", "mesh:D065692"),
    ("drug", "R-CHOP", "mesh:D000971"),
    ("drug", "pip/tazo", "mesh:D000077725"),
    ("procedure", "CT scan", "mesh:D014057"),
    ("procedure", "carotid surgery", "mesh:D016894"),
    ("measurement", "six-minute walk test", "loinc:64098-7"),
    ("measurement", "NYHA class", "loinc:88020-3"),
    ("measurement", "pregnancy test", "mesh:D011258"),
]


@pytest.mark.parametrize(("kind", "name", "code"), CODED, ids=[name for _, name, _ in CODED])
def test_a_name_has_its_code(kind: str, name: str, code: str) -> None:
    assert code in names()[kind, canonical(name)][2].split("|")
