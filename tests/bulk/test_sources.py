"""What a bulk run reads: folders, archives, tables; what is broken, left out or refused."""

import gzip
import io
import zipfile
from pathlib import Path

import orjson
import pyarrow as pa
import pytest

from trialcriteria.bulk.sources import Meter, records
from trialcriteria.errors import ReadError
from trialcriteria.read import BrokenRecord, read_path

FIXTURES = Path(__file__).parents[1] / "fixtures" / "read"


def study(number: int, text: str = "Adults") -> bytes:
    """A study as the ClinicalTrials.gov API has it."""
    identification = {"nctId": f"NCT{number:08d}", "briefTitle": f"Title {number}"}
    eligibility = {"eligibilityCriteria": text}
    return orjson.dumps(
        {
            "protocolSection": {
                "identificationModule": identification,
                "eligibilityModule": eligibility,
            }
        }
    )


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def found(*inputs: Path) -> tuple[list[str], list[BrokenRecord]]:
    """Ids of the postings in order, and the broken records."""
    sourced = [each.record for each in records(inputs, Meter(inputs))]
    broken = [record for record in sourced if isinstance(record, BrokenRecord)]
    return [record.trial.id for record in sourced if not isinstance(record, BrokenRecord)], broken


@pytest.mark.parametrize("packed", ["plain", "gz", "zst"])
def test_studies_as_json_lines(tmp_path, packed):
    data = b"".join(study(number) + b"\n" for number in range(3))
    path = tmp_path / f"studies.jsonl.{packed}"
    if packed == "plain":
        path = tmp_path / "studies.jsonl"
        path.write_bytes(data)
    elif packed == "gz":
        path.write_bytes(gzip.compress(data))
    else:
        with pa.CompressedOutputStream(str(path), "zstd") as out:
            out.write(data)
    assert found(path) == ([f"NCT{number:08d}" for number in range(3)], [])


def test_a_zip_of_a_study_a_member(tmp_path):
    members = {f"NCT{number:08d}.json": study(number) for number in range(3)}
    path = zipped(tmp_path / "ctg-studies.json.zip", members)
    assert found(path)[0] == [f"NCT{number:08d}" for number in range(3)]
    (first, *_) = records([path], Meter([path]))
    assert first.record.trial.source.name == "ctg-studies.json.zip/NCT00000000.json"


def test_the_public_xml_archive_with_its_list_of_contents(tmp_path):
    xml = (FIXTURES / "ctgov.xml").read_bytes()
    path = zipped(tmp_path / "AllPublicXML.zip", {"Contents.txt": b"NCT0000xxxx", "N/a.xml": xml})
    ids, broken = found(path)
    assert (len(ids), broken) == (1, [])


def test_a_folder_holds_any_mixture_in_the_order_of_names(tmp_path):
    folder = tmp_path / "mixed"
    (folder / "deep").mkdir(parents=True)
    names = ("aact.txt", "ctgov.xml", "ctis.json", "euctr.txt", "ictrp.csv", "trials.jsonl")
    for name in names:
        (folder / name).write_bytes((FIXTURES / name).read_bytes())
    alone = [record for name in names for record in read_path(FIXTURES / name)]
    expected = [each.trial.id for each in alone if not isinstance(each, BrokenRecord)]
    (folder / "deep" / "page.json").write_bytes(
        b'{"studies": [' + study(1) + b"," + study(2) + b"]}"
    )
    (folder / ".hidden").write_bytes(b"not a record")
    zipped(folder / "z.zip", {"a.json": study(3)})
    ids, broken = found(folder)
    assert ids == [*expected, "NCT00000003", "NCT00000001", "NCT00000002"]
    assert len(broken) == len(alone) - len(expected)


TABLES = {
    "studies.txt": "nct_id|brief_title|official_title|phase|overall_status\n"
    "NCT00000001|One|Officially one|PHASE2|COMPLETED\nNCT00000002||Officially two||\n",
    "conditions.txt": "id|nct_id|name|downcase_name\n1|NCT00000001|Asthma|asthma\n"
    "2|NCT00000001|COPD|copd\n3|NCT00000009|Cough|cough\n",
    "interventions.txt": "id|nct_id|intervention_type|name\n1|NCT00000002|DRUG|Aspirin\n",
    "eligibilities.txt": "id|nct_id|gender|minimum_age|criteria\n"
    "1|NCT00000001|ALL|18 Years|Inclusion:~* Adults\n2|NCT00000002|FEMALE||Inclusion:~* Women\n"
    "3|NCT00000003|ALL||Inclusion:~* Anybody\n",
}


