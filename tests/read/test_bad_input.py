"""Bad input: a one-line error or a BrokenRecord, fast and in bounded memory, never a crash."""

import gzip
import json
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialcriteria.errors import ReadError, TrialCriteriaError, UnknownFormatError, UsageError
from trialcriteria.read import BrokenRecord, detect_format, read, read_path
from trialcriteria.read.base import MAX_TEXT

BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
OUTSIDE = (
    b'<!DOCTYPE clinical_study [<!ENTITY a SYSTEM "file:///etc/hostname">]><clinical_study>&a;'
)

REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\t", "is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "is empty"),
    "NUL": (b"criteria\0criteria", "is not text (it holds NUL characters)"),
    "binary": (bytes(range(256)), "is not text (neither UTF-8 nor cp1252)"),
    "control characters": (b"\x07\xe9\x02\xe9", "is not text (it holds control characters)"),
    "broken UTF-16": (b"\xff\xfea\0b", "is not text (broken UTF-16)"),
    "PDF": (b"%PDF-1.7\n", "is a PDF file, not text"),
    "Office file": (b"PK\x03\x04abc", "is a ZIP or Office file, not text"),
    "entity bomb": (BOMB, "XML that declares entities is refused"),
    "outside entity": (OUTSIDE, "XML that declares entities is refused"),
    "UTF-16 entity bomb": (BOMB.decode().encode("utf-16"), "XML that declares entities is refused"),
    "other XML": (b"<?xml version='1.0'?><a/>", "XML, but not a clinical_study (its root is a)"),
    "cut XML": (
        b"<clinical_study><id_info>",
        "broken XML: Premature end of data in tag id_info line 1, line 1, column 26",
    ),
    "XML without id": (b"<clinical_study/>", "a clinical_study without id_info/nct_id"),
    "cut JSON": (
        b'{"protocolSection":\n {"a": "b',
        "broken JSON at line 2, column 10: unexpected end of data",
    ),
    "deep arrays": (
        b"[" * 100_000 + b"]" * 100_000,
        "broken JSON at line 1, column 1026: depth limit exceeded",
    ),
    "study without id": (
        b'{"protocolSection": {}}',
        "a study without protocolSection.identificationModule.nctId",
    ),
    "page without studies": (b'{"studies": []}', "a page without studies"),
    "EU CTR without number": (b'{"a2_eudract_number": ""}', "a record without a2_eudract_number"),
    "CTIS without number": (b'{"ctNumber": null}', "a record without ctNumber"),
    "ISRCTN without number": (b'{"isrctn": []}', "a record without its ISRCTN number"),
    "cut gzip": (
        gzip.compress(b"Adults " * 99)[:-9],
        "broken or truncated gzip data (Compressed file ended before the end-of-stream marker was "
        "reached)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_line(name):
    data, reason = REFUSED[name]
    with pytest.raises(ReadError) as raised:
        list(read(data, "input.bin"))
    assert str(raised.value) == f"input.bin: {reason}"


def test_detecting_refuses_as_reading_does():
    with pytest.raises(ReadError, match=r"^standard input: is empty$"):
        detect_format(b"", "-")


@pytest.mark.parametrize("data", [b'{"a": 1}', b"[]", b"{}", b"[[]]"])
def test_json_of_no_known_format(data):
    with pytest.raises(UnknownFormatError, match=r"^x\.json: content of no known format"):
        list(read(data, "x.json"))


def test_unknown_format_name():
    with pytest.raises(UsageError, match=r"^unknown format 'xls'; known: jsonl, "):
        list(read(b"Adults", "x", "xls"))


def test_format_can_be_forced():
    data = b'{"id": "A", "text": "Adults"}'
    (posting,) = read(data, "x", "plain")
    assert posting.text == data.decode()


def test_forced_format_that_does_not_fit():
    with pytest.raises(ReadError, match=r"^x: page without an eligibility part$"):
        list(read(b"Adults", "x", "clinconnect"))
    with pytest.raises(ReadError, match=r"^x: a page without studies$"):
        list(read(b"Adults", "x", "ctgov_v2"))


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ReadError, match=r"no\.txt: No such file or directory$"):
        list(read_path(tmp_path / "no.txt"))
    with pytest.raises(ReadError, match=r"Is a directory$"):
        list(read_path(tmp_path))


def test_cp1252_is_read():
    (posting,) = read(
        "Gr\u00f6\u00dfe \u2265".replace("\u2265", "\u201ex\u201c").encode("cp1252"), "x"
    )
    assert posting.text == "Gr\u00f6\u00dfe \u201ex\u201c"


