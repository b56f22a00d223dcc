"""The brat export: what a posting looks like in brat, and where its files go."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.errors import TrialCriteriaError
from trialcriteria.export.brat import (
    CRITERION_LABELS,
    ENTITY_LABELS,
    PART_OF,
    RELATION_KINDS,
    brat_conf,
    export_brat,
    fragments,
    joined,
    to_brat,
)
from trialcriteria.schema import (
    Criterion,
    Entity,
    Extraction,
    Provenance,
    Relation,
    Source,
    Span,
    Trial,
)

TEXT = "1. Adults with:\r\n  - type 2\r\n    diabetes, or liver or kidney failure\r\n"
#       0  3              17  21          33           46       55     62


def entity(number, label, *spans):
    words = " ".join(TEXT[start:end] for start, end in spans)
    return Entity(
        id=f"t{number}",
        label=label,
        spans=tuple(Span(*span) for span in spans),
        text=words,
        source="x",
        score=1.0,
    )


def criterion(name, start, end, **fields):
    return Criterion(
        id=name,
        section="s1",
        kind="inclusion",
        label=None,
        span=Span(start, end),
        text=TEXT[start:end],
        **fields,
    )


def posting(name="NCT99000004", source="page.txt"):
    return Extraction(
        trial=Trial(id=name, source=Source(format="x", name=source, sha256="0")),
        text=TEXT,
        criteria=(
            criterion("i1", 0, 15, entities=(entity(1, "demographic", (3, 9)),)),
            criterion(
                "i1.1",
                21,
                69,
                parent="i1",
                entities=(
                    entity(1, "condition", (21, 41)),
                    entity(2, "condition", (46, 51), (62, 69)),
                ),
                relations=(Relation(kind="or", head="t1", tail="t2", source="x", score=1.0),),
            ),
        ),
        provenance=Provenance(program="x", version="0", lexicons="0"),
    )


def test_criteria_entities_and_relations_are_lines():
    assert to_brat(posting()).splitlines() == [
        "T1\tcriterion-inclusion 0 15\t1. Adults with:",
        "T2\tdemographic 3 9\tAdults",
        "T3\tcriterion-inclusion 21 27;33 69\ttype 2 diabetes, or liver or kidney failure",
        "T4\tcondition 21 27;33 41\ttype 2 diabetes",
        "T5\tcondition 46 51;62 69\tliver failure",
        "R1\tpart_of Arg1:T3 Arg2:T1",
        "R2\tor Arg1:T4 Arg2:T5",
    ]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("one line", (0, 8), [(0, 8)]),
        ("one  line ", (3, 10), [(3, 10)]),
        ("two\nlines", (0, 9), [(0, 3), (4, 9)]),
        ("two \r\n  lines", (0, 13), [(0, 3), (8, 13)]),
        ("a\n\n\nb", (0, 5), [(0, 1), (4, 5)]),
        ("a\u2028b\x0bc", (0, 5), [(0, 1), (2, 3), (4, 5)]),
        ("ab\n", (0, 3), [(0, 2)]),
        ("\n\n", (0, 2), [(0, 2)]),
    ],
)
def test_a_span_is_cut_at_line_breaks(text, span, expected):
    assert fragments(text, Span(*span)) == tuple(Span(*found) for found in expected)


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("ab\ncd", [(3, 5), (0, 2)], [(0, 5)]),
        ("ab \r\n cd", [(0, 2), (6, 8)], [(0, 8)]),
        ("ab cd", [(0, 2), (3, 5)], [(0, 2), (3, 5)]),
        ("ab,\ncd", [(0, 2), (4, 6)], [(0, 2), (4, 6)]),
        ("a\nb\nc", [(0, 1), (2, 3), (4, 5)], [(0, 5)]),
    ],
)
def test_only_a_line_break_joins_fragments(text, spans, expected):
    found = joined(text, (Span(*span) for span in spans))
    assert found == tuple(Span(*span) for span in expected)


@given(st.text(st.sampled_from("ab,  \t\n\r\x0b\x85\u2028\xa0"), max_size=30), st.data())
def test_a_span_without_blank_ends_survives(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words = text[start:end]
    if words and words == words.strip():
        pieces = fragments(text, Span(start, end))
        assert joined(text, pieces) == (Span(start, end),)
        assert all(text[slice(*piece)].splitlines() == [text[slice(*piece)]] for piece in pieces)


def test_the_configuration_names_every_label_once():
    sections = re.split(r"^\[(\w+)\]$", brat_conf(), flags=re.MULTILINE)
    assert sections[1::2] == ["entities", "relations", "events", "attributes"]
    assert sections[2].split() == [*CRITERION_LABELS, *ENTITY_LABELS]
    kinds = [line.split()[0] for line in sections[4].strip().splitlines()]
    assert kinds == [PART_OF, *RELATION_KINDS, "<OVERLAP>"]
    assert "condition" in ENTITY_LABELS
    assert "experiencer" in ENTITY_LABELS
    # Names that brat takes: letters, digits, hyphen and underscore.
    assert all(re.fullmatch(r"[\w-]+", name) for name in (*sections[2].split(), *kinds[:-1]))


def test_each_posting_is_a_pair_of_files(tmp_path):
    folder = tmp_path / "new" / "folder"
    assert export_brat([posting(), posting("NCT99000005")], folder, force=False) == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        "NCT99000004.ann",
        "NCT99000004.txt",
        "NCT99000005.ann",
        "NCT99000005.txt",
        "annotation.conf",
    ]
    assert (folder / "NCT99000004.txt").read_bytes() == TEXT.encode()
    assert (folder / "NCT99000004.ann").read_bytes() == to_brat(posting()).encode()
    assert (folder / "annotation.conf").read_text() == brat_conf()


@pytest.mark.parametrize("name", ["NCT99000004.ann", "NCT99000004.txt"])
def test_nothing_is_overwritten_unasked(tmp_path, name):
    (tmp_path / name).write_text("work of days")
    with pytest.raises(TrialCriteriaError, match=f"{name} exists; --force overwrites it"):
        export_brat([posting()], tmp_path, force=False)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "work of days"
    assert export_brat([posting()], tmp_path, force=True) == 1
    assert (tmp_path / "NCT99000004.txt").read_bytes() == TEXT.encode()
    assert (tmp_path / "NCT99000004.ann").read_bytes() == to_brat(posting()).encode()


def test_a_configuration_that_is_there_stays(tmp_path):
    (tmp_path / "annotation.conf").write_text("[entities]\nmine")
    export_brat([posting()], tmp_path, force=False)
    assert (tmp_path / "annotation.conf").read_text() == "[entities]\nmine"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["../../etc/passwd"], ["_.._etc_passwd"]),
        (["a/b c:d", "a b/c d"], ["a_b_c_d", "a_b_c_d-2"]),
        (["X", "x", "X"], ["X", "x-2", "X-3"]),
        ([".."], ["posting"]),
        ([".hidden"], ["hidden"]),
        (["\u0416"], ["_"]),
        (["a" * 300], ["a" * 100]),
        ([None], ["page"]),
    ],
)
def test_names_are_safe_and_differ(tmp_path, names, expected):
    folder = tmp_path / "out"
    export_brat([posting(name) for name in names], folder, force=False)
    assert sorted(path.stem for path in folder.glob("*.ann")) == sorted(expected)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_where_the_folder_should_be_is_one_error(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(TrialCriteriaError, match="out: File exists"):
        export_brat([posting()], tmp_path / "out", force=False)
