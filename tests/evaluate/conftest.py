"""Postings annotated by hand, for the tests of the scorer."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from trialcriteria.extract import extract
from trialcriteria.read import read_path
from trialcriteria.schema import (
    All,
    Anchor,
    Any,
    Bound,
    Concept,
    Criterion,
    Entity,
    Extraction,
    Fact,
    IsoOffset,
    Posting,
    Provenance,
    Qualifier,
    Range,
    Relation,
    Section,
    Source,
    Span,
    Trial,
    Unit,
    Value,
    Window,
)

CORPUS = Path(__file__).parents[2] / "corpus"

TEXT = """Inclusion Criteria:
1. Age at least 18 years
2. ALT <= 2 x ULN and heart failure
3. One of the following:
- stable prednisone 7.50 mg/day for 2 weeks
- no biologics within 30 days before screening
Exclusion Criteria:
4. Pregnant or lactating
"""


class Writer:
    """Makes schema values over one text; a span is given by its words, which occur once."""

    def __init__(self, text: str) -> None:
        self.text = text

    def span(self, words: str) -> Span:
        assert self.text.count(words) == 1, words
        start = self.text.index(words)
        return Span(start, start + len(words))

    def fact(self, kind: str, words: str, **fields: object) -> Fact:
        subject = Concept(kind=kind, text=words, span=self.span(words))
        return Fact(subject=subject, spans=(subject.span,), source="hand", score=1.0, **fields)

    def value(self, words: str, **fields: object) -> Value:
        return Value(text=words, span=self.span(words), **fields)

    def criterion(
        self,
        name: str,
        words: str,
        mentions: Sequence[tuple[str, str]] = (),
        links: Sequence[tuple[str, int, int]] = (),
        **fields: object,
    ) -> Criterion:
        """Mentions are (label, words); links (kind, head, tail) with places in mentions."""
        entities = [
            Entity(
                id=f"m{place}",
                label=label,
                spans=(self.span(at),),
                text=at,
                source="hand",
                score=1.0,
            )
            for place, (label, at) in enumerate(mentions)
        ]
        relations = [
            Relation(kind=kind, head=f"m{head}", tail=f"m{tail}", source="hand", score=1.0)
            for kind, head, tail in links
        ]
        kind = {"i": "inclusion", "e": "exclusion", "o": "other"}[name[0]]
        return Criterion(
            id=name,
            section=f"s{name[0]}",
            label=None,
            span=self.span(words),
            text=words,
            entities=tuple(entities),
            relations=tuple(relations),
            **{"kind": kind, **fields},
        )

    def extraction(self, *criteria: Criterion, trial: str = "NCT99000001") -> Extraction:
        kinds = dict.fromkeys(criterion.kind for criterion in criteria)
        sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        return Extraction(
            trial=Trial(id=trial, source=Source(format="plain", name="hand.txt", sha256=sha256)),
            text=self.text,
            sections=tuple(
                Section(
                    id=f"s{kind[0]}", kind=kind, heading=None, cohort=None,
                    span=Span(0, len(self.text)),
                )
                for kind in kinds
            ),
            criteria=criteria,
            provenance=Provenance(program="hand", version="1", lexicons="none"),
        )  # fmt: skip


def bound(number: str, inclusive: bool = True) -> Bound:
    return Bound(value=number, inclusive=inclusive)


@pytest.fixture(scope="session")
def writer() -> type[Writer]:
    return Writer


@pytest.fixture(scope="session")
def hand_made() -> Extraction:
    """Six criteria, 14 entities, 7 relations, 7 facts with 22 parts."""
    text = Writer(TEXT)
    ends = {"start": IsoOffset(iso="-P30D"), "end": IsoOffset(iso="P0D")}
    within = "within 30 days before screening"
    age = text.fact(
        "demographic",
        "Age",
        value=text.value("at least 18 years", low=bound("18"), unit=Unit(text="years", ucum="a")),
    )
    alt = text.fact(
        "measurement", "ALT", value=text.value("<= 2 x ULN", high=bound("2"), relative_to="ULN")
    )
    prednisone = text.fact(
        "drug",
        "prednisone",
        dose=text.value("7.50 mg/day", low=bound("7.50"), unit=Unit(text="mg/day", ucum="mg/d")),
        duration=Range(low=bound("P2W")),
        qualifiers=(Qualifier(kind="stability", text="stable", span=text.span("stable")),),
    )
    biologics = text.fact(
        "drug",
        "biologics",
        status="absent",
        window=Window(
            **ends,
            anchor=Anchor(event="screening", text="screening", span=text.span("screening")),
            text=within,
            span=text.span(within),
        ),
    )
    return text.extraction(
        text.criterion(
            "i1",
            "1. Age at least 18 years",
            [("demographic", "Age"), ("value", "at least 18 years")],
            [("has_value", 0, 1)],
            requirement=age,
        ),
        text.criterion(
            "i2",
            "2. ALT <= 2 x ULN and heart failure",
            [("measurement", "ALT"), ("value", "<= 2 x ULN"), ("condition", "heart failure")],
            [("has_value", 0, 1)],
            requirement=All(of=(alt, text.fact("condition", "heart failure"))),
        ),
        text.criterion("i3", "3. One of the following:", combine="any"),
        text.criterion(
            "i3.1",
            "- stable prednisone 7.50 mg/day for 2 weeks",
            [("drug", "prednisone"), ("dose", "7.50 mg/day"), ("duration", "for 2 weeks")],
            [("has_dose", 0, 1), ("has_duration", 0, 2)],
            parent="i3",
            requirement=prednisone,
        ),
        text.criterion(
            "i3.2",
            "- no biologics " + within,
            [
                ("drug", "biologics"),
                ("window", within),
                ("negation", "no"),
                ("anchor", "screening"),
            ],
            [("has_window", 0, 1), ("negates", 2, 0), ("has_anchor", 1, 3)],
            parent="i3",
            requirement=biologics,
        ),
        text.criterion(
            "e4",
            "4. Pregnant or lactating",
            [("observation", "Pregnant"), ("observation", "lactating")],
            requirement=Any(
                of=(text.fact("observation", "Pregnant"), text.fact("observation", "lactating"))
            ),
        ),
    )


@pytest.fixture(scope="session")
def corpus_extractions() -> tuple[Extraction, ...]:
    """The program's output for the postings of the corpus folder."""
    files = [path for path in sorted(CORPUS.glob("*.*")) if path.suffix not in {".md", ".toml"}]
    records = [record for path in files for record in read_path(path)]
    return tuple(extract(record) for record in records if isinstance(record, Posting))
