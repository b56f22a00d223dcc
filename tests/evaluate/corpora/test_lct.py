"""Leaf Clinical Trials corpus: events, numbered roles, whole eligibility texts."""

import os
from pathlib import Path

import pytest

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.corpora.labels import excluded, labels, relations
from trialcriteria.evaluate.corpora.lct import read_lct, to_posting
from trialcriteria.schema import Span

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora" / "lct"

TEXT = "Inclusion Criteria:\n  -  Platelets 50-100 /nl\n"
ANN = """\
E1\tObservation:T1 Name:T2 Numeric-Filter:E2
E2\tEq-Comparison:T3 Value:T4 Value2:T5 Unit:T6
T1\tObservation 25 34\tPlatelets
T2\tObservation-Name 25 34\tPlatelets
T3\tEq-Comparison 35 45\t50-100 /nl
T4\tEq-Value 35 37\t50
T5\tEq-Value 38 41\t100
T6\tEq-Unit 42 45\t/nl
A1\tObservation-Type-Value E1 lab
R1\tEquivalent-To Arg1:E2 Arg2:E1
"""


def test_arguments_are_links_between_triggers(tmp_path):
    (tmp_path / "NCT99000002.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "NCT99000002.ann").write_text(ANN, encoding="utf-8")
    (found,) = read_lct(tmp_path)
    platelets, name = (
        Mention(label, (Span(25, 34),)) for label in ("Observation", "Observation-Name")
    )
    comparison = Mention("Eq-Comparison", (Span(35, 45),))
    low, high = (Mention("Eq-Value", (Span(*span),)) for span in ((35, 37), (38, 41)))
    unit = Mention("Eq-Unit", (Span(42, 45),))
    assert found.mentions == (platelets, name, comparison, low, high, unit)
    assert found.links == (
        Link("Name", platelets, name),
        Link("Numeric-Filter", platelets, comparison),
        Link("Value", comparison, low),
        Link("Value", comparison, high),
        Link("Unit", comparison, unit),
        Link("Equivalent-To", comparison, platelets),
    )


def test_the_posting_has_no_parts_so_that_headings_decide():
    posting = to_posting(Annotated(id="NCT99000002", text=TEXT))
    assert (posting.trial.id, posting.text, posting.parts) == ("NCT99000002", TEXT, ())


def test_no_folder_is_one_error(tmp_path):
    with pytest.raises(EvaluationError, match="expected brat files"):
        read_lct(tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no corpus at {DATA}")
def test_the_corpus_reads_and_every_label_is_known():
    documents = list(read_lct(DATA))
    kinds = {*relations("lct"), *(kind for row in excluded("lct") for kind in row.relations)}
    assert {mention.label for found in documents for mention in found.mentions} <= set(
        labels("lct")
    )
    assert {link.kind for found in documents for link in found.links} <= kinds
    assert [problem for found in documents for problem in found.problems] == []
