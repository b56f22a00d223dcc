"""Adds the codes of the user's vocabularies to the facts of an extraction."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from trialcriteria.link.facts import each_fact
from trialcriteria.link.forms import shorter
from trialcriteria.link.vocab.keys import key_of
from trialcriteria.schema import Code, Concept, ConceptKind, Criterion, Extraction, Fact

_SHORTENED = 0.9  # of the score, where words that only narrow the name were left out


class Vocabulary(Protocol):
    """Something that knows the codes of concepts by their names."""

    @property
    def identity(self) -> str:
        """What names it in ``provenance``."""

    def codes(
        self, kind: ConceptKind, names: Sequence[str], known: Sequence[Code] = ()
    ) -> tuple[Code, ...]:
        """Codes of the concept of a kind that has the first of these names that leads to one.

        ``known`` are codes which the concept carries already. Empty is an honest answer.
        """


def with_codes(extraction: Extraction, vocabularies: Sequence[Vocabulary]) -> Extraction:
    """The extraction with the codes of each vocabulary behind those that facts have already."""
    if not vocabularies:
        return extraction
    criteria = tuple([_coded(one, extraction.text, vocabularies) for one in extraction.criteria])
    identities = tuple([vocabulary.identity for vocabulary in vocabularies])
    made_by = extraction.provenance.model_copy(update={"vocabularies": identities})
    return extraction.model_copy(update={"criteria": criteria, "provenance": made_by})


def _coded(criterion: Criterion, text: str, vocabularies: Sequence[Vocabulary]) -> Criterion:
    if criterion.requirement is None:
        return criterion
    node = each_fact(criterion.requirement, lambda fact: _enriched(fact, text, vocabularies))
    return criterion.model_copy(update={"requirement": node})


def _enriched(fact: Fact, text: str, vocabularies: Sequence[Vocabulary]) -> Fact:
    codes = fact.subject.codes
    for vocabulary in vocabularies:
        held = {(code.system, code.code) for code in codes}
        found = _found(fact, text, vocabulary)
        codes += tuple([code for code in found if (code.system, code.code) not in held])
    subject = fact.subject.model_copy(update={"codes": codes})
    return fact.model_copy(update={"subject": subject})


def _found(fact: Fact, text: str, vocabulary: Vocabulary) -> tuple[Code, ...]:
    """By the words as they stand, else by what they were read as, else without what narrows them.

    The score is no higher than that of the code whose name was used.
    """
    concept = fact.subject
    found = vocabulary.codes(concept.kind, [*_narrowed(fact, text), concept.text], concept.codes)
    if found:
        return found
    for code in concept.codes:
        found = vocabulary.codes(concept.kind, [*_spoken(code.display)])
        if found:
            return _lowered(found, code.score)
    return _lowered(vocabulary.codes(concept.kind, [*_bare(concept)]), _SHORTENED)


def _narrowed(fact: Fact, text: str) -> Iterator[str]:
    """The subject with the qualifiers in front of it, the longest first: "primary hypertension"."""
    span = fact.subject.span
    starts = sorted(qualifier.span.start for qualifier in fact.qualifiers)
    if span:
        yield from (text[start : span.end] for start in starts if start < span.start)


def _bare(concept: Concept) -> Iterator[str]:
    """The words of the concept with less and less around them."""
    forms = shorter(key_of(concept.text), concept.kind)
    next(forms, None)  # the words as they stand
    yield from forms


def _spoken(display: str) -> Iterator[str]:
    """A heading as it stands and as it is spoken: "Arthritis, Rheumatoid"."""
    yield display
    parts = display.split(", ")
    if len(parts) > 1:
        yield " ".join(reversed(parts))


def _lowered(codes: tuple[Code, ...], most: float) -> tuple[Code, ...]:
    return tuple(
        code.model_copy(update={"score": round(code.score * most, 2)}) if most < 1 else code
        for code in codes
    )
