"""What a text merely allows: an exception to what stands before it, else no requirement."""

import re

from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import Conditional, Excepted, Join, Tree, join_trees, leaves

_NOT_EXCLUDED = (
    r"\b(?:not|no)\s(?:be\s|an?\s|been\s|considered\s){0,2}"
    r"(?:excluded|exclusion(?:ary)?(?:\scriteri(?:on|a))?|reason for exclusion)\b"
)
_ALLOWS = re.compile(
    r"\b(?:is|are|be)\s(?:also\s|still\s)?(?:allowed|allowable|permitted|permissible|acceptable)\b"
    r"(?!\sto\s(?:enrol|enter|participate|be\senrol))"
    rf"|\b(?:allowed|allowable|permitted|acceptable)\W*$|{_NOT_EXCLUDED}"
)
# Words by which a permission limits what is allowed, or holds only under a condition.
_LIMITS = re.compile(
    r"\b(?:only|no|not|never|none|neither|without|must|should|shall|needs?|requires?|required"
    r"|maximum|max|up to|at least|at most|minimum|unless|except\w*|if|when|whenever|where|provided"
    r"|providing|as long as|so long as|following|one|two|three|[0-9]+|alone|however|but)\b|[<>≤≥=:]"
)
_REACH = 400  # code points of a permission, at most


def is_mere_permission(scope: Scope, region: Region) -> bool:
    """Whether a stretch says that something is allowed, without any limit or condition."""
    if region.end - region.start > _REACH:
        return False
    words = scope.lowered[region.start : region.end]
    found = _ALLOWS.search(words)
    if found is None or not scope.at_surface(region.start + found.start(), region):
        return False
    rest = words[: found.start()] + re.sub(_NOT_EXCLUDED, "", found.group()) + words[found.end() :]
    return _LIMITS.search(rest) is None


def may_be_excepted(tree: Tree, join: Join) -> bool:
    """Whether an exception to a tree says anything: it forbids, or sets a limit."""
    return join == "any" or any(unit.negation or unit.value for unit in leaves(tree))


def excepted(of: Tree, unless: Tree) -> Excepted:
    """A rule and its exception; "B allowed if C" excepts who has both."""
    if isinstance(unless, Conditional) and unless.otherwise is None:
        unless = join_trees([unless.then, unless.when], "all") or unless
    return Excepted(of, unless)
