"""Warnings about values that cannot be what was meant: a slip of a unit or of a decimal point.

"Creatinine > 1.5 g/dL" is a thousandfold of what anybody has, and "9 g/dL (100 g/L)" contradicts
itself. The value stays as printed.
"""

from collections.abc import Iterable, Iterator

from trialcriteria.normalize.values import normalize_value
from trialcriteria.schema import (
    Canonical,
    Criterion,
    Except,
    Fact,
    If,
    Node,
    Not,
    Unsupported,
    Value,
    Warning,
)
from trialcriteria.tag.concepts import Measurement, measurements
from trialcriteria.tag.values import find_values
from trialcriteria.view import reading_view

_PREFIX = "measurement:"
_ROUNDING = 0.1  # printed conversions are rounded: 1.5 mg/dL is 132.6, printed 130 or 133 umol/L


def value_warnings(criteria: Iterable[Criterion]) -> tuple[Warning, ...]:
    """Warnings about the values of all facts, in the order of the text."""
    return tuple(
        Warning(code=code, message=message, span=value.span, criterion=criterion.id)
        for criterion in criteria
        if criterion.requirement
        for fact in facts_in(criterion.requirement)
        if (value := fact.value) and value.canonical
        for code, message in _doubts(value, value.canonical, fact.source)
    )


def facts_in(node: Node) -> Iterator[Fact]:
    """Every fact of a node, those of conditions and exceptions too."""
    return (leaf for leaf in leaves_in(node) if isinstance(leaf, Fact))


def leaves_in(node: Node) -> Iterator[Fact | Unsupported]:
    """Every fact of a node, and all words that could not be structured."""
    if isinstance(node, (Fact, Unsupported)):
        yield node
    else:
        for part in _parts(node):
            yield from leaves_in(part)


def _parts(node: Node) -> Iterator[Node]:
    if isinstance(node, If):
        yield from (part for part in (node.when, node.then, node.otherwise) if part)
    elif isinstance(node, Except):
        yield from (node.of, node.unless)
    elif isinstance(node, Not):
        yield node.of
    elif not isinstance(node, (Fact, Unsupported)):
        yield from node.of


def _doubts(value: Value, canonical: Canonical, source: str) -> Iterator[tuple[str, str]]:
    row = measurements().get(source.removeprefix(_PREFIX))
    if row is None:
        return
    if row.plausible and not all(_lies(n, *row.plausible) for n in _numbers(canonical)):
        low, high = row.plausible
        told = f"{row.name} {value.text!r} lies outside {low:g} to {high:g} {canonical.ucum}"
        yield "implausible_value", told
    if "(" in value.text and _contradicts(value, canonical, row):
        yield "second_unit_disagrees", f"{value.text!r} are two different values of {row.name}"


def _lies(number: float, low: float, high: float) -> bool:
    """Whether a threshold is within the range; zero is the end of many scales."""
    return number == 0 or low <= number <= high


def _numbers(canonical: Canonical) -> list[float]:
    return [float(bound.value) for bound in (canonical.low, canonical.high) if bound]


def _contradicts(value: Value, canonical: Canonical, row: Measurement) -> bool:
    """Whether the second reading in parentheses is another value."""
    view = reading_view(value.text)
    seconds = [mention.alternate for mention in find_values(view) if mention.alternate]
    if not seconds:
        return False
    second = normalize_value(seconds[0], value.text, row).canonical
    if second is None:
        return False
    pairs = zip(_numbers(canonical), _numbers(second), strict=False)
    return any(abs(one - two) > _ROUNDING * max(abs(one), abs(two)) for one, two in pairs)
