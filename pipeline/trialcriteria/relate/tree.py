"""What the relate room hands on: units with what belongs to them, joined by logic."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from trialcriteria.schema import SectionKind
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention

Join = Literal["all", "any"]
Experiencer = Literal["patient", "family", "partner", "other"]


@dataclass(slots=True, eq=False)
class Qualified:
    """A qualifier's words, with a value (grade >= 2) or a duration (stable for 2 weeks)."""

    kind: str
    start: int
    end: int
    source: str
    value: Mention | None = None
    duration: Mention | None = None


@dataclass(slots=True, eq=False)
class Unit:
    """One concept mention and everything the text attaches to it; becomes one fact."""

    concept: Mention
    value: Mention | None = None
    dose: Mention | None = None
    windows: list[Mention] = field(default_factory=list)
    duration: Mention | None = None
    count: Mention | None = None
    qualifiers: list[Qualified] = field(default_factory=list)
    negation: Cue | None = None
    possible: bool = False
    experiencer: Experiencer = "patient"
    beside_patient: Join | None = None  # the patient is asked as well as the experiencer
    examples: list[Mention] = field(default_factory=list)
    short_forms: list[Mention] = field(default_factory=list)
    repeated: bool = False

    @property
    def start(self) -> int:
        """Where the words begin; a further value of a measure stands where the value does."""
        return self.value.start if self.repeated and self.value else self.concept.start

    @property
    def end(self) -> int:
        """Where the unit's words end."""
        return self.value.end if self.repeated and self.value else self.concept.end


class Leaf(NamedTuple):
    """One unit."""

    unit: Unit


class Group(NamedTuple):
    """Nodes joined by all, any or at least n."""

    join: Join
    of: "tuple[Tree, ...]"
    at_least: int | None = None


class Excepted(NamedTuple):
    """A node with its exception."""

    of: "Tree"
    unless: "Tree"


class Conditional(NamedTuple):
    """A node that applies only under a condition; another may apply otherwise."""

    when: "Tree"
    then: "Tree"
    otherwise: "Tree | None" = None


class Unread(NamedTuple):
    """Words that the rules could not structure."""

    start: int
    end: int
    reason: str


Tree = Leaf | Group | Excepted | Conditional | Unread


def join_trees(trees: "list[Tree]", join: Join) -> "Tree | None":
    """One node of several: none for none, the node itself for one, flattened otherwise."""
    if len(trees) <= 1:
        return trees[0] if trees else None
    flat: list[Tree] = []
    for tree in trees:
        nested = isinstance(tree, Group) and tree.join == join and tree.at_least is None
        flat.extend(tree.of if nested and isinstance(tree, Group) else (tree,))
    return Group(join, tuple(flat))


def conditional(when: "Tree", then: "Tree", otherwise: "Tree | None", join: Join) -> "Tree":
    """What holds under a condition; an exclusion needs both unless something else applies.

    A man is not excluded by "QTcF > 470 ms in women": there the condition is part of the fact.
    """
    if join == "any" and otherwise is None:
        return join_trees([when, then], "all") or then
    return Conditional(when, then, otherwise)


def leaves(tree: "Tree | None") -> "list[Unit]":
    """All units of a tree, in order."""
    match tree:
        case Leaf(unit):
            return [unit]
        case Group(_, of):
            return [unit for child in of for unit in leaves(child)]
        case Excepted(of, unless):
            return leaves(of) + leaves(unless)
        case Conditional(when, then, otherwise):
            return leaves(when) + leaves(then) + leaves(otherwise)
        case _:
            return []


def default_join(kind: SectionKind) -> Join:
    """How bare lists join: an exclusion applies when any item does, other kinds need all."""
    return "any" if kind == "exclusion" else "all"
