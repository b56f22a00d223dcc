"""Plots as inline SVG; colours come from the classes in page.css.

Bars are drawn inside table rows on a common scale from 0 to 1. Lengths are CSS pixels.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from trialcriteria.evaluate.report.result import figure
from trialcriteria.evaluate.scores import Score

_BAR_LENGTH, _BAR_HEIGHT, _BAR_MARGIN = 160, 16, 8
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_SIDE, _LEFT, _TOP, _RIGHT, _BOTTOM = 300, 44, 10, 16, 40
_CHARACTER, _LINE = 5.8, 11  # of the labels, at 10px
_ISO_F1 = (0.2, 0.4, 0.6, 0.8)


class Box(NamedTuple):
    """A rectangle on the canvas: its left, top, right and bottom edges."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


class Dot(NamedTuple):
    """A label at its recall (x) and precision (y), and the gold items it stands for."""

    label: str
    recall: float
    precision: float
    gold: int

    @property
    def x(self) -> float:
        """Pixels from the left of the canvas."""
        return _LEFT + self.recall * _SIDE

    @property
    def y(self) -> float:
        """Pixels from the top of the canvas."""
        return _TOP + (1 - self.precision) * _SIDE


def bar(score: Score) -> str:
    """F1 as a bar, its interval as a whisker; empty scale where there is no F1."""
    middle = _BAR_HEIGHT / 2
    grid = "".join(_line("grid", _across(tick), 0, _across(tick), _BAR_HEIGHT) for tick in _TICKS)
    shapes = ""
    if score.f1 is not None:
        length = _across(score.f1) - _BAR_MARGIN
        shapes = f'<rect class="f1" x="{_BAR_MARGIN}" y="4" width="{length:.1f}" height="8"/>'
    if score.ci95 is not None:
        low, high = map(_across, score.ci95)
        ends = "".join(_line("whisker", x, middle - 3, x, middle + 3) for x in (low, high))
        shapes += _line("whisker", low, middle, high, middle) + ends
    return _bar_canvas(_BAR_HEIGHT, grid + shapes)


def bar_scale() -> str:
    """The ticks that stand over a column of bars."""
    texts = "".join(
        f'<text class="tick middle" x="{_across(tick):.1f}" y="11">{tick:g}</text>'
        for tick in _TICKS[::2]
    )
    return _bar_canvas(14, texts)


def precision_recall(scores: Mapping[str, Score]) -> str:
    """A dot for each label (area by gold count) over curves of equal F1; "" without any dot."""
    dots = [
        Dot(label, score.recall, score.precision, score.gold)
        for label, score in scores.items()
        if score.recall is not None and score.precision is not None
    ]
    if not dots:
        return ""
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BOTTOM
    return (
        f'<svg class="pr" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'role="img" aria-label="Precision against recall of each label; the figures stand in '
        f'the table">{_axes()}{"".join(map(_curve, _ISO_F1))}'
        f"{''.join(_circle(dot) for dot in dots)}{''.join(_names(dots))}</svg>"
    )


def _across(ratio: float) -> float:
    return _BAR_MARGIN + ratio * _BAR_LENGTH


def _bar_canvas(height: int, inner: str) -> str:
    width = _BAR_LENGTH + 2 * _BAR_MARGIN
    return (
        f'<svg class="bar" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-hidden="true">{inner}</svg>'
    )


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _axes() -> str:
    """Grid, ticks and titles of both axes."""
    right, bottom = _LEFT + _SIDE, _TOP + _SIDE
    pieces = []
    for tick in _TICKS:
        x, y = _LEFT + tick * _SIDE, _TOP + (1 - tick) * _SIDE
        pieces += [_line("grid", x, _TOP, x, bottom), _line("grid", _LEFT, y, right, y)]
        pieces.append(f'<text class="tick middle" x="{x}" y="{bottom + 15}">{tick:g}</text>')
        pieces.append(f'<text class="tick end" x="{_LEFT - 6}" y="{y + 4}">{tick:g}</text>')
    x, y = _LEFT + _SIDE / 2, _TOP + _SIDE / 2
    pieces.append(f'<text class="axis middle" x="{x}" y="{bottom + 33}">Recall</text>')
    turned = f'transform="rotate(-90 12 {y})"'
    pieces.append(f'<text class="axis middle" x="12" y="{y}" {turned}>Precision</text>')
    return "".join(pieces)


def _curve(f1: float) -> str:
    """Where precision p and recall r give this F1: p = f1 * r / (2 r - f1)."""
    lowest = _lowest(f1)
    recalls = [lowest + (1 - lowest) * step / 40 for step in range(41)]
    points = [Dot("", recall, f1 * recall / (2 * recall - f1), 0) for recall in recalls]
    path = " ".join(f"{point.x:.1f},{point.y:.1f}" for point in points)
    room = _curve_name(f1)
    name = f'<text class="iso end" x="{room.right:.1f}" y="{room.bottom - 2:.1f}">F1 {f1:g}</text>'
    return f'<polyline class="iso" points="{path}"/>{name}'


def _lowest(f1: float) -> float:
    """The recall that gives this F1 at precision 1, and the other way round."""
    return f1 / (2 - f1)


def _curve_name(f1: float) -> Box:
    """Where the name of a curve stands: at its right end, above it."""
    end = Dot("", 1.0, _lowest(f1), 0)
    return Box(end.x - 6 * _CHARACTER, end.y - _LINE, end.x - 3, end.y)


def _radius(dot: Dot) -> float:
    """From 3 to 9 pixels; the area grows with the gold count up to a thousand."""
    return float(3 + 6 * min(dot.gold / 1000, 1) ** 0.5)


def _circle(dot: Dot) -> str:
    words = f"{dot.label}: precision {figure(dot.precision)}, recall {figure(dot.recall)}"
    return (
        f'<circle class="dot" cx="{dot.x:.1f}" cy="{dot.y:.1f}" r="{_radius(dot):.1f}">'
        f"<title>{escape(words)}, gold {dot.gold}</title></circle>"
    )


def _names(dots: Sequence[Dot]) -> Iterator[str]:
    """Labels beside their dots, the most frequent first; one without room is left out."""
    taken = [*map(_around, dots), *map(_curve_name, _ISO_F1)]
    for dot in sorted(dots, key=lambda dot: -dot.gold):
        places = [place for place in _places(dot) if not any(map(place.meets, taken))]
        if places:
            taken.append(places[0])
            x, y = places[0].left, places[0].bottom - 2
            yield f'<text class="name" x="{x:.1f}" y="{y:.1f}">{escape(dot.label)}</text>'


def _around(dot: Dot) -> Box:
    radius = _radius(dot)
    return Box(dot.x - radius, dot.y - radius, dot.x + radius, dot.y + radius)


def _places(dot: Dot) -> Iterator[Box]:
    """Right of the dot, left, above and below, as far as the canvas reaches."""
    length, gap = len(dot.label) * _CHARACTER, _radius(dot) + 3
    corners = (
        (dot.x + gap, dot.y - _LINE / 2),
        (dot.x - gap - length, dot.y - _LINE / 2),
        (dot.x - length / 2, dot.y - gap - _LINE),
        (dot.x - length / 2, dot.y + gap),
    )
    for left, top in corners:
        if left >= _LEFT and left + length <= _LEFT + _SIDE + _RIGHT and top >= 0:
            yield Box(left, top, left + length, top + _LINE)
