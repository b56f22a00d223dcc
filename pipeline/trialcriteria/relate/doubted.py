"""Facts that a learned tagger rules out: names among others, taken by the lexicons alone.

The rules need every name that a text has, to tell what it is said of ("allergy to docetaxel",
"since transplantation"). Only in the end is a name left out that is no concept of the criterion,
with its negation and windows, where others stand beside it. What has a number stays: numbers are
the grammars'.
"""

from trialcriteria.relate.tree import Conditional, Excepted, Group, Leaf, Tree, Unit


def without_doubted(tree: Tree | None) -> Tree | None:
    """The tree without doubted names in its groups; what remains of a group is never nothing."""
    match tree:
        case Group(join, of, at_least) if at_least is None:
            kept = tuple(each for each in of if not _is_doubted(each)) or of
            left = tuple(each for one in kept if (each := without_doubted(one)) is not None)
            return left[0] if len(left) == 1 else Group(join, left)
        case Excepted(of, unless):
            return Excepted(without_doubted(of) or of, unless)
        case Conditional(when, then, otherwise):
            return Conditional(when, without_doubted(then) or then, without_doubted(otherwise))
        case _:
            return tree


def _is_doubted(tree: Tree) -> bool:
    return isinstance(tree, Leaf) and tree.unit.concept.doubted and not _is_numbered(tree.unit)


def _is_numbered(unit: Unit) -> bool:
    return any((unit.value, unit.dose, unit.duration, unit.count))
