"""One statement: exceptions, permissions, judgements, conditions, obligations, flat rest."""

import re
from collections.abc import Callable

from trialcriteria.relate.asides import read_aside
from trialcriteria.relate.edges import (
    condition_end,
    conditions_a_value,
    each_excepted,
    is_population,
    is_refused,
    last_comma,
    names_patients,
    new_subject,
    only_windows,
    start_of_rule,
)
from trialcriteria.relate.flat import Aside, Reading, read_flat, restate
from trialcriteria.relate.judgements import read_judgement
from trialcriteria.relate.lead import Lead
from trialcriteria.relate.permissions import excepted, is_permitted
from trialcriteria.relate.reasons import without_reasons
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import (
    Join,
    Leaf,
    Tree,
    Unit,
    Unread,
    conditional,
    join_trees,
    leaves,
)
from trialcriteria.relate.unread import or_unread
from trialcriteria.tag.cues import Cue

_LEADING = re.compile(r"(?:and\s?/\s?or|and|or|but|also|then)\b[\s,]*", re.IGNORECASE)
_MUST = re.compile(r"(?:must|should|shall|need|ha[sv]e?)\b")
# "Patients with A are eligible if B": it is of them that B is asked.
_ADMITTED = re.compile(
    r"\b(?:patients|subjects|participants|those|individuals|wom[ae]n|m[ae]n)\b[^.;]{0,300}"
    r"\b(?:eligible|included|enrol\w*|participate)(?:\sfor\s\w+)?\W*$"
)


def read_statement(scope: Scope, region: Region, join: Join) -> Reading:
    """Exceptions first, then permissions, conditions and judgements, then the flat rest."""
    region = _without_leading(scope, without_reasons(scope, region))
    readers = (_exception, _permission, _judgement, _condition, _obligation)
    for reader in readers if scope.cues else ():  # each begins at a cue
        reading = reader(scope, region, join)
        if reading is not None:
            return reading
    return _flat(scope, region, join)


def _without_leading(scope: Scope, region: Region) -> Region:
    match = _LEADING.match(scope.view, region.start, region.end)
    return Region(match.end(), region.end) if match else region


def _combine(build: Callable[..., Tree | None], *readings: Reading) -> Reading:
    trees = [r.tree for r in readings if r.tree is not None]
    units = tuple(u for r in readings for u in r.units)
    windows = tuple(w for r in readings for w in r.windows)
    return Reading(build(*trees), units, windows)


def _exception(scope: Scope, region: Region, join: Join) -> Reading | None:
    """Reads "A except B": everything before the cue, unless what stands after it."""
    cues = scope.cues_in(region, "exception")
    if not cues:
        return None
    cue = cues[0]
    after = scope.trimmed(Region(cue.end, region.end))
    unless = or_unread(scope, read_statement(scope, after, "any"), after)
    before = scope.trimmed(Region(region.start, cue.start))
    if before.start >= before.end or unless.tree is None:
        return unless
    main = or_unread(scope, read_statement(scope, before, join), before)
    unless = _restated(scope, after, main.units, unless, timed=True)
    if not scope.lowered.startswith("unless", cue.start):
        unless = unless._replace(tree=each_excepted(scope, unless.tree))
    return _combine(excepted, main, unless) if main.tree else unless


def _restated(
    scope: Scope, region: Region, named: tuple[Unit, ...], reading: Reading, *, timed: bool
) -> Reading:
    """An exception without a concept of its own speaks of the concept before it."""
    if not isinstance(reading.tree, Unread) or not named:
        return reading
    unit = restate(scope, region, named[-1].concept, timed=timed)
    return reading if unit is None else reading._replace(tree=Leaf(unit), units=(unit,))


def _permission(scope: Scope, region: Region, join: Join) -> Reading | None:
    """Reads "A, with B allowed": A unless B; a statement that is all permission stays whole."""
    cues = [c for c in scope.cues_in(region, "permission") if not is_refused(scope, c)]
    if not cues:
        return None
    cue = cues[0]
    comma = last_comma(scope, Region(region.start, cue.start), cue)
    if comma is None:
        return None
    clause = scope.trimmed(Region(comma, region.end))
    unless = or_unread(scope, _flat(scope, clause, "any"), clause)
    before = scope.trimmed(Region(region.start, comma))
    main = or_unread(scope, read_statement(scope, before, join), before)
    if main.tree is None or unless.tree is None:
        return None
    return _combine(excepted, main, unless)


