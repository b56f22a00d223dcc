"""What belongs to a class of drugs: by the tree of the vocabulary, and by drug_classes.toml."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.link.names import canonical
from trialcriteria.link.vocabulary import SYSTEMS, Named, coded, named
from trialcriteria.schema import Code

_SOURCE = "codes:member"


class DrugClassRow(Row):
    """A class and what belongs to it, by names of the vocabulary."""

    name: str
    members: tuple[str, ...]


def members(code: Code) -> tuple[Code, ...]:
    """Codes of what belongs to a class at any depth, the classes below it included.

    >>> anticoagulants = Code(
    ...     system="https://www.nlm.nih.gov/mesh", code="D000925", display="", score=1.0
    ... )
    >>> "Warfarin" in {member.display for member in members(anticoagulants)}
    True

    Empty for a code that is no class, or that the vocabulary does not have. The score is 1. The
    list is of what criteria commonly name: that a drug is not in it does not say that it is none.
    """
    short = next((short for short, system in SYSTEMS.items() if system == code.system), "")
    concept = coded(f"{short}:{code.code}")
    if concept is None:
        return ()
    found = {concept.coded: concept}
    _gather(concept, found)
    return tuple(
        each for one in found.values() if one != concept for each in one.codes(1.0, _SOURCE)
    )


def _gather(concept: Named, found: dict[str, Named]) -> None:
    """Adds what belongs to a concept, each once, by its codes."""
    for member in _direct(concept):
        if member.coded not in found:
            found[member.coded] = member
            _gather(member, found)


def _direct(concept: Named) -> Iterator[Named]:
    below = map(coded, concept.membered.split("|")) if concept.membered else ()
    by_hand = (named(canonical(name), "drug") for name in _by_hand().get(concept.coded, ()))
    yield from filter(None, (*below, *by_hand))


@cache
def _by_hand() -> Mapping[str, tuple[str, ...]]:
    """Names of members by the codes of their class."""
    rows = load_rows("drug_classes", DrugClassRow)
    classes = ((named(canonical(row.name), "drug"), row.members) for row in rows)
    return MappingProxyType({found.coded: names for found, names in classes if found})
