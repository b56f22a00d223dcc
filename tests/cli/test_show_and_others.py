"""``show``, ``schema``, ``formats``, ``--version``, and records fetched by id."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from trialcriteria import __version__
from trialcriteria.read import formats
from trialcriteria.schema import Extraction

CORPUS = Path(__file__).parents[2] / "corpus"


def test_show_piped(run, tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("- Age < 18 years")
    result = run("show", path)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("<!DOCTYPE html>")
    assert "Age &lt; 18 years" in result.out


def test_show_on_a_terminal_writes_a_file_named_by_the_id(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    row = '{"id": "../evil id", "text": "Age over 18"}'
    result = run("show", "-", "--from", "jsonl", stdin=row.encode())
    assert (result.code, result.out) == (0, "___evil_id.html\n")
    assert (tmp_path / "___evil_id.html").read_text().startswith("<!DOCTYPE html>")
    again = run("show", "-", "--from", "jsonl", stdin=row.encode())
    assert again == (
        1, "", "trialcriteria: error: ___evil_id.html exists; --force overwrites it\n"
    )  # fmt: skip


def test_show_into_a_file(run, tmp_path):
    out = tmp_path / "page.html"
    result = run("show", CORPUS / "plain_hiv.txt", "-o", out)
    assert result == (0, f"{out}\n", "")
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_schema(run):
    assert json.loads(run("schema").out) == Extraction.model_json_schema()


def test_formats(run):
    lines = run("formats").out.splitlines()
    assert [line.split()[0] for line in lines] == [info.name for info in formats()]


def test_version(run):
    assert run("--version") == (0, f"trialcriteria {__version__}\n", "")


class Registry(BaseHTTPRequestHandler):
    """Knows one study."""

    def do_GET(self) -> None:
        known = self.path.endswith("/NCT99000004")
        self.send_response(200 if known else 404)
        self.end_headers()
        if known:
            self.wfile.write((CORPUS / "v2_type2_diabetes.json").read_bytes())

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/api/v2/studies"
    monkeypatch.setenv("TRIALCRITERIA_CTGOV_URL", url)
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", ["NCT99000004", "nct99000004"])
def test_an_id_is_fetched(run, registry, name):
    result = run("extract", name)
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out)["trial"]["id"] == "NCT99000004"


def test_an_unknown_id(run, registry):
    result = run("extract", "NCT99999999")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("trialcriteria: error: NCT99999999: no such study")


def test_a_file_named_like_an_id_is_read(run, registry, tmp_path):
    (tmp_path / "NCT99999999").write_text("Inclusion Criteria:\n- Age over 18\n")
    assert run("extract", "NCT99999999").code == 0
