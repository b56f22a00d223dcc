"""Concepts as wide as a learned tagger sees them.

The rules relate the names that the lexicons give ("heart failure"), for they were written with
them. What is asked for is then what the tagger names ("congestive heart failure due to
hypertension"), where it is likelier right than not and names one thing where the rules name one.
It only ever grows: what it would lose ("chronic", "of the pancreas", "unable to") may be part of
what it names. It takes in no word that the rules read as how severe, acute or far advanced it is.
"""

from collections.abc import Iterable, Sequence

from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept, meeting
from trialcriteria.tag.learned.policy import LIKELY, QUALIFYING
from trialcriteria.tag.mentions import Mention


def recut(
    mentions: Sequence[Mention], units: Iterable[Unit], learned: Learned
) -> tuple[Mention, ...]:
    """The mentions as the tagger cuts them; the concepts of the units are cut in place."""
    units = list(units)
    apart = [one for unit in units for one in unit.qualifiers if one.kind in QUALIFYING]
    for unit in units:
        unit.concept = _as_cut(unit.concept, mentions, apart, learned)
        unit.qualifiers = [one for one in unit.qualifiers if not _is_inside(one, unit.concept)]
    return tuple(_as_cut(mention, mentions, apart, learned) for mention in mentions)


def _as_cut(
    own: Mention, mentions: Sequence[Mention], apart: Iterable[Qualified], learned: Learned
) -> Mention:
    found = meeting(learned.concepts, own.start, own.end)
    if len(found) != 1 or not _may_cut(found[0], own):
        return own
    cut = own._replace(start=found[0].start, end=found[0].end)
    beside = meeting(mentions, cut.start, cut.end)
    if any(each.end <= own.start or own.end <= each.start for each in beside):
        return own
    return own if any(_is_inside(one, cut) for one in apart) else cut


def _may_cut(cut: LearnedConcept, own: Mention) -> bool:
    """Whether a likely concept of the same kind holds a mention."""
    grows = cut.start <= own.start and own.end <= cut.end
    return grows and cut.kind == own.label and cut.score >= LIKELY and not own.shared


def _is_inside(qualified: Qualified, concept: Mention) -> bool:
    return concept.start <= qualified.start and qualified.end <= concept.end
