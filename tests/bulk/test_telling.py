"""What a run says while it goes: JSON lines, a bar on a terminal, or nothing."""

import sys

import orjson
import pytest

from trialcriteria.bulk import telling
from trialcriteria.bulk.telling import Count

HALF = Count(total_bytes=1000, read_bytes=500, extracted=1200, errors=3, kept=40)


@pytest.fixture
def count(monkeypatch):
    """A count of a run that began a minute ago."""
    monkeypatch.setattr(telling, "monotonic", lambda: HALF.began + 60)
    return HALF


def test_rate_and_remaining_time(count):
    assert (count.rate, count.seconds_left) == (pytest.approx(20), pytest.approx(60))
    assert count.words == "1,200 records, 40 known, 3 errors, 20.0/s"


def test_nothing_is_known_before_anything_is_read():
    assert Count(total_bytes=1000).seconds_left is None


def test_json_lines(count, capsys):
    with telling.telling(log_json=True) as tell:
        for _ in range(5):
            tell(count)
    first, last = (orjson.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first == last
    assert (first["extracted"], first["errors"], first["rate"]) == (1200, 3, 20.0)


def test_nothing_where_there_is_no_terminal(count, capsys):
    with telling.telling(log_json=False) as tell:
        tell(count)
    assert capsys.readouterr().err == ""


def test_a_bar_on_a_terminal(count, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "140")
    with telling.telling(log_json=False) as tell:
        tell(count)
    assert "1,200 records, 40 known, 3 errors" in capsys.readouterr().err
