"""Schema version 1 is a contract: the committed JSON Schema must equal the code's."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from trialcriteria.schema import AtLeastN, Bound, Criterion, Extraction, Section, Span

COMMITTED = Path(__file__).parents[2] / "docs" / "schema.v1.json"


def test_committed_json_schema_is_the_codes_own() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == Extraction.model_json_schema()


def test_models_are_frozen_and_refuse_unknown_fields() -> None:
    bound = Bound(value="7.50", inclusive=True)
    with pytest.raises(ValidationError, match="frozen"):
        bound.value = "8"
    with pytest.raises(ValidationError, match="extra"):
        Bound.model_validate({"value": "7.50", "inclusive": True, "exact": True})


def test_spans_are_pairs_in_json_and_round_trip() -> None:
    section = Section(id="s1", kind="inclusion", heading=None, cohort=None, span=Span(3, 9))
    assert json.loads(section.model_dump_json())["span"] == [3, 9]
    assert Section.model_validate_json(section.model_dump_json()).span.end == 9


def test_combine_takes_a_word_or_a_count() -> None:
    fields = {"id": "i1", "section": "s1", "kind": "inclusion", "label": None, "span": (0, 1)}
    two = Criterion.model_validate({**fields, "text": "a", "combine": {"at_least": 2}})
    assert two.combine == AtLeastN(at_least=2)
    with pytest.raises(ValidationError):
        Criterion.model_validate({**fields, "text": "a", "combine": "some"})
