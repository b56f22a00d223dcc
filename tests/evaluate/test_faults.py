"""The scorer as a whole: gold against itself, known faults one by one, and chance."""

import random
import statistics
from typing import NamedTuple

import pytest

from trialcriteria.evaluate.measures.criteria import measure_criteria
from trialcriteria.evaluate.measures.entities import as_annotated, measure_entities
from trialcriteria.evaluate.measures.facts import measure_fact_parts, measure_facts
from trialcriteria.evaluate.measures.relations import measure_relations
from trialcriteria.evaluate.measures.segmentation import measure_segmentation
from trialcriteria.evaluate.scores import Tally, add
from trialcriteria.schema import Criterion, Extraction, Span


def totals(pairs) -> dict[str, Tally]:
    """The summed tallies of every measure and strictness."""
    seen = [(as_annotated(gold), as_annotated(predicted)) for gold, predicted in pairs]
    found = (
        measure_segmentation(pairs),
        measure_entities(seen),
        measure_relations(seen),
        measure_facts(pairs),
        measure_fact_parts(pairs),
        measure_criteria(pairs),
    )
    return {
        f"{one.name}.{strictness}": add(each for tallies in postings for each in tallies.values())
        for one in found
        for strictness, postings in one.tallies.items()
    }


PERFECT = {
    "segmentation.strict": 6, "segmentation.relaxed": 6, "segmentation.section": 6,
    "segmentation.parent": 6, "segmentation.combine": 1,
    "entities.strict": 14, "entities.relaxed": 14,
    "relations.end_to_end": 7, "relations.end_to_end_strict": 7, "relations.given_entities": 7,
    "facts.strict": 7, "facts.relaxed": 7,
    "fact_parts.end_to_end": 22, "fact_parts.given_facts": 22,
    "criteria.strict": 6, "criteria.relaxed": 6, "criteria.logic": 6,
}  # fmt: skip


class Fault(NamedTuple):
    """A change of the prediction at a path, and the tallies (gold, predicted, correct) it moves."""

    name: str
    path: str
    to: object
    costs: dict[str, tuple[int, int, int]]


GONE = object()
"""Instead of a new value: take it away."""


def changed(extraction: Extraction, path: str, to: object) -> Extraction:
    """The extraction with another value at the path; a path that ends in + appends."""
    data = extraction.model_dump(mode="json")
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    at = data
    for step in way:
        at = at[step]
    if to is GONE:
        del at[last]
    elif last == "+":
        at.append(to(data) if callable(to) else to)
    else:
        at[last] = to(at[last]) if callable(to) else to
    return Extraction.model_validate(data)


def fact(kind: str, words: str) -> dict:
    return {
        "type": "fact", "subject": {"kind": kind, "text": words, "span": None},
        "source": "hand", "score": 1.0,
    }  # fmt: skip


def heading(data: dict) -> dict:
    """The heading of the exclusion criteria taken for a criterion."""
    words = "Exclusion Criteria:"
    start = data["text"].index(words)
    return {
        "id": "i9", "section": "si", "kind": "inclusion", "label": None, "text": words,
        "span": [start, start + len(words)],
    }  # fmt: skip


def from_start(by: int):
    return lambda span: [span[0] + by, span[1]]


def one_fact(whole: dict) -> dict:
    return whole["of"][0]


WRONG_FACT = {"facts.strict": (7, 7, 6), "facts.relaxed": (7, 7, 6)}
WRONG_PART = {"fact_parts.end_to_end": (22, 22, 21), "fact_parts.given_facts": (22, 22, 21)}
WRONG_TREE = {"criteria.strict": (6, 6, 5), "criteria.relaxed": (6, 6, 5)}
WRONG_LOGIC = WRONG_TREE | {"criteria.logic": (6, 6, 5)}
DIFFERENT = WRONG_FACT | WRONG_PART | WRONG_TREE

AGE, BOTH = "criteria.0.requirement", "criteria.1.requirement"
ALT, HEART = f"{BOTH}.of.0", f"{BOTH}.of.1"
PREDNISONE, BIOLOGICS = "criteria.3.requirement", "criteria.4.requirement"

