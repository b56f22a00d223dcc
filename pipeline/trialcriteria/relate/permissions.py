"""What a text merely allows: an exception to what stands before it, else no requirement."""

import re
from dataclasses import replace

from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.tree import (
    Conditional,
    Excepted,
    Group,
    Join,
    Leaf,
    Tree,
    join_trees,
    leaves,
)

_NOT_EXCLUDED = (
    r"\b(?:not|no)\s(?:be\s|an?\s|been\s|considered\s){0,2}"
    r"(?:excluded|exclusion(?:ary)?(?:\scriteri(?:on|a))?|reason for exclusion)\b"
)
_ALLOWS = re.compile(
    r"\b(?:is|are|be)\s(?:also\s|still\s)?(?:allowed|allowable|permitted|permissible|acceptable)\b"
    r"(?!\sto\s(?:enrol|enter|participate|be\senrol))"
    rf"|\b(?:allowed|allowable|permitted|acceptable)\W*$|{_NOT_EXCLUDED}"
)
# One of these is in every such statement: quicker to look for than the whole.
_ALLOWING = ("allow", "permi", "acceptable", "exclu")
_PERMITTED = re.compile(
    r"(?<!not )(?<!not be )\b(?:allowed|allowable|permitted|permissible|acceptable|eligible"
    rf"|(?:may|can|could)\sbe\s(?:enrolled|included|considered|eligible))(?:\sonly)?\W*$"
    rf"|{_NOT_EXCLUDED}\W*$"
)
# "Eligible for surgery", which is no word of the trial.
ELSEWHERE = (
    r" (?:for|to) (?!(?:be|enter|join|take part|(?:the |this |our |any )?(?:current )?(?:study"
    r"|trial|clinical|protocol|research|participat|enrol|entry|inclusion|screening|randomi)))"
)
_PEOPLE = re.compile(
    r"\W{0,3}(?:note\W{1,3})?(?:[\w-]+ ){0,2}(?:patients|participants|subjects|individuals|those"
    r"|people|persons|women|men|children)\b"
)
_ADMITS = re.compile(
    r"[^.;]{0,300}\b(?:are|is|(?:may|can|would|will)(?: also| still)? be|remain)"
    rf"(?: still| also| considered)? eligible\b(?!{ELSEWHERE}| if\b| only\b| when\b| provided\b)"
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
    found = _ALLOWS.search(words) if any(stem in words for stem in _ALLOWING) else None
    if found is None or not scope.at_surface(region.start + found.start(), region):
        return False
    rest = words[: found.start()] + re.sub(_NOT_EXCLUDED, "", found.group()) + words[found.end() :]
    return _LIMITS.search(rest) is None


def admits(scope: Scope, region: Region) -> bool:
    """Whether a stretch among exclusions says who may take part ("... are eligible")."""
    if scope.join != "any" or any(m.value for m in scope.in_region(region)):
        return False
    people = _PEOPLE.match(scope.lowered, region.start, region.end)
    found = _ADMITS.match(scope.lowered, people.end(), region.end) if people else None
    return found is not None and scope.at_surface(found.end() - 1, region)


def is_permitted(scope: Scope, region: Region) -> bool:
    """Whether a stretch ends in saying that something is allowed ("B is allowed")."""
    found = _PERMITTED.search(scope.lowered, max(region.start, region.end - 60), region.end)
    return found is not None


def may_be_excepted(tree: Tree, join: Join) -> bool:
    """Whether an exception to a tree says anything: it forbids, or sets a limit."""
    return join == "any" or any(unit.negation or unit.value for unit in leaves(tree))


def excepted(of: Tree, unless: Tree) -> Excepted:
    """A rule and its exception; "B allowed if C" excepts who has both."""
    if isinstance(unless, Conditional) and unless.otherwise is None:
        unless = _both(unless.when, unless.then)
    return Excepted(of, unless)


def _both(allowed: Tree, needed: Tree) -> Tree:
    """ "Treated metastases are allowed if stable": one fact, where the condition is on the same."""
    parts = needed.of if isinstance(needed, Group) and needed.join == "all" else (needed,)
    if isinstance(allowed, Leaf):
        for part in parts:
            if isinstance(part, Leaf) and part.unit.concept is allowed.unit.concept:
                own, rest = part.unit, [other for other in parts if other is not part]
                qualifiers = [*allowed.unit.qualifiers, *own.qualifiers]
                windows = own.windows or allowed.unit.windows
                one = Leaf(replace(own, qualifiers=qualifiers, windows=windows))
                return join_trees([one, *rest], "all") or needed
    return join_trees([allowed, needed], "all") or needed
