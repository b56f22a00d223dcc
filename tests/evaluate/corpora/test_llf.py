"""Leaf Logical Forms: the grammar, the places of words, and the facts that forms state."""

import os
from pathlib import Path

import pytest

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.corpora.llf import (
    Call,
    Constant,
    Words,
    read_form,
    read_llf,
    to_posting,
)
from trialcriteria.evaluate.corpora.llf_facts import facts
from trialcriteria.export.notation import node_line
from trialcriteria.schema import Part, Span

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora" / "llf"


def source(form, line="- Any line", kind="INC"):
    """A file with the form."""
    return f"'{kind}'\n\n'{line}'\n\n'{line}'\n\n{form}\n"


def form_of(form, line="- Any line", kind="INC"):
    return read_form(source(form, line, kind), "NCT00000001_4", "annotator_1")


def test_a_file_is_kind_line_marked_line_and_form():
    found = read_form(
        "'EXC'\n\n'- Crohn\\'s disease for > 2 years'\n\n"
        '\'- cond("Crohn\\\'s disease") for eq(op(GT), val("2"), temporal_unit(YEAR))\'\n\n'
        'cond("Crohn\\\'s disease")\n    .duration(\n'
        '        eq(op(GT), val("2"), temporal_unit(YEAR))\n    )',
        "NCT00000001_4",
        "annotator_1",
    )
    assert (found.trial, found.document, found.kind) == ("NCT00000001", "NCT00000001_4", "EXC")
    assert found.name == "annotator_1/NCT00000001_4"
    assert found.text == "- Crohn's disease for > 2 years"
    assert found.marked.startswith('- cond("Crohn\'s disease") for eq(')
    eq = Call(
        "eq",
        (
            Call("op", (Constant("GT"),)),
            Call("val", (Words("2", Span(24, 25)),)),
            Call("temporal_unit", (Constant("YEAR"),)),
        ),
    )
    words = Words("Crohn's disease", Span(2, 17))
    assert found.form == Call("cond", (words,), (Call("duration", (eq,)),))


@pytest.mark.parametrize(
    "form",
    [
        "age()",
        'union(cond("a"), cond("b"),)',
        'cond("a") . mod("b")',
        'enc(INPATIENT)\r\n    .loc(hosp("a"))',
        "cond(\"with 'quotes' , commas and (brackets)\")",
    ],
)
def test_accepts(form):
    assert form_of(form).form.name


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ("", "end of file"),
        ('cond("a"', "end of file"),
        ('cond("a"),\n.mod("b")', "line 7 column 10"),
        ('cond("a")\n\ncond("b")', "line 9 column 1"),
        ('cond("a").mod()("b")', "line 7 column 16"),
        ('cond("a).mod(b)', "line 7 column 6"),
        ("(age())", "line 7 column 1"),
        ('cond("a");', "line 7 column 10"),
        ("age", "end of file"),
        ("cond('a')", "line 7 column 6"),
        ("AGE()", "line 7 column 1"),
    ],
)
def test_rejects_with_the_place(form, where):
    with pytest.raises(EvaluationError, match=f"^annotator_1/NCT00000001_4.js, {where}: not a "):
        form_of(form)


@pytest.mark.parametrize("whole", ["", "'MAYBE'\n\n'a'\n\n'a'\n\nage()", "'INC'\n\n'a'\n\nage()"])
def test_rejects_a_file_of_another_make(whole):
    with pytest.raises(EvaluationError, match="not a logical form"):
        read_form(whole, "NCT00000001_4", "annotator_1")


def test_rejects_endless_nesting():
    with pytest.raises(EvaluationError, match="brackets deep"):
        form_of("neg(" * 200 + "age()" + ")" * 200)


def test_line_ends_of_either_kind_are_no_part_of_the_line():
    found = read_form(source("age()", "- Old").replace("\n", "\r\n"), "NCT00000001_4", "a")
    assert found.text == found.marked == "- Old"


