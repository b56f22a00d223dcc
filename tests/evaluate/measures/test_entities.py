"""Entity scores: by hand, and against seqeval (conlleval) and nervaluate on the same spans."""

import os
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from seqeval.metrics import classification_report
from seqeval.metrics.sequence_labeling import get_entities

from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.measures.entities import as_annotated, confusion, measure_entities
from trialcriteria.evaluate.scores import Tally, add, summary
from trialcriteria.schema import Relation, Span

ROOT = Path(__file__).parents[3]
LCT = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "corpora" / "lct"

LABELS = ("A", "B", "C")
TAGS = ("O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS))

Flat = list[tuple[str, int, int]]
"""Label, start and end of mentions that do not overlap."""


def document(mentions: Flat, text: str = "", name: str = "d") -> Annotated:
    return Annotated(name, text, tuple(Mention(la, (Span(a, b),)) for la, a, b in mentions))


def measured(golds: list[Flat], predictions: list[Flat]):
    return measure_entities(
        [
            (document(gold), document(predicted))
            for gold, predicted in zip(golds, predictions, strict=True)
        ]
    ).tallies


def tags(mentions: Flat, size: int) -> list[str]:
    """The mentions as BIO tags, one a character."""
    found = ["O"] * size
    for label, start, end in mentions:
        found[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return found


def assert_as_seqeval(golds: list[Flat], predictions: list[Flat], size: int) -> None:
    """Strict scores equal seqeval's in its default mode, which is that of conlleval."""
    scores = summary(measured(golds, predictions)["strict"])
    report = classification_report(
        [tags(gold, size) for gold in golds],
        [tags(predicted, size) for predicted in predictions],
        output_dict=True,
        zero_division=0,
    )
    names = {"micro": "micro avg", "macro": "macro avg"}
    assert report.keys() == {names.get(name, name) for name in scores} | {"weighted avg"}
    for name, score in scores.items():
        expected = report[names.get(name, name)]
        assert score.gold == expected["support"]
        found = (score.precision or 0.0, score.recall or 0.0, score.f1)
        wanted = (expected["precision"], expected["recall"], expected["f1-score"])
        assert found == pytest.approx(wanted)


def assert_as_nervaluate(
    golds: list[Flat], predictions: list[Flat], strictness: str, scheme: str
) -> None:
    """Counts equal nervaluate's, overall and by label."""

    def entities(mentions: Flat) -> list[dict]:
        # The end of a span is its last character there.
        return [{"label": la, "start": a, "end": b - 1} for la, a, b in mentions]

    labels = sorted(
        {label for side in (golds, predictions) for each in side for label, _, _ in each}
    )
    found = measured(golds, predictions)[strictness]
    result = Evaluator(
        [entities(gold) for gold in golds],
        [entities(predicted) for predicted in predictions],
        tags=labels,
        loader="dict",
    ).evaluate()
    expected = {label: each[scheme] for label, each in result["entities"].items()}
    assert {label: add(each.get(label, Tally(0, 0, 0)) for each in found) for label in labels} == {
        label: Tally(each.possible, each.actual, each.correct) for label, each in expected.items()
    }
    total = add(each for tallies in found for each in tallies.values())
    overall = result["overall"][scheme]
    assert total == Tally(overall.possible, overall.actual, overall.correct)


CASES = {
    "equal": ([("A", 0, 3)], [("A", 0, 3)], (1, 1, 1), (1, 1, 1)),
    "missing": ([("A", 0, 3)], [], (1, 0, 0), (1, 0, 0)),
    "spurious": ([], [("A", 0, 3)], (0, 1, 0), (0, 1, 0)),
    "shorter": ([("A", 0, 3)], [("A", 0, 2)], (1, 1, 0), (1, 1, 1)),
    "longer": ([("A", 0, 3)], [("A", 0, 5)], (1, 1, 0), (1, 1, 1)),
    "beside": ([("A", 0, 3)], [("A", 3, 5)], (1, 1, 0), (1, 1, 0)),
    "another label": ([("A", 0, 3)], [("B", 0, 3)], (1, 1, 0), (1, 1, 0)),
    "several": (
        [("A", 0, 3), ("B", 4, 6), ("C", 7, 9)],
        [("A", 0, 3), ("B", 5, 6), ("B", 7, 9)],
        (3, 3, 1),
        (3, 3, 2),
    ),
    "one for two": ([("A", 0, 3), ("A", 4, 6)], [("A", 0, 6)], (2, 1, 0), (2, 1, 1)),
    "two for one": ([("A", 0, 6)], [("A", 0, 3), ("A", 4, 6)], (1, 2, 0), (1, 2, 1)),
}


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name):
    gold, predicted, strict, relaxed = CASES[name]
    found = measured([gold], [predicted])
    assert add(found["strict"][0].values()) == strict
    assert add(found["relaxed"][0].values()) == relaxed
    assert_as_seqeval([gold], [predicted], 10)
    assert_as_nervaluate([gold], [predicted], "strict", "strict")
    assert_as_nervaluate([gold], [predicted], "relaxed", "ent_type")


def by_tags(sequence: list[str]) -> Flat:
    """The mentions that conlleval finds in tags, be they well formed or not."""
    return [(label, start, end + 1) for label, start, end in get_entities(sequence)]


corpora = st.integers(1, 4).flatmap(
    lambda size: st.tuples(
        *(
            st.lists(
                st.lists(st.sampled_from(TAGS), min_size=20, max_size=20),
                min_size=size,
                max_size=size,
            )
            for _ in range(2)
        )
    )
)


@settings(deadline=None)
@given(corpora)
def test_strict_is_conlleval_on_any_tags(sides):
    golds, predictions = ([by_tags(sequence) for sequence in side] for side in sides)
    if any(golds) or any(predictions):  # seqeval has no report on nothing
        assert_as_seqeval(golds, predictions, 20)
        assert_as_nervaluate(golds, predictions, "strict", "strict")


@st.composite
def cells(draw):
    """One mention at most in each cell of ten characters, so that no mention overlaps two."""

    def one(cell: int) -> Flat:
        start = draw(st.integers(0, 8))
        end = draw(st.integers(start + 1, 9))
        label = draw(st.sampled_from((None, *LABELS)))
        return [(label, 10 * cell + start, 10 * cell + end)] if label else []

    return [mention for cell in range(4) for mention in one(cell)]


@settings(deadline=None)
@given(st.lists(st.tuples(cells(), cells()), min_size=1, max_size=3))
def test_relaxed_is_ent_type_where_it_is_unambiguous(documents):
    golds, predictions = ([pair[side] for pair in documents] for side in (0, 1))
    assert_as_nervaluate(golds, predictions, "relaxed", "ent_type")


def lct_mentions(path: Path) -> Flat:
    """The text-bound annotations in one piece, the longest first where they overlap."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [re.match(r"T\d+\t(\S+) (\d+) (\d+)\t", line) for line in lines]
    spans = [(match[1], int(match[2]), int(match[3])) for match in found if match]
    flat: Flat = []
    for label, start, end in sorted(spans, key=lambda one: (one[1] - one[2], one)):
        if start < end and all(end <= first or last <= start for _, first, last in flat):
            flat.append((label, start, end))
    return sorted(flat, key=lambda one: one[1])


def faulty(mentions: Flat, labels: list[str], rng: random.Random) -> Flat:
    """A prediction with lost, shortened and renamed mentions."""
    kept = [mention for mention in mentions if rng.random() > 0.1]
    return [
        (
            rng.choice(labels) if rng.random() < 0.2 else label,
            start + (end - start > 1 and rng.random() < 0.2),
            end,
        )
        for label, start, end in kept
    ]


@pytest.mark.skipif(not LCT.is_dir(), reason=f"no LCT corpus at {LCT}")
def test_on_the_leaf_clinical_trials_corpus():
    golds = [lct_mentions(path) for path in sorted(LCT.glob("*.ann"))[:150]]
    size = max(end for gold in golds for _, _, end in gold)
    labels = sorted({label for gold in golds for label, _, _ in gold})
    rng = random.Random(11)
    predictions = [faulty(gold, labels, rng) for gold in golds]
    assert sum(map(len, golds)) > 5000
    assert_as_seqeval(golds, predictions, size)
    assert_as_nervaluate(golds, predictions, "strict", "strict")
    assert_as_nervaluate(golds, predictions, "relaxed", "ent_type")


# Confusion and mistakes.

TEXT = "severe asthma, ALT above 40 U/L"
GOLD = document([("qualifier", 0, 6), ("condition", 7, 13), ("measurement", 15, 18)], TEXT)
PREDICTED = document([("condition", 0, 13), ("drug", 15, 18), ("value", 19, 31)], TEXT)


def test_confusion():
    assert confusion([(GOLD, PREDICTED), (GOLD, GOLD)]) == {
        ("qualifier", "none"): 1,
        ("condition", "condition"): 2,
        ("measurement", "drug"): 1,
        ("none", "value"): 1,
        ("qualifier", "qualifier"): 1,
        ("measurement", "measurement"): 1,
    }


@given(st.lists(st.tuples(cells(), cells()), max_size=3))
def test_confusion_sums_up_to_the_counts(documents):
    pairs = [(document(gold), document(predicted)) for gold, predicted in documents]
    found = confusion(pairs)
    for side in (0, 1):
        counts = Counter(mention.label for pair in pairs for mention in pair[side].mentions)
        sums: Counter[str] = Counter()
        for labels, count in found.items():
            sums[labels[side]] += count
        del sums["none"]
        assert sums == counts


def test_mistakes():
    found = measure_entities([(GOLD, PREDICTED)]).mistakes
    assert [
        (each.kind, each.label, each.predicted_label, each.gold, each.predicted, each.weight)
        for each in found
    ] == [
        ("missing", "qualifier", None, 'qualifier "severe"', None, 2),
        (
            "differs", "condition", "condition",
            'condition "asthma"', 'condition "severe asthma"', 1,
        ),
        ("differs", "measurement", "drug", 'measurement "ALT"', 'drug "ALT"', 1),
        ("spurious", "value", "value", None, 'value "above 40 U/L"', 2),
    ]  # fmt: skip
    assert [each.span for each in found] == [(0, 6), (7, 13), (15, 18), (19, 31)]
    assert {(each.measure, each.posting) for each in found} == {("entities", "d")}


def test_as_annotated(hand_made):
    seen = as_annotated(hand_made)
    assert (seen.id, seen.text, len(seen.mentions), len(seen.links)) == (
        "NCT99000001", hand_made.text, 14, 7,
    )  # fmt: skip
    at = hand_made.criteria[0].entities
    age, value = (Mention(each.label, each.spans) for each in at)
    assert seen.mentions[:2] == (age, value)
    assert seen.links[0] == Link("has_value", age, value)
    assert seen.problems == ()


def test_a_relation_without_its_entity_is_reported(hand_made):
    first = hand_made.criteria[0]
    lost = Relation(kind="has_value", head="m0", tail="m7", source="x", score=1.0)
    broken = first.model_copy(update={"relations": (lost,)})
    seen = as_annotated(hand_made.model_copy(update={"criteria": (broken,)}))
    assert seen.links == ()
    assert seen.problems == ("criterion i1: a relation names an entity that is not there",)
