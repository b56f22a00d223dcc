"""Pages laid out as label lines with their values below: lines, labels and stretches."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Line:
    """One line: its first code point in the page, and its words without outer blanks."""

    start: int
    words: str

    @property
    def key(self) -> str:
        """The words for comparison with a label."""
        return self.words.rstrip(":").rstrip().casefold()


def split_lines(page: str) -> list[Line]:
    """The lines of a page with their offsets."""
    return [Line(match.start(), match.group().strip()) for match in _LINE.finditer(page)]


def find_line(lines: Sequence[Line], test: Callable[[Line], bool], first: int = 0) -> int | None:
    """Index of the first line at or after ``first`` that passes the test."""
    return next((i for i in range(first, len(lines)) if test(lines[i])), None)


def find_label(lines: Sequence[Line], labels: frozenset[str], first: int = 0) -> int | None:
    """Index of the first line at or after ``first`` that is one of the labels (casefolded)."""
    return find_line(lines, lambda line: line.key in labels, first)


def value_below(lines: Sequence[Line], label: str) -> str | None:
    """The first line with words below a label."""
    at = find_label(lines, frozenset({label}))
    below = None if at is None else find_line(lines, lambda line: bool(line.words), at + 1)
    return None if below is None else lines[below].words


def words_between(lines: Sequence[Line], first: int, last: int) -> list[str]:
    """The lines with words in ``[first, last)``."""
    return [line.words for line in lines[first:last] if line.words]


def stretch(page: str, lines: Sequence[Line], first: int, last: int) -> tuple[int, int]:
    """Code points of the lines ``[first, last)`` without the blank lines around them."""
    start = next((line.start for line in lines[first:last] if line.words), None)
    if start is None:
        return (lines[first].start,) * 2 if first < len(lines) else (len(page),) * 2
    end = lines[last].start if last < len(lines) else len(page)
    return start, start + len(page[start:end].rstrip())