def test_text_over_the_limit_breaks_a_record_of_several():
    table = b'TrialID,Inclusion_Criteria\nA,"' + b"x" * (MAX_TEXT + 1) + b'"\nB,fine\n'
    broken, posting = read(table, "big.csv")
    reason = "eligibility text of 200,001 characters, over the limit of 200,000"
    assert broken == BrokenRecord(id="A", name="big.csv", reason=reason)
    assert (posting.trial.id, posting.text) == ("B", "fine")


def test_text_at_the_limit_is_read():
    (posting,) = read(b"x" * MAX_TEXT, "x.txt")
    assert len(posting.text) == MAX_TEXT


def test_json_lines_go_on_after_a_huge_line():
    huge = b'{"id": "A", "text": "' + b"x" * (20 * 1024 * 1024) + b'"}\n'
    small = b'{"id": "B", "text": "y"}\n'
    first, broken, last = read(small + huge + small, "x.jsonl")
    assert first == last
    reason = "line 2: over the limit of 16,777,216 bytes"
    assert broken == BrokenRecord(id=None, name="x.jsonl", reason=reason)


def test_json_lines_whose_first_line_is_cut():
    broken, posting = read(b'{"id": "A", "te\n{"id": "B", "text": "y"}\n', "x.jsonl")
    assert broken.reason == "line 1: broken JSON at column 16: unexpected end of data"
    assert posting.trial.id == "B"


def test_compressed_json_lines(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    rows = [{"id": f"T{n}", "text": "Adults"} for n in range(1000)]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert [posting.trial.id for posting in read_path(path)] == [row["id"] for row in rows]


def test_json_lines_before_the_break_of_the_gzip_data_are_read():
    rows = "".join(json.dumps({"id": f"T{n}", "text": str(7**n)}) + "\n" for n in range(999))
    records = read(gzip.compress(rows.encode())[:-9], "x.jsonl.gz")
    assert next(records).trial.id == "T0"
    with pytest.raises(ReadError, match=r"^x\.jsonl\.gz: broken or truncated gzip data"):
        list(records)


HUGE = {
    "one line of 50 MB": 'b"x" * 50_000_000',
    "50 MB of bullets": 'b"- a\\n" * 12_500_000',
    "one JSON text of 50 MB": 'b\'{"id": "A", "text": "\' + b"x" * 50_000_000 + b\'"}\'',
    "gzip bomb": 'gzip.compress(b"\\0" * 400_000_000, 1)',
    "gzip bomb of text": 'gzip.compress(b"a b\\n" * 100_000_000, 1)',
}
SCRIPT = """
import pathlib, re, sys
from trialcriteria.errors import ReadError
from trialcriteria.read import read_path
try:
    list(read_path(pathlib.Path(sys.argv[1])))
except ReadError as error:
    print(error)
# Not ru_maxrss, which begins with what the process that started this one had.
status = pathlib.Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) // 1024)
"""


@pytest.mark.parametrize("name", HUGE)
def test_huge_input_is_refused_fast_and_small(name, tmp_path):
    path = tmp_path / "huge"
    path.write_bytes(eval(HUGE[name], {"gzip": gzip}))
    started = time.monotonic()
    out = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    message, megabytes = out.stdout.splitlines()
    assert time.monotonic() - started < 10
    assert int(megabytes) < 1024
    assert message.startswith("huge: ")
    assert "over the limit of" in message


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash(data):
    try:
        records = list(read(data, "x"))
    except TrialCriteriaError as error:
        assert "\n" not in str(error)
    else:
        assert records


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "protocolSection", "identificationModule", "nctId", "eligibilityModule", "studies",
                "eligibilityCriteria", "designModule", "phases", "sex", "minimumAge", "ctNumber",
                "applications", "partI", "authorizedPartI", "trialDetails", "products", "isrctn",
                "participants", "inclusion", "interventions", "intervention", "conditions", "dimp",
                "a2_eudract_number", "e3_principal_inclusion_criteria", "id", "text", "nct_id",
            ]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_shape_of_json_crashes(value):
    data = json.dumps(value).encode()
    try:
        list(read(data, "x"))
    except TrialCriteriaError as error:
        assert "\n" not in str(error)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_text_of_json_lines_is_kept_exactly(text):
    (posting,) = read(json.dumps({"id": "A", "text": text}).encode(), "x.jsonl")
    assert posting.text == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="~\0"), max_size=200))
def test_text_of_a_study_is_kept_exactly(text):
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT90000001"},
            "eligibilityModule": {"eligibilityCriteria": text},
        }
    }
    (posting,) = read(json.dumps(study, indent=1).encode(), "x.json")
    assert posting.text == text
