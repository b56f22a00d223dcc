"""Facts that a learned tagger rules out: names among others, taken by the lexicons alone.

The rules need every name that a text has, to tell what it is said of ("allergy to docetaxel",
"since transplantation"). Only in the end is a name left out that is no concept of the criterion,
with its negation and windows, where others stand beside it. What stays:

- what has a number: numbers are the grammars';
- what the text says that somebody has or needs ("have a caregiver");
- an alternative to others of which none is doubted ("A, stroke or B"), unless the tagger is surer
  still: without it the criterion would be about other people.
"""

import re

from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Conditional, Excepted, Group, Join, Leaf, Tree, Unit, Unread

_SURE = 0.98
_AHEAD = 40  # code points in which what leads to a name stands
_HAD = re.compile(
    r"(?:\b(?:have|has|having|had|requir(?:e|es|ed|ing)|needs?|needed|needing)"
    r"|\b(?:patients|subjects|participants|individuals|persons|volunteers|people|adults|children"
    r"|(?:wo)?m[ae]n|(?:fe)?males?|years|old|of age|older|over|aged?) with)"
    r"\s(?:an? |the |any |prior |other )?\Z"
)


def without_doubted(scope: Scope, tree: Tree | None) -> Tree | None:
    """The tree without doubted names in its groups; what remains of a group is never nothing."""
    match tree:
        case Group(join, of, at_least) if at_least is None:
            doubted = _doubted(scope, join, of)
            kept = [each for each in of if each not in doubted] or of
            left = tuple(each for one in kept if (each := without_doubted(scope, one)) is not None)
            return left[0] if len(left) == 1 else Group(join, left)
        case Excepted(of, unless):
            return Excepted(without_doubted(scope, of) or of, unless)
        case Conditional(when, then, otherwise):
            return Conditional(
                when, without_doubted(scope, then) or then, without_doubted(scope, otherwise)
            )
        case _:
            return tree


def _doubted(scope: Scope, join: Join, of: tuple[Tree, ...]) -> list[Leaf]:
    """The facts of a group that are left out where others stand beside them."""
    found = [each for each in of if isinstance(each, Leaf) and _is_doubted(scope, each.unit)]
    if join == "any" and len(found) == 1 and not any(isinstance(each, Unread) for each in of):
        return [one for one in found if one.unit.concept.doubt >= _SURE]
    return found


def _is_doubted(scope: Scope, unit: Unit) -> bool:
    return bool(unit.concept.doubt) and not (_is_numbered(unit) or _is_had(scope, unit))


def _is_numbered(unit: Unit) -> bool:
    return any((unit.value, unit.dose, unit.duration, unit.count))


def _is_had(scope: Scope, unit: Unit) -> bool:
    return _HAD.search(scope.lowered, max(0, unit.start - _AHEAD), unit.start) is not None
