"""Facebook's NER set: lines of slots, counted from one."""

import os
from pathlib import Path

import pytest

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Annotated, Mention
from trialcriteria.evaluate.corpora import trial_id
from trialcriteria.evaluate.corpora.fb import read_fb, to_posting
from trialcriteria.evaluate.corpora.labels import labels
from trialcriteria.schema import Span

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora" / "fb_ner"


def read(folder, *lines, end="\n"):
    (folder / "set.tsv").write_bytes("".join(f"{line}{end}" for line in lines).encode())
    return list(read_fb(folder))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_slots_count_from_one_and_end_behind_their_last_character(tmp_path, end):
    (first, second) = read(
        tmp_path,
        "NCT99000003\t4:10:chronic_disease,15:23:upper_bound\tNo asthma for 12 weeks",
        "NCT99000003\t1:8:allergy_name\tÉpilant",
        end=end,
    )
    assert first == Annotated(
        id="NCT99000003_1",
        text="No asthma for 12 weeks",
        mentions=(
            Mention("chronic_disease", (Span(3, 9),)),
            Mention("upper_bound", (Span(14, 22),)),
        ),
    )
    assert [first.text[slice(*m.spans[0])] for m in first.mentions] == ["asthma", "12 weeks"]
    assert second.mentions == (Mention("allergy_name", (Span(0, 7),)),)
    assert trial_id(second.id) == "NCT99000003"


def test_blank_lines_keep_the_count_of_lines(tmp_path):
    assert [found.id for found in read(tmp_path, "N\t1:2:age\ta", "", "N\t\tb\tc")] == [
        "N_1",
        "N_3",
    ]
    assert read(tmp_path, "N\t\tb\tc")[0].text == "b\tc"


@pytest.mark.parametrize("slot", ["0:2:age", "3:3:age", "3:2:age", "2:9:age", "1:2", "x", "1:2:"])
def test_a_slot_outside_the_text_is_named(tmp_path, slot):
    (found,) = read(tmp_path, f"N\t{slot},1:4:age\tage")
    assert found.mentions == (Mention("age", (Span(0, 3),)),)
    assert found.problems == (f"line 1: slot {slot!r} does not lie in the text",)


def test_a_line_without_three_fields_is_named(tmp_path):
    (found,) = read(tmp_path, "NCT99000003\t1:2:age")
    assert found == Annotated("NCT99000003_1", "", problems=("line 1: 2 fields, not 3",))


def test_no_folder_is_one_error(tmp_path):
    with pytest.raises(
        EvaluationError, match=r"has no \*\.tsv file; expected the Facebook NER set"
    ):
        read_fb(tmp_path)


def test_a_line_is_a_text_of_unknown_kind():
    posting = to_posting(Annotated(id="N_1", text="Asthma"))
    assert (posting.trial.id, posting.text, posting.parts) == ("N_1", "Asthma", ())


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no corpus at {DATA}")
def test_the_corpus_reads_and_every_label_is_known():
    documents = list(read_fb(DATA))
    assert [problem for found in documents for problem in found.problems] == []
    assert {m.label for found in documents for m in found.mentions} == set(labels("fb"))
    assert len({found.id for found in documents}) == len(documents)
    # A shift of one would cut nearly every slot inside a word.
    words = [
        found.text[slice(*mention.spans[0])] for found in documents for mention in found.mentions
    ]
    assert sum(word == word.strip() for word in words) > 0.999 * len(words)
