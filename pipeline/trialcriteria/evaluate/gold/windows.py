"""Parse trees of windows -> schema windows."""

from collections.abc import Iterator
from typing import Literal, cast

from trialcriteria.evaluate.gold.syntax import ParseTree, part, parts, token
from trialcriteria.schema import (
    Anchor,
    AnchorEvent,
    CountOffset,
    IsoOffset,
    Offset,
    Span,
    Window,
)


def window_of(tree: ParseTree, text: str, span: Span, anchors: Iterator[Span]) -> Window:
    """The window at ``span``; ``anchors`` are the words of its events, in the order they stand."""
    interval, choice = part(tree, "interval"), part(tree, "alternatives")
    start, end = _offsets(interval, text, anchors) if interval else (None, None)
    inner = tuple(
        window_of(each, text, span, anchors) for each in (parts(choice, "window") if choice else ())
    )
    return Window(
        start=start,
        end=end,
        anchor=_anchor(token(tree, "EVENT"), text, anchors),
        text=text[span.start : span.end],
        span=span,
        alternatives=inner,
        choose=_choose(token(choice, "CHOOSE")) if choice else None,
    )


def _offsets(
    tree: ParseTree, text: str, anchors: Iterator[Span]
) -> tuple[Offset | None, Offset | None]:
    start, end = (_offset(each, text, anchors) for each in parts(tree, "offset"))
    return start, end


def _offset(tree: ParseTree, text: str, anchors: Iterator[Span]) -> Offset | None:
    own = _anchor(token(tree, "EVENT"), text, anchors)
    iso, count = token(tree, "ISO"), token(tree, "NUMBER")
    if iso:
        return IsoOffset(iso=iso, anchor=own)
    if count:
        return CountOffset(count=count, unit=str(token(tree, "RANGE_UNIT")), anchor=own)
    return None


def _anchor(event: str | None, text: str, anchors: Iterator[Span]) -> Anchor | None:
    if event is None:
        return None
    span = next(anchors, None)
    words = text[span.start : span.end] if span else ""
    return Anchor(event=cast(AnchorEvent, event), text=words, span=span)


def _choose(word: str | None) -> Literal["longer", "shorter"] | None:
    return cast(Literal["longer", "shorter"], word.split()[0]) if word else None
