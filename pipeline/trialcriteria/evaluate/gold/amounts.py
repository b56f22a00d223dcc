"""Parse trees of values and ranges -> schema values."""

from typing import Literal, cast

from trialcriteria.evaluate.gold.syntax import ParseTree, part, token, tokens
from trialcriteria.schema import Bound, Range, Span, Unit, Value

_Relative = Literal["ULN", "LLN", "baseline", "predicted", "normal"]


def value_of(tree: ParseTree, words: str, span: Span) -> Value:
    """The value whose words stand at ``span``."""
    bounds = part(tree, "bounds")
    low, high = ends(bounds) if bounds else (None, None)
    relative = part(tree, "relative")
    return Value(
        low=low,
        high=high,
        values=_named(part(tree, "names")),
        unit=_unit(part(tree, "unit")),
        relative_to=cast(_Relative, token(relative, "RELATIVE")) if relative else None,
        text=words,
        span=span,
    )


def range_of(tree: ParseTree) -> Range:
    """A range of durations (ISO 8601) or of counts."""
    low, high = ends(tree)
    unit = part(tree, "range_unit")
    return Range(low=low, high=high, unit=_bare(str(unit.children[0])) if unit else None)


def ends(tree: ParseTree) -> tuple[Bound | None, Bound | None]:
    """The two bounds of ``>= 5``, ``= 5`` or ``[18, 60)``."""
    numbers = tokens(tree, "NUMBER", "ISO")
    operator = token(tree, "OPERATOR")
    if operator is None:
        low, high = numbers
        left, right = token(tree, "OPEN") == "[", token(tree, "CLOSE") == "]"
        return Bound(value=low, inclusive=left), Bound(value=high, inclusive=right)
    bound = Bound(value=numbers[0], inclusive="=" in operator)
    return (bound if operator[0] in "=>" else None), (bound if operator[0] in "=<" else None)


def _named(tree: ParseTree | None) -> tuple[str, ...] | None:
    if tree is None:
        return None
    braced = token(tree, "BRACED")
    if braced is None:
        return (str(token(tree, "NAME")),)
    return tuple(name.strip() for name in braced[1:-1].split(","))


def _unit(tree: ParseTree | None) -> Unit | None:
    if tree is None:
        return None
    code = token(tree, "UNIT")
    return Unit(text=code or _bare(str(token(tree, "PRINTED"))), ucum=code)


def _bare(word: str) -> str:
    return word.strip("'")
