"""The code file built of small wheels: who joins whom, which ids are mended, what stays out."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

import build_codes
from codes import icd, mesh
from codes.entries import headings

ROOT = Path(__file__).parents[2]
HAND = {
    "condition": {"Asthma": ["asthmatic"]},
    "drug": {"Janus Kinase Inhibitors": ["JAK inhibitor"]},
}
Rows = dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def rows(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Columns of every row by kind and key of a name."""
    with pytest.MonkeyPatch.context() as patch:
        written = _built(packages, tmp_path_factory.mktemp("built") / "codes.tsv.gz", patch)
    lines = gzip.decompress(written).decode().splitlines()
    columns = [line.split("\t") for line in lines if not line.startswith("#")]
    return {(row[0], name): row for row in columns for name in row[6].split("|")}


def _built(packages: Path, output: Path, patch: pytest.MonkeyPatch) -> bytes:
    patch.setattr(mesh, "headings_by_hand", lambda: HAND)
    patch.setattr(icd, "rules", lambda: {"hand": []})
    patch.setattr(sys, "argv", ["build_codes.py", str(packages), "-o", str(output)])
    build_codes.main()
    return output.read_bytes()


CODES = [
    ("condition", "asthma", "icd10cm:J45|mesh:D001249"),  # the package's wrong MeSH id is mended
    ("condition", "asthmatic", "icd10cm:J45|mesh:D001249"),
    ("condition", "bronchial asthma", "icd10cm:J45|mesh:D001249"),
    ("condition", "type 2 diabete mellitus", "mesh:D003924"),
    ("condition", "adult onset diabete", "mesh:D003924"),
    ("drug", "metformin", "drugbank:DB00331|mesh:D008687|unii:9100L32L2N"),
    ("drug", "glucophage", "drugbank:DB00331|mesh:D008687|unii:9100L32L2N"),  # the salt's brand
    ("drug", "verapamil", "drugbank:DB00661|mesh:D014700"),  # the package has an enantiomer's id
    ("drug", "dostarlimab", "drugbank:DB15627"),
    ("drug", "newlumab", "unii:AAAAAAAAAA"),  # known by its INN stem alone
    ("drug", "jak inhibitor", "mesh:D000075242"),
    ("procedure", "kidney transplantation", "mesh:D016030"),
    ("measurement", "hemoglobin", "loinc:718-7"),
]


@pytest.mark.parametrize(("kind", "key", "codes"), CODES, ids=str)
def test_a_name_has_the_codes_of_its_concept(rows: Rows, kind: str, key: str, codes: str) -> None:
    assert rows[kind, key][2] == codes


ABSENT = [
    ("drug", "water"),  # UNII substances that are no medicine
    ("drug", "stork"),  # a variant of a record that drew on Wikipedia
    ("condition", "mesothelioma cow"),  # a disease of animals
    ("condition", "asthma left lung initial encounter"),
    ("procedure", "demography"),
]


@pytest.mark.parametrize(("kind", "key"), ABSENT, ids=str)
def test_what_is_no_name_of_a_concept_stays_out(rows: Rows, kind: str, key: str) -> None:
    assert (kind, key) not in rows


def test_members_of_a_class_are_those_one_branch_below(rows: Rows) -> None:
    kind, name, codes, provenance, flag, members, _ = rows["drug", "biguanide"]
    assert (kind, name, codes, flag, members) == (
        "drug",
        "Biguanides",
        "mesh:D001645",
        "class",
        "mesh:D008687",
    )
    assert provenance == "mesh"


def test_a_row_names_every_source_that_it_drew_on(rows: Rows) -> None:
    assert rows["condition", "asthma"][3].split(",") == ["mesh", "hand", "curated", "icd10cm"]


def test_the_same_wheels_give_the_same_bytes(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _built(packages, tmp_path / "one.tsv.gz", monkeypatch)
    assert _built(packages, tmp_path / "two.tsv.gz", monkeypatch) == first


def test_a_heading_that_mesh_lacks_stops_the_build(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mesh, "headings_by_hand", lambda: {"drug": {"Unobtainium": []}})
    with pytest.raises(SystemExit, match=r"drug\.toml: MeSH 2026 has no heading 'Unobtainium'"):
        list(mesh.by_hand(headings(packages)))


def test_a_code_by_hand_that_says_otherwise_stops_the_build(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"kind": "condition", "name": "asthma", "icd10cm": "J45", "wording": "Measles"}
    monkeypatch.setattr(icd, "rules", lambda: {"hand": [row]})
    with pytest.raises(SystemExit, match="J45 of 'asthma' says 'Asthma'"):
        list(icd.hand_codes(headings(packages), icd.diagnoses(packages)))


def test_a_pickle_with_a_class_is_refused(packages: Path, tmp_path: Path) -> None:
    script = "import sys, pathlib; sys.path[:0] = sys.argv[2:]; import build_concepts as b\n"
    script += "b._PlainUnpickler(open(sys.argv[1], 'rb')).load()"
    hostile = tmp_path / "hostile.pkl"
    hostile.write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    paths = [str(ROOT / "scripts"), str(ROOT / "pipeline")]
    done = subprocess.run(
        [sys.executable, "-c", script, hostile, *paths], capture_output=True, text=True, check=False
    )
    assert "refused os.system" in done.stderr
