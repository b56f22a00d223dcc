"""Registry parts, offsets, warnings, robustness and speed of the segment room."""

import time

import pytest

from trialcriteria.schema import AtLeastN, Part, Span
from trialcriteria.segment import segment


def test_parts_fix_the_kind_and_are_sections_of_their_own() -> None:
    text = "1. Adult\n2. Gout\nDialysis; pregnancy; stroke"
    parts = (Part(kind="inclusion", span=Span(0, 16)), Part(kind="exclusion", span=Span(17, 44)))
    result = segment(text, parts)
    assert [(s.id, s.kind, s.heading, s.span) for s in result.sections] == [
        ("s1", "inclusion", None, (0, 16)),
        ("s2", "exclusion", None, (17, 44)),
    ]
    assert [c.id for c in result.criteria] == ["i1", "i2", "e1", "e2", "e3"]
    assert result.warnings == ()


def test_heading_inside_a_part_is_kept_and_may_subdivide() -> None:
    text = "Inclusion criteria:\n- Adult\nCohort B:\n- Relapse"
    result = segment(text, (Part(kind="inclusion", span=Span(0, len(text))),))
    assert [(s.heading, s.cohort, s.kind) for s in result.sections] == [
        ("Inclusion criteria:", None, "inclusion"),
        ("Cohort B:", "Cohort B", "inclusion"),
    ]


def test_spans_reach_from_marker_to_last_printed_character() -> None:
    text = "Inclusion Criteria:\n\n  •  1. Adult  \n     with gout \n\n  • 2. Consent\n"
    result = segment(text)
    assert [c.text for c in result.criteria] == ["•  1. Adult  \n     with gout", "• 2. Consent"]
    assert [c.label for c in result.criteria] == ["1.", "2."]
    assert all(text[c.span.start : c.span.end] == c.text for c in result.criteria)
    assert result.sections[0].span == (0, len(text) - 1)


def test_heading_is_printed_without_bullet_and_markdown() -> None:
    text = "* **Exclusion Criteria:**\n* Gout"
    section = segment(text).sections[0]
    assert (section.heading, section.span.start) == ("Exclusion Criteria:", 0)


def test_warning_says_where_the_gap_is() -> None:
    text = "Exclusion criteria:\n1. Gout\n2. Fever\n5. Rash"
    (warning,) = segment(text).warnings
    assert (warning.code, warning.criterion) == ("numbering_gap", "e5")
    assert warning.span is not None
    assert text[warning.span.start : warning.span.end] == "5. "


def test_children_know_parent_section_and_join() -> None:
    text = "Inclusion criteria:\n* Two of the following:\n  * A cough\n  * A rash\n  * A fever"
    parent, *children = segment(text).criteria
    assert parent.combine == AtLeastN(at_least=2)
    assert {c.parent for c in children} == {"i1"}
    assert {(c.section, c.kind) for c in children} == {("s1", "inclusion")}


@pytest.mark.parametrize("text", ["", " \n\t\r\n ", "-", "1.", "•\n•\n", "<br>", "\x00", "¿ ?"])
def test_texts_without_words_have_no_criteria(text: str) -> None:
    assert segment(text).criteria == ()


def test_one_word() -> None:
    result = segment("Adults")
    assert [(c.id, c.text) for c in result.criteria] == [("i1", "Adults")]
    assert [w.code for w in result.warnings] == ["no_heading"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(f"{'  ' * (n % 500)}* item {n}:" for n in range(10_000)), id="deep"),
        pytest.param("\n".join(f"{' ' * n}* x" for n in range(10_000))[:2_000_000], id="deeper"),
        pytest.param("\n".join(f"* item {n}:" for n in range(10_000)), id="lead-ins"),
        pytest.param("1. item\n" * 10_000, id="restarts"),
        pytest.param("Inclusion criteria:\n" * 10_000, id="headings"),
        pytest.param("a" * 900_000, id="one word"),
        pytest.param("(" * 900_000, id="brackets"),
        pytest.param(" 1. x" * 180_000, id="one line of numbers"),
        pytest.param("1. a:\n" + "text\n" * 20_000 + "2. b", id="paragraphs under a number"),
    ],
)
def test_time_is_linear(text: str) -> None:
    start = time.process_time()
    result = segment(text)
    assert time.process_time() - start < 20
    assert max((c.id.count(".") for c in result.criteria), default=0) < 10