@pytest.mark.parametrize("packed", [True, False])
def test_aact_tables_are_joined(tmp_path, packed):
    path = tmp_path / "aact"
    if packed:
        zipped(path, {name: table.encode() for name, table in TABLES.items()})
    else:
        path.mkdir()
        for name, table in TABLES.items():
            (path / name).write_text(table)
    one, two, three = (each.record.trial for each in records([path], Meter([path])))
    assert (one.title, one.phase, one.status) == ("One", "PHASE2", "COMPLETED")
    assert (one.conditions, one.interventions) == (("Asthma", "COPD"), ())
    assert (one.minimum_age, two.sex, two.title) == ("P18Y", "FEMALE", "Officially two")
    assert two.interventions == ("Aspirin",)
    assert (three.id, three.title, three.conditions) == ("NCT00000003", None, ())


def test_tables_of_any_size_are_streamed(tmp_path, monkeypatch):
    monkeypatch.setattr("trialcriteria.read.stream.MAX_BYTES", 1000)
    rows = (f"{number}|NCT{number:08d}|Adults~* é, {'x' * 100}\n" for number in range(50))
    (tmp_path / "eligibilities.txt").write_text("id|nct_id|criteria\n" + "".join(rows))
    ids, broken = found(tmp_path / "eligibilities.txt")
    assert (len(ids), broken) == (50, [])


BROKEN_MEMBERS = {
    "cut.json": (study(7)[:40], "broken JSON"),
    "empty.json": (b"", "is empty"),
    "picture.png": (b"\x89PNG\r\n", "PNG image"),
    "nested.zip": (b"PK\x03\x04....", "ZIP or Office file"),
    "entities.xml": (b'<!DOCTYPE x [<!ENTITY a "b">]><clinical_study/>', "declares entities"),
    "bomb.json": (b" " * 20_000_000, "refused"),
    "deep.json": (b"[" * 100_000, "broken JSON"),
}


@pytest.mark.parametrize("name", BROKEN_MEMBERS)
def test_a_broken_member_is_one_record(tmp_path, name):
    data, words = BROKEN_MEMBERS[name]
    path = zipped(tmp_path / "a.zip", {"1.json": study(1), name: data, "2.json": study(2)})
    ids, broken = found(path)
    assert ids == ["NCT00000001", "NCT00000002"]
    assert [record.name for record in broken] == [f"a.zip/{name}"]
    assert words in broken[0].reason


def test_a_member_whose_bytes_are_damaged_is_one_record(tmp_path):
    path = zipped(tmp_path / "a.zip", {"1.json": study(1, "x" * 50), "2.json": study(2)})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    ids, broken = found(path)
    assert (ids, [record.name for record in broken]) == (["NCT00000002"], ["a.zip/1.json"])


def test_names_that_climb_out_of_the_archive_write_nothing(tmp_path):
    folder = tmp_path / "inner"
    folder.mkdir()
    path = zipped(folder / "a.zip", {"../../evil.json": study(1), "/etc/evil.json": study(2)})
    assert found(path)[0] == ["NCT00000001", "NCT00000002"]
    assert [each.name for each in tmp_path.rglob("*")] == ["inner", "a.zip"]


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_an_archive_cut_short_is_no_whole_input(tmp_path, cut):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1.json", study(1))
    path = tmp_path / "cut.zip"
    path.write_bytes(buffer.getvalue()[: int(len(buffer.getvalue()) * cut)])
    (only,) = records([path], Meter([path]))
    assert (only.whole, "broken zip archive" in only.record.reason) == (False, True)


def test_a_file_of_a_folder_may_be_broken(tmp_path):
    folder = tmp_path / "studies"
    folder.mkdir()
    (folder / "a.json").write_bytes(study(1)[:30])
    (folder / "b.json").write_bytes(study(2))
    first, second = records([folder], Meter([folder]))
    assert (first.whole, first.record.name) == (True, "studies/a.json")
    assert second.record.trial.id == "NCT00000002"


