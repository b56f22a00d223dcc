"""Quotes -> offsets: where the words of a gold file stand in the text.

Both sides are compared in the reading view, a blank in a quote matching any run of blanks, at
word boundaries. Nothing is guessed: a quote that stands nowhere is an error.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lark import Token

from trialcriteria.evaluate.gold.syntax import ParseTree, parts
from trialcriteria.schema import Span
from trialcriteria.view import reading_view

_OPERATORS = {">=": "(?:>=|=>|≥)", "<=": "(?:<=|=<|≤)", "=": "=?"}


_ESCAPED = frozenset("`*_{}[]()#+.!<>=~&|^$%-")


class Piece(NamedTuple):
    """Words, or the stretch from ``first`` to the end of ``last``; ``nth`` place, from 1."""

    first: str
    last: str | None = None
    nth: int | None = None


class Quote(NamedTuple):
    """One or more pieces; an implied quote stands nowhere in the text."""

    pieces: tuple[Piece, ...]
    implied: bool = False

    @property
    def words(self) -> str:
        """The quote as one line."""
        return " ".join(f"{p.first} .. {p.last}" if p.last else p.first for p in self.pieces)


def quote_of(tree: ParseTree) -> Quote:
    """The quote that a parse tree holds."""
    if tree.data == "implied":
        return Quote((Piece(_unquoted(str(tree.children[0]))),), implied=True)
    return Quote(tuple(map(_piece, parts(tree, "piece"))))


def _piece(tree: ParseTree) -> Piece:
    leaves = [leaf for leaf in tree.children if isinstance(leaf, Token)]
    words = [_unquoted(str(leaf)) for leaf in leaves if leaf.type == "STRING"]
    nth = next((int(leaf) for leaf in leaves if leaf.type == "NUMBER"), None)
    return Piece(words[0], words[1] if len(words) > 1 else None, nth)


def _unquoted(token: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", token[1:-1])


def words_pattern(words: str) -> re.Pattern[str]:
    """The words with any blanks between them; the group ``inside`` is set within a longer word."""
    parts_ = map(_padded, reading_view(words).split())
    before = r"(?:(?<=\w)(?P<inside>))?" if words[:1].isalnum() else "(?P<inside>(?!))?"
    after = r"(?:(?=\w)(?P<on>))?" if words[-1:].isalnum() else "(?P<on>(?!))?"
    return re.compile(before + r"\s+".join(parts_) + after)


def _padded(word: str) -> str:
    """The word as a pattern; an escape (``10\\^9``) is a blank in the view of the text."""
    rest = (f" ?{re.escape(c)}" if c in _ESCAPED else re.escape(c) for c in word[1:])
    return re.escape(word[0]) + "".join(rest)


def places(view: str, words: str, start: int, end: int) -> list[Span]:
    """Where the words stand: at word boundaries first, then inside longer words."""
    found = list(words_pattern(words).finditer(view, start, end))
    inside = [m["inside"] is not None or m["on"] is not None for m in found]
    ordered = sorted(zip(inside, found, strict=True), key=lambda pair: (pair[0], pair[1].start()))
    return [Span(*match.span()) for _, match in ordered]


def printed_pattern(amount: str) -> re.Pattern[str]:
    """An amount such as ``>= 50 mL/min`` as it may stand in a text, blanks free."""
    operator = next((sign for sign in _OPERATORS if amount.startswith(sign)), "")
    rest = [re.escape(char) for char in amount[len(operator) :] if not char.isspace()]
    signs = [_OPERATORS[operator]] if operator else []
    return re.compile(r"\s*".join(signs + rest) + r"(?!\w)")


def find(view: str, quote: Quote, scopes: Sequence[Span], after: int | None) -> tuple[Span, ...]:
    """The spans of a quote in the first scope that has it; empty where none has.

    ``after`` is where to look first inside its scope (behind the subject).
    """
    for region in _regions(scopes, after):
        spans = _spans(view, quote, region, scopes)
        if spans:
            return spans
    return ()


def _regions(scopes: Sequence[Span], after: int | None) -> Iterator[Span]:
    for scope in scopes:
        if after is not None and scope.start <= after <= scope.end:
            yield Span(after, scope.end)
        yield scope


def _spans(view: str, quote: Quote, region: Span, scopes: Sequence[Span]) -> tuple[Span, ...]:
    """One span for each piece, each behind the one before; empty if one is missing."""
    spans: list[Span] = []
    for piece in quote.pieces:
        found = _counted(view, piece, scopes) if piece.nth else find_piece(view, piece, region)
        if found is None:
            return ()
        spans.append(found)
        region = Span(found.end, max(found.end, region.end))
    return tuple(spans)


def _counted(view: str, piece: Piece, scopes: Sequence[Span]) -> Span | None:
    """The nth place of a piece, counted through the scopes in their order."""
    found = [(place, scope) for scope in scopes for place in places(view, piece.first, *scope)]
    nth = piece.nth or 1
    if len(found) < nth:
        return None
    place, scope = found[nth - 1]
    return _closed(view, piece, place, scope.end)


def find_piece(view: str, piece: Piece, region: Span) -> Span | None:
    """The first place of a piece inside the region."""
    found = places(view, piece.first, *region)
    return _closed(view, piece, found[0], region.end) if found else None


def _closed(view: str, piece: Piece, opening: Span, end: int) -> Span | None:
    """The opening, or from it to the end of the piece's last words."""
    if piece.last is None:
        return opening
    closing = places(view, piece.last, opening.end, end)
    return Span(opening.start, closing[0].end) if closing else None