def _condition(scope: Scope, region: Region, join: Join) -> Reading | None:
    """Reads "If A, B" and "B if A"; without a readable B the condition itself is what is asked."""
    cues = scope.cues_in(region, "condition")
    if not cues:
        return None
    cue = cues[0]
    if conditions_a_value(scope, region, cue):
        return None
    lead = scope.trimmed(Region(region.start, cue.start))
    if lead.start < lead.end and scope.in_region(lead) and not only_windows(scope, lead):
        return _trailing_condition(scope, region, cue, join)
    comma = condition_end(scope, Region(cue.end, region.end))
    if comma is None:
        return _with_lead(scope, lead, read_statement(scope, Region(cue.end, region.end), join))
    when_region = scope.trimmed(Region(cue.end, comma))
    rest = scope.trimmed(Region(comma, region.end))
    when = or_unread(scope, read_statement(scope, when_region, "all"), when_region)
    then = or_unread(scope, read_statement(scope, rest, join), rest)
    if re.match(r"(?:or|and)\b", scope.lowered[rest.start : rest.end]):
        return _with_lead(scope, lead, _combine(_either, when, then))
    then = _restated(scope, rest, when.units, then, timed=False)
    if when.tree is None or then.tree is None:
        return when if when.tree else then
    if not leaves(then.tree):
        return _with_lead(scope, lead, _combine(_both, when, then))
    return _with_lead(scope, lead, _combine(_if(join), when, then))


def _if(join: Join) -> Callable[[Tree, Tree], Tree]:
    return lambda when, then: conditional(when, then, None, join)


def _either(*trees: Tree) -> Tree | None:
    return join_trees(list(trees), "any")


def _both(*trees: Tree) -> Tree | None:
    return join_trees(list(trees), "all")


def _with_lead(scope: Scope, lead: Region, reading: Reading) -> Reading:
    """Windows before the condition ("During screening, if ...") hold for what follows."""
    windows = [m for m in scope.in_region(lead) if m.label == "window"]
    Lead(windows=tuple(windows)).bestow(leaves(reading.tree))
    return reading


def _trailing_condition(scope: Scope, region: Region, cue: Cue, join: Join) -> Reading | None:
    before = scope.trimmed(Region(region.start, cue.start))
    after = scope.trimmed(Region(cue.end, region.end))
    then = read_statement(scope, before, join)
    when = or_unread(scope, read_statement(scope, after, "all"), after)
    when = _restated(scope, after, then.units, when, timed=True)
    if then.tree is None or when.tree is None:
        return None
    if is_permitted(scope, before):  # nobody needs B of "B is allowed if A": who has it needs A
        return _combine(_if("all"), then, when)
    if join == "all" and _ADMITTED.search(scope.lowered, before.start, before.end):
        when, then = then, when
    return _combine(_if(join), when, then)


def _obligation(scope: Scope, region: Region, join: Join) -> Reading | None:
    """Reads "Women of childbearing potential must ...": on whom, then what they must."""
    for cue in scope.cues_in(region, "obligation"):
        if is_refused(scope, cue):
            return None
        before = scope.trimmed(Region(region.start, cue.start))
        mentions = [m for m in scope.in_region(before) if m.label not in {"window", "duration"}]
        surface = [m for m in mentions if scope.at_surface(m.start, region)]
        people = all(is_population(scope, m) for m in surface)
        if not surface or not (people or names_patients(scope, region, cue)):
            return None
        when = _flat(scope, before, "all")
        end = new_subject(scope, Region(cue.end, region.end))
        after = scope.trimmed(Region(start_of_rule(scope, before, surface[-1].end, cue), end))
        then = or_unread(scope, _flat(scope, after, join), after)
        if not people:
            then = _restated(scope, after, when.units, then, timed=True)
        if when.tree is None or then.tree is None or not leaves(then.tree):
            return None
        Lead(windows=when.windows).bestow(leaves(then.tree))
        # "Women must ..." asks something of women in an exclusion too; "women who agree to" do not.
        build = _if("all") if _MUST.match(scope.lowered, cue.start) else _if(join)
        asked = _combine(build, when, then)
        if end == region.end:
            return asked
        everybody = read_statement(scope, scope.trimmed(Region(end, region.end)), join)
        return _combine(_both, asked, everybody)
    return None


def _judgement(scope: Scope, region: Region, join: Join) -> Reading | None:
    return read_judgement(scope, region, join, read_statement)


def read_people(scope: Scope, region: Region) -> Reading | None:
    """A header that only says whom its body is for ("Women of childbearing potential:")."""
    mentions = [m for m in scope.in_region(region) if m.label not in {"window", "duration"}]
    if not mentions or not all(is_population(scope, m) for m in mentions):
        return None
    reading = _flat(scope, region, "all")
    return reading if leaves(reading.tree) else None


def _flat(scope: Scope, region: Region, join: Join) -> Reading:
    """A flat stretch; parentheses that define or except are read by themselves."""
    asides: list[Aside] = []
    inner_units: list[Unit] = []
    for parenthesis in scope.parentheses_in(region):
        aside, units = read_aside(scope, parenthesis, read_statement)
        asides.extend([aside] if aside else [])
        inner_units.extend(units)
    reading = read_flat(scope, region, join, asides)
    if not inner_units:
        return reading
    return reading._replace(units=reading.units + tuple(inner_units))