def test_what_is_read_is_measured(tmp_path):
    members = {f"{number}.json": study(number) for number in range(30)}
    inputs = (zipped(tmp_path / "a.zip", members), FIXTURES)
    meter = Meter(inputs)
    seen = [meter.done for _ in records(inputs, meter)]
    assert seen == sorted(seen)
    assert meter.done == meter.total > 0


def test_a_missing_input(tmp_path):
    with pytest.raises(ReadError, match="No such file"):
        Meter([tmp_path / "none"])


def cut_inputs(folder: Path) -> dict[str, Path]:
    """Inputs of which records are missing, by why."""
    lines = gzip.compress(b"".join(study(n, "x" * 2000 * n) + b"\n" for n in range(1, 40)))
    inner = zipped(folder / "inner.zip", {"1.json": study(1)}).read_bytes()
    for name, files in (
        ("of lines", {"a.jsonl.gz": lines[:-20], "b.json": study(50)}),
        ("of an archive", {"a.zip": inner[:-20], "b.json": study(50)}),
        ("empty", {".hidden": b"x"}),
    ):
        (folder / name).mkdir()
        for file, data in files.items():
            (folder / name / file).write_bytes(data)
    member = zipped(folder / "member.zip", {"a.jsonl.gz": lines[:-20], "b.json": study(50)})
    nothing = zipped(folder / "nothing.zip", {"Contents.txt": b"NCT0000xxxx"})
    return {
        "lines of a folder": folder / "of lines",
        "an archive of a folder": folder / "of an archive",
        "lines of an archive": member,
        "no files": folder / "empty",
        "no members": nothing,
    }


@pytest.mark.parametrize(
    "why",
    [
        "lines of a folder",
        "an archive of a folder",
        "lines of an archive",
        "no files",
        "no members",
    ],
)
def test_where_records_are_missing_the_input_is_not_whole(tmp_path, why):
    path = cut_inputs(tmp_path)[why]
    sourced = list(records([path], Meter([path])))
    (cut,) = [each for each in sourced if isinstance(each.record, BrokenRecord)]
    assert not cut.whole
    assert all(each.whole for each in sourced if each is not cut)
    ids = [each.record.trial.id for each in sourced if each is not cut]
    assert ("NCT00000050" in ids) == (not why.startswith("no "))


@pytest.mark.parametrize("damage", [b"\0", b"\xe9\x81", b"\x07\xe9"])
def test_a_row_of_a_table_that_is_no_text_is_one_record(tmp_path, damage):
    header, *rows = TABLES["eligibilities.txt"].encode().splitlines(keepends=True)
    rows[1] = rows[1].replace(b"Women", b"Women" + damage)
    (tmp_path / "eligibilities.txt").write_bytes(b"".join([header, *rows]))
    ids, broken = found(tmp_path / "eligibilities.txt")
    assert ids == ["NCT00000001", "NCT00000003"]
    assert [record.id for record in broken] == ["NCT00000002"]
    assert "is not text" in broken[0].reason


def test_a_joined_row_that_is_no_text_is_left_out(tmp_path):
    for name, table in TABLES.items():
        (tmp_path / name).write_bytes(table.encode().replace(b"Asthma", b"Asthm\0"))
    one, *_ = (each.record.trial for each in records([tmp_path], Meter([tmp_path])))
    assert (one.id, one.conditions) == ("NCT00000001", ("COPD",))


def test_an_encrypted_archive_of_tables_is_no_whole_input(tmp_path):
    path = zipped(tmp_path / "aact.zip", {name: each.encode() for name, each in TABLES.items()})
    data = bytearray(path.read_bytes())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(magic)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(magic, place + 4)
    path.write_bytes(data)
    (only,) = records([path], Meter([path]))
    assert (only.whole, "encrypted" in only.record.reason) == (False, True)


def test_a_broken_link_is_named(tmp_path):
    (tmp_path / "away.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ReadError, match=r"away\.json: No such file"):
        Meter([tmp_path])
