"""Rows as a table for people, as CSV, as JSON or as JSON lines."""

import csv
import json
import re
from collections.abc import Iterable
from itertools import islice
from typing import TextIO

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from trialcriteria.export.notation import one_line
from trialcriteria.query.select import Selection

_PLAIN_WIDTH = 120
_SHOWN = 1000  # rows of a table: more are a file's business
# A spreadsheet runs a cell that begins so as a formula, unless it is a number or a duration.
_FORMULA = re.compile(r"[=+@-](?!P?T?\d[\d.,YMWDTHS-]*$)")


def write_table(selection: Selection, out: TextIO) -> None:
    """A table in the width of the terminal: the first rows, with a word where there are more."""
    table = Table(*(Column(Text(name)) for name in selection.columns))
    for row in islice(selection.rows, _SHOWN):
        table.add_row(*(Text(one_line(as_text(value))) for value in row))
    Console(file=out, width=None if out.isatty() else _PLAIN_WIDTH).print(table)
    if next(selection.rows, None) is not None:
        print(f"the first {_SHOWN:,} rows; -o FILE writes all of them", file=out)


def write_csv(selection: Selection, out: TextIO) -> None:
    """CSV with a header row; no cell of it is a formula (OWASP: CSV injection)."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(selection.columns)
    writer.writerows([_inert(value) for value in row] for row in selection.rows)


def write_json(objects: Iterable[str], out: TextIO) -> None:
    """An array of one object a row."""
    before = "[\n"
    for line in objects:
        out.write(before + line)
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def write_jsonl(objects: Iterable[str], out: TextIO) -> None:
    """One object a line."""
    out.writelines(f"{line}\n" for line in objects)


def as_text(value: object) -> str:
    """A cell as text: null is empty, lists and structs are JSON, 30.0 is 30."""
    if value is None:
        return ""
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _inert(value: object) -> str:
    cell = as_text(value)
    return f"'{cell}" if isinstance(value, str) and _FORMULA.match(cell) else cell
