"""What is compared: files of extractions, and two bulk runs, which find the same."""

import json

import pytest

from trialcriteria.compare.runs import alike, compare_runs, opened_runs
from trialcriteria.compare.summary import Summary
from trialcriteria.compare.versions import compare_extractions, holds_extractions, read_extractions
from trialcriteria.errors import CompareError, QueryError
from trialcriteria.extract import extract
from trialcriteria.read import read


def changed(extractions):
    """A later version: one trial gone, one new, one with another bound, one with more blanks."""
    first, second, third, *others = extractions
    yield first
    yield _again(second, second.text.replace("18", "21"))
    yield _again(third, "\n\n" + third.text)
    yield from others[1:]
    yield first.model_copy(update={"trial": first.trial.model_copy(update={"id": "NEW"})})


def _again(extraction, text):
    (posting,) = read(text.encode(), "again.txt", "plain")
    return extract(posting.model_copy(update={"trial": extraction.trial}))


def test_runs_and_extractions_tell_the_same(corpus, write_dataset, tmp_path) -> None:
    later = list(changed(corpus))
    folders = write_dataset(tmp_path / "a", corpus), write_dataset(tmp_path / "b", later)
    expected = Summary()
    told = {each.trial: each for each in expected.counting(compare_extractions(corpus, later))}
    with opened_runs(*folders) as connection:
        summary = alike(connection)
        found = list(summary.counting(compare_runs(connection)))
    assert [each.trial for each in found] == sorted(told)
    for each in found:
        assert (each.outcome, each.same) == (told[each.trial].outcome, told[each.trial].same)
        assert [one.details for one in each.changes] == [
            one.details for one in told[each.trial].changes
        ]
    assert (summary.trials, summary.criteria) == (expected.trials, expected.criteria)
    assert sorted(each.outcome for each in found) == ["added", "changed", "removed"]


def test_a_run_is_the_same_as_itself_without_a_closer_look(corpus, write_dataset, tmp_path) -> None:
    folder = write_dataset(tmp_path / "a", corpus)
    with opened_runs(folder, folder) as connection:
        summary = alike(connection)
        assert list(compare_runs(connection)) == []
    assert not summary.differ
    assert summary.criteria["same"] == sum(len(each.criteria) for each in corpus)


def test_other_offsets_need_no_closer_look(corpus, write_dataset, tmp_path) -> None:
    moved = [_again(each, "\n\n" + each.text) for each in corpus]
    same = [_again(each, each.text) for each in corpus]
    folders = write_dataset(tmp_path / "a", same), write_dataset(tmp_path / "b", moved)
    with opened_runs(*folders) as connection:
        assert list(compare_runs(connection)) == []


def test_trials_without_criteria(posting, write_dataset, tmp_path) -> None:
    before = write_dataset(tmp_path / "a", [posting("T1"), posting("T2", "Gout"), posting("T4")])
    after = write_dataset(tmp_path / "b", [posting("T1"), posting("T2"), posting("T3")])
    with opened_runs(before, after) as connection:
        found = [(each.trial, each.outcome) for each in compare_runs(connection)]
    assert found == [("T2", "changed"), ("T3", "added"), ("T4", "removed")]


def test_no_dataset(tmp_path) -> None:
    with pytest.raises(QueryError, match="no whole dataset"), opened_runs(tmp_path, tmp_path):
        pass


@pytest.mark.parametrize("form", ["one", "array", "lines"])
def test_files_of_extractions(form, posting, tmp_path) -> None:
    both = [posting("T1", "Gout"), posting("T2", "Asthma")][: 1 if form == "one" else 2]
    rows = [each.model_dump_json(indent=2 if form != "lines" else None) for each in both]
    texts = {
        "one": rows[0],
        "array": f"[{','.join(rows)}]",
        "lines": "\n".join([*rows, '{"error": {}}']),
    }
    path = tmp_path / "x.json"
    path.write_text(texts[form], encoding="utf-8")
    assert holds_extractions(path)
    assert list(read_extractions(path)) == both


@pytest.mark.parametrize("content", ["", "Inclusion Criteria:", '{"id": "T1", "text": "x"}', "[]"])
def test_other_files_hold_none(content, tmp_path) -> None:
    (tmp_path / "x").write_text(content)
    assert not holds_extractions(tmp_path / "x")
    assert not holds_extractions(tmp_path)
    assert not holds_extractions(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"schema_version": "1"', "x.json:1: is no JSON"),
        ('{"schema_version": "1"}', "record 1: is no extraction"),
        ('{"error": {}}\n{"schema_version": "2"}', "record 2: is no extraction"),
        ("[1]", "record 1: is no extraction"),
    ],
)
def test_a_broken_file_is_one_line(content, words, tmp_path) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(CompareError, match=words) as caught:
        list(read_extractions(path))
    assert "\n" not in str(caught.value)


def test_one_posting_alone_is_the_others_version(posting) -> None:
    (found,) = compare_extractions([posting(None, "Gout")], [posting("T1", "Gout", "Flu")])
    assert (found.outcome, found.same, found.count("added")) == ("changed", 1, 1)


def test_several_postings_are_paired_by_their_ids(posting) -> None:
    before = [posting("T1", "Gout"), posting("T2", "Flu")]
    after = [posting("T3", "Flu"), posting("T2", "Flu")]
    found = [(each.trial, each.outcome) for each in compare_extractions(before, after)]
    assert found == [("T1", "removed"), ("T2", "same"), ("T3", "added")]


def test_extractions_stand_the_round_trip(corpus, tmp_path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps(json.loads(each.model_dump_json())) for each in corpus))
    assert list(read_extractions(path)) == corpus
