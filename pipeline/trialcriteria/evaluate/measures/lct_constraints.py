"""Constraints against LCT's comparisons (Eq-Comparison events), over whole documents.

The two sides are compared where they overlap in the text, by the rules of
``trialcriteria.evaluate.constraints``. ``constraint`` wants operator, number and unit to agree;
``with_subject`` also that the mentions overlap which the comparison is about (any where LCT names
none; an abbreviation is what it stands for); ``with_side`` also that a length of time lies on the
same side of its anchor, before or after, where both say on which.

Periods ("history of", "planned") are compared on their own, as past, present or future.
"""

from collections.abc import Iterable

from trialcriteria.evaluate.constraints import Constraint, constraints_of
from trialcriteria.evaluate.corpora.lct_comparisons import (
    Period,
    constraints_of_document,
    periods_of_document,
)
from trialcriteria.evaluate.matching import assign, joined, shared
from trialcriteria.evaluate.measures.constraints import Rules, judge
from trialcriteria.evaluate.scores import Judged, Measured, Shown, measured, mistakes, tally
from trialcriteria.export.brat import BratDocument
from trialcriteria.export.table import leaves
from trialcriteria.schema import Extraction, Fact, IsoOffset, Span, Window

Pair = tuple[BratDocument, Extraction]

_PERIODS: dict[tuple[object, object], str] = {
    (None, "P0D"): "past",
    ("P0D", "P0D"): "present",
    ("P0D", None): "future",
}


def measure_lct(pairs: Iterable[Pair]) -> Measured:
    """Tallies by role: age, numeric, temporal."""
    judged = [
        judge(
            "lct_constraints",
            document.name,
            constraints_of_document(document),
            constraints_of(extraction),
            _IN_A_TEXT,
        )
        for document, extraction in pairs
    ]
    return measured("lct_constraints", tuple(_IN_A_TEXT.strictnesses()), judged)


def measure_lct_periods(pairs: Iterable[Pair]) -> Measured:
    """Tallies by period, of those that overlap one of the same name."""
    return measured("lct_periods", ("overlap",), (_judged_periods(*pair) for pair in pairs))


def _overlap(one: Span, two: Span) -> bool:
    return one.start < two.end and two.start < one.end


def _near(gold: Constraint, predicted: Constraint) -> bool:
    return _overlap(gold.limit.span, predicted.limit.span)


def _same_place(gold: Constraint, predicted: Constraint) -> bool:
    """Whether mentions of the subjects overlap; ages are about the same, as LCT marks "years"."""
    if gold.role == predicted.role == "age" or not gold.places:
        return True
    return any(_overlap(ours, theirs) for ours in gold.places for theirs in predicted.places)


def _same_side(gold: Constraint, predicted: Constraint) -> bool:
    sides = {gold.limit.side, predicted.limit.side} - {None}
    return len(sides) < 2


_IN_A_TEXT = Rules(_near, _same_place, {"with_side": _same_side})


def periods_of(extraction: Extraction) -> list[Period]:
    """The windows that are a whole side of now, each stretch of the text once."""
    found = (
        Period(name, fact.window.span)
        for criterion in extraction.criteria
        if criterion.requirement
        for _, fact in leaves(criterion.requirement)
        if isinstance(fact, Fact) and fact.window and (name := _period(fact.window))
    )
    return list(dict.fromkeys(found))


def _period(window: Window) -> str | None:
    if window.alternatives or (window.anchor and window.anchor.event != "now"):
        return None
    ends = [
        each.iso if isinstance(each, IsoOffset) else each for each in (window.start, window.end)
    ]
    return _PERIODS.get((ends[0], ends[1]))


def _judged_periods(document: BratDocument, extraction: Extraction) -> Judged:
    gold, predicted = periods_of_document(document), periods_of(extraction)
    overlaps = shared([[each.span] for each in gold], [[each.span] for each in predicted])
    beside = assign(
        {
            (one, other): 1 + 2 * len(gold) * (gold[one].name == predicted[other].name)
            for one, other in overlaps
        }
    )
    same = [one for one, other in beside.items() if gold[one].name == predicted[other].name]
    names, given = [each.name for each in gold], [each.name for each in predicted]
    return Judged(
        {"overlap": tally(names, given, (names[one] for one in same))},
        mistakes(
            "lct_periods",
            document.name,
            joined(gold, predicted, beside),
            _wrong_period,
            lambda period: Shown(period.name, document.text[slice(*period.span)], period.span),
        ),
    )


def _wrong_period(gold: Period | None, predicted: Period | None) -> float:
    return float(gold is None or predicted is None or gold.name != predicted.name)
