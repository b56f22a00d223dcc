"""Chia: documents of inclusion or exclusion criteria."""

import hashlib
import os
from pathlib import Path

import pytest

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.corpora import trial_id
from trialcriteria.evaluate.corpora.chia import read_chia, to_posting
from trialcriteria.evaluate.corpora.labels import excluded, labels, relations
from trialcriteria.schema import Part, Span

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora" / "chia"

TEXT = "Asthma or eczema\r\nNo use of steroids for 2 weeks\r\n"
ANN = """\
*\tOR T1 T2
R1\tHas_temporal Arg1:T3 Arg2:T4\t
T1\tCondition 0 6\tAsthma
T2\tCondition 10 16\teczema
T3\tDrug 28 36\tsteroids
T4\tTemporal 37 48\tfor 2 weeks
R2\tHas_negation Arg1:T3 Arg2:T5\t
T5\tNegation 18 20\tNo
"""


def test_a_document_is_its_mentions_relations_and_groups(tmp_path):
    (tmp_path / "NCT99000001_inc.txt").write_bytes(TEXT.encode())
    (tmp_path / "NCT99000001_inc.ann").write_text(ANN, encoding="utf-8")
    (found,) = read_chia(tmp_path)
    asthma = Mention("Condition", (Span(0, 6),))
    eczema = Mention("Condition", (Span(10, 16),))
    steroids = Mention("Drug", (Span(28, 36),))
    weeks = Mention("Temporal", (Span(37, 48),))
    no = Mention("Negation", (Span(18, 20),))
    assert found == Annotated(
        id="NCT99000001_inc",
        text=TEXT,
        mentions=(asthma, eczema, steroids, weeks, no),
        links=(
            Link("OR", asthma, eczema),
            Link("Has_temporal", steroids, weeks),
            Link("Has_negation", steroids, no),
        ),
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("NCT99000001_inc", (Part(kind="inclusion", span=Span(0, 16)),)),
        ("NCT99000001_exc", (Part(kind="exclusion", span=Span(0, 16)),)),
        ("NCT99000001", ()),
    ],
)
def test_the_name_tells_the_kind_of_the_one_part(name, parts):
    text = "Asthma or eczema"
    posting = to_posting(Annotated(id=name, text=text))
    assert (posting.trial.id, posting.text, posting.parts) == (name, text, parts)
    assert posting.trial.source.format == "corpus"
    assert posting.trial.source.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert trial_id(name) == "NCT99000001"


def test_no_folder_is_one_error(tmp_path):
    with pytest.raises(EvaluationError, match="is no folder; expected brat files"):
        read_chia(tmp_path / "chia")


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no corpus at {DATA}")
def test_the_corpus_reads_and_every_label_is_known():
    documents = list(read_chia(DATA))
    rows = excluded("chia")
    known = {*labels("chia"), *(label for row in rows for label in row.labels)}
    kinds = {*relations("chia"), *(kind for row in rows for kind in row.relations)}
    assert {mention.label for found in documents for mention in found.mentions} <= known
    assert {link.kind for found in documents for link in found.links} <= kinds
    assert all(len(to_posting(found).parts) == 1 for found in documents)
    # Recorded texts that are not the span's: less than one line in ten thousand.
    problems = sum(len(found.problems) for found in documents)
    assert problems * 10_000 < sum(len(found.mentions) for found in documents)