FAULTS = [
    Fault("a missing criterion", "criteria.5", GONE, {
        "segmentation.strict": (6, 5, 5), "segmentation.relaxed": (6, 5, 5),
        "segmentation.section": (5, 5, 5), "segmentation.parent": (5, 5, 5),
        "entities.strict": (14, 12, 12), "entities.relaxed": (14, 12, 12),
        "facts.strict": (7, 5, 5), "facts.relaxed": (7, 5, 5),
        "fact_parts.end_to_end": (22, 18, 18), "fact_parts.given_facts": (18, 18, 18),
        "criteria.strict": (6, 5, 5), "criteria.relaxed": (6, 5, 5), "criteria.logic": (6, 5, 5),
    }),
    Fault("an extra criterion", "criteria.+", heading, {
        "segmentation.strict": (6, 7, 6), "segmentation.relaxed": (6, 7, 6),
        "criteria.strict": (6, 7, 6), "criteria.relaxed": (6, 7, 6), "criteria.logic": (6, 7, 6),
    }),
    Fault("a criterion without its number", "criteria.0.span", from_start(3), {
        "segmentation.strict": (6, 6, 5),
    }),
    Fault("a criterion cut below half", "criteria.0.span", from_start(14), {
        "segmentation.strict": (6, 6, 5), "segmentation.relaxed": (6, 6, 5),
        "segmentation.section": (5, 5, 5), "segmentation.parent": (5, 5, 5),
    }),
    Fault("a wrong parent", "criteria.4.parent", None, {"segmentation.parent": (6, 6, 5)}),
    Fault("a wrong section", "criteria.5.kind", "inclusion", {
        "segmentation.section": (6, 6, 5), **WRONG_LOGIC,
    }),
    Fault("a wrong join of children", "criteria.2.combine", "all", {
        "segmentation.combine": (1, 1, 0), **WRONG_LOGIC,
    }),
    Fault("a missing entity", "criteria.1.entities.2", GONE, {
        "entities.strict": (14, 13, 13), "entities.relaxed": (14, 13, 13),
    }),
    Fault("an extra entity", "criteria.2.entities.+", {
        "id": "m9", "label": "count", "spans": [[72, 75]], "text": "One", "source": "x", "score": 1,
    }, {"entities.strict": (14, 15, 14), "entities.relaxed": (14, 15, 14)}),
    Fault("a shifted entity", "criteria.1.entities.2.spans.0", from_start(6), {
        "entities.strict": (14, 14, 13),
    }),
    Fault("a shifted end of a relation", "criteria.0.entities.1.spans.0", from_start(9), {
        "entities.strict": (14, 14, 13), "relations.end_to_end_strict": (7, 7, 6),
    }),
    Fault("a wrong label of an end", "criteria.1.entities.0.label", "drug", {
        "entities.strict": (14, 14, 13), "entities.relaxed": (14, 14, 13),
        "relations.end_to_end": (7, 7, 6), "relations.end_to_end_strict": (7, 7, 6),
        "relations.given_entities": (6, 6, 6),
    }),
    Fault("a missing relation", "criteria.4.relations.1", GONE, {
        "relations.end_to_end": (7, 6, 6), "relations.end_to_end_strict": (7, 6, 6),
        "relations.given_entities": (7, 6, 6),
    }),
    Fault("a wrong kind of relation", "criteria.3.relations.0.kind", "has_value", {
        "relations.end_to_end": (7, 7, 6), "relations.end_to_end_strict": (7, 7, 6),
        "relations.given_entities": (7, 7, 6),
    }),
    Fault("a relation to another end", "criteria.3.relations.0.tail", "m2", {
        "relations.end_to_end": (7, 7, 6), "relations.end_to_end_strict": (7, 7, 6),
        "relations.given_entities": (7, 7, 6),
    }),
    Fault("a missing fact", BOTH, one_fact, {
        "facts.strict": (7, 6, 6), "facts.relaxed": (7, 6, 6),
        "fact_parts.end_to_end": (22, 20, 20), "fact_parts.given_facts": (20, 20, 20),
        **WRONG_LOGIC,
    }),
    Fault("an extra fact", f"{BOTH}.of.+", fact("condition", "heart"), {
        "facts.strict": (7, 8, 7), "facts.relaxed": (7, 8, 7),
        "fact_parts.end_to_end": (22, 24, 22), **WRONG_LOGIC,
    }),
    Fault("a shifted subject", f"{HEART}.subject", {
        "kind": "condition", "text": "failure", "span": [66, 73],
    }, {"facts.strict": (7, 7, 6), **WRONG_PART, "criteria.strict": (6, 6, 5)}),
    Fault("a wrong kind of subject", f"{PREDNISONE}.subject.kind", "condition", DIFFERENT),
    Fault("a wrong status", f"{BIOLOGICS}.status", "present", DIFFERENT),
    Fault("a wrong experiencer", f"{HEART}.experiencer", "family", DIFFERENT),
    Fault("a wrong bound", f"{AGE}.value.low.value", "81", DIFFERENT),
    Fault("a wrong comparator", f"{AGE}.value.low.inclusive", False, DIFFERENT),
    Fault("a wrong unit", f"{AGE}.value.unit", {"text": "months", "ucum": "mo"}, DIFFERENT),
    Fault("a wrong limit", f"{ALT}.value.relative_to", "LLN", DIFFERENT),
    Fault("a missing value", f"{AGE}.value", None, WRONG_FACT | WRONG_TREE | {
        "fact_parts.end_to_end": (22, 20, 20), "fact_parts.given_facts": (22, 20, 20),
    }),
    Fault("a wrong window", f"{BIOLOGICS}.window.start.iso", "-P3M", DIFFERENT),
    Fault("a window on the wrong side", f"{BIOLOGICS}.window.start.iso", "P30D", DIFFERENT),
    Fault("an open window", f"{BIOLOGICS}.window.start", None, DIFFERENT),
    Fault("a wrong anchor", f"{BIOLOGICS}.window.anchor.event", "baseline", DIFFERENT),
    Fault("a wrong duration", f"{PREDNISONE}.duration.low.value", "P2M", DIFFERENT),
    Fault("a wrong dose", f"{PREDNISONE}.dose.low.value", "75.0", DIFFERENT),
    Fault("an extra count", f"{HEART}.count", {"low": {"value": "2", "inclusive": True}},
        WRONG_FACT | WRONG_TREE | {
        "fact_parts.end_to_end": (22, 23, 22), "fact_parts.given_facts": (22, 23, 22),
    }),
    Fault("a missing qualifier", f"{PREDNISONE}.qualifiers", (), {
        "fact_parts.end_to_end": (22, 21, 21), "fact_parts.given_facts": (22, 21, 21),
    }),
    Fault("wrong logic", f"{BOTH}.type", "any", WRONG_LOGIC),
    Fault("a lost negation", HEART, lambda fact: {"type": "not", "of": fact}, WRONG_LOGIC),
]  # fmt: skip

