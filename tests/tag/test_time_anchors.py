"""The events that windows hang on are entities, linked to their windows."""

import hashlib

import pytest

from trialcriteria.extract import extract
from trialcriteria.schema import Criterion, Part, Posting, Source, Span, Trial


def criterion(text: str) -> Criterion:
    source = Source(format="plain", name="case", sha256=hashlib.sha256(text.encode()).hexdigest())
    part = Part(kind="exclusion", span=Span(0, len(text)))
    (found,) = extract(Posting(trial=Trial(source=source), text=text, parts=(part,))).criteria
    return found


def anchored(text: str) -> list[tuple[str, str]]:
    """(words of the window, words of its event) of every link."""
    found = criterion(text)
    words = {entity.id: entity.text for entity in found.entities}
    links = [each for each in found.relations if each.kind == "has_anchor"]
    return [(words[each.head], words[each.tail]) for each in links]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (
            "Stroke within 3 months before screening",
            [("within 3 months before screening", "screening")],
        ),
        ("Fever at the baseline visit", [("at the baseline visit", "baseline visit")]),
        ("Surgery during the study", [("during the study", "study")]),
        ("Stroke in the past 3 months", []),
        ("Current pneumonia", []),
        ("Preoperative anemia", []),
        (
            "Contraception from 7 days before conditioning until 1 year after infusion",
            [
                ("from 7 days before conditioning until 1 year after infusion", "conditioning"),
                ("from 7 days before conditioning until 1 year after infusion", "infusion"),
            ],
        ),
        (
            "Stroke within 3 months or angina within 6 months prior to enrollment",
            [
                ("within 3 months", "enrollment"),
                ("within 6 months prior to enrollment", "enrollment"),
            ],
        ),
    ],
)
def test_events_are_linked_to_their_windows(text: str, links: list[tuple[str, str]]) -> None:
    assert anchored(text) == links


def test_an_event_of_two_windows_is_one_entity() -> None:
    found = criterion("Stroke within 3 months or angina within 6 months prior to enrollment")
    assert [e.text for e in found.entities if e.label == "anchor"] == ["enrollment"]


def test_an_event_that_is_the_subject_is_no_anchor() -> None:
    found = criterion("At least 6 months after stroke")
    assert [(e.label, e.text) for e in found.entities] == [
        ("window", "At least 6 months after"),
        ("condition", "stroke"),
    ]
