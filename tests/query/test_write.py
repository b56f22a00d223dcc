"""What the writers make of rows: types, nulls, hostile cells, many rows."""

import csv
import io
import json

import pytest

from trialcriteria.query.dataset import opened_dataset
from trialcriteria.query.select import Selection, select, select_json
from trialcriteria.query.write import write_csv, write_json, write_jsonl, write_table

CELLS = """
    select 1 as whole, 30.0::double as number, null as nothing, true as yes, date '2026-01-02' as day,
        ['a', 'é "b"'] as list, {'code': 'x'} as struct, 12345678901234567890123 as huge
"""


def csv_rows(columns, rows) -> list[list[str]]:
    out = io.StringIO()
    write_csv(Selection(columns, iter(rows)), out)
    return list(csv.reader(io.StringIO(out.getvalue())))


def test_types_in_csv(small) -> None:
    out = io.StringIO()
    with opened_dataset(small) as connection:
        write_csv(select(connection, CELLS), out)
    assert list(csv.reader(io.StringIO(out.getvalue())))[1] == [
        "1", "30", "", "True", "2026-01-02", '["a", "é \\"b\\""]', '{"code": "x"}', "12345678901234567890123",
    ]  # fmt: skip


def test_types_in_json(small) -> None:
    with opened_dataset(small) as connection:
        (line,) = select_json(connection, CELLS)
    row = json.loads(line)
    assert (row["whole"], row["number"], row["nothing"], row["yes"]) == (1, 30.0, None, True)
    assert (row["day"], row["list"], row["struct"]) == ("2026-01-02", ["a", 'é "b"'], {"code": "x"})


def test_what_json_has_no_number_for_is_null(small) -> None:
    sql = "select 1 / 0 as ratio, [-1e999, 2.5] as bounds, 'Infinity and NaN' as words"
    with opened_dataset(small) as connection:
        (line,) = select_json(connection, sql)
    row = json.loads(line, parse_constant=pytest.fail)
    assert row == {"ratio": None, "bounds": [None, 2.5], "words": "Infinity and NaN"}


@pytest.mark.parametrize("lines", [[], ['{"a":1}'], ['{"a":1}', '{"a":2}']])
def test_json_is_an_array(lines) -> None:
    out = io.StringIO()
    write_json(iter(lines), out)
    assert json.loads(out.getvalue()) == [json.loads(line) for line in lines]


def test_json_lines() -> None:
    out = io.StringIO()
    write_jsonl(iter(['{"a":1}', '{"a":2}']), out)
    assert out.getvalue() == '{"a":1}\n{"a":2}\n'


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "- Age > 18", "@sum", "-x", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(cell) -> None:
    assert csv_rows(("a",), [(cell,)])[1] == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["-5", "-P30D", "-PT72H", "+1.5", "-1.5", "a=b", "", "18 - 65"])
def test_numbers_and_durations_stay(cell) -> None:
    assert csv_rows(("a", "b"), [(cell, -3)])[1] == [cell, "-3"]


def test_a_table_has_no_markup_and_no_control_characters() -> None:
    out = io.StringIO()
    write_table(Selection(("[bold]a[/]",), iter([("[red]x[/red]\x1b[2J\ny",)])), out)
    assert "[bold]a[/]" in out.getvalue()
    assert "[red]x[/red]\ufffd[2J y" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_a_long_table_ends_with_a_word() -> None:
    out = io.StringIO()
    write_table(Selection(("n",), ((n,) for n in range(2000))), out)
    assert "│ 999 │" in out.getvalue()
    assert "1000" not in out.getvalue()
    assert out.getvalue().endswith("the first 1,000 rows; -o FILE writes all of them\n")


def test_rows_are_read_as_they_are_written(small) -> None:
    with opened_dataset(small) as connection:
        rows = select(connection, "select * from range(1000000000000)").rows
        assert [next(rows)[0] for _ in range(3)] == [0, 1, 2]
