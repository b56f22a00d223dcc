"""Facts: whole, and part by part.

The facts of gold and prediction are taken out of their requirement trees and paired one to one,
so that they agree as much as possible; two facts can be paired only where their criteria overlap.

What is compared, and how, stands in ``fact_parts``.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from trialcriteria.evaluate.fact_parts import folded, parts
from trialcriteria.evaluate.matching import assign, joined, shared
from trialcriteria.evaluate.measures import Pair, posting_id
from trialcriteria.evaluate.scores import (
    Judged,
    Measured,
    Mistake,
    Shown,
    measured,
    mistakes,
    tally,
)
from trialcriteria.export.notation import fact_line
from trialcriteria.export.table import leaves
from trialcriteria.schema import Extraction, Fact, Span

WHOLE = frozenset({"subject", "status", "bound", "unit", "window", "duration", "count", "dose"})
"""The parts that make two facts equal; ``subject`` has its kind, ``status`` its experiencer."""

# Parts that are seldom equal by chance, so that they show two facts to mean the same statement.
_TELLING = frozenset({"bound", "window", "duration", "count", "dose", "qualifiers"})

# Weights of a pair of facts: each greater than all lesser ones of a posting together.
_EQUAL, _NEARLY, _SAME_SUBJECT = 1e10, 1e5, 1e1


class Stated(NamedTuple):
    """A fact, the span of its criterion, and the parts that it has, ready to be compared."""

    fact: Fact
    criterion: Span
    parts: Mapping[str, Hashable]


Partners = Sequence[tuple[Stated, Stated]]


def measure_facts(pairs: Sequence[Pair]) -> Measured:
    """Tallies by kind of subject.

    ``strict``: equal in every part but the qualifiers, the subject in its words or its span.
    ``relaxed``: the subject may also just overlap.
    """
    return measured("facts", ("strict", "relaxed"), (_judged(*pair) for pair in pairs))


def measure_fact_parts(pairs: Sequence[Pair]) -> Measured:
    """Tallies by part: how many facts have it, and in how many paired facts it is equal.

    ``end_to_end`` counts every fact, ``given_facts`` only those that have a partner.
    """
    strictnesses = ("end_to_end", "given_facts")
    return measured("fact_parts", strictnesses, (_judged_parts(*pair) for pair in pairs))


def stated_facts(extraction: Extraction) -> list[Stated]:
    """The facts of all criteria, in the order of the text."""
    return [
        stated(leaf, criterion.span)
        for criterion in extraction.criteria
        if criterion.requirement is not None
        for _, leaf in leaves(criterion.requirement)
        if isinstance(leaf, Fact)
    ]


def stated(fact: Fact, criterion: Span) -> Stated:
    """The fact of a criterion at that span."""
    return Stated(fact, criterion, parts(fact))


def paired(gold: Sequence[Stated], predicted: Sequence[Stated]) -> dict[int, int]:
    """Facts that agree as much as possible, one to one.

    Equal facts go first, then those that are equal but for the cut of the subject, then those
    with more equal parts. A pair has overlapping subjects or a telling part in common.
    """
    near = shared([[one.criterion] for one in gold], [[one.criterion] for one in predicted])
    return assign(
        {
            (one, other): weight
            for one, other in near
            if (weight := _agreement(gold[one], predicted[other]))
        }
    )


def same_fact(ours: Stated, theirs: Stated) -> bool:
    """Whether every part but the qualifiers is equal."""
    return not WHOLE & differing(ours, theirs)


def nearly_same_fact(ours: Stated, theirs: Stated) -> bool:
    """Whether every part but the qualifiers is equal; the subjects may just overlap."""
    wrong = WHOLE & differing(ours, theirs)
    kinds = ours.fact.subject.kind, theirs.fact.subject.kind
    return wrong <= {"subject"} and kinds[0] == kinds[1] and _overlapping(ours, theirs)


def differing(ours: Stated, theirs: Stated) -> set[str]:
    """The names of the parts in which two facts differ."""
    names = ours.parts.keys() | theirs.parts.keys()
    wrong = {name for name in names if ours.parts.get(name) != theirs.parts.get(name)}
    one, other = ours.fact.subject, theirs.fact.subject
    if one.span is not None and (one.kind, one.span) == (other.kind, other.span):
        wrong.discard("subject")
    return wrong


def _overlapping(ours: Stated, theirs: Stated) -> bool:
    """Whether the subjects have words in common, or the same words in another place."""
    one, other = ours.fact.subject, theirs.fact.subject
    if folded(one.text) == folded(other.text):
        return True
    if one.span is None or other.span is None:
        return False
    return one.span.start < other.span.end and other.span.start < one.span.end


def _agreement(ours: Stated, theirs: Stated) -> float:
    """The weight of pairing two facts; 0 where they say different things."""
    same = (ours.parts.keys() & theirs.parts.keys()) - differing(ours, theirs)
    about_the_same = _overlapping(ours, theirs)
    if not about_the_same and not same & _TELLING:
        return 0
    return (
        _EQUAL * same_fact(ours, theirs)
        + _NEARLY * nearly_same_fact(ours, theirs)
        + _SAME_SUBJECT * about_the_same
        + len(same)
    )


def _judged(gold: Extraction, predicted: Extraction) -> Judged:
    ours, theirs = stated_facts(gold), stated_facts(predicted)
    pairing = paired(ours, theirs)
    partners = [(ours[place], theirs[other]) for place, other in pairing.items()]
    kinds, their_kinds = _kinds(ours), _kinds(theirs)
    strict = _kinds(one for one, other in partners if same_fact(one, other))
    relaxed = _kinds(one for one, other in partners if nearly_same_fact(one, other))
    return Judged(
        {
            "strict": tally(kinds, their_kinds, strict),
            "relaxed": tally(kinds, their_kinds, relaxed),
        },
        mistakes("facts", posting_id(gold), joined(ours, theirs, pairing), _wrong, _shown),
    )


def _judged_parts(gold: Extraction, predicted: Extraction) -> Judged:
    ours, theirs = stated_facts(gold), stated_facts(predicted)
    partners = [(ours[place], theirs[other]) for place, other in paired(ours, theirs).items()]
    correct = [
        name
        for one, other in partners
        for name in (one.parts.keys() & other.parts.keys()) - differing(one, other)
    ]
    return Judged(
        {
            "end_to_end": tally(_names(ours), _names(theirs), correct),
            "given_facts": tally(
                _names(one for one, _ in partners), _names(other for _, other in partners), correct
            ),
        },
        list(_wrong_parts(posting_id(gold), partners)),
    )


def _names(facts: Iterable[Stated]) -> list[str]:
    return [name for one in facts for name in one.parts]


def _wrong_parts(posting: str, partners: Partners) -> Iterator[Mistake]:
    """The wrong parts of paired facts; each shows the whole facts."""
    for ours, theirs in partners:
        for name in sorted(differing(ours, theirs)):
            both = name in ours.parts and name in theirs.parts
            yield Mistake(
                measure="fact_parts",
                posting=posting,
                label=name,
                kind="differs" if both else "missing" if name in ours.parts else "spurious",
                gold=fact_line(ours.fact),
                predicted=fact_line(theirs.fact),
                predicted_label=name if both else None,
                span=ours.criterion,
            )


def _kinds(facts: Iterable[Stated]) -> list[str]:
    return [one.fact.subject.kind for one in facts]


def _wrong(ours: Stated | None, theirs: Stated | None) -> float:
    """How many parts of the fact are wrong; a fact without a partner is wrong in all it has."""
    if ours is None or theirs is None:
        return sum(len(one.parts) for one in (ours, theirs) if one)
    return len(WHOLE & differing(ours, theirs))


def _shown(one: Stated) -> Shown:
    return Shown(one.fact.subject.kind, fact_line(one.fact), one.criterion)
