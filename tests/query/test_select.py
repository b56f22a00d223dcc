"""User SQL reads the dataset and nothing else; what is wrong with it is one line."""

import duckdb
import pytest

from trialcriteria.errors import QueryError, UsageError
from trialcriteria.query.dataset import opened_dataset
from trialcriteria.query.select import named_sql, select, select_into, select_json

REFUSED = {
    "copy": "copy trials to 'out.csv'",
    "copy_into_dataset": "copy trials to '{folder}/trials/part-000001.parquet'",
    "explain_analyze_copy": "explain analyze copy trials to '{folder}/trials/part-000002.parquet'",
    "create": "create table mine as select 1",
    "attach": "attach 'x.db'",
    "setting": "set memory_limit = '1GB'",
    "reset": "reset enable_external_access",
    "pragma": "pragma database_list",
    "load": "load httpfs",
    "drop": "drop view trials",
    "two": "select 1; select 2",
    "hidden_second": "select 1; copy trials to 'out.csv'",
    "none": "",
    "comment": "-- nothing",
    "syntax": "selec 1",
    "column": "select no_such_column from trials",
    "table": "select * from no_such_table",
    "type": "select 1 + 'many'",
    "while_reading": "select error('now') from facts",
    "read_csv": "select * from read_csv('/etc/passwd')",
    "read_text": "select * from read_text('{folder}/../secret.txt')",
    "file_as_table": "select * from '/etc/passwd'",
    "glob": "select * from glob('/etc/*')",
    "network": "select * from read_csv('https://example.org/x.csv')",
    "python_variable": "select * from secret",
    "nested": "select * from query('copy trials to ''out.csv''')",
}
ALLOWED = {
    "describe": "describe facts",
    "summarize": "summarize trials",
    "show": "show tables",
    "from_first": "from trials",
    "with": "with few as (from trials limit 1) select * from few",
    "semicolon": "select 1;",
    "comment_behind": "select 1 -- one",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, small, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    secret = [{"a": 1}]
    assert secret
    (small.parent / "secret.txt").write_text("secret")
    before = sorted(path.stat().st_mtime_ns for path in small.rglob("*"))
    with pytest.raises(QueryError) as caught, opened_dataset(small) as connection:
        list(select(connection, REFUSED[name].format(folder=small)).rows)
    assert "\n" not in str(caught.value)
    assert str(caught.value)
    assert sorted(path.stat().st_mtime_ns for path in small.rglob("*")) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed(name, small) -> None:
    with opened_dataset(small) as connection:
        assert list(select(connection, ALLOWED[name]).rows)
        assert len(list(select_json(connection, ALLOWED[name]))) > 0


def test_message_keeps_what_helps(small) -> None:
    with pytest.raises(QueryError) as caught, opened_dataset(small) as connection:
        select(connection, "select trial_idd from trials")
    assert str(caught.value).startswith('Binder Error: Referenced column "trial_idd" not found')
    assert "trial_id" in str(caught.value)
    assert "LINE" not in str(caught.value)


def test_parquet_is_written_where_allowed_only(small, tmp_path) -> None:
    out = tmp_path / "o'ut.parquet"
    with opened_dataset(small, writes=out) as connection:
        select_into(connection, "select trial_id from trials order by 1; -- all", out)
    assert duckdb.read_parquet(str(out)).fetchall() == [("T1",), ("T2",), ("T3",), ("T4",)]
    with pytest.raises(QueryError, match="Permission"), opened_dataset(small) as connection:
        select_into(connection, "from trials", tmp_path / "other.parquet")


def test_a_folder_with_wildcards_and_quotes_in_its_name(small, tmp_path) -> None:
    odd = tmp_path / "it's [a] *run*?"
    odd.symlink_to(small)
    with opened_dataset(odd) as connection:
        assert list(select(connection, "select count(*) from trials").rows) == [(4,)]


def test_relative_folder(small, monkeypatch) -> None:
    monkeypatch.chdir(small.parent)
    with opened_dataset(small.relative_to(small.parent)) as connection:
        assert list(select(connection, "select count(*) from trials").rows) == [(4,)]


def test_a_part_counts_once_its_trials_are_there(small, tmp_path) -> None:
    for table in small.iterdir():
        (tmp_path / table.name).mkdir()
        for part in table.iterdir():
            (tmp_path / table.name / part.name).write_bytes(part.read_bytes())
    half = tmp_path / "facts" / "part-000002.parquet"
    half.write_bytes((small / "facts" / "part-000001.parquet").read_bytes())
    with opened_dataset(tmp_path) as connection:
        rows = list(
            select(
                connection, "select count(*) from facts group by trial_id, criterion_id, fact_no"
            ).rows
        )
    assert set(rows) == {(1,)}


@pytest.mark.parametrize("content", [b"", b"PAR1 no parquet", bytes(range(256))])
def test_a_damaged_part_is_one_line(content, small, tmp_path) -> None:
    for table in small.iterdir():
        (tmp_path / table.name).mkdir()
        (tmp_path / table.name / "part-000001.parquet").write_bytes(content)
    with pytest.raises(QueryError) as caught, opened_dataset(tmp_path):
        pass
    assert "\n" not in str(caught.value)


def test_no_dataset(tmp_path) -> None:
    with pytest.raises(QueryError, match="no such folder"), opened_dataset(tmp_path / "none"):
        pass
    with pytest.raises(QueryError, match="no whole dataset"), opened_dataset(tmp_path):
        pass


def test_unknown_name_of_a_query() -> None:
    with pytest.raises(UsageError, match="egfr_floor_under_30"):
        named_sql("no such query")
