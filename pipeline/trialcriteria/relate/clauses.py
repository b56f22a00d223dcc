"""One statement: exceptions, permissions, judgements, conditions, obligations, flat rest."""

import re
from collections.abc import Callable
from dataclasses import replace

from trialcriteria.relate.flat import Aside, Reading, read_flat, restate
from trialcriteria.relate.lead import Lead
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import (
    Excepted,
    Join,
    Leaf,
    Tree,
    Unit,
    Unread,
    conditional,
    join_trees,
    leaves,
)
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention

_LEADING = re.compile(r"(?:and\s?/\s?or|and|or|but|also|then)\b[\s,]*", re.IGNORECASE)
_POPULATION = re.compile(r"\b(?:wom[ae]n|females?|males?|m[ae]n|fertil\w*|child\w*|partners?)\b")
_NEW_CLAUSE = re.compile(r",\s+(?:with|but|although|however|while|the use|use of|patients)\b")
_GOES_ON = re.compile(r",\s*(?:such as|including|e\.g|for example|which|that|who)\b")
_MIN_CONTENT = 3
_CLAUSE_REACH = 45  # code points between a clause's comma and its judgement cue
_CONDITION_REACH = 30  # code points between "if" and the concept it names


def read_statement(scope: Scope, region: Region, join: Join) -> Reading:
    """Exceptions first, then permissions, conditions and judgements, then the flat rest."""
    region = _without_leading(scope, region)
    for reader in (_exception, _permission, _judgement, _condition, _obligation):
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


def or_unread(scope: Scope, reading: Reading, region: Region) -> Reading:
    if reading.tree is not None:
        return reading
    return replace(reading, tree=_unread(scope, region))


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
    return _combine(Excepted, main, unless) if main.tree else unless


def _restated(
    scope: Scope, region: Region, named: tuple[Unit, ...], reading: Reading, *, timed: bool
) -> Reading:
    """An exception without a concept of its own speaks of the concept before it."""
    if not isinstance(reading.tree, Unread) or not named:
        return reading
    unit = restate(scope, region, named[-1].concept, timed=timed)
    return reading if unit is None else replace(reading, tree=Leaf(unit), units=(unit,))


def _permission(scope: Scope, region: Region, join: Join) -> Reading | None:
    """Reads "A, with B allowed": A unless B; a statement that is all permission stays whole."""
    cues = [c for c in scope.cues_in(region, "permission") if not is_refused(scope, c)]
    if not cues:
        return None
    cue = cues[0]
    comma = _last_comma(scope, Region(region.start, cue.start))
    if comma is None:
        return None
    clause = scope.trimmed(Region(comma, region.end))
    unless = or_unread(scope, _flat(scope, clause, "any"), clause)
    before = scope.trimmed(Region(region.start, comma))
    main = or_unread(scope, read_statement(scope, before, join), before)
    if main.tree is None or unless.tree is None:
        return None
    return _combine(Excepted, main, unless)


def _last_comma(scope: Scope, region: Region) -> int | None:
    """The last surface comma that a new clause starts at ("..., with the use of")."""
    found = None
    for match in _NEW_CLAUSE.finditer(scope.lowered):
        at = match.start()
        if region.start <= at < region.end and scope.at_surface(at, region):
            found = at
    return found


def _judgement(scope: Scope, region: Region, join: Join) -> Reading | None:
    """What hangs on somebody's judgement is kept as words, beside what is checkable."""
    cues = scope.cues_in(region, "judgement")
    if not cues:
        return None
    start, end = _clause_around(scope, region, cues[0])
    clause = scope.trimmed(Region(start, end))
    rest = [scope.trimmed(Region(region.start, start)), scope.trimmed(Region(end, region.end))]
    readings = [read_statement(scope, part, join) for part in rest if part.start < part.end]
    trees = [r.tree for r in readings if r.tree is not None]
    if not trees:
        return Reading(
            Unread(region.start, region.end, "investigator_judgement"),
            tuple(u for r in readings for u in r.units),
            (),
        )
    unread = Unread(clause.start, clause.end, "investigator_judgement")
    together = join_trees([*trees, unread], "all")
    return Reading(together, tuple(u for r in readings for u in r.units), ())


def _clause_around(scope: Scope, region: Region, cue: Cue) -> tuple[int, int]:
    """From the comma shortly before the cue, else the cue itself, to the next comma."""
    before = scope.view.rfind(",", max(region.start, cue.start - _CLAUSE_REACH), cue.start)
    after = scope.view.find(",", cue.end, region.end)
    return before if before >= 0 else cue.start, after if after >= 0 else region.end


def _condition(scope: Scope, region: Region, join: Join) -> Reading | None:
    """Reads "If A, B" and "B if A"; without a readable B the condition itself is what is asked."""
    cues = scope.cues_in(region, "condition")
    if not cues:
        return None
    cue = cues[0]
    if _conditions_a_value(scope, cue):
        return None
    lead = scope.trimmed(Region(region.start, cue.start))
    if lead.start < lead.end and scope.in_region(lead) and not _only_windows(scope, lead):
        return _trailing_condition(scope, region, cue, join)
    comma = _condition_end(scope, Region(cue.end, region.end))
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


def _conditions_a_value(scope: Scope, cue: Cue) -> bool:
    """ "<= 5 x ULN if liver metastases": read with the value, in the flat stretch."""
    follows = any(
        m.value is not None
        and m.end <= cue.start
        and not scope.view[m.end : cue.start].strip(" (,")
        for m in scope.mentions
    )
    named = any(
        0 <= m.start - cue.end <= _CONDITION_REACH and m.value is None for m in scope.mentions
    )
    return follows and named


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


