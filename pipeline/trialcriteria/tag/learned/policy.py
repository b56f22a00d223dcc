"""Which concepts stand where the lexicons and a learned tagger see different ones.

Numbers, units, comparators and windows are the grammars' alone: what they claim is taken before
any concept (``tag/merge.py``). The rules that relate concepts were written with the names that
lexicons give, so these stay, and a learned concept is heeded where it is likelier right than not:

- one that holds a lexicon's of the same kind stands for it ("HIV antibody test" for "HIV
  antibody");
- one that meets nothing that the rules know is added (``extract.py``);
- a lexicon's concept whose words the tagger rules out is doubted: it is used to relate others,
  and left out in the end (``relate/doubted.py``).

What the tagger is less sure of is asked for only where the rules read nothing.
"""

from collections.abc import Iterable, Sequence

from trialcriteria.schema import Span
from trialcriteria.tag.concepts import ConceptMention
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept, meeting

LIKELY = 0.5
"""The score from which a learned concept is heeded; scores are calibrated."""


def reconciled(
    named: Sequence[ConceptMention], learned: Learned
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
        if any(_is_wider(one, name) for name in meeting(names, one.start, one.end))
    ]
    return [_judged(one, learned) for one in named], wider


def unclaimed(taken: Iterable[Span], learned: Learned, least: float) -> list[LearnedConcept]:
    """The learned concepts of at least a score that meet none of the stretches that are taken."""
    places = sorted(taken)
    likely = (one for one in learned.concepts if one.score >= least)
    return [one for one in likely if not meeting(places, one.start, one.end)]


def _is_wider(wide: LearnedConcept, one: ConceptMention) -> bool:
    inside = wide.start <= one.start and one.end <= wide.end
    return inside and wide.kind == one.kind and wide.end - wide.start > one.end - one.start


def _judged(one: ConceptMention, learned: Learned) -> ConceptMention:
    if meeting(learned.concepts, one.start, one.end):
        return one
    return one._replace(doubted=_is_barren(one, learned))


def _is_barren(one: ConceptMention, learned: Learned) -> bool:
    """Whether words that are ruled out make up most of a concept's characters."""
    ruled_out = meeting(learned.barren, one.start, one.end)
    covered = sum(min(one.end, end) - max(one.start, start) for start, end in ruled_out)
    return 2 * covered > one.end - one.start
