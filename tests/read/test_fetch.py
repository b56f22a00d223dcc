"""Fetching a record from a local server that answers like the registry's API."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import urllib3

from trialcriteria.errors import FetchError
from trialcriteria.read import fetch, fetch_record, read

RECORD = (Path(__file__).parent.parent / "fixtures" / "read" / "ctgov_v2.json").read_bytes()


class Registry(HTTPServer):
    """Serves RECORD under NCT90000003; the first `failures` requests are answered with 500."""

    def __init__(self, failures=0):
        super().__init__(("127.0.0.1", 0), Answer)
        self.failures = failures
        self.paths = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/api/v2/studies"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        if len(self.server.paths) <= self.server.failures:
            status, body = 500, b"later"
        elif self.path == "/api/v2/studies/NCT90000003":
            status, body = 200, RECORD
        else:
            status, body = 404, b"NCT number not found"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """No log on the test's output."""


@pytest.fixture
def serve(monkeypatch):
    """Starts registries; retries wait for hundredths of a second only."""
    monkeypatch.setattr(fetch, "_RETRY", fetch._RETRY.new(backoff_factor=0.01))
    monkeypatch.delenv(fetch.URL_VARIABLE, raising=False)
    started = []

    def start(failures=0):
        server = Registry(failures)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def test_record_is_fetched_and_reads(serve):
    body = fetch_record("NCT90000003", serve().url)
    assert body == RECORD
    (posting,) = read(body, "NCT90000003")
    assert posting.trial.id == "NCT90000003"


def test_id_is_taken_in_any_case(serve):
    server = serve()
    assert fetch_record(" nct90000003 ", server.url + "/") == RECORD
    assert server.paths == ["/api/v2/studies/NCT90000003"]


def test_server_comes_from_the_environment(serve, monkeypatch):
    monkeypatch.setenv(fetch.URL_VARIABLE, serve().url)
    assert fetch_record("NCT90000003") == RECORD


def test_unknown_study(serve):
    server = serve()
    with pytest.raises(FetchError) as raised:
        fetch_record("NCT90000099", server.url)
    host = f"127.0.0.1:{server.server_port}"
    assert str(raised.value) == f"NCT90000099: no such study at {host}"


def test_server_error_is_tried_again(serve):
    server = serve(failures=1)
    assert fetch_record("NCT90000003", server.url) == RECORD
    assert len(server.paths) == 2


def test_lasting_server_error(serve):
    server = serve(failures=99)
    with pytest.raises(FetchError, match=r"answered with status 500; try again later$"):
        fetch_record("NCT90000003", server.url)
    assert len(server.paths) == 4


def test_connection_refused(serve):
    server = serve()
    url = server.url
    server.shutdown()
    server.server_close()
    with pytest.raises(FetchError) as raised:
        fetch_record("NCT90000003", url)
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith(f"NCT90000003: cannot reach 127.0.0.1:{server.server_port} (")
    assert "Connection refused" in message


def test_unknown_host_is_one_line(serve, monkeypatch):
    def no_network(*args, **kwargs):
        raise urllib3.exceptions.NameResolutionError("nowhere.invalid", None, OSError("no name"))

    monkeypatch.setattr(urllib3.PoolManager, "request", no_network)
    with pytest.raises(FetchError, match=r"^NCT90000003: cannot reach nowhere\.invalid \("):
        fetch_record("NCT90000003", "https://nowhere.invalid/api")


@pytest.mark.parametrize(
    "name", ["NCT123", "../NCT90000003", "NCT90000003/x", "", "ISRCTN12345678"]
)
def test_malformed_id_asks_no_server(name):
    with pytest.raises(FetchError, match=r"not a ClinicalTrials\.gov id"):
        fetch_record(name, "http://127.0.0.1:9")