SAME = {
    "a number written otherwise": (f"{PREDNISONE}.dose.low.value", "7.5"),
    "a duration written otherwise": (f"{PREDNISONE}.duration.low.value", "P14D"),
    "a unit printed otherwise": (f"{AGE}.value.unit.text", "yrs"),
    "other words of a value": (f"{AGE}.value.text", "18 years"),
    "another span of a value": (f"{AGE}.value.span", [0, 1]),
    "a canonical value": (f"{AGE}.value.canonical", {"low": None, "high": None, "ucum": "a"}),
    "a code": (
        f"{HEART}.subject.codes",
        [{"system": "s", "code": "c", "display": "d", "score": 1}],
    ),
    "a source": (f"{HEART}.source", "another rule"),
    "a subject in capitals": (f"{HEART}.subject.text", "Heart  Failure"),
    "other words at the same place": (f"{HEART}.subject.text", "cardiac failure"),
    "the same words elsewhere": (f"{HEART}.subject.span", [0, 13]),
    "facts in another order": (f"{BOTH}.of", lambda of: of[::-1]),
    "brackets that change nothing": (f"{BOTH}.of", lambda of: [{"type": "all", "of": of}]),
    "brackets around one fact": (HEART, lambda fact: {"type": "any", "of": [fact]}),
    "an anchor on the end itself": (
        f"{BIOLOGICS}.window.start.anchor",
        {"event": "screening", "text": "", "span": None},
    ),
    "blanks around a criterion": ("criteria.1.span", lambda span: [span[0] - 1, span[1] + 1]),
    "other ids": ("criteria.5.id", "e1"),
}


