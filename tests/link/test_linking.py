"""Which codes concepts get: the cases of cases/linking.txt, and what holds for any words."""

from pathlib import Path
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.link import Context, codes
from trialcriteria.link.vocabulary import SYSTEMS
from trialcriteria.schema import ConceptKind

CASES = Path(__file__).parents[1] / "cases" / "linking.txt"
SHORT = {system: name for name, system in SYSTEMS.items()}


def load(path: Path) -> list[tuple[str, str, str, set[str]]]:
    """(kind, words, what the posting is about, codes) of every case of a file."""
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            given_, wanted = line.split(" => ")
            kind, words, *about = given_.split(" | ")
            assert kind in get_args(ConceptKind), line
            codes_ = {each for each in wanted.split() if each.partition(":")[0] in SYSTEMS}
            assert codes_ or wanted == "-", line
            cases.append((kind, words, " ".join(about), codes_))
    return cases


def found(words: str, kind: str, about: str = "") -> set[str]:
    linked = codes(words, cast("ConceptKind", kind), Context(topic=about))
    return {f"{SHORT[code.system]}:{code.code}" for code in linked}


@pytest.mark.parametrize(
    ("kind", "words", "about", "wanted"), load(CASES), ids=lambda value: str(value)[:50]
)
def test_case(kind: str, words: str, about: str, wanted: set[str]) -> None:
    linked = found(words, kind, about)
    assert wanted <= linked if wanted else linked == set()


@pytest.mark.parametrize(
    ("words", "kind", "source", "score"),
    [
        ("Hypertension", "condition", "codes:name", 1.0),
        ("severe hypertension", "condition", "codes:core", 0.9),
        ("COPD", "condition", "codes:abbreviation", 0.95),
        ("nausea/vomiting", "condition", "codes:joined", 0.85),
        ("hypertention", "condition", "codes:spelling", 0.8),
        ("serum creatinine", "measurement", "measurement:creatinine", 1.0),
    ],
)
def test_a_code_says_how_it_was_found(
    words: str, kind: ConceptKind, source: str, score: float
) -> None:
    assert {(code.source, code.score) for code in codes(words, kind)} == {(source, score)}


def test_the_rule_that_found_a_measurement_decides_its_code() -> None:
    (code,) = codes("count", "measurement", source="measurement:neutrophils")
    assert (code.system, code.code) == ("http://loinc.org", "751-8")


def test_but_not_that_of_an_abbreviation_with_several_readings() -> None:
    heart, bladder = Context("Pulmonary hypertension"), Context("Bladder outlet obstruction")
    source = "measurement:pvr"
    assert codes("PVR", "measurement", heart, source)[0].code == "8834-4"
    assert codes("PVR", "measurement", bladder, source) == ()


@given(st.text(max_size=300), st.sampled_from(get_args(ConceptKind)))
def test_any_words_get_codes_or_none(words: str, kind: ConceptKind) -> None:
    for code in codes(words, kind):
        assert code.system in SHORT
        assert code.code.strip() == code.code != ""
        assert 0 < code.score <= 1


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "()",
        "/",
        "or",
        "and/or",
        "-" * 150,
        "a " * 90,
        "x" * 200_000,
        "((((",
        "of of of",
        "{x}",
    ],
    ids=lambda words: words[:8],
)
def test_words_that_name_nothing(words: str) -> None:
    assert [codes(words, kind) for kind in get_args(ConceptKind) if codes(words, kind)] == []


@pytest.mark.parametrize(
    "words", ["Hypertension", "HYPERTENSION", "hypertension ", "hypertensions"]
)
def test_spelling_variants_are_one_concept(words: str) -> None:
    assert found(words, "condition") == found("hypertension", "condition")
