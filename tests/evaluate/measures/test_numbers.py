"""Numbers inside Value spans against numbers found as values, counted by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.annotated import Annotated, Mention
from trialcriteria.evaluate.measures.numbers import (
    bound_numbers,
    found_numbers,
    gold_numbers,
    measure_numbers,
)
from trialcriteria.evaluate.scores import Tally
from trialcriteria.schema import (
    All,
    Bound,
    Concept,
    Criterion,
    Extraction,
    Fact,
    Not,
    Provenance,
    Qualifier,
    Range,
    Source,
    Span,
    Trial,
    Value,
)


def document(marked, label="Value"):
    """A document whose gold spans stand in square brackets, which are taken out."""
    text, spans = "", []
    for piece in re.split(r"(\[[^\]]*\])", marked):
        words = piece.strip("[]")
        if piece.startswith("["):
            spans.append(Span(len(text), len(text) + len(words)))
        text += words
    return Annotated("NCT1_inc", text, tuple(Mention(label, (span,)) for span in spans))


def value(text, start=0, **fields):
    return Value(text=text, span=Span(start, start + len(text)), **fields)


def exactly(number):
    return Bound(value=number, inclusive=True)


def fact(**fields):
    subject = Concept(kind="measurement", text="x", span=None)
    return Fact(subject=subject, source="hand", score=1.0, **fields)


def extraction(*requirements):
    source = Source(format="hand", name="hand.txt", sha256="0" * 64)
    criteria = tuple(
        Criterion(
            id=f"i{number}",
            section="s1",
            kind="inclusion",
            label=None,
            span=Span(0, 0),
            text="",
            requirement=node,
        )
        for number, node in enumerate(requirements, start=1)
    )
    return Extraction(
        trial=Trial(id="NCT1_inc", source=source),
        text="",
        criteria=criteria,
        provenance=Provenance(program="hand", version="0", lexicons="0"),
    )


def numbers(printed):
    return [each.value for each in printed]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("ALT [< 2.5 x ULN] in 3 months", ["2.5"]),
        ("[18-75 years]", ["18", "75"]),
        ("[18 to 75]", ["18", "75"]),
        ("dose of [7.50 mg]", ["7.5"]),
        ("platelets [>= 100,000/mm3]", ["100000"]),
        ("platelets [>= 100 000 / mm 3]", ["100000", "3"]),
        ("WBC [1,500 - 2,000]", ["1500", "2000"]),
        ("HbA1c [27,1]", ["27.1"]),
        ("INR [>.8]", ["0.8"]),
        ("ANC [\u2265 1.5 x 10^9/L]", ["1.5"]),
        ("ANC [\u2265 1.5\u00d7109/L]", ["1.5"]),
        ("ANC [1.5*10**9/L]", ["1.5"]),
        ("2 x [100 mg]", ["100"]),
        ("GFR [< 30 mL/min/1.73 m2]", ["30"]),
        ("GFR [< 30 ml/min/1.73m\u00b2]", ["30"]),
        ("BMI [> 30 kg/m2]", ["30"]),
        ("CD4 [< 200]", ["200"]),
        ("[CD4 low]", []),
        ("T score [-1 to -2.49]", ["1", "2.49"]),
        ("BP [140/90]", ["140", "90"]),
        ("[two] or [2]", ["2"]),
        ("class [III]", []),
        ("stage [3B]", ["3"]),
        ("[\u226518]", ["18"]),
        ("[3\\>2]", ["3", "2"]),
        ("[0.0] and [07]", ["0", "7"]),
        ("[12345678901234]", []),
        ("score[0-1]", ["0", "1"]),
        ("ECOG[0] or PHQ[9]", ["0", "9"]),
        ("BMI [> 30 kg/m^2]", ["30"]),
        ("area [< 1.5 cm ^ 2]", ["1.5"]),
        ("BMI [> 30 kg.m-2]", ["30"]),
        ("GFR [< 30 mL.min-1.1.73 m-2]", ["30"]),
        ("GFR [< 30 mL/min/1.73]", ["30"]),
        ("platelets [> 100 109/L]", ["100"]),
        ("platelets [> 100.000/mm3]", ["100000"]),
        ("[37<U+2103>]", ["37"]),
        ("[7.0 mmol/L (126 mg/dL)]", ["7", "126"]),
        ("MMSE [< 24/30]", ["24", "30"]),
    ],
)
def test_gold_numbers(marked, expected):
    assert numbers(gold_numbers(document(marked))) == expected


def test_only_value_spans_count():
    assert gold_numbers(document("within [30 days]", "Temporal")) == ()


def test_a_number_under_two_spans_counts_once():
    text = "Age 18 to 75"
    spans = (Span(4, 6), Span(4, 12), Span(10, 12))
    twice = Annotated("d", text, tuple(Mention("Value", (span,)) for span in spans))
    assert [tuple(each) for each in gold_numbers(twice)] == [("18", (4, 6)), ("75", (10, 12))]


def test_discontinuous_span():
    text = "greater than Grade 1"
    split = Annotated("d", text, (Mention("Value", (Span(0, 12), Span(19, 20))),))
    assert numbers(gold_numbers(split)) == ["1"]


LIMITS = value("18 - 75", low=exactly("18"), high=exactly("75"))


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (fact(value=LIMITS), ["18", "75"]),
        (fact(dose=value("7.50", 9, low=exactly("7.50"))), ["7.5"]),
        (fact(value=value("= 5", low=exactly("5"), high=exactly("5"))), ["5"]),
        (fact(value=value("-2.5", high=exactly("-2.5"))), ["2.5"]),
        (fact(value=value("at least two", low=exactly("2"))), []),
        (fact(value=value("positive", values=("positive",))), []),
        (fact(value=value("1-3", values=("1", "2", "3"))), ["1", "3"]),
        (fact(value=value("III", values=("III",))), []),
        (fact(value=value("4a", values=("4a",))), ["4"]),
        (fact(value=value("7.0 mmol/L (126 mg/dL)", low=exactly("7.0"))), ["126", "7"]),
        (fact(value=value("< 24/30", high=exactly("24"))), ["24", "30"]),
        (fact(value=value("27 0/7 weeks", low=exactly("27"))), ["0", "27", "7"]),
        (fact(value=value("20/40 or worse", high=exactly("0.5"))), ["20", "40"]),
        (fact(value=value("< 1.5 x 10^9/L", high=exactly("1.5"))), ["1.5"]),
        (fact(count=Range(low=exactly("2")), duration=Range(low=exactly("P3M"))), []),
        (Not(of=All(of=(fact(value=LIMITS), fact(value=LIMITS)))), ["18", "75"]),
        (
            fact(
                qualifiers=(
                    Qualifier(
                        kind="severity",
                        text="grade >= 2",
                        span=Span(0, 10),
                        value=value("grade >= 2", low=exactly("2")),
                        duration=Range(low=exactly("P2W")),
                    ),
                )
            ),
            ["2"],
        ),
        (None, []),
    ],
)
def test_found_numbers(requirement, expected):
    assert sorted(numbers(found_numbers(extraction(requirement)))) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (LIMITS, ["18", "75"]),
        (value("= 5", low=exactly("5"), high=exactly("5")), ["5"]),
        (value("at least two", low=exactly("2")), []),
        (value("1-3", values=("1", "2", "3")), ["1", "3"]),
        (value("7.0 mmol/L (126 mg/dL)", low=exactly("7.0")), ["7"]),
        (value("< 24/30", high=exactly("24")), ["24"]),
        (value("60 of 100"), ["100", "60"]),
        (value("4 or more", low=exactly("5")), ["5"]),
    ],
)
def test_bound_numbers(found, expected):
    assert sorted(numbers(bound_numbers(extraction(fact(value=found))))) == expected


def test_measure():
    """Gold 2, 2, 30, 18; found 2, 30, 99: two agree, a 2 and the 18 are missing, 99 is extra."""
    gold = document("[2] and [2], [30 mL/min], age [18]")
    found = extraction(
        fact(value=value("2", low=exactly("2"))),
        fact(value=value("30 mL/min", 9, low=exactly("30.0"))),
        fact(value=value("99", 40, low=exactly("99"))),
    )
    result = measure_numbers([(gold, found)])
    assert result.name == "numbers"
    assert result.tallies == {
        "strict": [{"number": Tally(4, 3, 2)}],
        "printed": [{"number": Tally(4, 3, 2)}],
        "annotated": [{"number": Tally(4, 3, 2)}],
    }
    assert [(each.kind, each.gold or each.predicted, each.span) for each in result.mistakes] == [
        ("missing", "2", (6, 7)),
        ("missing", "18", (24, 26)),
        ("spurious", "99", (40, 42)),
    ]


def test_annotated():
    """Gold 30, 5 (set aside) and 20; found 30, 5 (set aside), dose 10, dose 20, 99.

    The 20 has a Value of gold, the 10 a Multiplier: annotated leaves out both fives and the 10.
    """
    text = "GFR 30, maybe 5, 10 mg, 20 mg, 99"
    gold = Annotated(
        "d",
        text,
        (
            Mention("Value", (Span(4, 6),)),
            Mention("Value", (Span(14, 15),)),
            Mention("Non-query-able", (Span(8, 15),)),
            Mention("Multiplier", (Span(17, 22),)),
            Mention("Value", (Span(24, 29),)),
        ),
    )
    found = extraction(
        fact(value=value("30", 4, low=exactly("30"))),
        fact(value=value("5", 14, low=exactly("5"))),
        fact(dose=value("10 mg", 17, low=exactly("10"))),
        fact(dose=value("20 mg", 24, low=exactly("20"))),
        fact(value=value("99", 31, low=exactly("99"))),
    )
    assert measure_numbers([(gold, found)]).tallies == {
        "strict": [{"number": Tally(3, 5, 3)}],
        "printed": [{"number": Tally(3, 5, 3)}],
        "annotated": [{"number": Tally(2, 3, 2)}],
    }


def test_annotated_keeps_what_is_marked_inside_a_line():
    """Chia marks values inside ``Line``; a number that is also no dose counts as before."""
    text = "GFR 30, 10 mg"
    spans = (Mention("Line", (Span(0, 13),)), Mention("Value", (Span(4, 6),)))
    found = extraction(
        fact(value=value("30", 4, low=exactly("30"))),
        fact(dose=value("10 mg", 8, low=exactly("10"))),
        fact(value=value("10 mg", 8, low=exactly("10"))),
    )
    result = measure_numbers([(Annotated("d", text, spans), found)])
    assert result.tallies["annotated"] == [{"number": Tally(1, 2, 1)}]


def test_documents_are_not_pooled():
    """A number found in one document does not make up for the other's."""
    one, other = document("[5]"), document("none")
    found = extraction(fact(value=value("5", low=exactly("5"))))
    result = measure_numbers([(one, extraction()), (other, found)])
    assert result.tallies["strict"] == [{"number": Tally(1, 0, 0)}, {"number": Tally(0, 1, 0)}]


def test_nothing_on_either_side():
    assert measure_numbers([(document("none"), extraction())]).tallies["strict"] == [{}]


@given(st.lists(st.decimals(0, 10**9, places=2), max_size=6))
def test_gold_against_itself_is_perfect(printed):
    """Whatever is printed in Value spans and found with those bounds agrees in full."""
    marked = " and ".join(f"[{number}]" for number in printed)
    facts = [
        fact(value=value(str(number), 100 * place, low=exactly(str(number))))
        for place, number in enumerate(printed)
    ]
    (tallies,) = measure_numbers([(document(marked), extraction(*facts))]).tallies["strict"]
    count = len(printed)
    assert tallies == ({"number": Tally(count, count, count)} if count else {})
