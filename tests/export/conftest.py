"""A posting extracted by hand: every node type, overlapping spans, and hostile text."""

import hashlib

import pytest

from trialcriteria.schema import (
    All,
    Anchor,
    Any,
    AtLeast,
    AtLeastN,
    Bound,
    Canonical,
    Code,
    Concept,
    CountOffset,
    Criterion,
    Entity,
    Except,
    Extraction,
    Fact,
    If,
    IsoOffset,
    Not,
    Provenance,
    Qualifier,
    Range,
    Section,
    Source,
    Span,
    Trial,
    Unit,
    Unsupported,
    Value,
    Warning,
    Window,
)

HOSTILE = "<script>alert('x')</script> & <img src=x onerror=alert(1)>"
TEXT = f"""Inclusion Criteria:
1. Age between 18 and 60 years;
2. Creatinine clearance \\>= 50 mL/min; ALT <= 2 x ULN
3. At least two of:
  - no heart failure of NYHA class III or IV
  - prednisone > 10 mg/day for at least 14 days within 2 weeks before infusion
Exclusion Criteria:
4. Biologics within 30 days or 5 half-lives, whichever is longer, unless stable
5. If diabetic, a father with HbA1c below 7 %
- {HOSTILE}
"""


def span(words: str, after: str = "") -> Span:
    """Where the words stand, first after the other words."""
    start = TEXT.index(words, TEXT.index(after))
    return Span(start, start + len(words))


def subject(kind: str, words: str, **fields: object) -> Concept:
    return Concept(kind=kind, text=words, span=span(words), **fields)


def fact(concept: Concept, **fields: object) -> Fact:
    spans = fields.pop("spans", (concept.span,))
    return Fact(subject=concept, spans=spans, source="rule:test", score=1.0, **fields)


def value(words: str, **fields: object) -> Value:
    return Value(text=words, span=span(words), **fields)


def at_least(number: str) -> Bound:
    return Bound(value=number, inclusive=True)


INFUSION = Anchor(event="infusion", text="infusion", span=span("infusion"))
NOW = IsoOffset(iso="P0D")

AGE = fact(
    subject("demographic", "Age"),
    value=value(
        "18 and 60 years",
        low=at_least("18"),
        high=at_least("60"),
        unit=Unit(text="years", ucum="a"),
    ),
)
CLEARANCE = fact(
    subject(
        "measurement",
        "Creatinine clearance",
        codes=(
            Code(
                system="http://loinc.org", code="2164-2", display="Creatinine clearance", score=1.0
            ),
        ),
    ),
    value=value(
        "\\>= 50 mL/min",
        low=at_least("50"),
        unit=Unit(text="mL/min", ucum="mL/min"),
        canonical=Canonical(low=at_least("50"), high=None, ucum="mL/min"),
    ),
    spans=(span("Creatinine clearance \\>= 50 mL/min"),),
)
ALT = fact(
    subject("measurement", "ALT"),
    value=value("<= 2 x ULN", high=at_least("2"), relative_to="ULN"),
)
HEART = fact(
    subject("condition", "heart failure"),
    qualifiers=(
        Qualifier(
            kind="stage",
            text="NYHA class III or IV",
            span=span("NYHA class III or IV"),
            value=value("III or IV", values=("III", "IV")),
        ),
    ),
)
PREDNISONE = fact(
    subject("drug", "prednisone"),
    dose=value(
        "> 10 mg/day",
        low=Bound(value="10", inclusive=False),
        unit=Unit(text="mg/day", ucum="mg/d"),
    ),
    duration=Range(low=at_least("P14D")),
    window=Window(
        start=IsoOffset(iso="-P2W"),
        end=NOW,
        anchor=INFUSION,
        text="within 2 weeks before infusion",
        span=span("within 2 weeks before infusion"),
    ),
)
LONGER = "within 30 days or 5 half-lives, whichever is longer"
BIOLOGICS = fact(
    subject("drug", "Biologics"),
    window=Window(
        text=LONGER,
        span=span(LONGER),
        choose="longer",
        alternatives=(
            Window(start=IsoOffset(iso="-P30D"), end=NOW, text="30 days", span=span("30 days")),
            Window(
                start=CountOffset(count="-5", unit="half_life"),
                end=NOW,
                text="5 half-lives",
                span=span("5 half-lives"),
            ),
        ),
    ),
)
STABLE = fact(subject("other", "stable"), status="possible")
DIABETIC = fact(subject("condition", "diabetic"))
FATHER = fact(
    subject("measurement", "HbA1c"),
    experiencer="family",
    value=value("below 7 %", high=Bound(value="7", inclusive=False), unit=Unit(text="%", ucum="%")),
)


def entity(number: int, label: str, words: str) -> Entity:
    return Entity(
        id=f"e{number}", label=label, spans=(span(words),), text=words, source="rule:x", score=0.9
    )


def criterion(name: str, section: str, words: str, **fields: object) -> Criterion:
    kind = "inclusion" if section == "s1" else "exclusion"
    return Criterion(
        id=name,
        section=section,
        kind=kind,
        span=span(words),
        text=words,
        **{"label": None, **fields},
    )


def line(number: int) -> str:
    return TEXT.splitlines()[number].strip()


@pytest.fixture
def extraction() -> Extraction:
    """Two sections, eight criteria; the last one cannot be structured."""
    start = span("Exclusion").start
    return Extraction(
        trial=Trial(
            id="NCT99000000",
            registry="ClinicalTrials.gov",
            title="A <b>bold</b> study",
            conditions=("Lupus", "Nephritis"),
            phase="PHASE1",
            sex="ALL",
            minimum_age="P18Y",
            maximum_age="P60Y",
            healthy_volunteers=False,
            source=Source(
                format="plain", name="sample.txt", sha256=hashlib.sha256(TEXT.encode()).hexdigest()
            ),
        ),
        text=TEXT,
        sections=(
            Section(id="s1", kind="inclusion", heading=line(0), cohort=None, span=Span(0, start)),
            Section(
                id="s2",
                kind="exclusion",
                heading=line(6),
                cohort="cohort B",
                span=Span(start, len(TEXT)),
            ),
        ),
        criteria=(
            criterion("i1", "s1", line(1), label="1.", requirement=AGE),
            criterion(
                "i2",
                "s1",
                line(2),
                label="2.",
                requirement=All(of=(CLEARANCE, ALT)),
                entities=(
                    entity(1, "measurement", "Creatinine clearance"),
                    entity(2, "condition", "clearance \\>= 50"),
                ),
            ),
            criterion("i3", "s1", line(3), label="3.", combine=AtLeastN(at_least=2)),
            criterion("i3.1", "s1", line(4), parent="i3", requirement=Not(of=HEART)),
            criterion("i3.2", "s1", line(5), parent="i3", requirement=PREDNISONE),
            criterion(
                "e4", "s2", line(7), label="4.", requirement=Except(of=BIOLOGICS, unless=STABLE)
            ),
            criterion(
                "e5",
                "s2",
                line(8),
                label="5.",
                requirement=If(when=DIABETIC, then=Any(of=(FATHER, AtLeast(n=1, of=(ALT,))))),
            ),
            criterion(
                "e6",
                "s2",
                line(9),
                requirement=Unsupported(span=span(HOSTILE), text=HOSTILE, reason="no <rule>"),
            ),
        ),
        warnings=(
            Warning(code="numbering_gap", message="no <6>", span=span(HOSTILE), criterion="e6"),
            Warning(code="note", message="about the whole"),
        ),
        provenance=Provenance(program="trialcriteria", version="0.1.0", lexicons="0" * 64),
    )