@pytest.mark.parametrize(
    ("quoted", "starts"),
    [
        (["pain"], [11]),
        (["pain", "pain"], [11, 23]),
        (["pain", "pain", "pain"], [11, 23, 23]),
        (["2"], [31]),
        (["2.5"], [36]),
        (["5"], [None]),
        (["worse", "a+"], [17, 0]),
        ([""], [None]),
    ],
)
def test_words_are_placed_where_they_are_no_piece_of_others(quoted, starts):
    line = "a+ painful pain, worse pain, > 2 or 2.5"
    arguments = ", ".join(f'cond("{words}")' for words in quoted)
    form = form_of(f"union({arguments})", line).form
    words = [argument.arguments[0] for argument in form.arguments]
    assert [each.span and each.span.start for each in words] == starts
    assert all(each.text == line[slice(*each.span)] for each in words if each.span)


FACTS = {
    # form: the facts in the notation of the tree
    'cond("gout")': 'condition "gout"',
    "age()": 'demographic "age"',
    "enc(INPATIENT)": 'observation "inpatient enc"',
    'union(cond("a"), drug("b"))': 'ANY(condition "a"; drug "b")',
    'intersect(female(), neg(cond("a"), cond("b")))': (
        'ALL(demographic "female"; NOT(ANY(condition "a"; condition "b")))'
    ),
    'if_then(male(), lab("PSA"))': ('IF(when: demographic "male"; then: measurement "PSA")'),
    'cond("a").except(cond("b"))': 'EXCEPT(of: condition "a"; unless: condition "b")',
    'cond("a").equiv(cond("b"), cond("c"))': (
        'ALL(condition "a"; ANY(condition "b"; condition "c"))'
    ),
    'criteria(cond("a"), cond("b")).min_count(eq(op(GTEQ), val("two")))': (
        'AT LEAST 2(condition "a"; condition "b")'
    ),
    'criteria(cond("a"), cond("b")).min_count(eq(op(GT), val("1")))': (
        'AT LEAST 2(condition "a"; condition "b")'
    ),
    'criteria(cond("a"), cond("b"))': 'ANY(condition "a"; condition "b")',
    'family_member(cond("a"))': 'family: condition "a"',
    'allergy(drug("a"))': 'drug "a" (other "allergy")',
    "allergy()": 'condition "allergy"',
    'cond("a").chronic().severity(SEVERE).mod("left")': (
        'condition "a" (acuteness "chronic"; severity "severe"; other "left")'
    ),
    'cond("a").possible()': 'possible condition "a"',
    'lab("a").pol(POSITIVE)': 'measurement "a" = positive',
    'proc("a").loc(hosp("b"))': 'procedure "a" (site "b")',
    'union(cond("a"), cond("b")).possible()': (
        'ANY(possible condition "a"; possible condition "b")'
    ),
    # an argument that compares something is a requirement beside the fact
    'cond("a").found_by(lab("b").num_filter(eq(op(GT), val("3"))))': (
        'ALL(condition "a" (method "b 3"); measurement "b" > 3)'
    ),
    # values
    'lab("a").num_filter(eq(op(LT), val("1.50"), unit("mg"), unit("dl")))': (
        'measurement "a" < 1.5 mg/dL'
    ),
    'lab("a").num_filter(eq(op(BETWEEN), val("7"), val("11"), unit("%"), unit("%")))': (
        'measurement "a" [7, 11] %'
    ),
    'lab("a").num_filter(eq(val("2"), op(BETWEEN), op(LT), val("12")))': (
        'measurement "a" [2, 12)'
    ),
    'lab("a").num_filter(eq(op(EQ), val("2"), op(GT)))': 'measurement "a" >= 2',
    'lab("a").num_filter(eq(op(GTEQ), op(GT), val("2")))': 'measurement "a" >= 2',
    'lab("a").num_filter(eq(op(GT), val("1"), op(LTEQ), val("2")))': 'measurement "a" (1, 2]',
    'lab("a").num_filter(eq(op(LT), val("2"), op(GTEQ), val("1")))': 'measurement "a" [1, 2)',
    'lab("a").num_filter(eq(val("1"), op(LTEQ), op(LT), val("2")))': 'measurement "a" [1, 2)',
    'lab("a").num_filter(eq(val("2"), op(GT), op(GTEQ), val("1")))': 'measurement "a" [1, 2)',
    'lab("a").num_filter(eq(val("5"), unit("points")))': 'measurement "a" = 5',
    'clin_score("NYHA").num_filter(eq(unit("class"), val("III"), val("IV")))': (
        'measurement "NYHA" in {III, IV}'
    ),
    'lab("a").num_filter(eq(op(LT), val("50"), val("40"), unit("mm 3")))': (
        'ANY(measurement "a" < 50 /uL; measurement "a" < 40 /uL)'
    ),
    'lab("a").num_filter(eq(op(GTEQ), val("3"), unit(REF_RANGE_HIGH)))': (
        'measurement "a" >= 3 x ULN'
    ),
    'lab("a").num_filter(eq(op(GT), unit(REF_RANGE_NORMAL)))': 'measurement "a" > 1 x normal',
    'lab("a").num_filter(or(eq(op(GT), val("30")), eq(op(LT), val("25"), unit("kg"))))': (
        'ANY(measurement "a" > 30 kg; measurement "a" < 25 kg)'
    ),
    'drug("a").num_filter(eq(op(GT), val("2"), unit("mg"), per(DAY)))': ('drug "a" dose > 2 mg/d'),
    'proc("a").min_count(eq(val("one")))': 'procedure "a" count = 1',
    'social_habit("a").temporality(eq(op(GTEQ), val("twice"), per(WEEK)))': (
        'observation "a" count >= 2 /wk'
    ),
    'cond("a").duration(eq(op(GT), val("four"), temporal_unit(MONTH)))': (
        'condition "a" for > P4M'
    ),
    'cond("a").duration(eq(val("6"), temporal_unit(HOUR)))': 'condition "a" for >= PT6H',
    # windows
    'cond("a").temporality(eq(temporal_per(PAST)))': 'condition "a" [.., P0D]',
    'cond("a").temporality(eq(temporal_per(PRESENT)))': 'condition "a" [P0D, P0D]',
    'cond("a").temporality(eq(temporal_per(FUTURE)))': 'condition "a" [P0D, ..]',
    'cond("a").temporality(eq(op(LTEQ), temporal_per(PAST), val("3"), temporal_unit(WEEK)))': (
        'condition "a" [-P3W, P0D]'
    ),
    'cond("a").temporality(eq(val("3"), temporal_unit(WEEK)))': 'condition "a" [-P3W, P0D]',
    'cond("a").temporality(eq(temporal_per(PAST), temporal_unit(YEAR)))': (
        'condition "a" [-P1Y, P0D]'
    ),
    'cond("a").temporality(eq(op(GT), val("3"), temporal_unit(WEEK)))': (
        'condition "a" [.., -P3W]'
    ),
    'cond("a").temporality(eq(op(BETWEEN), val("1"), val("3"), temporal_unit(DAY)))': (
        'condition "a" [-P3D, -P1D]'
    ),
    'cond("a").temporality(eq(op(LTEQ), temporal_per(FUTURE), val("3"), temporal_unit(WEEK)))': (
        'condition "a" [P0D, P3W]'
    ),
    'drug("a").temporality(or(eq(val("4"), temporal_unit(WEEK)), '
    'eq(val("5"), unit("half - lives"))))': (
        'ANY(drug "a" [-P4W, P0D]; drug "a" [-5 half_life, P0D])'
    ),
    'proc("a").temporality(eq(temporal_rec(FIRST_TIME)))': 'procedure "a" (other "first_time")',
    # events in sequence
    'seq(cond("a"), before(proc("b")))': 'condition "a" [.., P0D] event',
    'seq(cond("a"), during(proc("b")))': 'condition "a" [P0D, P0D] event',
    'seq(cond("a"), after(proc("b").temporality(eq(op(LTEQ), val("2"), temporal_unit(DAY)))))': (
        'condition "a" [P0D, P2D] event'
    ),
    'seq(cond("a"), before(proc("b"), eq(op(GTEQ), val("2"), temporal_unit(DAY))))': (
        'condition "a" [.., -P2D] event'
    ),
    'seq(cond("a"), after(lab("b").num_filter(eq(op(GT), val("2")))))': (
        'ALL(condition "a" [P0D, ..] event; measurement "b" > 2)'
    ),
}


