"""Spans -> quotes that the compiler places at the same spans."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.gold.place import Piece, Quote, find, find_piece, places
from trialcriteria.schema import Span

# Longer quotes are cut to their first and last words, so that gold holds no sentences.
_WHOLE = 8
_ENDS = 3


def written(quote: Quote) -> str:
    """The quote in the notation."""
    if quote.implied:
        return f"~{_string(quote.pieces[0].first)}"
    return "+".join(map(_piece, quote.pieces))


def implied(words: str) -> str:
    """Words that stand nowhere in the text."""
    return written(Quote((Piece(words),), implied=True))


def _piece(piece: Piece) -> str:
    nth = f"#{piece.nth}" if piece.nth else ""
    last = f"..{_string(piece.last)}" if piece.last else ""
    return f"{_string(piece.first)}{nth}{last}"


def _string(words: str) -> str:
    escaped = " ".join(words.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Quoter(NamedTuple):
    """Quotes the spans of one criterion; ``scopes`` are its words, then the lead-ins above it."""

    view: str
    scopes: Sequence[Span]

    def quote(self, spans: Sequence[Span], after: int | None = None) -> str:
        """The spans as one quote; EvaluationError where no quote can be placed there."""
        wanted = tuple(self._trimmed(span) for span in spans)
        for quote in self._candidates(wanted):
            if find(self.view, quote, self.scopes, after) == wanted:
                return written(quote)
        raise EvaluationError(f"no quote leads to characters {wanted}")

    def _trimmed(self, span: Span) -> Span:
        """The span without blanks at its ends, which no quote can hold."""
        words = self.view[span.start : span.end]
        start = span.start + len(words) - len(words.lstrip())
        return Span(start, max(start, span.start + len(words.rstrip())))

    def _candidates(self, spans: tuple[Span, ...]) -> Iterator[Quote]:
        plain = tuple(map(self._plain, spans))
        yield Quote(plain)
        yield Quote(tuple(map(self._counted, plain, spans)))

    def _plain(self, span: Span) -> Piece:
        words = self.view[span.start : span.end].split()
        if len(words) <= _WHOLE:
            return Piece(" ".join(words))
        for number in range(_ENDS, len(words)):
            piece = Piece(" ".join(words[:number]), " ".join(words[-number:]))
            if find_piece(self.view, piece, span) == span:
                return piece
        return Piece(" ".join(words))

    def _counted(self, piece: Piece, span: Span) -> Piece:
        """The piece with its number among the places in the scopes."""
        starts = [
            place.start for scope in self.scopes for place in places(self.view, piece.first, *scope)
        ]
        return piece._replace(nth=starts.index(span.start) + 1) if span.start in starts else piece


def opening(view: str, span: Span, cursor: int, *, ends: bool) -> str:
    """The opening words of a criterion whose body is ``span``, looked for behind ``cursor``.

    With ``ends`` the quote also says where the criterion ends.
    """
    words = view[span.start : span.end].split()
    region = Span(cursor, len(view))
    pieces = _closed(words) if ends else _opened(words)
    fitting = (p for p in pieces if _fits(find_piece(view, p, region), span, ends))
    return written(Quote((next(fitting, Piece(" ".join(words))),)))


def _opened(words: list[str]) -> Iterator[Piece]:
    for number in range(min(_ENDS, len(words)), len(words) + 1):
        yield Piece(" ".join(words[:number]))


def _closed(words: list[str]) -> Iterator[Piece]:
    for number in range(1, len(words) // 2 + 1):
        yield Piece(" ".join(words[:number]), " ".join(words[-number:]))


def _fits(found: Span | None, span: Span, ends: bool) -> bool:
    return found is not None and found.start == span.start and (not ends or found.end == span.end)
