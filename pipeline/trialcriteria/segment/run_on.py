"""Lost line ends: criteria that stand in one paragraph with no mark between them.

"Renal: Creatinine normal No dialysis Other: Not pregnant" is how old records of one sponsor print
whole lists. What begins a criterion in them is a caption, or a capital where no sentence begins.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.segment.context import Block
from trialcriteria.segment.lines import Page

MIN_STARTS = 4  # criteria that begin without a mark, in a paragraph under no group heading
MAX_AVERAGE = 150  # code points of a criterion in such a paragraph
DEEPER = 2  # columns by which criteria stand behind their caption
LONG_WORD = 24  # code points looked back at for the last word

Role = Literal["caption", "start", "name", "joint"]

_MEASURED = (
    r"(?!OR |AND )[A-Z][A-Z\d/]+(?: (?:and|or) [\w ]{2,30}?)? (?=at least|no (?:greater|more|less)"
    r"|less than|greater than|normal\b|[<>≤≥=])"
)
_SENTENCE = re.compile(r"[.;]\s")
_BRACKET = re.compile(r"[()\[\]]")
_CLOSING = "%)]+*'\""
_LETTER = re.compile(r"\(?\w{1,2}\)")


class RunOnRow(Row):
    """Words of one role, as regular expressions over the printed text."""

    role: Role
    words: tuple[str, ...]


class Cut(NamedTuple):
    """Where a criterion begins, and where the words of its caption end (None: it has none)."""

    place: int
    caption: int | None = None


def split_run_on(page: Page, block: Block, under_group: bool) -> list[Block]:
    """The criteria of a paragraph without marks; those behind one caption one level deeper.

    ``under_group``: the paragraph is all that stands behind a group heading on its own line.
    """
    cuts = _cuts(page.view, block, _starts())
    if under_group or sum(cut.caption is not None for cut in cuts) > 1:
        cuts = _cuts(page.view, block, _capitals())
    elif not _is_dense(page.view, block, cuts):
        return [block]
    if not cuts:
        return [block]
    begun = [(block.start, 0), *_columns(cuts)][cuts[0].place == block.start :]
    ends = [place for place, _ in begun[1:]] + [block.end]
    return [_part(page, block, *each, end) for each, end in zip(begun, ends, strict=True)]


def _columns(cuts: list[Cut]) -> Iterator[tuple[int, int]]:
    """Where each part begins, and how much deeper it stands than the paragraph."""
    deeper = 0
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        if cut.caption is None:
            yield cut.place, deeper
            continue
        yield cut.place, 0
        several = following is not None and following.caption is None
        deeper = DEEPER * several
        if several:
            yield cut.caption, deeper


def _part(page: Page, block: Block, start: int, deeper: int, end: int) -> Block:
    words = page.text[start:end]
    start += len(words) - len(words.lstrip())
    gap = block.gap and start == block.start
    end = start + len(words.strip())
    return block._replace(start=start, end=end, indent=block.indent + deeper, gap=gap)


def _is_dense(view: str, block: Block, cuts: list[Cut]) -> bool:
    """Whether so many criteria begin without a mark that the paragraph can be no sentence."""
    sentences = len(_SENTENCE.findall(view, block.start, block.end))
    many = len(cuts) >= max(MIN_STARTS, 2 * sentences)
    return many and block.end - block.start <= MAX_AVERAGE * (len(cuts) + 1)


def _cuts(view: str, block: Block, beginning: re.Pattern[str]) -> list[Cut]:
    """Captions, and beginnings behind words that can end a criterion, outside of brackets.

    Mere capitals may as well begin the items of a list that a colon announced.
    """
    found: list[Cut] = []
    depth, read, listed = 0, block.start, False
    for match in beginning.finditer(view, block.start, block.end):
        at = match.start()
        depth = max(0, depth + _opened(view, read, at))
        listed = listed or ":" in view[read:at]
        read = match.end() if match["caption"] else at
        before = view[max(block.start, at - LONG_WORD) : at].rstrip().rsplit(None, 1)[-1:]
        if depth or not (_may_end(before, match) if before else match["caption"]):
            continue
        if match.lastgroup != "capital" or not listed:
            found.append(Cut(at, match.end() if match["caption"] else None))
            listed = False
    return found


def _opened(view: str, start: int, end: int) -> int:
    """How many brackets are opened and not closed."""
    return sum(1 if mark in "([" else -1 for mark in _BRACKET.findall(view, start, end))


def _may_end(before: list[str], beginning: re.Match[str]) -> bool:
    """Whether the word before it can be the end of a criterion, and not of a name."""
    word = before[0]
    closed = word[-1].isalnum() or word[-1] in _CLOSING
    if not closed or word.lower() in _joints() or _LETTER.fullmatch(word):
        return False
    return beginning.lastgroup != "capital" or not word[0].isupper()


@cache
def _words(role: Role) -> tuple[str, ...]:
    return tuple(
        word for row in load_rows("run_on", RunOnRow) if row.role == role for word in row.words
    )


@cache
def _joints() -> frozenset[str]:
    return frozenset(_words("joint"))


@cache
def _starts() -> re.Pattern[str]:
    """Captions, words that begin criteria, abbreviations that are compared."""
    captions, starts = "|".join(_words("caption")), "|".join(_words("start"))
    return re.compile(
        rf"(?<!\S)(?:(?P<caption>(?:{captions}):(?=\s))|(?:{starts})(?=[\s,])|{_MEASURED})"
    )


@cache
def _capitals() -> re.Pattern[str]:
    """The same, and every other capital that is no name and stands behind a word without one."""
    names = "|".join(_words("name"))
    other = rf"(?<!\S)(?P<capital>(?!(?:{names})\b)[A-Z][a-z]{{2,}}(?=[\s,]))"
    return re.compile(f"{_starts().pattern}|{other}")
