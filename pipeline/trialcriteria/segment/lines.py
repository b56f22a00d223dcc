"""Physical lines of an eligibility text, and whether the text is hard-wrapped."""

import re
from itertools import pairwise
from typing import NamedTuple

from trialcriteria.view import reading_view

TAB = 4
MAX_WRAP = 130  # a longer line was not wrapped by a registry
MIN_WRAPPED = 2  # this many sentences must break at the margin

_BREAK = re.compile(r"<br[ \t]{0,3}/?[ \t]{0,3}>", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\S{1,40}")


class Line(NamedTuple):
    """A line with something on it: trimmed offsets, its column, and what stands before it."""

    start: int
    end: int
    indent: int
    gap: bool  # a blank line, or nothing at all, before it


class Page(NamedTuple):
    """The text, its reading view (same length) and its lines; ``wrap`` is 0 where not wrapped."""

    text: str
    view: str
    lines: tuple[Line, ...]
    wrap: int
    cased: bool  # some registries print everything in lower case


def read_page(text: str) -> Page:
    """Lines of ``text``; HTML line breaks count as line ends and are blank everywhere else."""
    broken = blank_breaks(text)
    lines = tuple(_lines(broken))
    view = reading_view(broken)
    return Page(text, view, lines, _wrap_width(view, lines), text != text.lower())


def blank_breaks(text: str) -> str:
    """``<br>`` as a line end, or as blanks where a line end stands beside it; same length."""
    return _BREAK.sub(_blank_break, text) if "<" in text else text


def _blank_break(match: re.Match[str]) -> str:
    text, width = match.string, len(match.group())
    before = text[max(0, match.start() - 60) : match.start()].rstrip(" \t")
    after = text[match.end() : match.end() + 60].lstrip(" \t\r")
    beside = before.endswith("\n") or after.startswith("\n")
    return " " * width if beside else " " * (width - 1) + "\n"


def _lines(text: str) -> list[Line]:
    found: list[Line] = []
    offset, gap = 0, True
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            lead = len(raw) - len(raw.lstrip())
            start = offset + lead
            column = lead + (TAB - 1) * raw.count("\t", 0, lead)
            found.append(Line(start, start + len(body), column, gap))
        gap = not body
        offset += len(raw)
    return found


def _wrap_width(view: str, lines: tuple[Line, ...]) -> int:
    """Width of the widest line, where sentences go on in the line below for want of room."""
    width = max((line.indent + line.end - line.start for line in lines), default=0)
    if width > MAX_WRAP:
        return 0
    pairs = sum(
        not below.gap and view[below.start].islower() and _no_room(view, width, line, below)
        for line, below in pairwise(lines)
    )
    return width if pairs >= MIN_WRAPPED else 0


def _no_room(view: str, width: int, line: Line, following: Line) -> bool:
    word = _FIRST_WORD.match(view, following.start, following.end)
    return word is None or width - line.indent - (line.end - line.start) <= len(word.group())


def fills_margin(page: Page, line: Line, following: Line) -> bool:
    """Whether the first word of ``following`` had no room left on ``line``."""
    if not page.wrap:
        return False
    return _no_room(page.view, page.wrap, line, following)