def _only_windows(scope: Scope, region: Region) -> bool:
    return all(m.label == "window" for m in scope.in_region(region))


def _trailing_condition(scope: Scope, region: Region, cue: Cue, join: Join) -> Reading | None:
    before = scope.trimmed(Region(region.start, cue.start))
    after = scope.trimmed(Region(cue.end, region.end))
    then = read_statement(scope, before, join)
    when = or_unread(scope, read_statement(scope, after, "all"), after)
    if then.tree is None or when.tree is None:
        return None
    return _combine(_if(join), when, then)


def _condition_end(scope: Scope, region: Region) -> int | None:
    """The first surface comma behind a mention: where the condition ends."""
    first = next((m.end for m in scope.mentions if m.start >= region.start), region.end)
    at = scope.view.find(",", first, region.end)
    while at >= 0:
        surface = scope.at_surface(at, region) and not scope.inside_mention(at)
        if surface and not _GOES_ON.match(scope.lowered, at):
            return at
        at = scope.view.find(",", at + 1, region.end)
    return None


def _obligation(scope: Scope, region: Region, join: Join) -> Reading | None:
    """Reads "Women of childbearing potential must ...": on whom, then what they must."""
    for cue in scope.cues_in(region, "obligation"):
        before = scope.trimmed(Region(region.start, cue.start))
        mentions = [m for m in scope.in_region(before) if m.label not in {"window", "duration"}]
        surface = [m for m in mentions if scope.at_surface(m.start, region)]
        if not surface or not all(_is_population(scope, m) for m in surface):
            return None
        when = _flat(scope, before, "all")
        after = scope.trimmed(Region(cue.start, region.end))
        then = or_unread(scope, _flat(scope, after, join), after)
        if when.tree is None or then.tree is None or not leaves(then.tree):
            return None
        Lead(windows=when.windows).bestow(leaves(then.tree))
        return _combine(_if(join), when, then)
    return None


def _is_population(scope: Scope, mention: Mention) -> bool:
    if mention.value is not None:
        return mention.value.kind == "age"
    text = scope.lowered[mention.start : mention.end]
    return mention.label in {"demographic", "observation"} and bool(_POPULATION.search(text))


def _flat(scope: Scope, region: Region, join: Join) -> Reading:
    """A flat stretch; parentheses that define or except are read by themselves."""
    asides: list[Aside] = []
    inner_units: list[Unit] = []
    for parenthesis in scope.parentheses:
        if not region.holds(parenthesis.start, parenthesis.end):
            continue
        aside, units = _aside(scope, parenthesis)
        asides.extend([aside] if aside else [])
        inner_units.extend(units)
    reading = read_flat(scope, region, join, asides)
    return replace(reading, units=reading.units + tuple(inner_units))


def _aside(scope: Scope, parenthesis: Region) -> tuple[Aside | None, tuple[Unit, ...]]:
    """Parentheses that state a definition or an exception, read; others are none."""
    inside = Region(parenthesis.start + 1, parenthesis.end - 1)
    if _excepts(scope, parenthesis):
        inner = or_unread(scope, _exception_words(scope, inside), inside)
    elif _defines(scope, parenthesis):
        inner = read_statement(scope, inside, "all")
    else:
        return None, ()
    if inner.tree is None:
        return None, inner.units
    return Aside(parenthesis, inner.tree, excepts=_excepts(scope, parenthesis)), inner.units


def _defines(scope: Scope, parenthesis: Region) -> bool:
    """Parentheses with measures and their values say what the words before them mean."""
    mentions = scope.in_region(parenthesis)
    values = [m for m in mentions if m.value is not None]
    measures = [m for m in mentions if m.label == "measurement"]
    return bool(values) and bool(measures) and not _excepts(scope, parenthesis)


def _excepts(scope: Scope, parenthesis: Region) -> bool:
    inside = Region(parenthesis.start + 1, parenthesis.end - 1)
    cues = [c for c in scope.cues if inside.holds(c.start, c.end)]
    if any(c.kind == "permission" and not is_refused(scope, c) for c in cues):
        return True
    return any(c.kind.startswith("exception") and c.start <= inside.start + 4 for c in cues)


def _exception_words(scope: Scope, inside: Region) -> Reading:
    """What an exception in parentheses asks, without the cue's own words."""
    for cue in scope.cues:
        if not inside.holds(cue.start, cue.end):
            continue
        if cue.kind.startswith("exception") and cue.start <= inside.start + 4:
            return read_statement(scope, scope.trimmed(Region(cue.end, inside.end)), "any")
        if cue.kind == "permission":
            after = scope.trimmed(Region(cue.end, inside.end))
            condition = re.match(
                r"(?:only )?(?:if|when|provided that)\b", scope.lowered[after.start :]
            )
            if condition:
                after = scope.trimmed(Region(after.start + condition.end(), after.end))
                return or_unread(scope, read_statement(scope, after, "any"), after)
    return read_flat(scope, inside, "any", [])


def is_refused(scope: Scope, cue: Cue) -> bool:
    return (
        re.search(r"\b(?:not|no)\W*$", scope.lowered[max(0, cue.start - 6) : cue.start]) is not None
    )


def _unread(scope: Scope, region: Region) -> Unread | None:
    trimmed = scope.trimmed(region)
    if sum(c.isalnum() for c in scope.view[trimmed.start : trimmed.end]) < _MIN_CONTENT:
        return None
    return Unread(trimmed.start, trimmed.end, "no_concept")
