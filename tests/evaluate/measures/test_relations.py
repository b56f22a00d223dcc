"""Relation scores by hand: end to end, and between mentions that both sides have."""

import pytest

from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.measures.relations import measure_relations
from trialcriteria.evaluate.scores import Tally, add
from trialcriteria.schema import Span

TEXT = "ALT and AST <= 2 x ULN at screening"


def mention(label: str, words: str) -> Mention:
    start = TEXT.index(words)
    return Mention(label, (Span(start, start + len(words)),))


ALT, AST = mention("measurement", "ALT"), mention("measurement", "AST")
LIMIT, SHORT = mention("value", "<= 2 x ULN"), mention("value", "2 x ULN")
VISIT = mention("window", "at screening")
LINKS = (
    Link("has_value", ALT, LIMIT),
    Link("has_value", AST, LIMIT),
    Link("has_window", AST, VISIT),
)
GOLD = Annotated("d", TEXT, (ALT, AST, LIMIT, VISIT), LINKS)

NAMES = ("end_to_end", "end_to_end_strict", "given_entities")


def predicted(mentions, *links) -> Annotated:
    return Annotated("d", TEXT, tuple(mentions), links)


CASES = {
    "the same": (GOLD, (3, 3, 3), (3, 3, 3), (3, 3, 3)),
    "nothing": (predicted([]), (3, 0, 0), (3, 0, 0), (0, 0, 0)),
    "gold entities, two of three relations": (
        predicted(GOLD.mentions, *LINKS[:2]), (3, 2, 2), (3, 2, 2), (3, 2, 2),
    ),
    "another kind": (
        predicted(GOLD.mentions, LINKS[0], LINKS[1], Link("has_value", AST, VISIT)),
        (3, 3, 2), (3, 3, 2), (3, 3, 2),
    ),
    "the other way round": (
        predicted(GOLD.mentions, *LINKS[:2], Link("has_window", VISIT, AST)),
        (3, 3, 2), (3, 3, 2), (3, 3, 2),
    ),
    "a shorter end": (
        predicted(
            (ALT, AST, SHORT, VISIT),
            Link("has_value", ALT, SHORT), Link("has_value", AST, SHORT), LINKS[2],
        ),
        (3, 3, 3), (3, 3, 1), (3, 3, 3),
    ),
    "a mention not found": (
        predicted((ALT, LIMIT, VISIT), LINKS[0], Link("has_window", ALT, VISIT)),
        (3, 2, 1), (3, 2, 1), (1, 2, 1),
    ),
    "an end that gold does not have": (
        predicted((*GOLD.mentions, mention("count", "2")), *LINKS,
                  Link("has_count", AST, mention("count", "2"))),
        (3, 4, 3), (3, 4, 3), (3, 3, 3),
    ),
    "a relation given twice": (
        predicted(GOLD.mentions, *LINKS, LINKS[0]), (3, 4, 3), (3, 4, 3), (3, 4, 3),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name):
    prediction, *expected = CASES[name]
    found = measure_relations([(GOLD, prediction)]).tallies
    assert tuple(found) == NAMES
    assert [add(found[each][0].values()) for each in NAMES] == expected


def test_labels_are_kinds():
    tallies = measure_relations([(GOLD, predicted(GOLD.mentions, *LINKS[:2]))]).tallies
    assert tallies["end_to_end"] == [{"has_value": Tally(2, 2, 2), "has_window": Tally(1, 0, 0)}]


def test_mentions_match_one_to_one():
    # Both halves overlap the mention of gold, but only one of them can be its partner.
    halves = (mention("value", "<= 2"), mention("value", "x ULN"))
    prediction = predicted(
        (ALT, AST, *halves), Link("has_value", ALT, halves[0]), Link("has_value", AST, halves[1])
    )
    found = measure_relations([(GOLD, prediction)]).tallies["end_to_end"]
    assert found[0]["has_value"] == Tally(2, 2, 1)


def test_mistakes():
    prediction = predicted(
        GOLD.mentions, LINKS[0], Link("has_value", AST, VISIT), Link("has_window", ALT, VISIT)
    )
    found = measure_relations([(GOLD, prediction)]).mistakes
    assert [
        (each.kind, each.label, each.predicted_label, each.gold, each.predicted, each.weight)
        for each in found
    ] == [
        (
            "missing", "has_value", None,
            'measurement "AST" has_value value "<= 2 x ULN"', None, 3,
        ),
        (
            "differs", "has_window", "has_value",
            'measurement "AST" has_window window "at screening"',
            'measurement "AST" has_value window "at screening"', 1,
        ),
        (
            "spurious", "has_window", "has_window",
            None, 'measurement "ALT" has_window window "at screening"', 3,
        ),
    ]  # fmt: skip
    assert [TEXT[slice(*each.span)] for each in found] == [
        "AST <= 2 x ULN", "AST <= 2 x ULN at screening", TEXT,
    ]  # fmt: skip
