"""Knowledge bases of scispaCy: exact names only, kinds by semantic type, files by path or name."""

import json
from pathlib import Path

import pytest

from trialcriteria.errors import VocabularyError
from trialcriteria.link.vocab import store

ENTITIES = [
    {
        "concept_id": "C0020538",
        "canonical_name": "Hypertensive disease",
        "aliases": ["Hypertension", "High blood pressure", "HTN"],
        "types": ["T047"],
        "definition": "Raised pressure.",
    },
    {"concept_id": "C0004057", "canonical_name": "aspirin", "aliases": [], "types": ["T109", "T121"]},
    {"concept_id": "C0015967", "canonical_name": "Fever", "types": ["T184", "T033"]},
    {"concept_id": "C0022646", "canonical_name": "Kidney", "aliases": ["Renal organ"], "types": ["T023"]},
]  # fmt: skip
UMLS = "http://www.nlm.nih.gov/research/umls"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "umls_2026.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in ENTITIES), encoding="utf-8")
    return path


def added(source: object) -> tuple[store.About, list[store.Broken]]:
    return store.add("umls", str(source), "umls", lambda step, count: None)


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("condition", "high blood pressures", "C0020538"),
        ("drug", "Aspirin", "C0004057"),
        ("condition", "fever", "C0015967"),
        ("observation", "fever", "C0015967"),
        ("drug", "fever", None),
        ("condition", "HTN", None),
        ("condition", "high blood presure", None),
        ("condition", "kidney", None),
    ],
)
def test_codes(base, kind, name, code):
    added(base)
    codes = store.opened("umls").codes(kind, [name])
    assert [(each.system, each.code) for each in codes] == ([(UMLS, code)] if code else [])


def test_what_was_made_of_it(base):
    about, broken = added(base)
    assert (about.version, about.concepts, about.others, broken) == ("umls_2026", 3, 1, [])


BROKEN = {
    "no_json": ("{broken", "Invalid JSON"),
    "no_cui": ('{"concept_id": "MESH:D1", "canonical_name": "x"}', "concept_id: String should match"),
    "no_name": ('{"concept_id": "C0000001"}', "canonical_name: Field required"),
    "wrong_shape": ("[1, 2]", "Input should be an object"),
    "aliases_no_list": (
        '{"concept_id": "C0000001", "canonical_name": "x", "aliases": 3}',
        "aliases: Input should be a valid",
    ),
    "repeated": (json.dumps(ENTITIES[0]), "the id of an earlier one"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_named(base, name):
    line, reason = BROKEN[name]
    base.write_text(base.read_text() + line + "\n")
    about, broken = added(base)
    assert [(each.file, each.line) for each in broken] == [("umls_2026.jsonl", 5)]
    assert reason in broken[0].reason
    assert about.concepts == 3


def test_by_name_from_the_cache_of_scispacy(base, monkeypatch, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setattr("scispacy.file_cache.DATASET_CACHE", str(cache))
    for stem in ("umls_mesh_2022", "umls_2022_ab_cat0129"):
        (cache / f"0f.1e.{stem}.jsonl").write_bytes(base.read_bytes())
    (cache / "0f.1e.umls_2022_ab_cat0129.jsonl.json").write_text("{}")
    assert added("umls")[0].version == "umls_2022_ab_cat0129"
    store.remove("umls")
    assert added("mesh")[0].version == "umls_mesh_2022"


@pytest.mark.parametrize("named", ["rxnorm", "no/such/file.jsonl", ".", ""])
def test_what_is_not_there_is_told_and_not_downloaded(named, monkeypatch, tmp_path):
    monkeypatch.setattr("scispacy.file_cache.DATASET_CACHE", str(tmp_path / "none"))
    monkeypatch.setattr("socket.socket", None)
    with pytest.raises(VocabularyError, match="neither a JSON lines file nor a knowledge base"):
        added(named)