def test_gold_against_itself_is_perfect(hand_made):
    expected = {name: Tally(n, n, n) for name, n in PERFECT.items()}
    assert totals([(hand_made, hand_made)]) == expected


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_costs_what_it_should(hand_made, fault):
    predicted = changed(hand_made, fault.path, fault.to)
    expected = {name: Tally(n, n, n) for name, n in PERFECT.items()} | fault.costs
    assert totals([(hand_made, predicted)]) == expected


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_costs_nothing(hand_made, name):
    predicted = changed(hand_made, *SAME[name])
    assert predicted != hand_made
    assert totals([(hand_made, predicted)]) == {name: Tally(n, n, n) for name, n in PERFECT.items()}


def test_output_against_itself_is_perfect(corpus_extractions):
    found = totals([(extraction, extraction) for extraction in corpus_extractions])
    assert found.keys() == PERFECT.keys()
    for name, (gold, predicted, correct) in found.items():
        assert gold == predicted == correct > 0, name


# Relaxed segmentation is easy by chance: criteria fill the text, so that a span of usual length
# often shares half with one of them. Random spans of entities overlap one of their label at times.
CHANCE = {
    "segmentation.strict": 0.02, "segmentation.relaxed": 0.6,
    "entities.strict": 0.01, "entities.relaxed": 0.2,
    "relations.end_to_end": 0.01, "relations.end_to_end_strict": 0.01,
    "facts.strict": 0.03, "facts.relaxed": 0.03, "fact_parts.end_to_end": 0.05,
    "criteria.strict": 0.03, "criteria.relaxed": 0.03, "criteria.logic": 0.1,
}  # fmt: skip


def shuffled(extractions: tuple[Extraction, ...], rng: random.Random) -> list[Extraction]:
    """Spans of the same lengths at random places; labels and requirements dealt out anew."""
    criteria = [criterion for extraction in extractions for criterion in extraction.criteria]
    requirements = [criterion.requirement for criterion in criteria]
    labels = [entity.label for criterion in criteria for entity in criterion.entities]
    rng.shuffle(requirements)
    rng.shuffle(labels)

    def moved(span: Span, text: str) -> Span:
        start = rng.randrange(len(text) - (span.end - span.start) + 1)
        return Span(start, start + span.end - span.start)

    def criterion(one: Criterion, text: str) -> Criterion:
        entities = [
            each.model_copy(
                update={
                    "label": labels.pop(),
                    "spans": tuple(moved(span, text) for span in each.spans),
                }
            )
            for each in one.entities
        ]
        fields = {"span": moved(one.span, text), "requirement": requirements.pop()}
        return one.model_copy(update=fields | {"entities": tuple(entities)})

    return [
        each.model_copy(
            update={"criteria": tuple(criterion(one, each.text) for one in each.criteria)}
        )
        for each in extractions
    ]


def chance(extractions: tuple[Extraction, ...], seed: int) -> dict[str, float]:
    """F1 of each measure for one shuffled prediction."""
    predictions = shuffled(extractions, random.Random(seed))
    pairs = list(zip(extractions, predictions, strict=True))
    return {name: 2 * n.correct / (n.gold + n.predicted) for name, n in totals(pairs).items()}


def test_a_shuffled_prediction_is_near_chance(corpus_extractions):
    runs = [chance(corpus_extractions, seed) for seed in range(5)]
    median = {name: statistics.median(run[name] for run in runs) for name in CHANCE}
    assert {name for name in CHANCE if median[name] > CHANCE[name]} == set()
