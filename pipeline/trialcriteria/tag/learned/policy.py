"""Which concepts stand where the lexicons and a learned tagger see different ones.

Numbers, units, comparators and windows are the grammars' alone: what they claim is taken before
any concept (``tag/merge.py``). The rules that relate concepts were written with the names that
lexicons give, so these stay, and a learned concept is heeded where it is likelier right than not:

- one that holds a lexicon's of the same kind stands for it ("HIV antibody test" for "HIV
  antibody"), unless all that it adds are words that qualify ("chronic heart failure");
- one that meets nothing that the rules know is added (``relate/beside.py``), unless it says more
  about what the rules know ("reliably complete the diary"), or is an empty noun ("total score");
- a lexicon's concept whose words the tagger rules out is doubted: it is used to relate others,
  and left out in the end (``relate/doubted.py``).

What the tagger is less sure of is asked for only where the rules read nothing.
"""

from collections.abc import Iterable, Sequence

from trialcriteria.schema import Span
from trialcriteria.tag.concepts import ConceptMention
from trialcriteria.tag.cues import qualifier_rows
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept, meeting

LIKELY = 0.5
"""The score from which a learned concept is heeded; scores are calibrated."""

QUALIFYING = frozenset(("severity", "acuteness", "stage", "stability", "certainty"))
"""Kinds of qualifier that stand beside a name, whoever finds it; others may be a part of it."""


def reconciled(
    lowered: str, named: Sequence[ConceptMention], learned: Learned
) -> tuple[list[ConceptMention], list[LearnedConcept]]:
    """The lexicons' concepts, some doubted, and the learned ones beside them or for some of them.

    Of two that overlap the longer stands (``tag/merge.py``); a learned one that meets a number or
    a window falls there, and leaves the lexicon's.
    """
    names = sorted(named, key=lambda one: (one.start, one.end))
    likely = (one for one in learned.concepts if one.score >= LIKELY)
    wider = [
        one
        for one in likely
        if any(_is_wider(lowered, one, name) for name in meeting(names, one.start, one.end))
    ]
    return [_judged(one, learned) for one in named], wider


def unclaimed(taken: Iterable[Span], learned: Learned, least: float) -> list[LearnedConcept]:
    """The learned concepts of at least a score that meet none of the stretches that are taken."""
    places = sorted(taken)
    likely = (one for one in learned.concepts if one.score >= least)
    return [one for one in likely if not meeting(places, one.start, one.end)]


def _is_wider(lowered: str, wide: LearnedConcept, one: ConceptMention) -> bool:
    inside = wide.start <= one.start and one.end <= wide.end
    if not inside or wide.kind != one.kind:
        return False
    before = lowered[wide.start : one.start].split()
    return one.end < wide.end or not all(map(_qualifies, before))


def _qualifies(word: str) -> bool:
    return word in qualifier_rows() and qualifier_rows()[word][0] in QUALIFYING


def _judged(one: ConceptMention, learned: Learned) -> ConceptMention:
    if meeting(learned.concepts, one.start, one.end):
        return one
    return one._replace(doubt=_doubt(one, learned))


def _doubt(one: ConceptMention, learned: Learned) -> float:
    """How sure a tagger is that there is no concept, 0 where it does not rule one out.

    Words that are ruled out make up most of its characters then, its last among them.
    """
    ruled_out = meeting(learned.barren, one.start, one.end)
    covered = sum(min(one.end, word.end) - max(one.start, word.start) for word in ruled_out)
    if 2 * covered <= one.end - one.start or ruled_out[-1].end < one.end:
        return 0.0
    return 1 - max(word.share for word in ruled_out)
