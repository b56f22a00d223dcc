"""A dump of which one record in a hundred is broken, each in another way."""

import gzip
import zipfile
from pathlib import Path

import orjson
import pytest

from kill_bulk import sorted_rows
from trialcriteria.bulk.worker import Limits
from trialcriteria.read.base import MAX_TEXT


def row(number: int, text: object = "Adults") -> bytes:
    return orjson.dumps({"nct_id": f"NCT{number:08d}", "eligibility": text}) + b"\n"


LINES = {
    "cut short": (row(1)[:30] + b"\n", "unreadable", "broken JSON"),
    "no object": (b"[1, 2]\n", "unreadable", "not a JSON object"),
    "no id": (b'{"eligibility": "Adults"}\n', "unreadable", "neither nct_id nor id"),
    "no text but a list": (row(2, ["Adults"]), "unreadable", "not a string"),
    "a text too long": (row(3, "x" * (MAX_TEXT + 1)), "unreadable", "over the limit"),
    "bytes of no encoding": (b'{"nct_id": "NCT1", "eligibility": "\xff"}\n', "unreadable", "JSON"),
    "a trial again": (row(1000, "Other words"), "duplicate", "came before"),
    "a crash": (row(4, "CRASH now"), "crashed", "SIGABRT"),
    "a hang": (row(5, "HANG now"), "timeout", "longer than 3 seconds"),
    "too much memory": (row(6, "HOG now"), "memory", "memory"),
    "an error": (row(7, "FAIL now"), "failed", "so told"),
}
"""In a file of JSON lines: the line, the kind of error, and words of the reason."""

MEMBERS = {
    "empty.json": (b"", "unreadable", "is empty"),
    "photo.png": (b"\x89PNG\r\n\x1a\n", "unreadable", "PNG"),
    "entities.xml": (b'<!DOCTYPE a [<!ENTITY b "c">]><clinical_study/>', "unreadable", "entities"),
    "bomb.json": (b" " * 17_000_000, "unreadable", "refused"),
}
"""In a zip archive."""

GOOD = [f"NCT{number:08d}" for number in range(1000, 2500)]


@pytest.fixture
def dump(tmp_path: Path) -> tuple[Path, Path]:
    """1,400 good lines and 100 good members, the broken ones among them."""
    lines = [row(1000 + number) for number in range(1400)]
    for place, (line, _, _) in enumerate(LINES.values(), start=1):
        lines.insert(place * 120, line)
    packed = tmp_path / "dump.jsonl.gz"
    packed.write_bytes(gzip.compress(b"".join(lines)))
    archive = tmp_path / "dump.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for number in range(2400, 2500):
            out.writestr(f"{number}.jsonl", row(number))
        for name, (data, _, _) in MEMBERS.items():
            out.writestr(name, data)
    return packed, archive


def test_every_broken_record_is_an_error_and_every_good_one_is_there(bulk, dump, tmp_path):
    manifest = bulk(*dump, part_size=400, batch_size=8, limits=Limits(3, 2500))
    found = sorted_rows(tmp_path / "out")
    assert sorted(orjson.loads(each)["trial_id"] for each in found["trials"]) == GOOD
    errors = [orjson.loads(each) for each in found["errors"]]
    expected = [*LINES.values(), *MEMBERS.values()]
    assert len(errors) == manifest.counts["errors"] == len(expected)
    unexplained = [
        (kind, words)
        for _, kind, words in expected
        if sum(each["kind"] == kind and words in each["reason"] for each in errors) < 1
    ]
    assert unexplained == []
    assert bulk(*dump, limits=Limits(3, 2500)).timing.records_extracted == 0
