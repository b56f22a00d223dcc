"""Words that hang on somebody's judgement."""

import re

from trialcriteria.relate.edges import clause_around, is_population
from trialcriteria.relate.flat import Reading
from trialcriteria.relate.open_classes import open_class
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Join, Unit, Unread, join_trees, leaves
from trialcriteria.relate.unread import ReadStatement
from trialcriteria.tag.abilities import UNLIKELY

_TAIL = 40  # code points before an open class that its connector takes at most
_CONNECTOR = re.compile(r"(?:[,\s]+(?:and|or|and/or|have|has|with|had))+\Z|,\Z")


def read_judgement(scope: Scope, region: Region, join: Join, read: ReadStatement) -> Reading | None:
    """Words that hang on somebody's judgement are left out beside what is checkable.

    "Any other condition that the investigator considers a risk" cannot be checked: an open class
    is kept as words. So is everything where nothing checkable is left.
    """
    cues = scope.cues_in(region, "judgement")
    if not cues:
        return None
    judged = Unread(region.start, region.end, "investigator_judgement")
    opened = open_class(scope, region)
    if opened is not None:
        return _with_open_class(scope, region, opened, join, read)
    start, end = clause_around(scope, region, cues[0])
    rest = [scope.trimmed(Region(region.start, start)), scope.trimmed(Region(end, region.end))]
    readings = [read(scope, part, join) for part in rest if part.start < part.end]
    trees = [r.tree for r in readings if r.tree is not None and leaves(r.tree)]
    if all(_is_judged(unit) for tree in trees for unit in leaves(tree)):
        trees = []
    units = tuple(u for r in readings for u in r.units)
    return Reading(join_trees(trees, "all") or judged, units, ())


def _is_judged(unit: Unit) -> bool:
    """ "Unlikely to comply", "unfit for this study": nothing that can be checked."""
    at_no_time = unit.concept.label == "study" and not unit.windows
    return at_no_time or unit.concept.source == UNLIKELY


def _with_open_class(
    scope: Scope, region: Region, opened: Region, join: Join, read: ReadStatement
) -> Reading:
    """What stands before the open class, and the class itself as one more of the list."""
    judged = Unread(opened.start, region.end, "investigator_judgement")
    before = scope.trimmed(Region(region.start, opened.start))
    tail = max(before.start, before.end - _TAIL)
    connector = _CONNECTOR.search(scope.lowered, tail, before.end)
    listed = scope.trimmed(Region(before.start, connector.start())) if connector else before
    reading = read(scope, listed, join) if listed.start < listed.end else None
    if reading is None or not leaves(reading.tree):
        return Reading(Unread(region.start, region.end, judged.reason), (), ())
    if connector is not None and "or" in connector.group().split():
        join = "any"
    elif all(is_population(scope, unit.concept) for unit in reading.units):
        join = "all"  # "women with any other condition that ..."
    listed_trees = [t for t in (reading.tree, judged) if t is not None]
    together = join_trees(listed_trees, join)
    return reading._replace(tree=together)
