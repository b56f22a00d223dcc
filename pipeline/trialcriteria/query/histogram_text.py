"""A histogram in characters, for a terminal."""

from typing import TextIO

from rich.bar import Bar
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trialcriteria.export.notation import one_line
from trialcriteria.query.histogram import Histogram, heading

_PLAIN_WIDTH = 100
_BAR = 28


def write_text(found: Histogram, out: TextIO) -> None:
    """A row a bin: its edges, and the trials with a floor and with a ceiling in it, as bars."""
    table = Table(title=Text(one_line(heading(found)), "bold"), title_justify="left", box=None)
    table.add_column(Text(one_line(found.unit or "")), justify="right")
    for name in ("floors", "ceilings"):
        table.add_column(name, justify="right")
        table.add_column("", width=_BAR)
    floor_peak = max(each.floors for each in found.bins)
    ceiling_peak = max(each.ceilings for each in found.bins)
    for each in found.bins:
        table.add_row(
            f"{each.low:g} to {each.high:g}",
            *_bar(each.floors, floor_peak, "blue"),
            *_bar(each.ceilings, ceiling_peak, "dark_orange"),
        )
    Console(file=out, width=None if out.isatty() else _PLAIN_WIDTH).print(table)


def _bar(count: int, peak: int, colour: str) -> tuple[str, Bar]:
    return str(count or ""), Bar(max(peak, 1), 0, count, width=_BAR, color=colour)