@pytest.mark.parametrize("form", FACTS)
def test_facts(form):
    found = facts(form_of(form))
    assert node_line(found.node) == FACTS[form]
    assert found.unmapped == ()


def test_facts_stand_where_their_words_do():
    line = "- Hb < 10 or 9 g / dL within 3 weeks"
    form = form_of(
        'lab("Hb").num_filter(eq(op(LT), val("10"), val("9"), unit("g"), unit("dL")))'
        '.temporality(eq(op(LTEQ), val("3"), temporal_unit(WEEK)))',
        line,
    )
    one, two = facts(form).node.of
    assert one.subject.span == two.subject.span == Span(2, 4)
    assert one.value.text == two.value.text == "10 or 9"
    assert line[slice(*one.value.span)] == "10 or 9"
    assert line[slice(*one.window.span)] == one.window.text == "3"


@pytest.mark.parametrize(
    ("form", "left_out"),
    [
        ('lab("a").num_filter(eq(op(BETWEEN), val("20")))', ".num_filter"),
        ('lab("a").num_filter(eq(op(PLUS_MINUS), val("5"), unit("kg")))', ".num_filter"),
        ('lab("a").num_filter(eq(op(GT), val("many")))', ".num_filter"),
        ('lab("a").num_filter(eq(op(GT), op(LTEQ), val("2")))', ".num_filter"),
        ('lab("a").num_filter(eq(op(GT)))', ".num_filter"),
        ('lab("a").num_filter(eq(op(ABOUT), val("5")))', ".num_filter"),
        ('cond("a").temporality(eq(op(GTEQ), val("2010")))', ".temporality"),
        ('cond("a").temporality(cond("b"))', ".temporality of no comparison"),
        ('cond("a").unheard_of()', ".unheard_of"),
        ('unheard_of("a")', "unheard_of"),
        ('criteria().min_count(eq(val("2")))', "criteria.min_count"),
    ],
)
def test_what_has_no_place_is_named(form, left_out):
    assert facts(form_of(form)).unmapped == (left_out,)


