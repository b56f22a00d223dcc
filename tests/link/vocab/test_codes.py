"""Codes of names: the editable cases, and what a code that is known already leads to."""

from pathlib import Path

import pytest

from trialcriteria.link.vocab.index import Index
from trialcriteria.schema import Code

CASES = [
    tuple(part.strip() for part in line.split("|"))
    for line in Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def told(codes: tuple[Code, ...]) -> str:
    """Codes as the cases have them."""
    ends = (code.system.removeprefix("https://").split("/")[-1] for code in codes)
    named = (end.removeprefix("fhir-terminology.") for end in ends)
    pairs = zip(named, codes, strict=True)
    return ", ".join(f"{name} {code.code}" for name, code in pairs) or "none"


@pytest.mark.parametrize(("kind", "text", "expected"), CASES)
def test_case(add, kind, text, expected):
    assert told(add().codes(kind, [text])) == expected


def test_the_first_name_that_leads_somewhere_decides(add):
    codes = add().codes("condition", ["high pressure", "Cough", "Hypertension"])
    assert told(codes) == "sct 49727002, ohdsi.org 2"


def test_scores_say_by_which_name(add):
    index = add()
    names = ("Hypertensive disorder", "Hypertension", "Old cough")
    scores = [index.codes("condition", [name])[0].score for name in names]
    assert scores == [1.0, 0.95, 0.9]
    assert index.codes("condition", ["Cough"])[0].source == "athena"


def known(system: str, code: str) -> Code:
    return Code(system=system, code=code, display="creatinine", score=1.0)


def test_a_known_code_of_a_standard_concept_comes_first(add):
    loinc = known("http://loinc.org", "2160-0")
    codes = add().codes("measurement", ["creatinine"], [loinc])
    assert told(codes) == "loinc.org 2160-0, ohdsi.org 3016723"


@pytest.mark.parametrize(
    "code",
    [
        known("http://hl7.org/fhir/sid/icd-10-cm", "I10"),  # not standard
        known("http://nowhere", "2160-0"),  # another system
        known("http://loinc.org", "0-0"),  # nothing has it
    ],
)
def test_other_known_codes_change_nothing(add, code):
    codes = add().codes("measurement", ["creatinine"], [code])
    assert told(codes) == "sct 70901006, ohdsi.org 37392176"


def test_the_identity_names_release_and_content(add, home: Path):
    index = add()
    assert index.identity.startswith("athena:v5.0 22-NOV-26@")
    assert Index(home / "athena.sqlite").identity == index.identity
    assert add([], [], []).identity != index.identity
