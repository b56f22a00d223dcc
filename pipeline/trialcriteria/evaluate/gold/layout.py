"""Sections and criteria of a gold file: where each begins and ends in the text."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple, cast

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.gold.place import Quote, find_piece, places, quote_of
from trialcriteria.evaluate.gold.syntax import ParseTree, part, parts, token
from trialcriteria.schema import AtLeastN, Section, SectionKind, Span
from trialcriteria.view import reading_view

# What may stand before the label or the first word: blanks and bullets, but no comparator.
_MARKUP = re.compile(r"[*_:#]*")
_LEAD = re.compile(r"(?:[\s\u2022\u00b7\u25aa\u25cf\u25e6\u2023*+#-]|>(?!\s*[\d=./]))*\Z")


class Place(NamedTuple):
    """One criterion of the file and where it stands; ``tree`` holds what it requires."""

    id: str
    section: str
    kind: SectionKind
    label: str | None
    span: Span
    parent: str | None
    combine: Literal["all", "any"] | AtLeastN
    tree: ParseTree


class Page(NamedTuple):
    """A gold file's name and source, and the text that it is about with its reading view."""

    name: str
    text: str
    view: str
    source: str

    def error(self, tree: ParseTree, message: str) -> EvaluationError:
        """An error at the line of a parse tree."""
        return EvaluationError(f"{self.name}:{tree.meta.line}: {message}")

    def written(self, first: ParseTree, last: ParseTree) -> str:
        """The source of the gold file from one parse tree to another."""
        return self.source[first.meta.start_pos : last.meta.end_pos]


class _Mark(NamedTuple):
    """Where a heading or criterion begins, where the next may, and its end if it says so."""

    tree: ParseTree
    start: int
    opened: int
    end: int | None = None


def lay_out(root: ParseTree, page: Page) -> tuple[list[Section], list[Place]]:
    """The sections and criteria in text order, each quote looked for behind the one before."""
    groups = _groups(root, page)
    starts = [group[0].start for group in groups] + [len(page.text)]
    sections: list[Section] = []
    laid: list[Place] = []
    for number, group in enumerate(groups):
        end = starts[number + 1]
        section = _section(group[0].tree, number + 1, _trimmed(page, starts[number], end), page)
        criteria = [mark for mark in group if mark.tree.data == "criterion"]
        sections.append(section)
        laid += _places(criteria, section, end, page)
    _check_ids(laid, page)
    return sections, laid


def _groups(root: ParseTree, page: Page) -> list[list[_Mark]]:
    """The marks of each section: itself, then its criteria."""
    groups: list[list[_Mark]] = []
    cursor = 0
    for section in parts(root, "section"):
        heading = _heading(section, page, cursor)
        group = [heading]
        for tree in parts(section, "criterion"):
            group.append(_criterion(tree, page, group[-1].opened))
        if part(section, "quote") is None and len(group) > 1:
            group[0] = heading._replace(start=group[1].start)
        groups.append(group)
        cursor = group[-1].opened
    return groups


def _heading(tree: ParseTree, page: Page, cursor: int) -> _Mark:
    quote = part(tree, "quote")
    if quote is None:
        return _Mark(tree, cursor, cursor)
    found = _next(quote_of(quote), tree, page, cursor)
    behind = _MARKUP.match(page.text, found.end)
    return _Mark(
        tree, _lead_start(page, cursor, found.start), behind.end() if behind else found.end
    )


def _criterion(tree: ParseTree, page: Page, cursor: int) -> _Mark:
    """A criterion begins at its bullet and label; its opening words are behind them."""
    *labels, opening = map(quote_of, parts(tree, "quote"))
    label = reading_view(labels[0].words) if labels else ""
    body = _next(opening, tree, page, cursor, label)
    behind = page.view[cursor : body.start].rstrip().removesuffix(label)
    start = _lead_start(page, cursor, cursor + len(behind)) if label else body.start
    ends = opening.pieces[-1].last is not None
    return _Mark(tree, _lead_start(page, cursor, start), body.end, body.end if ends else None)


def _next(quote: Quote, tree: ParseTree, page: Page, cursor: int, label: str = "") -> Span:
    """The first place behind ``cursor`` where the quote stands, right behind its label."""
    piece = quote.pieces[0]
    for place in sorted(places(page.view, piece.first, cursor, len(page.view))):
        if page.view[cursor : place.start].rstrip().endswith(label):
            found = find_piece(page.view, piece, Span(place.start, len(page.view)))
            if found:
                return found
    raise page.error(tree, f"these words do not stand behind the line before: {quote.words!r}")


def _lead_start(page: Page, cursor: int, start: int) -> int:
    """Where the bullet before ``start`` begins; what hangs on the word before it is no bullet."""
    lead = _LEAD.search(page.view, cursor, start)
    begin = lead.start() if lead else start
    while cursor < begin < start and not page.text[begin - 1].isspace():
        begin += 1
    return begin + _blanks(page.text[begin:start])


def _section(tree: ParseTree, number: int, span: Span, page: Page) -> Section:
    heading, cohort = part(tree, "quote"), part(tree, "cohort")
    named = part(cohort, "quote") if cohort else None
    return Section(
        id=f"s{number}",
        kind=cast(SectionKind, token(tree, "SECTION")),
        heading=_heading_text(quote_of(heading), tree, page, span) if heading else None,
        cohort=quote_of(named).words if named else None,
        span=span,
    )


def _heading_text(quote: Quote, tree: ParseTree, page: Page, span: Span) -> str:
    found = _next(quote, tree, page, span.start)
    return page.text[found.start : found.end]


def _places(marks: Sequence[_Mark], section: Section, end: int, page: Page) -> list[Place]:
    ends = [mark.start for mark in marks[1:]] + [end]
    return [
        _place(mark, section, _trimmed(page, mark.start, mark.end or stop))
        for mark, stop in zip(marks, ends, strict=False)
    ]


def _place(mark: _Mark, section: Section, span: Span) -> Place:
    name = str(token(mark.tree, "CRITERION"))
    labels = parts(mark.tree, "quote")[:-1]
    return Place(
        id=name,
        section=section.id,
        kind=section.kind,
        label=quote_of(labels[0]).words if labels else None,
        span=span,
        parent=name.rpartition(".")[0] or None,
        combine=_combine(token(mark.tree, "COMBINE")),
        tree=mark.tree,
    )


def _combine(word: str | None) -> Literal["all", "any"] | AtLeastN:
    if word is None or word == "all":
        return "all"
    return "any" if word == "any" else AtLeastN(at_least=int(word.split()[-1]))


def _check_ids(laid: Sequence[Place], page: Page) -> None:
    """Every id once, every parent above its children."""
    seen: Counter[str] = Counter()
    for place in laid:
        if place.parent and place.parent not in seen:
            raise page.error(place.tree, f"{place.id} stands above its parent {place.parent}")
        if seen[place.id]:
            raise page.error(place.tree, f"{place.id} stands twice")
        seen[place.id] += 1


def _trimmed(page: Page, start: int, end: int) -> Span:
    words = page.text[start:end]
    begin = start + _blanks(words)
    return Span(begin, max(begin, start + len(words.rstrip())))


def _blanks(words: str) -> int:
    return len(words) - len(words.lstrip())
