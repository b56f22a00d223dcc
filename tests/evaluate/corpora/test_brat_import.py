"""brat files in our own labels become extractions; what the export writes comes back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.corpora.brat import parse_brat, read_brat_folder
from trialcriteria.evaluate.corpora.brat_import import brat_extraction, import_brat
from trialcriteria.export.brat import ENTITY_LABELS, export_brat, to_brat
from trialcriteria.extract import extract
from trialcriteria.read import read_path
from trialcriteria.schema import Entity, Extraction, Posting, Span

CORPUS = Path(__file__).parents[3] / "corpus"
NOT_POSTINGS = {"README.md", "manifest.toml"}
FILES = sorted(
    path.name for path in CORPUS.iterdir() if path.is_file() and path.name not in NOT_POSTINGS
)

TEXT = "Adults with\n- asthma\n  of any kind\n- eczema\nNo steroids"
ANN = """\
T1\tcriterion-inclusion 0 11\tAdults with
T2\tdemographic 0 6\tAdults
T3\tcriterion-inclusion 14 20;23 34\tasthma of any kind
T4\tcondition 14 20;23 34\tasthma of any kind
T5\tcriterion-inclusion 37 43\teczema
T6\tcriterion-exclusion 44 55\tNo steroids
T7\tnegation 44 46\tNo
T8\tdrug 47 55\tsteroids
R1\tpart_of Arg1:T3 Arg2:T1
R2\tpart_of Arg1:T5 Arg2:T1
R3\tnegates Arg1:T7 Arg2:T8
"""


def read(ann, text=TEXT):
    return brat_extraction(parse_brat(ann, text, "NCT99000006"))


def test_criteria_entities_and_relations_find_their_places():
    found = read(ANN)
    assert found.warnings == ()
    assert (found.trial.id, found.text) == ("NCT99000006", TEXT)
    assert [(c.id, c.parent, c.kind, c.section, c.text) for c in found.criteria] == [
        ("i1", None, "inclusion", "s1", "Adults with"),
        ("i1.1", "i1", "inclusion", "s1", "asthma\n  of any kind"),
        ("i1.2", "i1", "inclusion", "s1", "eczema"),
        ("e1", None, "exclusion", "s2", "No steroids"),
    ]
    assert [(s.id, s.kind, s.span) for s in found.sections] == [
        ("s1", "inclusion", Span(0, 43)),
        ("s2", "exclusion", Span(44, 55)),
    ]
    assert [(e.id, e.label, e.spans, e.text) for c in found.criteria for e in c.entities] == [
        ("T2", "demographic", (Span(0, 6),), "Adults"),
        ("T4", "condition", (Span(14, 34),), "asthma\n  of any kind"),
        ("T7", "negation", (Span(44, 46),), "No"),
        ("T8", "drug", (Span(47, 55),), "steroids"),
    ]
    (link,) = found.criteria[3].relations
    assert (link.kind, link.head, link.tail) == ("negates", "T7", "T8")
    assert all(criterion.requirement is None for criterion in found.criteria)


def test_without_criteria_the_text_is_one():
    found = read("T1\tcondition 14 20\tasthma\n")
    (criterion,) = found.criteria
    assert (criterion.id, criterion.kind, criterion.span) == ("o1", "other", Span(0, len(TEXT)))
    assert [entity.label for entity in criterion.entities] == ["condition"]
    assert found.warnings == ()


def test_without_annotations_there_is_nothing():
    found = read("")
    assert (found.sections, found.criteria, found.warnings) == ((), (), ())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("what", "line 12: cannot be read: 'what'"),
        ("T9\tCondition 37 43\teczema", "T9: Condition is no label of ours"),
        ("T9\tcondition 35 43\t- eczema", "T9 lies in no criterion"),
        ("T9\tcondition 12 20\t- asthma", "T9 lies in no criterion"),
        ("R9\tnegates Arg1:T7 Arg2:T2", "R9: no relation of ours ties T7 to T2 as negates"),
        ("R9\tNegates Arg1:T7 Arg2:T8", "R9: no relation of ours ties T7 to T8 as Negates"),
        ("R9\tpart_of Arg1:T1 Arg2:T6", "R9: no relation of ours ties T1 to T6 as part_of"),
        ("R9\tpart_of Arg1:T7 Arg2:T8", "R9: no relation of ours ties T7 to T8 as part_of"),
        ("E1\tdrug:T8", "E1 is neither mention nor relation"),
        ("A1\tOptional T8", "A1 is neither mention nor relation"),
        ("*\tOR T7 T8", "OR T7 T8 is neither mention nor relation"),
    ],
)
def test_what_has_no_place_is_a_warning_and_changes_nothing_else(line, message):
    found = read(f"{ANN}{line}\n")
    assert [(w.code, w.message) for w in found.warnings] == [
        ("brat", f"NCT99000006{'' if message.startswith('line') else ':'} {message}")
    ]
    assert found.criteria == read(ANN).criteria


def seen(extraction: Extraction) -> Annotated:
    """Its entities and relations as the reader of brat files gives them."""
    mentions, links = [], []
    for criterion in extraction.criteria:
        found = {e.id: Mention(e.label, e.spans) for e in criterion.entities}
        mentions += found.values()
        links += [Link(r.kind, found[r.head], found[r.tail]) for r in criterion.relations]
    return Annotated(
        "", extraction.text, tuple(dict.fromkeys(mentions)), tuple(dict.fromkeys(links))
    )


def shape(extraction):
    """Criteria by place; ids may differ, since printed numbers are not in the file."""
    spans = {criterion.id: criterion.span for criterion in extraction.criteria}
    return [(c.span, c.text, c.kind, spans.get(c.parent)) for c in extraction.criteria]


@pytest.mark.parametrize("name", FILES)
def test_our_own_output_survives_export_and_import(tmp_path, name):
    postings = [record for record in read_path(CORPUS / name) if isinstance(record, Posting)]
    before = sorted(map(extract, postings), key=lambda found: found.trial.id or "")
    assert export_brat(before, tmp_path, force=False) == len(before) > 0
    documents = list(read_brat_folder(tmp_path))
    assert len(documents) == len(before)
    for one, two, document in zip(before, import_brat(tmp_path), documents, strict=True):
        assert two.warnings == ()
        assert two.text == one.text
        assert shape(two) == shape(one)
        assert seen(two) == seen(one)
        assert (document.mentions, document.links) == (seen(one).mentions, seen(one).links)
        assert document.problems == ()
        assert any(criterion.entities for criterion in two.criteria)


@st.composite
def mentions(draw):
    """Discontinuous spans of TEXT: no blank ends, and more than a line break between them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=8, unique=True)))
    spans: list[Span] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        words = TEXT[start:end]
        between = TEXT[spans[-1].end : start] if spans else "x"
        if words == words.strip() and between and not between.isspace():
            spans.append(Span(start, end))
    return draw(st.sampled_from(ENTITY_LABELS)), tuple(spans)


@given(st.lists(mentions()))
def test_discontinuous_entities_survive_export_and_import(found):
    entities = tuple(
        Entity(id=f"t{n}", label=label, spans=spans, text="", source="x", score=1.0)
        for n, (label, spans) in enumerate(found)
        if spans
    )
    whole = read("T1\tcondition 14 20\tasthma\n")
    criterion = whole.criteria[0].model_copy(update={"entities": entities})
    extraction = whole.model_copy(update={"criteria": (criterion,)})
    again = read(to_brat(extraction))
    assert again.warnings == ()
    assert [(e.label, e.spans) for e in again.criteria[0].entities] == [
        (e.label, e.spans) for e in entities
    ]
