"""Constraints: what counts as one, when two agree, and what each error costs."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.constraints import Constraint, Limit, constraints_of, merged, stated
from trialcriteria.evaluate.corpora.brat import brat_documents, parse_brat
from trialcriteria.evaluate.corpora.lct_comparisons import (
    constraints_of_document,
    periods_of_document,
)
from trialcriteria.evaluate.corpora.llf import read_form, read_llf
from trialcriteria.evaluate.corpora.llf_facts import facts
from trialcriteria.evaluate.measures.constraints import (
    constraints_of_form,
    measure_annotators,
    measure_llf,
)
from trialcriteria.evaluate.measures.lct_constraints import (
    measure_lct,
    measure_lct_periods,
    periods_of,
)
from trialcriteria.evaluate.scores import Tally, add
from trialcriteria.schema import (
    All,
    AtLeastN,
    Bound,
    Concept,
    CountOffset,
    Criterion,
    Extraction,
    Fact,
    IsoOffset,
    Provenance,
    Qualifier,
    Range,
    Source,
    Span,
    Trial,
    Unit,
    Value,
    Window,
)

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no corpora at {DATA}")

PLACE = Span(0, 10)


def form_of(form, line="- Any line", document="NCT00000001_4", annotator="annotator_1"):
    source = f"'INC'\n\n'{line}'\n\n'{line}'\n\n{form}\n"
    return read_form(source, document, annotator)


def fact(text="Hb", kind="measurement", span=PLACE, **fields):
    subject = Concept(kind=kind, text=text, span=span)
    return Fact(subject=subject, source="hand", score=1.0, **fields)


def value(low=None, high=None, *, unit=None, strict=False, **fields):
    def bound(number):
        return Bound(value=number, inclusive=not strict) if number else None

    named = Unit(text=unit, ucum=unit) if isinstance(unit, str) else unit
    return Value(low=bound(low), high=bound(high), unit=named, text="", span=PLACE, **fields)


def window(start=None, end=None, **fields):
    def offset(each):
        return IsoOffset(iso=each) if isinstance(each, str) else each

    return Window(start=offset(start), end=offset(end), text="", span=PLACE, **fields)


def extraction(*requirements, text="- Any line", span=None, combine="all"):
    criteria = [
        Criterion(
            id=f"i{place}",
            section="s1",
            kind="inclusion",
            label=None,
            span=span or Span(0, len(text)),
            text=text,
            combine=combine,
            requirement=requirement,
        )
        for place, requirement in enumerate(requirements, start=1)
    ]
    return Extraction(
        trial=Trial(id="NCT00000001_4", source=Source(format="corpus", name="x", sha256="0")),
        text=text,
        criteria=tuple(criteria),
        provenance=Provenance(program="hand", version="1", lexicons="none"),
    )


def lines(node):
    return [str(each) for each in merged(stated(node, PLACE))]


ULN = {"relative_to": "ULN"}
STATED = {
    "one end": (fact(value=value("10.0", unit="g/dL")), ["hb GTEQ 10 g/dL"]),
    "strict": (fact(value=value("10", strict=True)), ["hb GT 10"]),
    "two ends": (fact(value=value("7", "11", unit="%")), ["hb GTEQ 7 %", "hb LTEQ 11 %"]),
    "equal ends": (fact(value=value("7", "7")), ["hb EQ 7"]),
    "levels in a row": (fact(value=value(values=("III", "IV"))), ["hb GTEQ 3", "hb LTEQ 4"]),
    "other levels": (fact(value=value(values=("0", "2"))), ["hb EQ 0", "hb EQ 2"]),
    "one level": (fact(value=value(values=("II",))), ["hb EQ 2"]),
    "a named result": (fact(value=value(values=("positive",))), []),
    "an age": (fact("aged", "demographic", value=value("18")), ["age GTEQ 18 a"]),
    "an age in months": (
        fact("aged", "demographic", value=value("18", unit="mo")),
        ["age GTEQ 18 mo"],
    ),
    "times normal": (fact(value=value(high="2.5", **ULN)), ["hb LTEQ 2.5 {normal}"]),
    "a score": (fact(value=value("5", unit="{score}")), ["hb GTEQ 5"]),
    "counted things": (
        fact(value=value("5", unit=Unit(text="cycles", ucum=None))),
        ["hb GTEQ 5"],
    ),
    "a compound without code": (
        fact(value=value("5", unit=Unit(text="G / L", ucum=None))),
        ["hb GTEQ 5 g/l"],
    ),
    "denominators in any order": (
        fact(value=value("5", unit="mL/{1.73_m2}/min")),
        ["hb GTEQ 5 mL/min/{1.73_m2}"],
    ),
    "a dose": (fact("x", "drug", dose=value("5", unit="mg/d")), ["x GTEQ 5 mg/d"]),
    "a qualifier": (
        fact(
            "heart failure",
            qualifiers=(Qualifier(kind="stage", text="", span=PLACE, value=value("2")),),
        ),
        ["heart failure GTEQ 2"],
    ),
    "a duration": (
        fact(duration=Range(low=Bound(value="P2W", inclusive=True))),
        ["hb GTEQ 2 wk"],
    ),
    "a count": (fact(count=Range(high=Bound(value="3", inclusive=False))), ["hb LT 3"]),
    "within": (fact(window=window("-P6M", "P0D")), ["hb LTEQ 6 mo"]),
    "after": (fact(window=window("P0D", "PT24H")), ["hb LTEQ 24 h"]),
    "long before": (fact(window=window(None, "-P4W")), ["hb GTEQ 4 wk"]),
    "long after": (fact(window=window("P4W", None)), ["hb GTEQ 4 wk"]),
    "between": (fact(window=window("-P28D", "-P7D")), ["hb LTEQ 28 d", "hb GTEQ 7 d"]),
    "around": (fact(window=window("-P28D", "P1Y")), ["hb LTEQ 28 d", "hb LTEQ 1 a"]),
    "exactly": (fact(window=window("-P1D", "-P1D")), ["hb EQ 1 d"]),
    "a whole side": (fact(window=window(None, "P0D")), []),
    "half-lives": (
        fact(window=window(CountOffset(count="-5", unit="half_life"), "P0D")),
        ["hb LTEQ 5 {half_life}"],
    ),
    "alternatives": (
        fact(window=window(alternatives=(window("-P30D", "P0D"), window("-P5D", "P0D")))),
        ["hb LTEQ 30 d", "hb LTEQ 5 d"],
    ),
    "one place, two subjects": (
        All(of=(fact("ALT", value=value("5")), fact("AST levels", value=value("5")))),
        ["alt / ast level GTEQ 5"],
    ),
    "a subject without words": (fact("any", span=None, value=value("5")), ["GTEQ 5"]),
}


@pytest.mark.parametrize("name", STATED)
def test_what_facts_state(name):
    node, expected = STATED[name]
    assert lines(node) == expected


def test_a_number_of_criteria_is_a_constraint():
    found = constraints_of(extraction(None, combine=AtLeastN(at_least=2)))
    assert [str(each) for each in found] == ["GTEQ 2"]


def limit(operator, number="3", unit="mo", *, sharp=True):
    return Limit(operator, number, unit, PLACE, sharp)


@pytest.mark.parametrize(
    ("one", "two", "agree"),
    [
        (limit("GT"), limit("GT"), True),
        (limit("GT"), limit("GTEQ"), False),
        (limit("GT"), limit("GTEQ", sharp=False), True),
        (limit("LT"), limit("GTEQ", sharp=False), False),
        (limit("EQ"), limit("LTEQ", sharp=False), False),
        (limit("GT"), limit("GT", "4"), False),
        (limit("GT"), limit("GT", unit="wk"), False),
    ],
)
def test_when_limits_agree(one, two, agree):
    assert one.agrees(two) is agree
    assert two.agrees(one) is agree


def tallies(measured, strictness):
    return add(tally for each in measured.tallies[strictness] for tally in each.values())


HB = 'lab("Hb").num_filter(eq(op(GTEQ), val("10"), unit("g"), unit("dL")))'
HB_10 = value("10", unit="g/dL")


@pytest.mark.parametrize(
    ("predicted", "constraint", "with_subject"),
    [
        (fact(value=HB_10), (1, 1, 1), (1, 1, 1)),
        (fact("serum Hb", value=HB_10), (1, 1, 1), (1, 1, 1)),
        (fact("Hb level", value=HB_10), (1, 1, 1), (1, 1, 1)),
        (fact("sodium", value=HB_10), (1, 1, 1), (1, 1, 0)),
        (fact(value=value("9", unit="g/dL")), (1, 1, 0), (1, 1, 0)),
        (fact(value=value("10", unit="g/L")), (1, 1, 0), (1, 1, 0)),
        (fact(value=value(high="10", unit="g/dL")), (1, 1, 0), (1, 1, 0)),
        (fact(value=value("10", unit="g/dL", strict=True)), (1, 1, 0), (1, 1, 0)),
        (fact(value=value("10", "16", unit="g/dL")), (1, 2, 1), (1, 2, 1)),
        (fact(), (1, 0, 0), (1, 0, 0)),
        (None, (1, 0, 0), (1, 0, 0)),
    ],
)
def test_what_an_error_costs(predicted, constraint, with_subject):
    found = measure_llf([(form_of(HB, "- Hb >= 10"), extraction(predicted))])
    assert tallies(found, "constraint") == Tally(*constraint)
    assert tallies(found, "with_subject") == Tally(*with_subject)


def test_mistakes_show_both_sides():
    wrong_bound = extraction(fact(value=value("9", unit="g/dL")))
    (mistake,) = measure_llf([(form_of(HB, "- Hb >= 10"), wrong_bound)]).mistakes
    assert (mistake.kind, mistake.weight) == ("differs", 1)
    assert (mistake.gold, mistake.predicted) == ("hb GTEQ 10 g/dL", "hb GTEQ 9 g/dL")
    assert mistake.span == Span(8, 10)
    (mistake,) = measure_llf([(form_of(HB), extraction())]).mistakes
    assert (mistake.kind, mistake.weight) == ("missing", 3)
    (mistake,) = measure_llf([(form_of("age()"), extraction(fact(value=HB_10)))]).mistakes
    assert (mistake.kind, mistake.posting) == ("spurious", "annotator_1/NCT00000001_4")


def test_a_subject_that_gold_does_not_name_agrees_with_any():
    form = form_of('drug().duration(eq(op(GTEQ), val("2"), temporal_unit(WEEK)))')
    duration = Range(low=Bound(value="P2W", inclusive=True))
    found = measure_llf([(form, extraction(fact("statin", "drug", duration=duration)))])
    assert tallies(found, "with_subject") == Tally(1, 1, 1)


def test_pairs_are_made_by_subject_where_numbers_are_equal():
    form = form_of(
        'intersect(lab("ALT").num_filter(eq(op(LT), val("5"))), '
        'lab("AST").num_filter(eq(op(LT), val("5"))))',
        "- ALT < 5 and AST < 5",
    )
    five = Bound(value="5", inclusive=False)
    swapped = [
        fact(name, value=Value(high=five, text="", span=Span(place, place + 1)))
        for place, name in enumerate(("AST", "ALT"))
    ]
    found = measure_llf([(form, extraction(All(of=tuple(swapped))))])
    assert tallies(found, "with_subject") == Tally(2, 2, 2)
    assert found.mistakes == ()


def test_what_is_paired_counts_under_the_role_of_gold():
    form = form_of('age().num_filter(eq(op(GT), val("18"), temporal_unit(YEAR)))')
    as_value = extraction(fact("years", value=value("18", unit="a", strict=True)))
    found = measure_llf([(form, as_value)])
    assert list(found.tallies["constraint"]) == [{"age": Tally(1, 1, 1)}]


def test_the_lines_of_a_trial_are_one_sample():
    forms = [
        form_of(HB, document=document)
        for document in ("NCT00000001_1", "NCT00000002_1", "NCT00000001_2")
    ]
    found = measure_llf([(form, extraction(fact(value=HB_10))) for form in forms])
    assert found.tallies["constraint"] == [
        {"numeric": Tally(2, 2, 2)},
        {"numeric": Tally(1, 1, 1)},
    ]


def test_annotators_of_one_line_are_compared_in_pairs():
    other = HB.replace('"10"', '"9"')
    forms = [
        form_of(text, annotator=f"annotator_{place}") for place, text in enumerate((HB, HB, other))
    ]
    found = measure_annotators([*forms, form_of(HB, document="NCT00000001_5")])
    assert tallies(found, "constraint") == Tally(3, 3, 1)


COMPARED = st.builds(
    'lab("{}").{}(eq(op({}), val("{}"), {}))'.format,
    st.sampled_from(["a", "b b", "c"]),
    st.sampled_from(["num_filter", "temporality", "duration"]),
    st.sampled_from(["GT", "GTEQ", "EQ", "LT", "LTEQ"]),
    st.integers(min_value=1, max_value=40),
    st.sampled_from(['unit("mg"), unit("dL")', "temporal_unit(WEEK)", "temporal_unit(YEAR)"]),
)


@given(st.lists(COMPARED, min_size=1, max_size=6), st.sampled_from(["intersect", "union", "neg"]))
def test_a_form_agrees_with_its_own_facts(compared, join):
    form = form_of(f"{join}({', '.join(compared)})", "- a b b c 1 2 3 4 5 6 7 8 9 10")
    found = measure_llf([(form, extraction(facts(form).node, text=form.text))])
    for strictness in found.tallies:
        gold, predicted, correct = tallies(found, strictness)
        assert gold == predicted == correct > 0
    assert found.mistakes == ()


@needs_data
def test_the_forms_of_the_corpus_agree_with_their_own_facts():
    forms = read_llf(DATA / "llf").forms
    pairs = [(form, extraction(facts(form).node, text=form.text)) for form in forms]
    found = measure_llf(pairs)
    gold, predicted, correct = tallies(found, "with_subject")
    assert gold == predicted == correct > 700
    assert sum(bool(constraints_of_form(form)) for form in forms) > 400


# LCT: events over a whole text

TEXT = "Inclusion:\n- Platelets of 50-100 /nl\n- statins within 3 months before screening\n"
ANN = """\
T1\tObservation 13 22\tPlatelets
T2\tEq-Comparison 26 36\t50-100 /nl
T3\tEq-Value 29 32\t100
T4\tEq-Value 26 28\t50
T5\tEq-Operator 28 29\t-
T6\tEq-Unit 33 36\t/nl
T7\tDrug 39 46\tstatins
T8\tEq-Comparison 47 62\twithin 3 months
T9\tEq-Operator 47 53\twithin
T10\tEq-Value 54 55\t3
T11\tEq-Temporal-Unit 56 62\tmonths
T12\tStudy 70 79\tscreening
E1\tObservation:T1 Numeric-Filter:E2
E2\tEq-Comparison:T2 Value:T3 Value2:T4 Operator:T5 Unit:T6
E3\tDrug:T7 Temporality:E4
E4\tEq-Comparison:T8 Operator:T9 Value:T10 Temporal-Unit:T11
E5\tStudy:T12
A1\tEq-Operator-Value T5 BETWEEN
A2\tEq-Operator-Value T9 LTEQ
A3\tEq-Temporal-Unit-Value T11 month
R1\tBefore Arg1:E4 Arg2:E5
"""


def document(text=TEXT, ann=ANN):
    found = parse_brat(ann, text, "NCT00000001")
    assert not found.problems
    return found


def at(found, words, text=TEXT):
    """The fact or value, moved to where the words stand in the text."""
    span = Span(text.index(words), text.index(words) + len(words))
    return found.model_copy(update={"text": words, "span": span})


def predicted(text=TEXT, *, statins="statins", start="-P3M", end="P0D"):
    low, high = (Bound(value=each, inclusive=True) for each in ("50", "100"))
    unit = Unit(text="/nl", ucum="/nL")
    platelets = at(Value(low=low, high=high, unit=unit, text="", span=PLACE), "50-100 /nl")
    within = at(window(start, end), "within 3 months before screening")
    return extraction(
        fact("Platelets", span=Span(13, 22), value=platelets),
        fact(statins, "drug", span=at(Concept(kind="drug", text="", span=PLACE), statins).span,
             window=within),
        text=text,
    )  # fmt: skip


def test_events_state_constraints():
    low, high, within = constraints_of_document(document())
    assert [str(each) for each in (low, high, within)] == [
        "platelet GTEQ 50 /nL",
        "platelet LTEQ 100 /nL",
        "statin LTEQ 3 mo",
    ]
    assert low.limit.span == Span(26, 36)
    assert within == Constraint(
        Limit("LTEQ", "3", "mo", Span(47, 62), side="before"),
        "temporal",
        (("statin",),),
        (Span(39, 46),),
    )


ROLES = {
    # role of the comparison in its subject, and its arguments: the constraints
    ("Temporality", "3 months"): ["x LTEQ 3 mo"],
    ("Duration", "3 months"): ["x GTEQ 3 mo"],
    ("Numeric-Filter", "3 months"): ["x EQ 3 mo"],
    ("Temporality", "3"): [],
    ("Minimum-Count", "3"): ["x EQ 3"],
    ("Min-Value", "3"): ["x GTEQ 3"],
    ("Max-Value", "3"): [],
}


@pytest.mark.parametrize(("role", "words"), ROLES)
def test_a_number_without_operator_is_read_by_its_role(role, words):
    unit = "T4\tEq-Temporal-Unit 4 10\tmonths\nA1\tEq-Temporal-Unit-Value T4 month\n"
    timed = words != "3"
    ann = (
        f"T1\tCondition 0 1\tx\nT2\tEq-Comparison 2 {2 + len(words)}\t{words}\n"
        f"T3\tEq-Value 2 3\t3\n{unit if timed else ''}"
        f"E1\tCondition:T1 {role}:E2\n"
        f"E2\tEq-Comparison:T2 Value:T3{' Temporal-Unit:T4' if timed else ''}\n"
    )
    found = constraints_of_document(document("x 3 months", ann))
    assert [str(each) for each in found] == ROLES[role, words]


def test_a_unit_is_shared_by_what_is_joined():
    ann = (
        "T1\tAge 0 3\tAge\nT2\tEq-Comparison 4 9\tabove\nT3\tEq-Value 10 12\t18\n"
        "T4\tEq-Comparison 17 22\tbelow\nT5\tEq-Value 23 25\t65\n"
        "T6\tEq-Temporal-Unit 26 31\tweeks\nT7\tEq-Operator 4 9\tabove\n"
        "T8\tEq-Operator 17 22\tbelow\n"
        "E1\tAge:T1 Numeric-Filter:E2 Numeric-Filter2:E3\n"
        "E2\tEq-Comparison:T2 Operator:T7 Value:T3\n"
        "E3\tEq-Comparison:T4 Operator:T8 Value:T5 Temporal-Unit:T6\n"
        "A1\tEq-Operator-Value T7 GT\nA2\tEq-Operator-Value T8 LT\n"
        "A3\tEq-Temporal-Unit-Value T6 week\nR1\tAnd Arg1:E2 Arg2:E3\n"
    )
    found = constraints_of_document(document("Age above 18 and below 65 weeks", ann))
    assert [str(each) for each in found] == ["age GT 18 wk", "age LT 65 wk"]


def test_a_long_name_and_its_abbreviation_are_one_subject():
    """ "Body mass (BM) > 3": a prediction about either is about what the comparison limits."""
    text = "Body mass (BM) > 3"
    ann = (
        "T1\tObservation 0 9\tBody mass\nT2\tObservation 11 13\tBM\n"
        "T3\tEq-Comparison 15 18\t> 3\nT4\tEq-Value 17 18\t3\nT5\tEq-Operator 15 16\t>\n"
        "E1\tObservation:T1\nE2\tObservation:T2 Numeric-Filter:E3\n"
        "E3\tEq-Comparison:T3 Operator:T5 Value:T4\n"
        "A1\tEq-Operator-Value T5 GT\nR1\tAbbrev-Of Arg1:E2 Arg2:E1\n"
    )
    limit = at(value("3", strict=True), "> 3", text)
    for words, agreeing in (("Body mass", 1), ("BM", 1), ("mass (", 1), ("(", 0)):
        span = Span(text.index(words), text.index(words) + len(words))
        made = extraction(fact(words, span=span, value=limit), text=text)
        found = tallies(measure_lct([(document(text, ann), made)]), "with_subject")
        assert found == Tally(1, 1, agreeing)


TWO_OPERATORS = {
    # operators of "x > 3 < 6" and the values that it has: the constraints
    ("GT", "LT", 2): ["x GT 3", "x LT 6"],
    ("LTEQ", "LT", 2): ["x GTEQ 3", "x LT 6"],
    ("GTEQ", "GT", 1): ["x GTEQ 3"],
    ("LT", "LTEQ", 1): ["x LTEQ 3"],
    ("GT", "LT", 1): [],
}


@pytest.mark.parametrize(("one", "two", "values"), TWO_OPERATORS)
def test_two_operators(one, two, values):
    ann = (
        "T1\tCondition 0 1\tx\nT2\tEq-Comparison 2 9\t> 3 < 6\nT3\tEq-Operator 2 3\t>\n"
        "T4\tEq-Value 4 5\t3\nT5\tEq-Operator 6 7\t<\nT6\tEq-Value 8 9\t6\n"
        "E1\tCondition:T1 Numeric-Filter:E2\n"
        f"E2\tEq-Comparison:T2 Operator:T3 Value:T4 Operator2:T5{' Value2:T6' * (values - 1)}\n"
        f"A1\tEq-Operator-Value T3 {one}\nA2\tEq-Operator-Value T5 {two}\n"
    )
    found = constraints_of_document(document("x > 3 < 6", ann))
    assert [str(each) for each in found] == TWO_OPERATORS[one, two, values]


@pytest.mark.parametrize(
    ("made", "constraint", "with_subject", "with_side"),
    [
        (predicted(), (3, 3, 3), (3, 3, 3), (3, 3, 3)),
        (predicted(statins="Inclusion"), (3, 3, 3), (3, 3, 2), (3, 3, 3)),
        (predicted(start="P0D", end="P3M"), (3, 3, 3), (3, 3, 3), (3, 3, 2)),
        (predicted(start="-P4M"), (3, 3, 2), (3, 3, 2), (3, 3, 2)),
        (predicted(start=None), (3, 2, 2), (3, 2, 2), (3, 2, 2)),
        (extraction(), (3, 0, 0), (3, 0, 0), (3, 0, 0)),
    ],
)
def test_constraints_of_a_text(made, constraint, with_subject, with_side):
    found = measure_lct([(document(), made)])
    assert tallies(found, "constraint") == Tally(*constraint)
    assert tallies(found, "with_subject") == Tally(*with_subject)
    assert tallies(found, "with_side") == Tally(*with_side)


def test_the_same_numbers_elsewhere_do_not_agree():
    elsewhere = at(window("-P3M", "P0D"), "Platelets")
    found = measure_lct([(document(), extraction(fact(window=elsewhere), text=TEXT))])
    assert tallies(found, "constraint") == Tally(3, 1, 0)


PERIODS = "history of gout, current smoker, planned surgery"
PERIODS_ANN = """\
T1\tEq-Comparison 0 7\thistory
T2\tEq-Temporal-Period 0 7\thistory
T3\tEq-Comparison 17 24\tcurrent
T4\tEq-Temporal-Period 17 24\tcurrent
T5\tEq-Comparison 33 40\tplanned
T6\tEq-Temporal-Period 33 40\tplanned
E1\tEq-Comparison:T1 Temporal-Period:T2
E2\tEq-Comparison:T3 Temporal-Period:T4
E3\tEq-Comparison:T5 Temporal-Period:T6
A1\tEq-Temporal-Period-Value T2 past
A2\tEq-Temporal-Period-Value T4 present
A3\tEq-Temporal-Period-Value T6 future
"""


def test_periods():
    gold = document(PERIODS, PERIODS_ANN)
    assert [period.name for period in periods_of_document(gold)] == ["past", "present", "future"]
    made = extraction(
        fact("gout", window=at(window(None, "P0D"), "history of", PERIODS)),
        fact("smoker", window=at(window("P0D", None), "current", PERIODS)),
        fact("surgery", window=at(window("P0D", "P2W"), "planned", PERIODS)),
        text=PERIODS,
    )
    assert [period.name for period in periods_of(made)] == ["past", "future"]
    found = measure_lct_periods([(gold, made)])
    assert found.tallies["overlap"] == [
        {"past": Tally(1, 1, 1), "present": Tally(1, 0, 0), "future": Tally(1, 1, 0)}
    ]
    assert sorted((each.kind, each.gold, each.predicted) for each in found.mistakes) == [
        ("differs", "current", "current"),
        ("missing", "planned", None),
    ]


@needs_data
def test_the_comparisons_of_the_corpus_are_read():
    documents = list(brat_documents(DATA / "lct"))
    found = [each for one in documents for each in constraints_of_document(one)]
    assert len(found) > 3 * len(documents)
    assert {each.role for each in found} == {"age", "numeric", "temporal"}
