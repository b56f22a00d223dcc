"""The grammar of a criterion: statements, headers, and how they join."""

import re
from typing import NamedTuple

from trialcriteria.relate.alternatives import with_otherwise
from trialcriteria.relate.clauses import read_people, read_statement
from trialcriteria.relate.coordinate import at_least
from trialcriteria.relate.edges import is_refused
from trialcriteria.relate.lead import Lead, denies, read_header
from trialcriteria.relate.permissions import admits, excepted, is_mere_permission, may_be_excepted
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.statements import (
    announces_criteria,
    is_remark,
    is_title,
    split_header,
    split_statements,
    tells_procedure,
)
from trialcriteria.relate.tree import (
    Conditional,
    Excepted,
    Group,
    Leaf,
    Tree,
    Unit,
    Unread,
    conditional,
    join_trees,
    leaves,
)
from trialcriteria.relate.unread import or_unread

_ALTERNATIVE = re.compile(r"(?:and\s?/\s?)?or\b")
_MAX_CUES = 60
_MAX_LENGTH = 20_000
_TITLE_WORDS = 3


class Parsed(NamedTuple):
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
    whom: Tree | None = None  # the people that a header such as "Women:" names
    statements = split_statements(scope, region)
    for statement in statements:
        title = statement is statements[0] and len(statements) > 1 and is_title(scope, statement)
        if title or _asks_nothing(scope, statement, trees, announces=announces):
            units.extend(read_statement(scope, statement, scope.join).units)
            continue
        last = statement is statements[-1]
        header, body = _header_and_body(scope, statement)
        if header is None and announces and _is_lead_in(scope, statement, last=last):
            header, body = statement, Region(statement.end, statement.end)
        people = read_people(scope, header) if header and body.start < body.end else None
        if people is not None:
            reading = or_unread(scope, read_statement(scope, body, scope.join), body)
            units.extend(people.units + reading.units)
            trees = _append_for(scope, trees, people.tree, reading.tree)
            whom = people.tree
            continue
        if header is not None:
            announced = read_header(scope, header, scope.join)
            lead = announced.lead
            units.extend(announced.units)
            outer.extend([announced.tree] if announced.tree else [])
        if body.start < body.end:
            reading = read_statement(scope, body, lead.join or scope.join)
            unnamed = header is not None and not outer and not leaves(reading.tree)
            if unnamed and not denies(scope, body):
                reading = read_statement(scope, statement, scope.join)
            lead.bestow(leaves(reading.tree))
            units.extend(reading.units)
            tree = or_unread(scope, reading, body).tree
            if header is None and _goes_on(trees, whom, tree):
                trees = _append_for(scope, trees, whom, tree)
                continue
            trees = _append(scope, trees, statement, _exempt(lead, trees, tree))
    inner = join_trees(trees, scope.join if announces else lead.join or scope.join)
    inner = with_otherwise(inner) if inner else None
    counted = [at_least(inner, None if announces else lead.at_least)] if inner else []
    return Parsed(join_trees([*outer, *counted], "all"), tuple(units), lead)


def _asks_nothing(scope: Scope, statement: Region, trees: list[Tree], *, announces: bool) -> bool:
    if not announces and announces_criteria(scope, statement):
        return True
    if is_remark(scope, statement) or (trees and tells_procedure(scope, statement)):
        return True
    if not trees and admits(scope, statement):
        return True
    return is_mere_permission(scope, statement) and not _excepts_from(scope, trees)


def _excepts_from(scope: Scope, trees: list[Tree]) -> bool:
    return bool(trees) and may_be_excepted(trees[-1], scope.join)


def _header_and_body(scope: Scope, statement: Region) -> tuple[Region | None, Region]:
    """A remark behind a colon is no body ("Acute infection: may be rescheduled")."""
    header, body = split_header(scope, statement)
    if header is not None and is_remark(scope, body):
        return None, header
    return header, body


def _append_for(
    scope: Scope, trees: list[Tree], whom: Tree | None, tree: Tree | None
) -> list[Tree]:
    """Adds what holds for some people; several requirements of the same people are one."""
    if whom is None or tree is None:
        return trees
    last = trees[-1] if trees else None
    if isinstance(last, Conditional) and last.when is whom:
        both = join_trees([last.then, tree], "all") or tree
        return [*trees[:-1], Conditional(whom, both)]
    return [*trees, conditional(whom, tree, None, scope.join)]


def _goes_on(trees: list[Tree], whom: Tree | None, tree: Tree | None) -> bool:
    """ "Women: negative pregnancy test; contraception": the second is for women too."""
    last = trees[-1] if trees else None
    if whom is None or not isinstance(last, Conditional) or last.when is not whom:
        return False
    people = any(unit.concept.label == "demographic" for unit in leaves(tree))
    return not people and isinstance(tree, Leaf | Group)


def _exempt(lead: Lead, trees: list[Tree], tree: Tree | None) -> Tree | None:
    """What stands behind "Malignancy, except for the following:" is exempt from it."""
    if not (lead.excepts and lead.tree and tree):
        return tree
    last = trees[-1] if trees else None
    if isinstance(last, Excepted) and last.of is lead.tree:
        trees.pop()
        tree = join_trees([last.unless, tree], "any") or tree
    return Excepted(lead.tree, tree)


def _is_lead_in(scope: Scope, statement: Region, *, last: bool) -> bool:
    """A line above its children: it says so, or is as short as a title ("Life expectancy")."""
    short = last and len(scope.view[statement.start : statement.end].split()) <= _TITLE_WORDS
    follows = bool(scope.cues_in(statement, "following"))
    return short or follows or announces_criteria(scope, statement)


def _append(scope: Scope, trees: list[Tree], statement: Region, tree: Tree | None) -> list[Tree]:
    """Adds a statement; one that only states an exception wraps what stands before it."""
    if tree is None:
        return trees
    begins = _begins_with_exception(scope, statement)
    if trees and not begins and _ALTERNATIVE.match(scope.lowered, *statement):
        return [*trees[:-1], join_trees([trees[-1], tree], "any") or tree]
    if not trees or not (begins or _permits(scope, statement)):
        return [*trees, tree]
    if begins or _excepts_from(scope, trees):
        return [*trees[:-1], excepted(trees[-1], tree)]
    # Beside what neither forbids nor limits a permission says something only with its condition.
    return [*trees, tree] if isinstance(tree, Conditional) else trees


def _begins_with_exception(scope: Scope, statement: Region) -> bool:
    cues = scope.cues_in(statement, "exception")
    return any(cue.start <= statement.start + 4 for cue in cues)


def _permits(scope: Scope, statement: Region) -> bool:
    permissions = scope.cues_in(statement, "permission")
    return bool(permissions) and not is_refused(scope, permissions[0])
