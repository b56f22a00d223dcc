"""The manifest of the public corpora and the checksums beside it."""

import hashlib
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.errors import EvaluationError, UsageError
from trialcriteria.evaluate.corpora import manifest

INFOS = manifest.corpora()
each = pytest.mark.parametrize("info", INFOS, ids=lambda info: info.name)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An installation whose manifest the test writes."""
    monkeypatch.setattr(manifest, "_home", lambda: tmp_path)
    manifest.corpora.cache_clear()
    yield tmp_path
    manifest.corpora.cache_clear()


def test_four_corpora():
    assert [info.name for info in INFOS] == ["chia", "lct", "llf", "fb_ner"]


@each
def test_checksums_are_the_pinned_list(info):
    listed = (manifest._CHECKOUT / "checksums" / f"{info.name}.sha256").read_bytes()
    assert hashlib.sha256(listed).hexdigest() == info.checked.sha256
    known = manifest.checksums(info)
    assert len(known) == info.checked.files == listed.count(b"\n")
    assert list(known) == sorted(known)
    assert all(
        len(digest) == 64 and set(digest) <= set("0123456789abcdef") for digest in known.values()
    )


@each
def test_checked_files_are_part_of_the_full_set(info):
    known = manifest.checksums(info)
    if info.name == "fb_ner":  # a table made from the published one
        assert {path: info.path_of(path) for path in known} == {"medical_ner_10k.tsv": None}
        return
    assert {path: info.path_of(path) for path in known} == {path: path for path in known}
    assert len(known) <= info.files


@each
def test_sources_are_secure_and_cited(info):
    assert info.url.startswith("https://")
    assert info.source.startswith("https://")
    assert info.doi.startswith("10.")
    assert info.licence
    assert info.digest.partition(":")[0] in ("", "md5", "sha256")


@pytest.mark.parametrize(
    ("name", "member", "path"),
    [
        ("chia", "NCT00000001_inc.txt", "NCT00000001_inc.txt"),
        ("chia", "chia_without_scope/NCT00000001_exc.ann", "NCT00000001_exc.ann"),
        ("chia", "NCT00000001_all.txt", None),
        ("chia", "__MACOSX/._NCT00000001_inc.txt", None),
        ("lct", "lct/a/NCT00000001.ann", "NCT00000001.ann"),
        ("lct", "NCT00000001.ann.bak", None),
        ("llf", "annotator_2/NCT00000001_7.js", "annotator_2/NCT00000001_7.js"),
        (
            "llf",
            "leaf-corpora-461288a/leaf_logical_forms/annotator_2/batch12/NCT00000001_7.js",
            "annotator_2/NCT00000001_7.js",
        ),
        ("llf", "annotator_3/double_annotation/NCT00000001_7.js", "annotator_3/NCT00000001_7.js"),
        ("llf", "annotator_4/NCT00000001_7.js", None),
        ("fb_ner", "data/ner/medical_ner.tsv", "medical_ner.tsv"),
        ("fb_ner", "data/ner/test_processed_medical_ner.tsv", None),
        ("chia", "../../etc/NCT00000001_inc.txt", "NCT00000001_inc.txt"),
        ("chia", "/NCT00000001_inc.txt\n", None),
    ],
)
def test_path_of(name, member, path):
    assert manifest.corpus(name).path_of(member) == path


PIECES = ["..", "/", "\\", "C:", "NCT00000001", "_inc", "_7", ".txt", ".js", "annotator_1", "\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_no_path_leaves_the_folder(member):
    for info in INFOS:
        path = info.path_of(member)
        assert path is None or not PurePosixPath(path).is_absolute()
        assert path is None or ".." not in PurePosixPath(path).parts


def test_unknown_name():
    with pytest.raises(UsageError, match="unknown corpus 'n2c2'; known: chia, lct, llf, fb_ner"):
        manifest.corpus("n2c2")


def test_a_pattern_that_climbs_is_refused():
    info = INFOS[0].model_copy(update={"member": r"(.*)/(x)"})
    assert info.path_of("a/x") == "a/x"
    assert info.path_of("../x") is None


def test_missing_manifest(home):
    with pytest.raises(EvaluationError, match=r"^manifest.toml is missing; install"):
        manifest.corpora()


def test_malformed_manifest(home):
    (home / "manifest.toml").write_text('[[corpus]]\nname = "a"\n')
    with pytest.raises(EvaluationError, match=r"^manifest.toml is malformed"):
        manifest.corpora()


def test_missing_checksums(home):
    with pytest.raises(EvaluationError, match=r"^checksums/chia.sha256 is missing"):
        manifest.checksums(INFOS[0])
