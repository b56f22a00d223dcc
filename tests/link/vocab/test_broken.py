"""Files that are not as they should be: told in one line, counted by line, never silently lost."""

from pathlib import Path

import pytest

from trialcriteria.errors import VocabularyError
from trialcriteria.link.vocab import store

GOOD = "2\tCough\tCondition\tSNOMED\tClinical Finding\tS\t49727002\t19700101\t20991231\t"
FEVER = "4\tFever\tCondition\tSNOMED\tClinical Finding\tS\t386661006\t19700101\t20991231\t"
HUGE = "x" * 10_000_000

FLAWS = {
    "too_few_fields": (b"3\tPain\tCondition\n", "3 instead of 10 fields"),
    "too_many_fields": (f"{FEVER}\tmore\n".encode(), "11 instead of 10 fields"),
    "comma_separated": (FEVER.replace("\t", ",").encode() + b"\n", "1 instead of 10 fields"),
    "nul_byte": (FEVER.replace("Fever", "Fe\0ver").encode() + b"\n", "a NUL byte"),
    "not_utf8": (FEVER.replace("Fever", "Fi\u00e8vre").encode("latin-1") + b"\n", "not UTF-8"),
    "id_no_number": (FEVER.replace("4\t", "four\t", 1).encode() + b"\n", "concept id 'four'"),
    "id_of_other_digits": (FEVER.replace("4\t", "\u0664\t", 1).encode() + b"\n", "is no number"),
    "id_too_large": (FEVER.replace("4\t", f"{10**20}\t", 1).encode() + b"\n", "is no number"),
    "ten_megabytes": (f"{FEVER}{HUGE}\n".encode(), "longer than a megabyte"),
    "repeated_id": (GOOD.replace("Cough", "Fever").encode() + b"\n", "the id of an earlier one"),
}


def added(folder: Path) -> tuple[store.About, list[store.Broken]]:
    return store.add("athena", str(folder), "athena", lambda step, count: None)


@pytest.mark.parametrize("name", FLAWS)
def test_a_broken_row_is_named_and_the_others_are_used(write, name):
    row, reason = FLAWS[name]
    folder = write([], [], [])
    path = folder / "CONCEPT.csv"
    rows = [GOOD, "5\tPain\tCondition\tSNOMED\tClinical Finding\tS\t22253000\t1970\t2099\t"]
    first, last = (f"{each}\n".encode() for each in rows)
    path.write_bytes(path.read_bytes() + first + row + last)
    about, broken = added(folder)
    assert [(each.file, each.line) for each in broken] == [("CONCEPT.csv", 3)]
    assert reason in broken[0].reason
    assert (about.concepts, about.broken) == (2, 1)
    names = [store.opened("athena").codes("condition", [name]) for name in ("cough", "pain")]
    assert [codes[0].code for codes in names] == ["49727002", "22253000"]


@pytest.mark.parametrize("table", ["CONCEPT_SYNONYM", "CONCEPT_RELATIONSHIP"])
def test_the_other_tables_are_checked_too(write, table):
    folder = write()
    path = folder / f"{table}.csv"
    number = len(path.read_text().splitlines()) + 1
    row = {"CONCEPT_SYNONYM": "x\tname\t4180186\n"}.get(table, "2\tx\tMaps to\t1970\t2099\t\n")
    path.write_text(path.read_text() + row + "short\n")
    about, broken = added(folder)
    assert [(each.file, each.line) for each in broken] == [
        (path.name, number),
        (path.name, number + 1),
    ]
    assert about.broken == 2


def test_thousands_of_broken_rows_are_counted_and_the_first_of_them_named(write):
    folder = write()
    with (folder / "CONCEPT.csv").open("a", encoding="utf-8") as out:
        out.writelines(f"{number}\tPain\n" for number in range(5000))
    about, broken = added(folder)
    assert (about.broken, len(broken)) == (5000, 20)
    assert [each.line for each in broken] == [*range(broken[0].line, broken[0].line + 20)]


def test_windows_line_ends_a_byte_order_mark_and_blank_lines_are_no_matter(write):
    folder = write()
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
    about, broken = added(folder)
    assert (broken, about.version) == ([], "v5.0 22-NOV-26")
    assert store.opened("athena").codes("drug", ["Aspirin"])[0].code == "1191"


def test_columns_may_stand_in_any_order(write):
    folder = write()
    for path in folder.glob("*.csv"):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        turned = "".join("\t".join(reversed(row)) + "\n" for row in rows)
        path.write_text(turned, encoding="utf-8")
    assert added(folder)[1] == []
    (found,) = store.opened("athena").details("I10")
    assert [entry.name for entry in found.mapped_to] == ["Essential hypertension"]


def test_a_file_without_a_last_line_end_loses_nothing(write):
    folder = write()
    path = folder / "CONCEPT.csv"
    path.write_text(path.read_text().rstrip("\n"))
    added(folder)
    assert store.opened("athena").codes("procedure", ["Skin test"])


def test_synonyms_and_mappings_of_unknown_concepts_are_no_harm(write):
    folder = write(synonyms=[[99, "Phantom", 4180186]], relations=[[2, 99, "Maps to", 0, 0, ""]])
    added(folder)
    assert store.opened("athena").codes("condition", ["Phantom"]) == ()


HEADERS = {
    "missing_column": "concept_id\tconcept_name\tdomain_id\n",
    "commas": "concept_id,concept_name,domain_id,vocabulary_id\n",
    "empty": "",
    "binary": "\0\1\2\n",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_table_of_another_kind_is_refused(write, home, name):
    folder = write()
    (folder / "CONCEPT.csv").write_text(HEADERS[name])
    with pytest.raises(VocabularyError, match=r"CONCEPT\.csv: no column .*tab-separated"):
        added(folder)
    assert [path.name for path in home.iterdir() if path.suffix != ".lock"] == []


def test_a_folder_without_the_tables_is_refused(tmp_path: Path, write):
    (write() / "CONCEPT_SYNONYM.csv").unlink()
    with pytest.raises(VocabularyError, match=r"no CONCEPT_SYNONYM\.csv; unpack"):
        added(tmp_path / "download")
    with pytest.raises(VocabularyError, match=r"no CONCEPT\.csv, CONCEPT_SYNONYM"):
        added(tmp_path / "nowhere")
