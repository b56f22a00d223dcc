"""The facts that a posting states of every patient: under no condition, in every alternative.

What holds for somebody only restricts nobody else. So a fact counts

- not under ``if``, ``not``, ``at_least``, nor as an exception;
- among alternatives ("age >= 55 or comorbidity score >= 3", children joined by "any") only where
  each of them states such a fact: whoever meets the one without an age is admitted at any age;
- of an exclusion only where it excludes alone, not together with something else;
- a sex not beside "childbearing potential", a pregnancy test or contraception, which tell whom a
  rule is for: trials of either sex have that rule;
- an age of one side not beside "no menses": it defines the menopause;
- not in a section for donors, who are no patients of the trial.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from trialcriteria.schema import (
    All,
    Any,
    Criterion,
    Except,
    Extraction,
    Fact,
    Node,
    SectionKind,
)

Wanted = Callable[[Fact], bool]

_DONORS = re.compile(r"(?i)\bdonors?\b")

_FERTILITY = re.compile(
    r"(?i)child-?\s?bearing|reproductive|pregnancy test|becom\w+ pregnant|contracept"
)
_MENSES = re.compile(r"(?i)menses|menstr|amenorrh|sterili[sz]ed")


def stated_facts(extraction: Extraction, kind: SectionKind, wanted: Wanted) -> list[Fact]:
    """The wanted facts that the criteria of a kind state of every patient."""
    children: dict[str | None, list[Criterion]] = defaultdict(list)
    for criterion in extraction.criteria:
        if criterion.kind == kind:
            children[criterion.parent].append(criterion)
    cohort_of = {section.id: section.cohort or "" for section in extraction.sections}
    facts = [
        _of_criterion(criterion, children, kind, wanted)
        for criterion in children[None]
        if not _DONORS.search(cohort_of.get(criterion.section, ""))
    ]
    return _joined(facts)


def _of_criterion(
    criterion: Criterion,
    children: dict[str | None, list[Criterion]],
    kind: SectionKind,
    wanted: Wanted,
) -> list[Fact]:
    """What a criterion states itself, and what its children state together."""
    own = _of_node(criterion.requirement, kind, wanted) if criterion.requirement else []
    below = [_of_criterion(child, children, kind, wanted) for child in children[criterion.id]]
    return own + _combined(below, kind, any_of=criterion.combine != "all")


def _of_node(node: Node, kind: SectionKind, wanted: Wanted) -> list[Fact]:
    match node:
        case Fact():
            return [node] if wanted(node) else []
        case Except(of=inner) if kind == "inclusion":
            return _of_node(inner, kind, wanted)
        case All(of=of) | Any(of=of):
            of = _without_rules_for_women(of)
            parts = [_of_node(each, kind, wanted) for each in of]
            return _combined(parts, kind, any_of=isinstance(node, Any))
        case _:
            return []


def _without_rules_for_women(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes without the sex or age that another beside it makes part of a rule."""
    facts = [node for node in nodes if isinstance(node, Fact)]
    if any(_FERTILITY.search(f.subject.text) for f in facts if f.status == "present"):
        return tuple(node for node in nodes if not _names_people(node))
    if any(_MENSES.search(fact.subject.text) for fact in facts):
        return tuple(node for node in nodes if not _is_one_sided(node))
    return nodes


def _names_people(node: Node) -> bool:
    return isinstance(node, Fact) and node.subject.kind == "demographic" and node.value is None


def _is_one_sided(node: Node) -> bool:
    if not isinstance(node, Fact) or node.subject.kind != "demographic" or node.value is None:
        return False
    return not (node.value.low and node.value.high)


def _combined(parts: Sequence[list[Fact]], kind: SectionKind, *, any_of: bool) -> list[Fact]:
    """Of parts joined by "any" or "all": what all of them together state outright."""
    if kind == "inclusion":
        return _alternatives(parts) if any_of else _joined(parts)
    return _joined(parts) if any_of or len(parts) == 1 else []


def _alternatives(parts: Sequence[list[Fact]]) -> list[Fact]:
    return _joined(parts) if all(parts) else []


def _joined(parts: Iterable[list[Fact]]) -> list[Fact]:
    return [fact for part in parts for fact in part]
