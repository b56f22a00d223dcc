"""Every format on a small fixture written for it, against the exact expected posting."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from trialcriteria.read import BrokenRecord, detect_format, formats, read, read_path

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "fixtures" / "read"
ROWS = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))["posting"]
FILES = sorted({row["file"] for row in ROWS})


def as_row(record, name):
    """A record in the shape of expected.toml."""
    if isinstance(record, BrokenRecord):
        row = {"file": name, "broken_id": record.id, "broken": record.reason}
        return {key: value for key, value in row.items() if value is not None}
    trial = record.trial.model_dump(exclude={"source"})
    row = {
        "file": name,
        "format": record.trial.source.format,
        "start": record.trial.source.start,
        **{k: list(v) if isinstance(v, tuple) else v for k, v in trial.items()},
        "text": record.text,
        "parts": [[part.kind, *part.span] for part in record.parts],
    }
    return {key: value for key, value in row.items() if value is not None and value != []}


@pytest.mark.parametrize("name", FILES)
def test_fixture(name):
    records = list(read_path(FIXTURES / name))
    expected = [row for row in ROWS if row["file"] == name]
    assert [as_row(record, name) for record in records] == expected


@pytest.mark.parametrize("name", FILES)
def test_source(name):
    data = (FIXTURES / name).read_bytes()
    for record in read(data, name):
        if isinstance(record, BrokenRecord):
            assert record.name == name
            continue
        source = record.trial.source
        assert source.name == name
        assert source.sha256 == hashlib.sha256(record.text.encode("utf-8")).hexdigest()
        codes = [warning.code for warning in record.warnings]
        assert codes == ([] if record.text else ["no_eligibility_text"])
        if source.start is not None:
            page = data.decode("utf-8")
            assert page[source.start :].startswith(record.text)


@pytest.mark.parametrize("name", FILES)
def test_format_is_chosen_by_content(name):
    expected = next(row["format"] for row in ROWS if row["file"] == name)
    assert detect_format((FIXTURES / name).read_bytes(), "-") == expected


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_read_the_same(name, codec):
    text = (FIXTURES / name).read_bytes().decode("utf-8")
    expected = [row for row in ROWS if row["file"] == name]
    assert [as_row(r, name) for r in read(text.encode(codec), name)] == expected


def test_every_format_has_a_fixture():
    assert {info.name for info in formats()} == {row["format"] for row in ROWS if "format" in row}


def test_formats_are_described_in_one_line():
    for info in formats():
        assert info.description
        assert "\n" not in info.description
        assert info.extension.startswith(".")
    names = [info.name for info in formats()]
    assert len(names) == len(set(names))


def test_windows_line_ends_are_kept():
    page = (FIXTURES / "ctgov_page.txt").read_text(encoding="utf-8").replace("\n", "\r\n")
    (posting,) = read(page.encode(), "page.txt")
    assert posting.trial.minimum_age == "P18Y"
    assert posting.text.startswith("Inclusion Criteria\r\n\r\n1. NYHA")
    assert posting.text.endswith("1. Hemoglobin < 90 g/L.")


def test_an_array_of_studies_reads_as_a_page():
    study = (FIXTURES / "ctgov_v2.json").read_text(encoding="utf-8")
    first, second = read(f"[{study},{study}]".encode(), "studies.json")
    assert first == second
    assert first.trial.id == "NCT90000003"


def test_id_of_plain_text_comes_from_the_name_first():
    (posting,) = read(b"NCT90000011\nAdults", "NCT90000012.txt")
    assert posting.trial.id == "NCT90000012"


def test_page_without_the_registry_fields_ends_at_the_next_part():
    page = b"T\n\nNCT ID: NCT90000002\n\nEligibility Criteria\n\nAdults\n\nSponsors\n\nX\n"
    (posting,) = read(page, "page.txt")
    assert posting.text == "Adults"


def test_page_with_nothing_below_its_label():
    page = b"T\n\nNCT ID: NCT90000002\n\nEligibility Criteria\n\nSponsors\n\nX\n"
    (posting,) = read(page, "page.txt")
    assert posting.text == ""
    assert [warning.code for warning in posting.warnings] == ["no_eligibility_text"]
