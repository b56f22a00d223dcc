"""Brings a public corpus into a folder, from its source or from a copy, and checks every file.

Only files that the manifest expects are taken, under paths that it makes. The folder appears whole
or not at all.
"""

import hashlib
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import urllib3
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn
from urllib3.exceptions import HTTPError, MaxRetryError

from trialcriteria import __version__
from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.corpora.archive import files_of, inner_archive
from trialcriteria.evaluate.corpora.manifest import CorpusInfo, checksums, corpus
from trialcriteria.schema import Model

MAX_DOWNLOAD = 32 * 1024 * 1024
"""Largest download, in bytes."""

_TIMEOUT = urllib3.Timeout(connect=5.0, read=30.0)
_RETRY = urllib3.Retry(
    total=3,
    backoff_factor=0.2,
    status_forcelist=(429, 500, 502, 503, 504),
    respect_retry_after_header=False,
    raise_on_status=False,
)
_HEADERS = {"User-Agent": f"trialcriteria/{__version__}", "Accept-Encoding": "identity"}
_CHUNK = 64 * 1024


class FetchReport(Model):
    """What was brought into ``target``.

    ``verified`` files match their checksum, ``unknown`` ones have none; ``missing`` counts the
    files of the full set that the source did not have.
    """

    corpus: str
    target: str
    verified: int
    unknown: int
    missing: int

    def __str__(self) -> str:
        return (
            f"{self.corpus}: {self.verified:,} files verified, {self.unknown:,} without a checksum,"
            f" {self.missing:,} of the full set missing; in {self.target}"
        )


def fetch(name: str, target: Path, source: Path | None = None, force: bool = False) -> FetchReport:
    """The corpus ``name`` as the folder ``target``.

    ``source`` is a copy: its folder, the folder above with one called ``name``, or the archive as
    published. Without it the archive is downloaded. Raises UsageError for an unknown name, and
    EvaluationError where a file is not the published one, nothing of the corpus is found, the
    network is out of reach, or ``target`` holds something: ``force`` replaces it, but only where
    all its files are of the corpus.
    """
    info = corpus(name)
    return fetch_corpus(info, checksums(info), target, source, force)


def fetch_corpus(
    info: CorpusInfo,
    known: Mapping[str, str],
    target: Path,
    source: Path | None = None,
    force: bool = False,
) -> FetchReport:
    """As ``fetch``, of a corpus and its checksums by path."""
    files = _Files(info, known)
    target = target.resolve()  # a link stays a link
    _check_target(files, target, force)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as name:
            scratch = Path(name)
            archive = _copy_of(info, source) if source else _downloaded(info, scratch)
            report = _fill(files, _checked(info, archive, scratch), scratch, target)
            _put(scratch / "new", target, scratch / "old")
    except OSError as error:
        raise EvaluationError(f"{target}: {error.strerror or error}") from error
    return report


class _Files(NamedTuple):
    """Which files are of the corpus, and the checksums of those that have one."""

    info: CorpusInfo
    known: Mapping[str, str]

    def path_of(self, member: str) -> str | None:
        """Where a file goes. One with a checksum need not be of the full set."""
        return self.info.path_of(member) or (member if member in self.known else None)


def _check_target(files: _Files, target: Path, force: bool) -> None:
    """Refuses to touch anything but an empty or, with ``force``, a former copy of the corpus."""
    if not target.exists():
        return
    if not target.is_dir():
        raise EvaluationError(f"{target} is no folder")
    inside = [path for path in target.rglob("*") if not path.is_dir()]
    if inside and not force:
        raise EvaluationError(f"{target} is not empty; --force replaces it")
    for path in inside:
        if files.path_of(path.relative_to(target).as_posix()) is None:
            raise EvaluationError(f"{path} is not of {files.info.title}; choose another folder")


def _copy_of(info: CorpusInfo, source: Path) -> Path:
    if not source.exists():
        raise EvaluationError(f"{source}: no such file or folder")
    below = source / info.name
    return below if below.is_dir() else source


def _checked(info: CorpusInfo, copy: Path, scratch: Path) -> Path:
    """The copy, or the archive in it that holds the files; its digest is the published one."""
    archive = inner_archive(copy, info.inner, scratch) if info.inner else copy
    if info.digest and not archive.is_dir():
        method, _, published = info.digest.partition(":")
        with archive.open("rb") as stream:
            found = hashlib.file_digest(stream, method).hexdigest()
        if found != published:
            raise EvaluationError(
                f"{copy.name} is not the published archive ({method} {found}, not {published});"
                " to take it nevertheless, unpack it and give its folder with --from"
            )
    return archive


def _fill(files: _Files, source: Path, scratch: Path, target: Path) -> FetchReport:
    """Writes the wanted files below ``scratch / "new"``; raises where one is not the published."""
    info, verified, expected, written = files.info, 0, 0, set[str]()
    for path, content in files_of(source, files.path_of, scratch):
        known = files.known.get(path)
        if known and hashlib.sha256(content).hexdigest() != known:
            raise EvaluationError(f"{path} is not the published file of {info.title} (sha256)")
        place = scratch / "new" / path
        if path in written and place.read_bytes() != content:
            raise EvaluationError(f"{source} has two different files {path}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        verified += path not in written and known is not None
        expected += path not in written and info.path_of(path) is not None
        written.add(path)
    if not written:
        raise EvaluationError(f"{source}: no file of {info.title} (see {info.source})")
    return FetchReport(
        corpus=info.name,
        target=str(target),
        verified=verified,
        unknown=len(written) - verified,
        missing=max(0, info.files - expected),
    )


def _put(new: Path, target: Path, old: Path) -> None:
    """Swaps the folders; a former copy goes to ``old``, and back where that fails."""
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _downloaded(info: CorpusInfo, scratch: Path) -> Path:
    """The download as a file, under the name that its address ends in."""
    file = scratch / "download" / (urlsplit(info.url).path.rpartition("/")[2] or "archive")
    file.parent.mkdir()
    with urllib3.PoolManager(timeout=_TIMEOUT, retries=_RETRY) as pool:
        try:
            response = pool.request("GET", info.url, headers=_HEADERS, preload_content=False)
            if response.status != 200:
                raise EvaluationError(_by_hand(info, f"answered with status {response.status}"))
            _save(response, info, file)
        except HTTPError as error:
            cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
            reason = f"cannot be reached ({str(cause).split(': ', 1)[-1]})"
            raise EvaluationError(_by_hand(info, reason)) from error
    return file


def _by_hand(info: CorpusInfo, reason: str) -> str:
    host = urlsplit(info.url).netloc
    return f"{host} {reason}; get {info.name} from {info.source} and give it with --from"


def _save(response: urllib3.BaseHTTPResponse, info: CorpusInfo, file: Path) -> None:
    length = response.headers.get("Content-Length", "")
    with (
        file.open("wb") as out,
        _bar(info.name, int(length) if length.isdecimal() else None) as bar,
    ):
        for chunk in response.stream(_CHUNK):
            bar.advance(TaskID(0), out.write(chunk))
            if out.tell() > MAX_DOWNLOAD:
                raise EvaluationError(_by_hand(info, f"sends over {MAX_DOWNLOAD:,} bytes"))


def _bar(name: str, total: int | None) -> Progress:
    """A bar on standard error, on a terminal only."""
    columns = (TextColumn(name), BarColumn(), DownloadColumn())
    quiet = not sys.stderr.isatty()
    bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)
    bar.add_task(name, total=total)
    return bar
