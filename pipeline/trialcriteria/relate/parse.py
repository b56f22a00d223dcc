"""The grammar of a criterion: statements, headers, and how they join."""

from dataclasses import dataclass

from trialcriteria.relate.clauses import is_refused, or_unread, read_statement
from trialcriteria.relate.coordinate import at_least
from trialcriteria.relate.lead import Lead, read_header
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.statements import split_header, split_statements
from trialcriteria.relate.tree import Excepted, Tree, Unit, Unread, join_trees, leaves

_MAX_CUES = 60
_MAX_LENGTH = 20_000
_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Parsed:
    """A criterion read: its tree, every unit, and what its lead-in hands to its children."""

    tree: Tree | None
    units: tuple[Unit, ...]
    lead: Lead


def parse(scope: Scope, region: Region, *, announces: bool) -> Parsed:
    """The whole criterion; where it ``announces`` children its last header is their lead-in."""
    if region.end - region.start > _MAX_LENGTH or len(scope.cues) > _MAX_CUES:
        return Parsed(Unread(region.start, region.end, "too_long"), (), Lead())
    trees: list[Tree] = []
    outer: list[Tree] = []  # what headers state themselves, beside what they announce
    units: list[Unit] = []
    lead = Lead()
    statements = split_statements(scope, region)
    for statement in statements:
        last = announces and statement is statements[-1]
        header, body = split_header(scope, statement)
        if header is None and last and _is_lead_in(scope, statement):
            header, body = statement, Region(statement.end, statement.end)
        if header is not None:
            announced = read_header(scope, header, scope.join)
            lead = announced.lead
            units.extend(announced.units)
            outer.extend([announced.tree] if announced.tree else [])
        if body.start < body.end:
            reading = read_statement(scope, body, lead.join or scope.join)
            if header is not None and not outer and not leaves(reading.tree):
                reading = read_statement(scope, statement, scope.join)
            lead.bestow(leaves(reading.tree))
            units.extend(reading.units)
            trees = _append(scope, trees, statement, or_unread(scope, reading, body).tree)
    inner = join_trees(trees, scope.join if announces else lead.join or scope.join)
    counted = [at_least(inner, None if announces else lead.at_least)] if inner else []
    return Parsed(join_trees([*outer, *counted], "all"), tuple(units), lead)


def _is_lead_in(scope: Scope, statement: Region) -> bool:
    """A line above its children: it says so, or is as short as a title ("Life expectancy")."""
    short = len(scope.view[statement.start : statement.end].split()) <= _TITLE_WORDS
    return short or bool(scope.cues_in(statement, "following"))


def _append(scope: Scope, trees: list[Tree], statement: Region, tree: Tree | None) -> list[Tree]:
    """Adds a statement; one that only states an exception wraps what stands before it."""
    if tree is None:
        return trees
    if trees and _is_exception(scope, statement):
        return [*trees[:-1], Excepted(trees[-1], tree)]
    return [*trees, tree]


def _is_exception(scope: Scope, statement: Region) -> bool:
    """Whether the statement begins with an exception cue or only grants a permission."""
    cues = scope.cues_in(statement, "exception", "permission")
    if any(c.kind == "exception" and c.start <= statement.start + 4 for c in cues):
        return True
    permissions = [c for c in cues if c.kind == "permission"]
    return bool(permissions) and not is_refused(scope, permissions[0])
