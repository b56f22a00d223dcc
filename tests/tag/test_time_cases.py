"""Phrases about time and what they mean, one test a line of tests/cases/time/*.txt.

    Surgery [4 weeks before inclusion] => window -P4W..P0D of enrollment 'inclusion'

Brackets mark the words of each mention. Behind ``=>`` the mentions stand in order, parted by
`` ; ``: ``window START..END of EVENT 'its words'`` (``*``: open; ``P0D@study``: this end hangs on
an event of its own; alternatives are parted by `` | ``, those about different events by
`` or ``), ``duration >=P3M``, ``count <=2``, or ``nothing``. Lines that begin with ``#`` are comments.
"""

import re
from pathlib import Path

import pytest

from trialcriteria.normalize.time import (
    at_every,
    normalize_count,
    normalize_duration,
    normalize_window,
)
from trialcriteria.schema import CountOffset, Offset, Range, Window
from trialcriteria.tag.time import TimeMention, find_times
from trialcriteria.view import reading_view

CASES = Path(__file__).parents[1] / "cases" / "time"


def lines() -> list[tuple[str, str]]:
    """(test id, line) of every case."""
    return [
        (f"{path.stem}-{number}", line)
        for path in sorted(CASES.glob("*.txt"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line and not line.startswith("#")
    ]


def offset(end: Offset | None) -> str:
    if end is None:
        return "*"
    value = f"{end.count} {end.unit}" if isinstance(end, CountOffset) else end.iso
    return value + (f"@{end.anchor.event}" if end.anchor else "")


def ends(window: Window) -> str:
    return f"{offset(window.start)}..{offset(window.end)}"


def window_line(window: Window) -> str:
    if window.anchor is None:
        return " or ".join(map(window_line, window.alternatives))
    intervals = " | ".join(map(ends, window.alternatives)) or ends(window)
    choice = f" {window.choose}" if window.choose else ""
    words = f" '{window.anchor.text}'" if window.anchor.span else ""
    return f"window {intervals}{choice} of {window.anchor.event}{words}"


def range_line(kind: str, found: Range) -> str:
    low = f" {'>=' if found.low.inclusive else '>'}{found.low.value}" if found.low else ""
    high = f" {'<=' if found.high.inclusive else '<'}{found.high.value}" if found.high else ""
    return kind + low + high + (f" {found.unit}" if found.unit else "")


def meaning(mention: TimeMention, text: str) -> str:
    if mention.kind == "window":
        return " and ".join(window_line(normalize_window(one, text)) for one in at_every(mention))
    read = normalize_duration if mention.kind == "duration" else normalize_count
    return range_line(mention.kind, read(mention, text))


def marked(text: str, mentions: list[TimeMention]) -> str:
    for mention in reversed(mentions):
        words = text[mention.start : mention.end]
        text = f"{text[: mention.start]}[{words}]{text[mention.end :]}"
    return text


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in lines()])
def test_phrase(line: str) -> None:
    text = re.sub(r"[\[\]]", "", line.split(" => ", maxsplit=1)[0])
    mentions = find_times(reading_view(text))
    found = " ; ".join(meaning(mention, text) for mention in mentions) or "nothing"
    assert f"{marked(text, mentions)} => {found}" == line