@pytest.mark.parametrize(("kind", "section"), [("INC", "inclusion"), ("EXC", "exclusion")])
def test_the_line_is_a_posting_of_one_part(kind, section):
    posting = to_posting(form_of("age()", "- Age over 18", kind))
    assert posting.text == "- Age over 18"
    assert posting.parts == (Part(kind=section, span=Span(0, 13)),)
    assert posting.trial.id == "NCT00000001_4"
    assert posting.trial.source.format == "corpus"


def test_a_folder_gives_forms_and_problems(tmp_path):
    for name, form in (("annotator_1", "age()"), ("annotator_2", "age(")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "NCT00000001_1.js").write_text(source(form), encoding="utf-8")
    (tmp_path / "annotator_2" / "NCT00000001_2.js").write_bytes(b"'INC'\xff")
    found = read_llf(tmp_path)
    assert [form.name for form in found.forms] == ["annotator_1/NCT00000001_1"]
    assert len(found.problems) == 2
    assert "annotator_2/NCT00000001_1.js, end of file" in found.problems[0]
    assert "NCT00000001_2.js is not UTF-8" in found.problems[1]


def test_a_folder_without_forms_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match="logical forms"):
        read_llf(tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no Leaf Logical Forms at {DATA}")
def test_the_corpus():
    found = read_llf(DATA)
    assert len(found.forms) + len(found.problems) == len(list(DATA.glob("*/*.js")))
    assert len(found.problems) < 10, found.problems  # typing errors in single files
    complete = [form for form in found.forms if not facts(form).unmapped]
    assert len(complete) > 0.97 * len(found.forms)
