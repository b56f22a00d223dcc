"""A histogram as an SVG picture: floors above, ceilings below, one axis in the canonical unit."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from trialcriteria.export.notation import one_line
from trialcriteria.query.histogram import Histogram, heading

_WIDTH, _SIDE, _PANEL, _TOP, _AXIS = 720, 24, 150, 46, 48
_COLOURS = {"floors": "#2b6cb0", "ceilings": "#c05621"}  # told apart by any eye
_TICKS = 9  # at most


def to_svg(found: Histogram) -> str:
    """The picture, 720 pixels wide; the height of a bar is its share of the panel's highest."""
    height = _TOP + 2 * _PANEL + _AXIS
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {height}",
            "width": str(_WIDTH),
            "height": str(height),
            "font-family": "sans-serif",
            "font-size": "12",
        },
    )
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    _text(root, _SIDE, 24, heading(found), {"font-size": "15"})
    _panel(root, "floors", [each.floors for each in found.bins], _TOP + _PANEL)
    _panel(root, "ceilings", [each.ceilings for each in found.bins], _TOP + 2 * _PANEL)
    _axis(root, found, _TOP + 2 * _PANEL)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _panel(root: Element, name: str, counts: Sequence[int], base: int) -> None:
    """Bars on a base line, each with its number of trials."""
    step, scale = (_WIDTH - 2 * _SIDE) / len(counts), (_PANEL - 50) / max(*counts, 1, 1)
    _text(root, _SIDE, base - _PANEL + 22, f"{name} (trials)", {"fill": _COLOURS[name]})
    for place, count in enumerate(counts):
        if count:
            left, high = _SIDE + place * step, count * scale
            box = {"x": left + 1, "y": base - high, "width": step - 2, "height": high}
            drawn = {side: f"{length:.1f}" for side, length in box.items()}
            SubElement(root, "rect", drawn | {"fill": _COLOURS[name]})
            _text(root, left + step / 2, base - high - 4, str(count), {"text-anchor": "middle"})
    SubElement(
        root,
        "path",
        {"d": f"M{_SIDE} {base}H{_WIDTH - _SIDE}", "stroke": "#4a5568", "fill": "none"},
    )


def _axis(root: Element, found: Histogram, base: int) -> None:
    """The edges of the bins, as many as fit, and the unit under them."""
    edges = [found.bins[0].low, *(each.high for each in found.bins)]
    step = (_WIDTH - 2 * _SIDE) / len(found.bins)
    for place in range(0, len(edges), -(-len(edges) // _TICKS)):
        _text(root, _SIDE + place * step, base + 16, f"{edges[place]:g}", {"text-anchor": "middle"})
    _text(root, _WIDTH / 2, base + 38, found.unit or "", {"text-anchor": "middle"})


def _text(root: Element, x: float, y: float, words: str, more: dict[str, str]) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "fill": "#1a202c"}
    SubElement(root, "text", place | more).text = one_line(words)
