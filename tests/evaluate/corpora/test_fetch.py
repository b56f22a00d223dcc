"""Fetching a corpus: from copies, from hostile archives, and from a local server."""

import gzip
import hashlib
import io
import os
import socket
import tarfile
import threading
import warnings
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from trialcriteria.errors import EvaluationError, UsageError
from trialcriteria.evaluate.corpora import archive, fetch
from trialcriteria.evaluate.corpora.manifest import CorpusInfo, checksums, corpus

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora"

FILES = {"a1.txt": b"Adults\r\n", "a1.ann": b"T1\tPerson 0 6\tAdults\n"}
KNOWN = {"a1.txt": hashlib.sha256(FILES["a1.txt"]).hexdigest()}
INFO = CorpusInfo(
    name="toy",
    title="Toy corpus",
    source="https://example.org/toy",
    url="http://127.0.0.1:9/toy.zip",
    digest="",
    licence="CC0-1.0",
    citation="Nobody. Nothing. 2026.",
    doi="10.0/0",
    content="two files and one more",
    files=3,
    member=r"(?:.*/)?(a\d\.(?:txt|ann))",
    checked={"files": 1, "sha256": "0" * 64},
)


def folder(path, files=FILES):
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def zipped(path, files=FILES, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two members with one name
        for name, content in files.items() if isinstance(files, dict) else files:
            out.writestr(name, content)
    return path


def tarred(path, files=FILES):
    with tarfile.open(path, "w:gz") as out:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    return path


def contents(path):
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def take(source, target, info=INFO, **options):
    return fetch.fetch_corpus(info, KNOWN, target, source, **options)


def counts(report):
    return report.verified, report.unknown, report.missing


def refused(source, target, message, info=INFO, **options):
    """The error is one line, and nothing is left behind."""
    before = {path.name for path in target.parent.iterdir()} if target.parent.exists() else set()
    with pytest.raises(EvaluationError, match=message) as caught:
        take(source, target, info, **options)
    assert "\n" not in str(caught.value)
    assert {path.name for path in target.parent.iterdir()} == before


@pytest.fixture
def target(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "toy"


# From copies.


def test_folder(tmp_path, target):
    source = folder(tmp_path / "copy", FILES | {"README.md": b"not of the corpus"})
    report = take(source, target)
    assert counts(report) == (1, 1, 1)
    assert (report.corpus, report.target) == ("toy", str(target))
    assert str(report) == (
        f"toy: 1 files verified, 1 without a checksum, 1 of the full set missing; in {target}"
    )
    assert contents(target) == FILES
    assert [path.name for path in target.parent.iterdir()] == ["toy"]


def test_folder_above(tmp_path, target):
    folder(tmp_path / "all" / "toy")
    take(tmp_path / "all", target)
    assert contents(target) == FILES


def test_known_file_outside_the_full_set(tmp_path, target):
    known = {"subset.tsv": hashlib.sha256(b"rows").hexdigest()}
    source = folder(tmp_path / "copy", {"subset.tsv": b"rows", "other.tsv": b""})
    report = fetch.fetch_corpus(INFO, known, target, source)
    assert counts(report) == (1, 0, 3)
    assert contents(target) == {"subset.tsv": b"rows"}


def test_changed_file_is_named(tmp_path, target):
    source = folder(tmp_path / "copy", FILES | {"a1.txt": b"Adults\n"})
    refused(source, target, r"^a1.txt is not the published file of Toy corpus")


def test_nothing_of_the_corpus(tmp_path, target):
    refused(folder(tmp_path / "copy", {"b.txt": b""}), target, "no file of Toy corpus")


def test_no_source(tmp_path, target):
    refused(tmp_path / "nowhere", target, "no such file or folder")


def test_unknown_name(target):
    with pytest.raises(UsageError, match="unknown corpus"):
        fetch.fetch("toy", target)


# What lies at the target.


def test_a_copy_is_replaced_only_by_force(tmp_path, target):
    source = folder(tmp_path / "copy")
    folder(target, {"a2.txt": b"former"})
    refused(source, target, "not empty; --force replaces it")
    assert contents(target) == {"a2.txt": b"former"}
    take(source, target, force=True)
    assert contents(target) == FILES


def test_foreign_files_are_never_replaced(tmp_path, target):
    folder(target, {"a2.txt": b"former", "sub/thesis.doc": b"dear"})
    refused(folder(tmp_path / "copy"), target, r"thesis.doc is not of Toy corpus", force=True)
    assert contents(target)["sub/thesis.doc"] == b"dear"


def test_former_copy_survives_a_failure(tmp_path, target):
    folder(target, {"a2.txt": b"former"})
    source = folder(tmp_path / "copy", {"a1.txt": b"changed"})
    refused(source, target, "not the published file", force=True)
    assert contents(target) == {"a2.txt": b"former"}


def test_empty_folder_is_filled(tmp_path, target):
    target.mkdir()
    take(folder(tmp_path / "copy"), target)
    assert contents(target) == FILES


def test_file_in_the_way(tmp_path, target):
    target.write_bytes(b"")
    refused(folder(tmp_path / "copy"), target, "is no folder", force=True)


def test_link_stays_a_link(tmp_path, target):
    real = tmp_path / "elsewhere"
    real.mkdir()
    target.symlink_to(real)
    take(folder(tmp_path / "copy"), target)
    assert target.is_symlink()
    assert contents(real) == FILES


# Archives.


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_archive(tmp_path, target, pack):
    inside = {f"toy-1.0/{name}": content for name, content in FILES.items()}
    assert counts(take(pack(tmp_path / "toy.bin", inside), target)) == (1, 1, 1)
    assert contents(target) == FILES


def test_archive_in_a_zip(tmp_path, target):
    packed = tarred(tmp_path / "toy.tar.gz").read_bytes()
    digest = f"sha256:{hashlib.sha256(packed).hexdigest()}"
    info = INFO.model_copy(update={"inner": "toy.tar.gz", "digest": digest})
    outer = zipped(tmp_path / "outer.zip", {"v2/toy.tar.gz": packed, "v2/README": b""})
    assert counts(take(outer, target, info)) == (1, 1, 1)
    take(tmp_path / "toy.tar.gz", target, info, force=True)
    assert contents(target) == FILES


def test_wrong_digest(tmp_path, target):
    info = INFO.model_copy(update={"digest": f"md5:{'0' * 32}"})
    refused(zipped(tmp_path / "toy.zip"), target, r"toy.zip is not the published archive", info)
    take(folder(tmp_path / "unpacked"), target, info)
    assert contents(target) == FILES


HOSTILE = {
    "../a1.txt": b"Adults\r\n",
    "/a2.txt": b"absolute",
    "x/../../a3.txt": b"climbs",
    "..\\a4.txt": b"backslash",
    "../../.bashrc": b"not of the corpus",
}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_hostile_names_stay_inside(tmp_path, target, pack):
    take(pack(tmp_path / "evil.bin", HOSTILE), target)
    assert set(contents(target)) == {"a1.txt", "a2.txt", "a3.txt"}
    assert not {path.name for path in tmp_path.iterdir()} & {
        "a1.txt",
        "a2.txt",
        "a3.txt",
        ".bashrc",
    }


def test_links_in_archives_are_not_followed(tmp_path, target):
    secret = folder(tmp_path / "secret", {"key": b"secret"}) / "key"
    link = zipfile.ZipInfo("a2.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as out:
        out.writestr(link, str(secret))
    take(tmp_path / "links.zip", target)
    assert contents(target) == {"a2.txt": str(secret).encode()}
    assert not (target / "a2.txt").is_symlink()
    with tarfile.open(tmp_path / "links.tar.gz", "w:gz") as out:
        for kind, name in ((tarfile.SYMTYPE, "a2.txt"), (tarfile.LNKTYPE, "a3.txt")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, str(secret)
            out.addfile(info)
    refused(tmp_path / "links.tar.gz", target.with_name("tar"), "no file of Toy corpus")


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ({"MAX_FILE": 7}, "'a1.txt': too large"),
        ({"MAX_TOTAL": 20}, "too large"),
        ({"MAX_MEMBERS": 1}, "over 1 files"),
    ],
)
def test_limits(tmp_path, target, monkeypatch, pack, limit, message):
    source = pack(tmp_path / "big.bin")
    for name, value in limit.items():
        monkeypatch.setattr(archive, name, value)
    refused(source, target, message)


def test_bomb_is_not_unpacked(tmp_path, target, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE", 1 << 20)
    source = zipped(tmp_path / "bomb.zip", {"a1.txt": bytes(50 << 20)})
    assert source.stat().st_size < 1 << 20
    refused(source, target, "too large")


def test_endless_gzip_is_cut(tmp_path, target, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 1 << 20)
    (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(bytes(50 << 20)))
    refused(tmp_path / "bomb.tar.gz", target, "too large")


def test_methods_that_inflate_without_limit_are_left_out(tmp_path, target):
    source = zipped(tmp_path / "a.zip", method=zipfile.ZIP_BZIP2)
    refused(source, target, "no file of Toy corpus")


def test_two_files_for_one_path(tmp_path, target):
    twice = [("x/a1.ann", b"one"), ("y/a1.ann", b"one"), ("z/a1.ann", b"two")]
    assert counts(take(zipped(tmp_path / "same.zip", twice[:2]), target)) == (0, 1, 2)
    refused(zipped(tmp_path / "two.zip", twice), target, "two different files a1.ann", force=True)


def _cut(data):
    return data[: len(data) // 2]


def _encrypted(data):
    flagged = bytearray(data)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[data.index(signature) + at] |= 1
    return bytes(flagged)


def _corrupted(data):
    at = data.index(b"a1.txt") + len("a1.txt")
    return data[:at] + b"\xff\xff" + data[at + 2 :]


@pytest.mark.parametrize(
    ("pack", "harm"), [(tarred, _cut), (zipped, _encrypted), (zipped, _corrupted)]
)
def test_broken_archives(tmp_path, target, pack, harm):
    source = tmp_path / "broken.bin"
    source.write_bytes(harm(pack(source).read_bytes()))
    refused(source, target, "cannot be unpacked")


# Over the network.


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body, length = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """No log on the test's output."""


@pytest.fixture
def serve(monkeypatch):
    """Starts servers with one answer; retries wait for hundredths of a second only."""
    monkeypatch.setattr(fetch, "_RETRY", fetch._RETRY.new(backoff_factor=0.01))
    started = []

    def start(body, status=200, length=None, name="toy.zip"):
        server = HTTPServer(("127.0.0.1", 0), Answer)
        server.answer = (status, body, length)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        url = f"http://127.0.0.1:{server.server_port}/{name}"
        return INFO.model_copy(update={"url": url})

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def test_download(tmp_path, target, serve):
    info = serve(zipped(tmp_path / "toy.zip").read_bytes())
    assert counts(take(None, target, info)) == (1, 1, 1)
    assert contents(target) == FILES
    assert [path.name for path in target.parent.iterdir()] == ["toy"]


def test_download_of_a_single_file(target, serve):
    info = serve(FILES["a1.txt"], name="data/a1.txt")
    assert counts(take(None, target, info)) == (1, 0, 2)
    assert contents(target) == {"a1.txt": FILES["a1.txt"]}


@pytest.mark.parametrize("status", [403, 404, 500])
def test_status(target, serve, status):
    refused(None, target, rf"answered with status {status}; .*--from$", serve(b"", status))


def test_download_over_the_limit(target, serve, monkeypatch):
    monkeypatch.setattr(fetch, "MAX_DOWNLOAD", 100)
    refused(None, target, r"sends over 100 bytes; .*--from$", serve(bytes(1000)))


def test_download_cut_short(target, serve):
    refused(None, target, r"cannot be reached .*--from$", serve(b"half", length=8))


def test_no_network(target, monkeypatch):
    monkeypatch.setattr(fetch, "_RETRY", fetch._RETRY.new(total=0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    info = INFO.model_copy(update={"url": f"https://127.0.0.1:{port}/toy.zip"})
    refused(None, target, r"cannot be reached .*; get toy from https://example.org/toy and", info)


# The real ones.


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no corpora at {DATA}")
@pytest.mark.parametrize("name", ["chia", "lct", "llf", "fb_ner"])
def test_copies_at_hand(tmp_path, name):
    report = fetch.fetch(name, tmp_path / name, DATA)
    known = checksums(corpus(name))
    assert (report.verified, report.unknown) == (len(known), 0)
    assert {
        path: hashlib.sha256(data).hexdigest() for path, data in contents(tmp_path / name).items()
    } == known
    assert report.missing == {"chia": 728, "lct": 432, "llf": 421, "fb_ner": 1}[name]
