"""Vocabularies and their concepts as tables and as JSON lines."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trialcriteria.link.vocab.index import About, Details, Entry
from trialcriteria.schema import Code

_WIDE = 160  # columns where the output goes to no terminal

Row = Mapping[str, object]


class Found(NamedTuple):
    """A concept, the vocabulary it was found in, and its codes."""

    vocabulary: str
    entry: Entry
    codes: tuple[Code, ...]


def about_row(about: About, size: int) -> Row:
    """What a list says of an installed vocabulary; ``size`` in bytes."""
    return {
        "name": about.name,
        "from": about.origin,
        "version": about.version,
        "added": about.added,
        "concepts": about.concepts,
        "standard": about.standard,
        "names": about.names,
        "broken": about.broken,
        "bytes": size,
    }


def entry_row(vocabulary: str, entry: Entry) -> Row:
    """What a list says of a concept."""
    return {
        "in": vocabulary,
        "id": str(entry.id),
        "vocabulary": entry.vocabulary,
        "code": entry.code,
        "name": entry.name,
        "kind": entry.kinds,
        "class": entry.class_,
        "standard": bool(entry.standard),
    }


def details_row(vocabulary: str, details: Details) -> Row:
    """Everything that is known of a concept."""
    lists = ("mapped_to", "mapped_from", "parents", "members")
    related = {name: [_short(each) for each in getattr(details, name)] for name in lists}
    return {
        **entry_row(vocabulary, details.entry),
        "codes": [code.model_dump(include={"system", "code"}) for code in details.codes],
        "synonyms": details.synonyms,
        **related,
        "member_count": details.member_count,
    }


def write_json(rows: Iterable[Row]) -> None:
    """One JSON object a line on standard output."""
    for row in rows:
        print(orjson.dumps(row).decode())


def write_table(rows: Iterable[Row]) -> None:
    """A table on standard output; nothing where there are no rows."""
    listed = [*rows]
    table = Table(box=None, pad_edge=False)
    for name in listed[0] if listed else ():
        right = isinstance(listed[0][name], int) and not isinstance(listed[0][name], bool)
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    if listed:
        _print(table)


def _print(table: Table) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        print(line.rstrip())


def write_details(rows: Iterable[Row]) -> None:
    """Each concept as lines of name and value on standard output."""
    for number, row in enumerate(rows):
        if number:
            print()
        for name, value in row.items():
            for line in _lines(value):
                print(f"{name:<12}  {line}")


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for each in value:
            yield " ".join(map(str, each.values())) if isinstance(each, dict) else _cell(each)
    else:
        yield _cell(value)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _short(entry: Entry) -> dict[str, str]:
    return {"vocabulary": entry.vocabulary, "code": entry.code, "name": entry.name}
