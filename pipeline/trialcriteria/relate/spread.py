"""One mention, several facts: "personal or family history of X", "allergy to A or B"."""

import re
from dataclasses import replace

from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Leaf, Qualified, Tree, Unit, join_trees

Node = tuple[Unit, Tree]

_PERSONAL = re.compile(
    r"\b(?:personal(?: (?:medical )?history)?|history(?= ?(?:or|and|/)))"
    r"(?:,| or| and|\s?/\s?| and\s?/\s?or)*[\s-](?:\w+[\s-]){0,4}famil(?:y|ial)\b"
)
_FAMILY = frozenset({"family", "familial"})
_HISTORY = "time.history"


def spread(scope: Scope, region: Region, nodes: list[Node]) -> list[Node]:
    """The nodes, those of several facts as one tree each."""
    personal = None
    if not _FAMILY.isdisjoint(scope.words):
        personal = _PERSONAL.search(scope.lowered, region.start, region.end)
    return [
        (unit, _facts(unit, personal is not None and personal.start() < unit.start))
        if isinstance(tree, Leaf)
        else (unit, tree)
        for unit, tree in nodes
    ]


def _facts(unit: Unit, personal: bool) -> Tree:
    if unit.experiencer == "family":
        return _of_family(unit, personal)
    if unit.beside_patient:
        patient = replace(unit, experiencer="patient", windows=list(unit.windows))
        return join_trees([Leaf(patient), Leaf(unit)], unit.beside_patient) or Leaf(unit)
    objects = [q for q in unit.qualifiers if _is_object(unit, q)]
    if len(objects) < 2 or unit.concept.label != "condition":
        return Leaf(unit)
    rest = [q for q in unit.qualifiers if q not in objects]
    each: list[Tree] = [Leaf(replace(unit, qualifiers=[*rest, one])) for one in objects]
    return join_trees(each, "all" if unit.negation else "any") or Leaf(unit)


def _of_family(unit: Unit, personal: bool) -> Tree:
    """ "Family history of" says whose it is, not when; "personal or family" is of both."""
    patient = replace(unit, experiencer="patient", windows=list(unit.windows))
    unit.windows = [w for w in unit.windows if w.source != _HISTORY]
    if not personal:
        return Leaf(unit)
    return join_trees([Leaf(patient), Leaf(unit)], "all" if unit.negation else "any") or Leaf(unit)


def _is_object(unit: Unit, qualified: Qualified) -> bool:
    """A concept behind the unit that it is to ("allergy to penicillin"), not an adjective."""
    cue = qualified.source.startswith("qualifier")
    return qualified.kind == "other" and qualified.start >= unit.end and not cue
