"""JSON for one, several, none; JSON lines; failures in their place."""

import io
import json

import pytest

from trialcriteria.export.json_out import Failure, schema_json, to_json, write_json, write_jsonl
from trialcriteria.schema import Extraction

FAILURE = Failure(id="NCT99000001", name="x.json", reason="no eligibility text")
ERROR = {"error": {"id": "NCT99000001", "name": "x.json", "reason": "no eligibility text"}}


def written(writer: object, items: list[object]) -> str:
    out = io.StringIO()
    writer(iter(items), out)
    return out.getvalue()


def test_json_of_one_is_an_object(extraction: Extraction) -> None:
    text = written(write_json, [extraction])
    assert Extraction.model_validate_json(text) == extraction
    assert text.endswith("}\n")


@pytest.mark.parametrize("number", [0, 2, 3])
def test_json_of_several_is_an_array(extraction: Extraction, number: int) -> None:
    loaded = json.loads(written(write_json, [extraction] * number))
    assert loaded == [extraction.model_dump(mode="json")] * number


def test_json_lines_are_one_object_a_line(extraction: Extraction) -> None:
    lines = written(write_jsonl, [extraction, FAILURE, extraction]).splitlines()
    loaded = [json.loads(line) for line in lines]
    assert loaded == [extraction.model_dump(mode="json"), ERROR, loaded[0]]


def test_a_failure_stands_in_the_array(extraction: Extraction) -> None:
    assert json.loads(written(write_json, [FAILURE, extraction]))[0] == ERROR
    assert json.loads(to_json(FAILURE)) == ERROR


def test_schema_describes_the_extraction() -> None:
    schema = json.loads(schema_json())
    assert schema["title"] == "Extraction"
    assert list(schema["properties"]) == list(Extraction.model_fields)
