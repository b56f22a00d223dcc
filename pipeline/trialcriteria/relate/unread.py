"""What no rule reads stays as words."""

from collections.abc import Callable

from trialcriteria.relate.flat import Reading
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Join, Unread

ReadStatement = Callable[[Scope, Region, Join], Reading]

_MIN_CONTENT = 3


def or_unread(scope: Scope, reading: Reading, region: Region) -> Reading:
    """The reading, or the words of the region where nothing in them was read."""
    if reading.tree is not None:
        return reading
    return reading._replace(tree=_unread(scope, region))


def _unread(scope: Scope, region: Region) -> Unread | None:
    trimmed = scope.trimmed(region)
    if sum(c.isalnum() for c in scope.view[trimmed.start : trimmed.end]) < _MIN_CONTENT:
        return None
    return Unread(trimmed.start, trimmed.end, "no_concept")
