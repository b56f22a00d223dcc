"""Age and sex stated in the text against the registry's fields: what agrees, worked out by hand."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.datasets import is_dev
from trialcriteria.evaluate.measures.registry import compare_fields, measure_registry
from trialcriteria.evaluate.scores import Tally, summary
from trialcriteria.schema import (
    All,
    Anchor,
    Any,
    Bound,
    Concept,
    Criterion,
    Except,
    Extraction,
    Fact,
    If,
    IsoOffset,
    Not,
    Provenance,
    Section,
    Source,
    Span,
    Trial,
    Unit,
    Unsupported,
    Value,
    Window,
)

ROOT = Path(__file__).parents[3]
UNITS = {"years": "a", "months": "mo", "weeks": "wk", "days": "d", "hours": "h", "kg": "kg"}


def bound(sign, number):
    return Bound(value=number, inclusive="=" in sign)


def value(words):
    """ "> 18 years" and "<= 75 years"; "18 - 75 years" has both ends."""
    *limits, unit = words.split()
    low = high = None
    if limits[1:2] == ["-"]:
        low, high = bound("=", limits[0]), bound("=", limits[2])
    elif limits[0].startswith(">"):
        low = bound(*limits)
    else:
        high = bound(*limits)
    return Value(
        low=low,
        high=high,
        unit=Unit(text=unit, ucum=UNITS[unit]),
        text=words,
        span=Span(0, len(words)),
    )


def fact(text, kind="demographic", **fields):
    subject = Concept(kind=kind, text=text, span=Span(0, len(text)))
    return Fact(subject=subject, source="hand", score=1.0, **fields)


def age(words, **fields):
    return fact("age", value=value(words), **fields)


def at(event):
    anchor = Anchor(event=event, text=event, span=None)
    return Window(start=IsoOffset(iso="P0D"), anchor=anchor, text="at", span=Span(0, 2))


def extraction(inclusion=(), exclusion=(), other=(), **fields):
    source = Source(format="hand", name="hand.txt", sha256="0" * 64)
    kinds = {"inclusion": inclusion, "exclusion": exclusion, "other": other}
    criteria = [
        Criterion(
            id=f"{kind[0]}{number}",
            section=kind,
            kind=kind,
            label=None,
            span=Span(0, 0),
            text="",
            requirement=node,
        )
        for kind, nodes in kinds.items()
        for number, node in enumerate(nodes, start=1)
    ]
    return Extraction(
        trial=Trial(source=source, **fields),
        text="x" * 80,
        criteria=tuple(criteria),
        provenance=Provenance(program="hand", version="0", lexicons="0"),
    )


def outcomes(read):
    return {each.field: (each.outcome, each.registry, each.text) for each in compare_fields(read)}


@pytest.mark.parametrize(
    ("registry", "words", "outcome"),
    [
        ("P18Y", ">= 18 years", "agree"),
        ("P18Y", "> 18 years", "agree"),
        ("P19Y", "> 18 years", "agree"),
        ("P17Y", "> 18 years", "differ"),
        ("P19Y", ">= 18 years", "differ"),
        ("P17Y", ">= 18 years", "differ"),
        ("P18Y", "18 - 75 years", "agree"),
        ("P2Y", ">= 24 months", "agree"),
        ("P24M", ">= 2 years", "agree"),
        ("P6M", ">= 0.5 years", "agree"),
        ("P1D", ">= 24 hours", "agree"),
        ("PT72H", ">= 3 days", "agree"),
        ("P14D", ">= 2 weeks", "agree"),
        ("P1M", ">= 4 weeks", "differ"),
        ("PT1M", ">= 1 months", "differ"),
        ("P7M", "> 6 months", "agree"),
        ("P730D", ">= 2 years", "agree"),
        ("P6569D", "> 17 years", "agree"),
        ("P18Y", "<= 75 years", "registry_only"),
        ("P18Y", ">= 40 kg", "registry_only"),
    ],
)
def test_minimum_age(registry, words, outcome):
    read = extraction([age(words)], minimum_age=registry, maximum_age="P99Y")
    assert outcomes(read)["minimum_age"][0] == outcome


@pytest.mark.parametrize(
    ("registry", "words", "outcome"),
    [
        ("P75Y", "<= 75 years", "agree"),
        ("P75Y", "< 75 years", "agree"),
        ("P75Y", "< 76 years", "agree"),
        ("P75Y", "< 77 years", "differ"),
        ("P76Y", "<= 75 years", "differ"),
        ("P74Y", "<= 75 years", "differ"),
        ("P76Y", "< 75 years", "differ"),
        ("P5Y", "< 60 months", "agree"),
        ("P59M", "< 60 months", "agree"),
        ("P75Y", ">= 18 years", "registry_only"),
    ],
)
def test_maximum_age(registry, words, outcome):
    read = extraction([age(words)], maximum_age=registry)
    assert outcomes(read)["maximum_age"][0] == outcome


def test_what_is_shown():
    read = extraction([age("> 18 years")], minimum_age="P16Y", maximum_age="P65Y")
    assert outcomes(read) == {
        "minimum_age": ("differ", "P16Y", "> 18 years"),
        "maximum_age": ("registry_only", "P65Y", None),
    }


AGES = {"minimum_age": "P18Y", "maximum_age": "P75Y"}
SILENT = ("registry_only", "registry_only")


@pytest.mark.parametrize(
    ("inclusion", "expected"),
    [
        ([age(">= 18 years"), age("<= 75 years")], ("agree", "agree")),
        ([All(of=(age(">= 18 years"), age("<= 75 years")))], ("agree", "agree")),
        # Cohorts: the widest.
        ([Any(of=(age("18 - 40 years"), age("50 - 75 years")))], ("agree", "agree")),
        ([age("18 - 75 years"), age(">= 65 years")], ("agree", "agree")),
        # Complements admit every age.
        ([age("< 60 years"), age(">= 60 years")], SILENT),
        ([age(">= 76 years"), age("18 - 75 years")], ("agree", "registry_only")),
        ([age("< 18 years"), age("18 - 75 years")], ("registry_only", "agree")),
        # Not stated of every patient at entry.
        ([age("18 - 75 years", status="possible")], SILENT),
        ([age("18 - 75 years", status="absent")], SILENT),
        ([age("18 - 75 years", experiencer="family")], SILENT),
        ([age("18 - 75 years", window=at("diagnosis"))], SILENT),
        ([age("18 - 75 years", window=at("consent"))], ("agree", "agree")),
        ([Not(of=age("18 - 75 years"))], SILENT),
        ([If(when=age("18 - 75 years"), then=fact("x"))], SILENT),
        # An alternative without an age admits every age.
        ([Any(of=(age("18 - 75 years"), fact("score", kind="measurement")))], SILENT),
        ([Except(of=age("18 - 75 years"), unless=fact("x"))], ("agree", "agree")),
        ([fact("age", kind="measurement", value=value("18 - 75 years"))], SILENT),
        ([Unsupported(span=Span(0, 1), text="x", reason="y"), None], SILENT),
    ],
)
def test_statements_of_inclusion(inclusion, expected):
    found = outcomes(extraction(inclusion, **AGES))
    assert (found["minimum_age"][0], found["maximum_age"][0]) == expected


@pytest.mark.parametrize(
    ("exclusion", "expected"),
    [
        ([age("< 18 years"), age("> 75 years")], ("agree", "agree")),
        ([Any(of=(age("< 18 years"), age("> 75 years")))], ("agree", "agree")),
        ([age("<= 17 years"), age(">= 76 years")], ("agree", "agree")),
        ([age("<= 18 years"), age(">= 75 years")], ("agree", "agree")),
        ([age("<= 16 years"), age(">= 78 years")], ("differ", "differ")),
        ([age("18 - 75 years")], SILENT),
        ([All(of=(age("< 18 years"), fact("smoker")))], SILENT),
        ([Except(of=age("< 18 years"), unless=fact("x"))], SILENT),
    ],
)
def test_exclusion_of_one_side(exclusion, expected):
    found = outcomes(extraction((), exclusion, **AGES))
    assert (found["minimum_age"][0], found["maximum_age"][0]) == expected


def test_inclusion_goes_before_exclusion():
    read = extraction([age(">= 18 years")], [age("< 21 years"), age("> 75 years")], **AGES)
    assert outcomes(read) == {
        "minimum_age": ("agree", "P18Y", ">= 18 years"),
        "maximum_age": ("agree", "P75Y", "> 75 years"),
    }


def test_other_sections_state_nothing():
    read = extraction(other=[age("18 - 75 years")], **AGES)
    assert {outcome for outcome, *_ in outcomes(read).values()} == {"registry_only"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"maximum_age": "P75Y"}, {"minimum_age": "text_only", "maximum_age": "agree"}),
        (
            {"minimum_age": "P0Y", "maximum_age": "P75Y"},
            {"minimum_age": "text_only", "maximum_age": "agree"},
        ),
        ({"minimum_age": "P18Y"}, {"minimum_age": "agree", "maximum_age": "text_only"}),
    ],
)
def test_fields_that_the_registry_leaves_blank(fields, expected):
    found = outcomes(extraction([age("18 - 75 years")], **fields))
    assert {field: outcome for field, (outcome, *_) in found.items()} == expected


def test_a_minimum_of_zero_is_none():
    read = extraction([age("0 - 75 years")], maximum_age="P75Y")
    assert outcomes(read) == {"maximum_age": ("agree", "P75Y", "0 - 75 years")}


@pytest.mark.parametrize(
    ("subjects", "expected"),
    [
        (["Male or female"], "ALL"),
        (["women  and\nmen"], "ALL"),
        (["Males", "females"], "ALL"),
        (["both sexes"], "ALL"),
        (["any gender"], "ALL"),
        (["Women"], "FEMALE"),
        (["female patients"], "FEMALE"),
        (["Gender: male"], "MALE"),
        (["adult males"], "MALE"),
        (["boys"], "MALE"),
        (["women of childbearing potential"], None),
        (["human"], None),
        (["adults"], None),
    ],
)
def test_sex_by_words(subjects, expected):
    read = extraction([fact(subject) for subject in subjects], sex="ALL")
    outcome = "registry_only" if expected is None else "agree" if expected == "ALL" else "differ"
    assert outcomes(read) == {"sex": (outcome, "ALL", expected)}


def test_sex_of_exclusions_and_of_blank_fields():
    women = fact("women")
    assert outcomes(extraction((), [women], sex="MALE")) == {"sex": ("registry_only", "MALE", None)}
    assert outcomes(extraction([women])) == {}
    assert outcomes(extraction([women], sex="FEMALE")) == {"sex": ("agree", "FEMALE", "FEMALE")}


def test_childbearing_potential_names_whom_a_rule_is_for():
    able = fact("childbearing potential", kind="observation")
    rule = All(of=(fact("women"), able))
    assert outcomes(extraction([rule], sex="ALL"))["sex"] == ("registry_only", "ALL", None)
    tested = All(of=(fact("women"), fact("negative pregnancy test", kind="measurement")))
    assert outcomes(extraction([tested], sex="ALL"))["sex"] == ("registry_only", "ALL", None)
    asked = All(of=(fact("women"), fact("pregnant", kind="observation")))
    assert outcomes(extraction([asked], sex="FEMALE"))["sex"][0] == "agree"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("menses", SILENT),
        ("amenorrhea", SILENT),
        ("surgically sterilized", SILENT),
        ("last menstrual period", SILENT),
        ("asthma", ("agree", "registry_only")),
        ("postmenopausal", ("agree", "registry_only")),
    ],
)
def test_an_age_that_defines_the_menopause(subject, expected):
    node = All(of=(age(">= 18 years"), fact(subject, kind="observation")))
    found = outcomes(extraction([node], **AGES))
    assert (found["minimum_age"][0], found["maximum_age"][0]) == expected


def test_a_range_of_ages_beside_menses_is_the_trials():
    node = All(of=(age("18 - 75 years"), fact("menses", kind="observation")))
    found = outcomes(extraction([node], **AGES))
    assert {each[0] for each in found.values()} == {"agree"}


def test_alternative_children():
    """Of children joined by "any", one without an age admits every age."""
    read = extraction([None, age(">= 55 years"), fact("score", kind="measurement")], **AGES)
    parent, *below = read.criteria
    children = [child.model_copy(update={"parent": parent.id}) for child in below]
    found = {}
    for combine in ("any", "all"):
        tree = (parent.model_copy(update={"combine": combine}), *children)
        whole = read.model_copy(update={"criteria": tree})
        found[combine] = outcomes(whole)["minimum_age"][0]
    assert found == {"any": "registry_only", "all": "differ"}


def test_donors_have_a_section_of_their_own():
    read = extraction([age(">= 21 years")], **AGES)
    section = Section(
        id="inclusion", kind="inclusion", heading="Donors:", cohort="Donors", span=Span(0, 0)
    )
    outcome = outcomes(read.model_copy(update={"sections": (section,)}))["minimum_age"][0]
    assert (outcome, outcomes(read)["minimum_age"][0]) == ("registry_only", "differ")


def test_an_age_without_its_comparator():
    lost = Value(text="= 18 years", span=Span(0, 10))
    assert outcomes(extraction([fact("age", value=lost)], minimum_age="P18Y")) == {
        "minimum_age": ("sign_lost", "P18Y", "= 18 years")
    }
    found = measure_registry([extraction([fact("age", value=lost)], minimum_age="P18Y")])
    assert found.tallies == {"strict": [{"minimum_age": Tally(1, 1, 0)}]}


def test_months_in_a_table_of_whole_years():
    read = extraction([age("6 - 18 months")], maximum_age="P18M")
    trial = read.trial.model_copy(
        update={"source": read.trial.source.model_copy(update={"format": "jsonl"})}
    )
    assert outcomes(read)["minimum_age"][0] == "text_only"
    assert "minimum_age" not in outcomes(read.model_copy(update={"trial": trial}))


def test_measure():
    """Three postings: 2 of 3 stated fields of the registry are found, one of them right."""
    found = measure_registry(
        [
            extraction([age(">= 18 years")], id="NCT1", minimum_age="P18Y"),
            extraction([age(">= 21 years")], id="NCT2", minimum_age="P18Y"),
            extraction([], minimum_age="P18Y"),
        ]
    )
    assert found.tallies == {
        "strict": [
            {"minimum_age": Tally(1, 1, 1)},
            {"minimum_age": Tally(1, 1, 0)},
            {"minimum_age": Tally(1, 0, 0)},
        ]
    }
    micro = summary(found.tallies["strict"])["micro"]
    assert (micro.precision, micro.recall) == (1 / 2, 1 / 3)
    (mistake,) = found.mistakes
    assert (mistake.posting, mistake.label, mistake.kind) == ("NCT2", "minimum_age", "differs")
    assert (mistake.gold, mistake.predicted) == ("P18Y", ">= 21 years")
    assert mistake.span == Span(0, len(">= 21 years"))


def test_text_only_is_a_spurious_item():
    found = measure_registry([extraction([age("18 - 75 years")], minimum_age="P18Y")])
    assert found.tallies["strict"] == [
        {"minimum_age": Tally(1, 1, 1), "maximum_age": Tally(0, 1, 0)}
    ]
    assert [(each.kind, each.gold, each.label) for each in found.mistakes] == [
        ("spurious", None, "maximum_age")
    ]


def test_a_bound_that_is_no_number_states_nothing():
    odd = age(">= 18 years")
    odd = odd.model_copy(
        update={"value": odd.value.model_copy(update={"low": Bound(value="1/0", inclusive=True)})}
    )
    assert outcomes(extraction([odd], **AGES))["minimum_age"][0] == "registry_only"


@given(st.integers(1, 120), st.integers(0, 3))
def test_agreement_needs_the_number_or_the_next(years, more):
    """An exclusive minimum n agrees with the registry's n and n + 1 and with nothing else."""
    read = extraction([age(f"> {years} years")], minimum_age=f"P{years + more}Y")
    assert outcomes(read)["minimum_age"][0] == ("agree" if more < 2 else "differ")


def test_classified_disagreements():
    """Different disagreements, each with a class and a short note.

    Those of the dev half come last, and none was read by the one who read train and wrote rules.
    """
    read = tomllib.loads((ROOT / "annotations" / "registry_disagreements.toml").read_text())
    rows = read["disagreement"]
    assert len({(row["trial"], row["field"]) for row in rows}) == len(rows)
    dev = [row for row in rows if is_dev(row["trial"])]
    assert dev == rows[-len(dev) :]
    assert {row["annotator"] for row in dev} == {"H"} != {read["annotator"]}
    assert {row["field"] for row in rows} <= {"minimum_age", "maximum_age", "sex"}
    assert {row["class"] for row in rows} == {"program_error", "both_defensible", "registry_error"}
    assert all(0 < len(row["note"].split()) <= 12 for row in rows)
