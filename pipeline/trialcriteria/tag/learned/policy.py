"""Which concepts stand where the lexicons and a learned tagger see different ones.

Numbers, units, comparators and windows are the grammars' alone: what they claim is taken before
any concept (``tag/merge.py``). The rules that relate concepts were written with the names that
lexicons give, so these stay, with two exceptions:

- a concept that the tagger is sure of and that holds a lexicon's of the same kind stands for it
  ("HIV antibody test" for "HIV antibody");
- one whose words the tagger rules out is doubted: it is used to relate others, and left out in
  the end where nothing is said of it (``relate/doubted.py``). People are never doubted, for the
  guideline counts them as facts only where they restrict.

What the tagger alone sees is asked for only where the rules read nothing (``extract.py``).
"""

from collections.abc import Sequence

from trialcriteria.tag.concepts import ConceptMention
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept

SURE = 0.8
"""The score from which a learned concept stands for a lexicon's (seen on annotations/registry)."""


def reconciled(
    named: Sequence[ConceptMention], learned: Learned
) -> tuple[list[ConceptMention], list[LearnedConcept]]:
    """The lexicons' concepts, some doubted, and the learned ones that may stand for some of them.

    Of two that overlap the longer stands (``tag/merge.py``); a learned one that meets a number or
    a window falls there, and leaves the lexicon's.
    """
    sure = [one for one in learned.concepts if one.score >= SURE]
    wider = [wide for wide in sure if any(_is_wider(wide, one) for one in named)]
    return [_judged(one, learned) for one in named], wider


def unclaimed(taken: Sequence[tuple[int, int]], learned: Learned) -> list[LearnedConcept]:
    """The learned concepts that share no character with the stretches that are taken."""
    return [
        one
        for one in learned.concepts
        if all(one.end <= start or end <= one.start for start, end in taken)
    ]


def _is_wider(wide: LearnedConcept, one: ConceptMention) -> bool:
    inside = wide.start <= one.start and one.end <= wide.end
    return inside and wide.kind == one.kind and wide.end - wide.start > one.end - one.start


def _meet(one: ConceptMention | LearnedConcept, other: ConceptMention | LearnedConcept) -> bool:
    return one.start < other.end and other.start < one.end


def _judged(one: ConceptMention, learned: Learned) -> ConceptMention:
    if one.kind == "demographic" or any(_meet(one, other) for other in learned.concepts):
        return one
    return one._replace(doubted=_is_barren(one, learned))


def _is_barren(one: ConceptMention, learned: Learned) -> bool:
    """Whether words that are ruled out make up most of a concept's characters."""
    covered = sum(
        min(one.end, end) - max(one.start, start)
        for start, end in learned.barren
        if start < one.end and one.start < end
    )
    return 2 * covered > one.end - one.start
