"""The JSON contract: measure, strictness, average or label; equal bytes for equal input."""

import json

from trialcriteria.evaluate.report import Report, to_json


def test_a_score_is_reached_by_its_name(report: Report) -> None:
    made = json.loads(to_json(report))
    assert made["entities"]["strict"]["drug"] == {
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
        "ci95": [0.5, 0.5],
        "gold": 4,
        "predicted": 4,
        "correct": 2,
    }
    assert made["entities"]["strict"]["micro"]["f1"] == 6 / 12
    assert made["entities"]["relaxed"]["micro"]["f1"] == 10 / 12
    assert made["entities"]["strict"]["visit"]["precision"] is None
    assert made["whole_criteria"]["end_to_end"]["micro"]["recall"] is None


def test_the_other_parts_stand_beside_the_measures(report: Report) -> None:
    made = json.loads(to_json(report))
    assert sorted(made) == [
        "about",
        "comparison",
        "confusion",
        "entities",
        "mistakes",
        "notes",
        "whole_criteria",
    ]
    assert made["about"] == {
        "data": "Invented <corpus>",
        "postings": 1,
        "split": "dev",
        "sha256": "ab" * 32,
        "version": "0.9.0",
        "lexicons": "cd" * 32,
        "model": None,
        "predictions": ["mine.jsonl"],
        "command": "trialcriteria evaluate --corpus 'invented' --format html",
    }
    assert made["confusion"]["condition"] == {"condition": 3, "drug": 1}
    assert made["mistakes"] == {"entities": {"differs": 2, "missing": 1, "spurious": 1}}
    assert made["comparison"]["entities"]["strict"]["difference"] == -0.125


def test_keys_are_sorted_and_no_text_is_in_it(report: Report) -> None:
    made = to_json(report)
    assert made == json.dumps(json.loads(made), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert "renal failure" not in made
    assert made == to_json(report.model_copy(deep=True))
