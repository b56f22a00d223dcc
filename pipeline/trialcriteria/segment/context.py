"""What a line is, judged by the lines around it: list number or not, title or not."""

import re
from typing import NamedTuple

from trialcriteria.segment.headings import Heading, cohort_of, names_people
from trialcriteria.segment.lexicon import cue, fold
from trialcriteria.segment.lines import Line, Page, fills_margin
from trialcriteria.segment.markers import Marker, read_marker

MAX_TITLE_WIDTH = 120
MAX_AMID = 70  # code points of a line that parts a numbered list
MAX_MISSING = 2  # a list number may be this far ahead of the last one

_LAST_WORD = re.compile(r"\S{1,20}$")
_OPEN_END = re.compile(r"[^.;:!?)\]]$|\b(?:e\.g|i\.e|vs|approx)\.$")
_WHEN = re.compile(r"(?i:at|on|prior|before|during|after)\b")
_SOME = re.compile(r"\b(?:one|any|either|at least|two|three|1|2|3)\b")
_EVERY = re.compile(r"\ball of\b|\beach of\b|\bat least [2-9t]")


class Block(NamedTuple):
    """A heading or an item: trimmed offsets, column, marker, and what stands before it."""

    start: int
    end: int
    indent: int
    gap: bool
    marker: Marker | None
    heading: Heading | None

    @property
    def body(self) -> int:
        """Where the words begin, after bullet and label."""
        return self.marker.body if self.marker else self.start


class Around(NamedTuple):
    """The block above, the marker of the line below, the last ordinal of each kind so far."""

    last: Block | None
    after: Marker | None
    seen: dict[str, int]


def list_number(page: Page, around: Around, line: Line, marker: Marker) -> bool:
    """Whether the ordinal of ``marker`` is a list number here, not a decimal or "grade 1."."""
    last, after, seen = around
    if not marker.readings:
        return True
    follows = any(0 < r.value - seen.get(r.kind, 0) <= MAX_MISSING for r in marker.readings)
    if marker.weak and not _weak_fits(last, marker, after):
        return False
    if _lone_letter(marker) and not follows:
        return False
    if last is None or last.heading or line.gap:
        return True
    full = fills_margin(page, last_line(page, last), line)
    if follows and not full and not hangs(last, line):
        return True
    if _after_scale(page, last):
        return False
    open_end = _OPEN_END.search(page.view, max(last.start, last.end - 8), last.end)
    return not (full and open_end) or _is_next(last, marker)


def last_line(page: Page, last: Block) -> Line:
    """The last printed line of a block that was joined from several."""
    begin = max(page.view.rfind("\n", last.start, last.end) + 1, last.start)
    raw = page.view[begin : last.end]
    lead = len(raw) - len(raw.lstrip())
    return Line(begin + lead, last.end, lead if begin > last.start else last.indent, False)


def hangs(last: Block, line: Line) -> bool:
    """Whether the line begins under the words, not under the marker, of the block above."""
    return last.indent < line.indent == last.indent + last.body - last.start


def _after_scale(page: Page, last: Block) -> bool:
    """Whether the block ends with a word that a number belongs to ("grade", "at least")."""
    tail = _LAST_WORD.search(page.view, max(last.start, last.end - 20), last.end)
    return tail is not None and cue("before").fullmatch(fold(tail.group()).strip("(")) is not None


def _lone_letter(marker: Marker) -> bool:
    """A single letter is a list letter only in sequence ("E. coli", "T. cruzi")."""
    letters = all(r.kind in ("ALPHA", "alpha") and r.value > 1 for r in marker.readings)
    return letters and not (marker.label or "").startswith("(")


def _is_next(last: Block | None, marker: Marker) -> bool:
    """Whether the block above carries the ordinal just before this one."""
    before = last.marker.readings if last and last.marker else ()
    return any(
        r.kind == b.kind and 0 < r.value - b.value <= MAX_MISSING
        for r in marker.readings
        for b in before
    )


def _weak_fits(last: Block | None, marker: Marker, after: Marker | None) -> bool:
    """A bare number counts as the first of a list that goes on below, or as the next of one."""
    here = marker.readings[0]
    before = last.marker.readings if last and last.marker else ()
    if any(r.kind == here.kind and r.value + 1 == here.value for r in before):
        return True
    below = after.readings if after else ()
    return here.value == 1 and any(
        r.style == here.style and r.path[:-1] == here.path[:-1] and r.value == 2 for r in below
    )


def chooses(page: Page, start: int, end: int, kind: str) -> bool:
    """Whether an announcement joins its list otherwise than a section of ``kind`` does anyway."""
    folded = fold(page.view[start:end])
    return (_EVERY if kind == "exclusion" else _SOME).search(folded) is not None


def titled(
    page: Page, last: Block | None, line: Line, marker: Marker | None, following: Line | None
) -> Heading | None:
    """A short unmarked line above others: it names a cohort, or is set in capitals or bold."""
    hashed = marker is not None and marker.bullet.startswith("#")
    if (marker and not hashed) or following is None or line.end - line.start > MAX_TITLE_WIDTH:
        return None
    start = marker.body if marker else line.start
    if _heads_cohort(page, last, line, start, following):
        return Heading(start, line.end, None, cohort_of(page.view[start : line.end]), "cohort")
    words = page.view[start : line.end].strip()
    if not any(char.isalnum() for char in words):
        return None
    if not marker and words[-1] == ":" and _amid_numbers(page, last, words, following):
        cohort = None if _WHEN.match(words) else cohort_of(words)
        return Heading(start, line.end, None, cohort, "cohort")
    set_apart = _is_bold(page, line) or (words.isupper() and " " in words and words[-1] == ":")
    if hashed or (set_apart and len(words.split()) <= 8):
        return Heading(start, line.end, None, None, "group")
    return None


def _heads_cohort(page: Page, last: Block | None, line: Line, start: int, following: Line) -> bool:
    """Whether the line names a population and the list of its criteria stands below."""
    if not names_people(page.view, start, line.end) or _amid_sentence(page, last, line):
        return False
    listed = read_marker(page.view, following.start, following.end) is not None
    colon = page.view[line.end - 1] == ":"
    under_heading = last is not None and last.heading is not None
    if listed:
        return colon or line.gap or under_heading
    return colon and following.gap and under_heading


def _amid_numbers(page: Page, last: Block | None, words: str, following: Line) -> bool:
    """Whether a short line stands between two numbers of a list ("At randomisation:")."""
    below = read_marker(page.view, following.start, following.end)
    if below is None or len(words) > MAX_AMID or last is None or page.view[last.end - 1] == ":":
        return False
    above = last.marker.readings if last.marker else ()
    return any(r.style == b.style and r.value == b.value + 1 for r in below.readings for b in above)


def _amid_sentence(page: Page, last: Block | None, line: Line) -> bool:
    """Whether the line ends a sentence of the line above, in a text without capitals."""
    if page.cased or line.gap or last is None or last.heading:
        return False
    return page.view[last.end - 1] not in ".;:)"


def _is_bold(page: Page, line: Line) -> bool:
    words = page.text[line.start : line.end].rstrip(": ")
    return words.startswith(("**", "__")) and words.endswith(("**", "__"))
