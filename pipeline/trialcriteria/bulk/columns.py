"""How a table is described: each column's name, Arrow type, where its value stands, its words.

A row is any object; a column names the path of attributes from it, so that the tables are data.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

STRING = pa.string()
NUMBER = pa.float64()
COUNT = pa.int32()
FLAG = pa.bool_()


class Column(NamedTuple):
    """One column: ``path`` leads from the row to the value, which ``made`` converts."""

    name: str
    type: pa.DataType
    path: str
    words: str
    made: Callable[..., object] | None = None


class Table:
    """A table of the dataset: the columns in order, and rows to Arrow."""

    def __init__(self, name: str, words: str, columns: Iterable[Column]) -> None:
        self.name = name
        self.words = words
        self.columns = tuple(columns)

    @cached_property
    def schema(self) -> pa.Schema:
        """Names and types; every column may be null."""
        return pa.schema([(column.name, column.type) for column in self.columns])

    def batch(self, rows: list[object]) -> pa.RecordBatch:
        """The rows as one record batch, in their order."""
        walked = {"": rows}
        arrays = [pa.array(_values(each, walked), each.type) for each in self.columns]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def _values(column: Column, walked: dict[str, list[object]]) -> list[object]:
    found, made = _at(column.path, walked), column.made
    return [None if one is None else made(one) for one in found] if made else found


def _at(path: str, walked: dict[str, list[object]]) -> list[object]:
    """What stands at the path of each row, None where a step leads nowhere.

    Columns share the beginnings of their paths, so each step is walked once and kept.
    """
    if path not in walked:
        before, _, step = path.rpartition(".")
        walked[path] = [getattr(one, step, None) for one in _at(before, walked)]
    return walked[path]
