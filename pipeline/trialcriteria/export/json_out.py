"""JSON and JSON lines: the schema as it is, one object a posting.

Every writer of this room takes an iterator and a text stream and pulls one posting at a time,
so memory does not grow with the number of postings. A record that failed stands in the output
as ``{"error": {"id", "name", "reason"}}``, in its place.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple, TextIO

from trialcriteria.schema import Extraction


class Failure(NamedTuple):
    """A record that could not be read: its id where known, its source, the reason in one line."""

    id: str | None
    name: str
    reason: str


Item = Extraction | Failure


def to_json(item: Item, indent: int | None = None) -> str:
    """One object; the same bytes for the same input."""
    if isinstance(item, Failure):
        return json.dumps({"error": item._asdict()}, ensure_ascii=False, indent=indent)
    return item.model_dump_json(indent=indent)


def write_jsonl(items: Iterable[Item], out: TextIO) -> None:
    """One object a line, whatever the number."""
    for item in items:
        out.write(to_json(item) + "\n")


def write_json(items: Iterable[Item], out: TextIO) -> None:
    """One object for exactly one posting, else an array."""
    held: str | None = None
    count = 0
    for count, item in enumerate(items, start=1):
        if held is not None:
            out.write(("[" if count == 2 else ",\n") + held)
        held = to_json(item, indent=2)
    if count == 1:
        out.write(f"{held}\n")
    else:
        out.write(f",\n{held}]\n" if held is not None else "[]\n")


def schema_json() -> str:
    """The JSON Schema of Extraction, indented by two."""
    return json.dumps(Extraction.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
