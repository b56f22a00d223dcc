"""brat files: every kind of line, what is wrong with a file, and the way to mentions and links."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Link, Mention
from trialcriteria.evaluate.corpora.brat import (
    brat_annotated,
    brat_documents,
    parse_brat,
    read_brat_folder,
    write_brat,
)
from trialcriteria.export.brat import (
    Argument,
    Attribute,
    BratDocument,
    BratRelation,
    Equivalence,
    Event,
    Normalization,
    Note,
    TextBound,
)
from trialcriteria.schema import Span

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora"

TEXT = "Severe liver or\r\nkidney failure, age > 65 years"
#       0      7     13    17             33
LINES = {
    "T1\tSeverity 0 6\tSevere": TextBound("T1", "Severity", (Span(0, 6),), "Severe"),
    "T2\tCondition 7 12;24 31\tliver failure": TextBound(
        "T2", "Condition", (Span(7, 12), Span(24, 31)), "liver failure"
    ),
    "T3\tCondition 17 31\tkidney failure": TextBound(
        "T3", "Condition", (Span(17, 31),), "kidney failure"
    ),
    "T4\tAge 33 36\tage": TextBound("T4", "Age", (Span(33, 36),), "age"),
    "T5\tEq-Comparison 37 47\t> 65 years": TextBound(
        "T5", "Eq-Comparison", (Span(37, 47),), "> 65 years"
    ),
    "E1\tCondition:T2 Severity:T1": Event("E1", "Condition", "T2", (Argument("Severity", "T1"),)),
    "E2\tAge:T4 Numeric-Filter:T5 Numeric-Filter2:E3": Event(
        "E2", "Age", "T4", (Argument("Numeric-Filter", "T5"), Argument("Numeric-Filter2", "E3"))
    ),
    "E3\tEq-Comparison:T5": Event("E3", "Eq-Comparison", "T5", ()),
    "R1\tOr Arg1:E1 Arg2:T3": BratRelation(
        "R1", "Or", (Argument("Arg1", "E1"), Argument("Arg2", "T3"))
    ),
    "*\tOR T2 T3 T4": Equivalence("OR", ("T2", "T3", "T4")),
    "A1\tUnit-Value T5 year": Attribute("A1", "Unit-Value", "T5", "year"),
    "M1\tOptional E1": Attribute("M1", "Optional", "E1", None),
    "#1\tAnnotatorNotes T1\tsee\tguideline": Note("#1", "AnnotatorNotes", "T1", "see\tguideline"),
    "N1\tReference T3 UMLS:C0035078\tkidney failure": Normalization(
        "N1", "Reference", "T3", "UMLS:C0035078", "kidney failure"
    ),
}
ANN = "".join(f"{line}\n" for line in LINES)


def test_every_kind_of_line_is_read():
    document = parse_brat(ANN, TEXT, "d")
    assert document.annotations == tuple(LINES.values())
    assert [type(a) for a in document.annotations] == [type(a) for a in LINES.values()]
    assert document.problems == ()


def test_what_is_written_is_what_was_read():
    assert write_brat(parse_brat(ANN, TEXT, "d")) == ANN


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("E1\tDrug:T4 ", "E1\tDrug:T4"),
        ("R1\tAND Arg1:T4 Arg2:T5\t", "R1\tAND Arg1:T4 Arg2:T5"),
        ("T1\tAge 33 36\tage\r", "T1\tAge 33 36\tage"),
    ],
)
def test_the_blanks_that_brat_leaves_behind_a_line_say_nothing(line, written):
    assert write_brat(parse_brat(line, TEXT, "d")) == f"{written}\n"


@pytest.mark.parametrize(
    "line",
    [
        "T1 Age 33 36 age",
        "T1\tAge 33\tage",
        "T1\tAge 33 36;\tage",
        "T1\tAge -3 36\tage",
        "T1\tAge 33 99999999999\tage",
        "T1\tAge\tage",
        "R1\tOr Arg1:T1",
        "R1\tOr Arg1:T1 Arg2:T2 Arg3:T3",
        "R1\tOr T1 T2",
        "E1\tAge",
        "E1\tAge:T1 T2",
        "*\tOR T1",
        "*1\tOR T1 T2",
        "A1\tNegated",
        "#1\tAnnotatorNotes",
        "N1\tReference T1",
        "X1\tAge 33 36\tage",
        "just words",
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_left_out(line):
    document = parse_brat(f"\n{line}\nT9\tAge 33 36\tage\n", TEXT, "d")
    assert [found.id for found in document.annotations] == ["T9"]
    assert document.problems == (f"d line 2: cannot be read: {line!r}",)


@pytest.mark.parametrize(
    ("ann", "reason"),
    [
        ("T1\tAge 40 99\tage", "line 1: T1 has a span that is empty, overlaps"),
        ("T1\tAge 33 33\t", "line 1: T1 has a span that is empty"),
        ("T1\tAge 36 33\tage", "line 1: T1 has a span that is empty"),
        ("T1\tAge 33 36;34 36\tage ge", "line 1: T1 has a span that is empty, overlaps"),
        ("T1\tAge 33 36\tages", "line 1: T1 says 'ages', the text 'age'"),
        ("T1\tAge 33 36", "line 1: T1 says '', the text 'age'"),
        ("R1\tOr Arg1:T7 Arg2:T8", "line 1: refers to T7, T8, which is not there"),
        ("E1\tAge:T7", "line 1: refers to T7"),
        ("T1\tAge 33 36\tage\n*\tOR T1 T7", "line 2: refers to T7"),
        ("A1\tOptional E4", "line 1: refers to E4"),
    ],
)
def test_what_does_not_fit_is_named_and_kept(ann, reason):
    document = parse_brat(ann, TEXT, "d")
    assert len(document.problems) == 1
    assert document.problems[0].startswith(f"d {reason}")
    assert write_brat(document).split() == ann.split()


def test_an_id_given_twice_is_named_at_both_lines():
    document = parse_brat("T1\tAge 33 36\tage\nT1\tAge 33 36\tage\n", TEXT, "d")
    assert document.problems == tuple(f"d line {n}: T1 is given more than once" for n in (1, 2))


@pytest.mark.parametrize("surface", ["or  kidney", "or kidney", "or\r kidney"])
def test_line_ends_inside_a_span_may_stand_as_blanks(surface):
    assert parse_brat(f"T1\tX 13 23\t{surface}", TEXT, "d").problems == ()


def test_events_are_their_triggers_and_roles_lose_their_number():
    severity = Mention("Severity", (Span(0, 6),))
    liver = Mention("Condition", (Span(7, 12), Span(24, 31)))
    kidney = Mention("Condition", (Span(17, 31),))
    age, above = Mention("Age", (Span(33, 36),)), Mention("Eq-Comparison", (Span(37, 47),))
    found = brat_annotated(parse_brat(ANN, TEXT, "d"))
    assert (found.id, found.text) == ("d", TEXT)
    assert found.mentions == (severity, liver, kidney, age, above)
    assert found.links == (
        Link("Severity", liver, severity),
        Link("Numeric-Filter", age, above),
        Link("Or", liver, kidney),
        Link("OR", liver, kidney),
        Link("OR", kidney, age),
    )


def test_what_is_stated_twice_counts_once():
    ann = "T1\tAge 33 36\tage\nT2\tAge 33 36\tage\nT3\tX 0 6\tSevere\n"
    ann += "R1\tOr Arg1:T1 Arg2:T3\nR2\tOr Arg1:T2 Arg2:T3\n"
    found = brat_annotated(parse_brat(ann, TEXT, "d"))
    age, severe = Mention("Age", (Span(33, 36),)), Mention("X", (Span(0, 6),))
    assert found.mentions == (age, severe)
    assert found.links == (Link("Or", age, severe),)


def test_fragments_on_two_lines_are_one_span_and_come_in_text_order():
    ann = "T1\tX 17 23;13 15\tkidney or\n"
    assert brat_annotated(parse_brat(ann, TEXT, "d")).mentions == (Mention("X", (Span(13, 23),)),)


def test_what_cannot_be_placed_is_left_out_and_named():
    ann = "T1\tAge 33 36\tage\nT2\tX 40 99\tyears\nE1\tY:T2 Role:T1\nR1\tOr Arg1:T1 Arg2:E1\n"
    found = brat_annotated(parse_brat(ann, TEXT, "d"))
    assert found.mentions == (Mention("Age", (Span(33, 36),)),)
    assert found.links == ()
    assert len(found.problems) == 1


def test_criteria_of_our_export_are_no_mentions():
    ann = "T1\tcriterion-inclusion 0 47\tx\nT2\tcriterion-other 33 47\tx\nT3\tdrug 0 6\tSevere\n"
    found = brat_annotated(parse_brat(f"{ann}R1\tpart_of Arg1:T2 Arg2:T1\n", TEXT, "d"))
    assert [mention.label for mention in found.mentions] == ["drug"]
    assert found.links == ()


@pytest.mark.parametrize(
    "line",
    [
        "T1\tX " + "1 2;" * 50_000,
        "E1\tX:T1" + " a:b" * 50_000 + " c",
        "*\tOR" + " T1" * 50_000 + "\tx",
        "A1\tX T1 " + "v " * 50_000 + "\n",
        "R1\t" + "a" * 200_000,
    ],
    ids=["spans", "roles", "members", "value", "kind"],
)
def test_hostile_lines_are_read_in_linear_time(line):
    start = time.perf_counter()
    parse_brat(line, "", "d")
    assert time.perf_counter() - start < 2


words = st.text(
    st.characters(exclude_categories=["Cs", "Z", "C"], exclude_characters=":"), min_size=1
)
numbers = st.integers(0, 999_999_999)
surfaces = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"))
arguments = st.builds(Argument, words, words)


def ids(first):
    return words.map(lambda tail: first + tail)


annotations = st.one_of(
    st.builds(
        TextBound,
        ids("T"),
        words,
        st.lists(st.builds(Span, numbers, numbers), min_size=1).map(tuple),
        surfaces,
    ),
    st.builds(BratRelation, ids("R"), words, st.tuples(arguments, arguments)),
    st.builds(Event, ids("E"), words, words, st.lists(arguments).map(tuple)),
    st.builds(Equivalence, words, st.lists(words, min_size=2).map(tuple)),
    st.builds(Attribute, ids("A") | ids("M"), words, words, st.none() | words),
    st.builds(Note, ids("#"), words, words, surfaces),
    st.builds(Normalization, ids("N"), words, words, words, surfaces),
)


@given(st.lists(annotations).map(tuple), st.text(max_size=20))
def test_any_annotations_survive_writing_and_reading(found, text):
    document = BratDocument("d", text, found)
    again = parse_brat(write_brat(document), text, "d")
    assert again.annotations == found


@given(st.text(st.sampled_from("T1RE*A#N\t :;0\n\rx")), st.text(max_size=5))
def test_every_line_is_an_annotation_or_a_problem(ann, text):
    document = parse_brat(ann, text, "d")
    unread = [problem for problem in document.problems if "cannot be read" in problem]
    lines = [line for line in ann.split("\n") if line.strip()]
    assert len(document.annotations) + len(unread) == len(lines)
    brat_annotated(document)


def test_a_folder_is_read_by_name_with_line_ends_as_they_are(tmp_path):
    for name, text in (("b", "one\r\ntwo"), ("a", "é\rx")):
        (tmp_path / f"{name}.txt").write_bytes(text.encode())
        (tmp_path / f"{name}.ann").write_bytes(
            f"T1\tX {len(text) - 1} {len(text)}\t{text[-1]}".encode()
        )
    (tmp_path / "notes.txt").write_text("no annotation belongs to this")
    first, second = read_brat_folder(tmp_path)
    assert (first.id, first.text) == ("a", "é\rx")
    assert (second.id, second.text) == ("b", "one\r\ntwo")
    assert second.mentions == (Mention("X", (Span(7, 8),)),)
    assert first.problems == second.problems == ()


def test_a_folder_that_is_not_there_or_empty_is_one_error(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(EvaluationError, match=r"expected brat files: NAME\.ann"):
            read_brat_folder(folder)


def test_an_annotation_file_needs_its_text(tmp_path):
    (tmp_path / "a.ann").write_text("")
    with pytest.raises(EvaluationError, match=r"a\.txt: No such file"):
        list(read_brat_folder(tmp_path))


def test_a_file_that_is_not_utf8_is_one_error(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    (tmp_path / "a.ann").write_text("")
    with pytest.raises(EvaluationError, match=r"a\.txt is not UTF-8 \(byte 3\)"):
        list(read_brat_folder(tmp_path))


@pytest.mark.parametrize("name", ["chia", "lct"])
def test_the_public_corpora_survive_reading_and_writing(name):
    if not (DATA / name).is_dir():
        pytest.skip(f"no corpus at {DATA / name}")
    files = annotations = 0
    for document in brat_documents(DATA / name):
        files += 1
        annotations += len(document.annotations)
        original = (DATA / name / f"{document.name}.ann").read_bytes().decode()
        assert len(document.annotations) == sum(bool(line.strip()) for line in original.split("\n"))
        written = write_brat(document)
        assert parse_brat(written, document.text, document.name) == document
        # brat leaves blanks behind some lines, and nothing else differs.
        assert [line.rstrip() for line in original.split("\n") if line] == written.splitlines()
    assert files
    assert annotations > files
