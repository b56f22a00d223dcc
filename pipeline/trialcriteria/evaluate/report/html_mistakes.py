"""The error part of the page: rows in context, and the same as data for the page's script.

The script draws the rows a hundred at a time from the data. Readers without scripts get the
first rows ready made, in the same markup.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import escape
from itertools import pairwise
from typing import NamedTuple

import orjson

from trialcriteria.evaluate.measures.entities import NO_LABEL
from trialcriteria.evaluate.report.result import Report, title
from trialcriteria.evaluate.scores import Mistake
from trialcriteria.schema import Span

_CONTEXT = 120  # code points on each side
_LONGEST = 600  # of a span that is shown, in code points
_WITHOUT_SCRIPT = 200
_QUOTED = re.compile(r'"([^"]+)"')
_PUNCTUATION = '();,:|"'
_LINE_BREAK = re.compile(r"[\r\n]+")


class Place(NamedTuple):
    """Where a mistake stands in its text: the window to show, its span, the words of each side.

    The words are those that the side's line quotes (the whole line where it quotes none), where
    they stand in or across ``span``.
    """

    window: Span
    span: Span
    gold: tuple[Span, ...]
    predicted: tuple[Span, ...]

    @property
    def layers(self) -> dict[str, tuple[Span, ...]]:
        """What to mark, by the name of its class."""
        return {"span": (self.span,), "gold": self.gold, "predicted": self.predicted}


def place(mistake: Mistake, text: str) -> Place:
    """The span, cut to what can be shown, with its context."""
    start = min(mistake.span.start, len(text))
    span = Span(start, max(start, min(mistake.span.end, len(text), start + _LONGEST)))
    gold, predicted = (_words(text, line, span) for line in (mistake.gold, mistake.predicted))
    shown = (span, *gold, *predicted)
    window = _window(text, min(one.start for one in shown), max(one.end for one in shown))
    return Place(window, span, gold, predicted)


def _words(text: str, line: str | None, span: Span) -> tuple[Span, ...]:
    """Where quoted words stand; the parts of a discontinuous mention are joined by dots."""
    quoted = _QUOTED.findall(line or "") or [line or ""]
    parts = {part for words in quoted for part in words.split(" ... ") if 0 < len(part) < _LONGEST}
    found = (_at(text, part, span) for part in parts)
    return tuple(sorted(place for place in found if place))


def _at(text: str, words: str, span: Span) -> Span | None:
    reach = max(0, span.start - len(words) + 1), span.end + len(words) - 1
    found = span.start if text.startswith(words, span.start) else text.find(words, *reach)
    return Span(found, found + len(words)) if found >= 0 else None


def _window(text: str, start: int, end: int) -> Span:
    """The stretch with its context, which begins and ends between words where it can."""
    left, right = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    if left:
        left = max(left, text.find(" ", left - 1, start) + 1)
    if right < len(text) and (blank := text.rfind(" ", end, right + 1)) >= 0:
        right = blank
    return Span(left, right)


def pieces(text: str, where: Place) -> Iterator[tuple[str, str]]:
    """The window cut at every edge: the names of the layers that cover a piece, and its words."""
    layers = where.layers
    spans = [where.window, *(span for layer in layers.values() for span in layer)]
    if where.window.start:
        yield "", "\u2026 "
    for start, end in pairwise(sorted({edge for span in spans for edge in span})):
        names = (name for name, layer in layers.items() if _covered(start, layer))
        yield " ".join(names), _LINE_BREAK.sub(" \u21b5 ", text[start:end])
    if where.window.end < len(text):
        yield "", " \u2026"


def _covered(offset: int, layer: Iterable[Span]) -> bool:
    return any(start <= offset < end for start, end in layer)


def labels(mistake: Mistake) -> tuple[str, str]:
    """Gold and predicted label; ``NO_LABEL`` where that side has nothing."""
    gold = NO_LABEL if mistake.kind == "spurious" else mistake.label
    predicted = NO_LABEL if mistake.kind == "missing" else mistake.predicted_label
    return gold, predicted or mistake.label


def data(report: Report) -> str:
    """Texts and mistakes as JSON that is inert inside a script element.

    A mistake is [measure, posting, kind, gold label, predicted label, gold, predicted, weight,
    place]; place is its window and its layers as pairs of UTF-16 code units, as scripts count.
    """
    units = cache(lambda posting: _utf16(report.texts[posting]))
    rows = [
        (
            *(title(mistake.measure), mistake.posting, mistake.kind, *labels(mistake)),
            *(mistake.gold, mistake.predicted, f"{mistake.weight:g}"),
            _in_units(mistake, report.texts, units),
        )
        for mistake in report.mistakes
    ]
    known = {mistake.posting for mistake in report.mistakes}
    texts = {posting: text for posting, text in report.texts.items() if posting in known}
    made = orjson.dumps({"mistakes": rows, "texts": texts}, option=orjson.OPT_SORT_KEYS).decode()
    return made.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _in_units(
    mistake: Mistake, texts: dict[str, str], units: Callable[[str], Callable[[int], int]]
) -> list[list[list[int]]]:
    """The window and the three layers, each a list of pairs; nothing without the text."""
    if mistake.posting not in texts:
        return []
    where, count = place(mistake, texts[mistake.posting]), units(mistake.posting)
    layers = ((where.window,), *where.layers.values())
    return [[[count(edge) for edge in span] for span in layer] for layer in layers]


def _utf16(text: str) -> Callable[[int], int]:
    """From an offset in code points to one in UTF-16 code units."""
    wide = [] if text.isascii() else [at for at, char in enumerate(text) if char > "\uffff"]
    return lambda offset: offset + bisect_left(wide, offset)


def without_script(report: Report) -> str:
    """The worst mistakes as table rows."""
    return "".join(_row(one, report.texts) for one in report.mistakes[:_WITHOUT_SCRIPT])


def _row(mistake: Mistake, texts: dict[str, str]) -> str:
    gold_label, predicted_label = labels(mistake)
    weight = f'<span class="weight">weight {mistake.weight:g}</span>'
    return (
        f'<tr><th scope="row"><span class="posting">{escape(mistake.posting)}</span>'
        f'<span class="measure">{escape(title(mistake.measure))}</span>'
        f'<span class="kind {escape(mistake.kind)}">{escape(mistake.kind)}</span>'
        f"{weight if mistake.weight != 1 else ''}</th>"
        f"{_side('gold', gold_label, mistake.gold, mistake.predicted)}"
        f"{_side('predicted', predicted_label, mistake.predicted, mistake.gold)}"
        f'<td class="context">{_context(mistake, texts)}</td></tr>'
    )


def _side(name: str, label: str, own: str | None, other: str | None) -> str:
    """One side's label and line; words the other side has not are set off."""
    if own is None:
        return f'<td class="{name} nothing">nothing</td>'
    known = {"", *map(_bare, (own if other is None else other).split(" "))}
    words = " ".join(
        escape(word) if _bare(word) in known else f"<b>{escape(word)}</b>"
        for word in own.split(" ")
    )
    named = f'<span class="label">{escape(label)}</span>'
    return f'<td class="{name}">{named}<span class="line">{words}</span></td>'


def _bare(word: str) -> str:
    """Without the punctuation of the notation; square brackets tell intervals apart."""
    return word.strip(_PUNCTUATION)


def _context(mistake: Mistake, texts: dict[str, str]) -> str:
    text = texts.get(mistake.posting)
    if text is None:
        return ""
    return "".join(
        f'<mark class="{names}">{escape(words)}</mark>' if names else escape(words)
        for names, words in pieces(text, place(mistake, text))
    )
