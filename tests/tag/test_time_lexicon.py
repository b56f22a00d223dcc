"""The rule files of the time grammar: no doubles, no dead words, nothing left blank."""

from collections import Counter
from pathlib import Path

import pytest

import trialcriteria.tag.time as package
from trialcriteria.lexicons import load_rows
from trialcriteria.tag.time.lexer import split_words
from trialcriteria.tag.time.lexicon import AnchorRow, CueRow, UnitRow, entries

FILES = [("time_units", UnitRow), ("anchors", AnchorRow), ("time_cues", CueRow)]


@pytest.mark.parametrize(("name", "model"), FILES)
def test_ids_are_unique(name: str, model: type) -> None:
    ids = Counter(row.id for row in load_rows(name, model))
    assert [key for key, times in ids.items() if times > 1] == []


def test_no_form_stands_twice_in_one_role() -> None:
    forms = Counter((role, tuple(split_words(form))) for role, form, _ in entries())
    assert [key for key, times in forms.items() if times > 1] == []


def test_forms_are_lower_case_and_not_blank() -> None:
    assert [form for _, form, _ in entries() if form != form.lower().strip() or not form] == []


def test_every_role_is_read_by_the_grammar() -> None:
    folder = Path(package.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert [role for role in {role for role, _, _ in entries()} if f'"{role}"' not in code] == []


def test_every_comparator_says_whether_its_number_is_included() -> None:
    rows = [row for row in load_rows("time_cues", CueRow) if row.bound]
    assert [row.id for row in rows if row.inclusive is None] == []
