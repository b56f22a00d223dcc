"""What the value grammar hands on."""

from typing import Literal, NamedTuple

ValueKind = Literal["quantity", "ratio_to_normal", "result", "ordinal", "age", "dose"]
QUANTITIES: frozenset[ValueKind] = frozenset({"quantity", "ratio_to_normal"})
"""Measured amounts, which limit a subject."""
Relative = Literal["ULN", "LLN", "baseline", "predicted", "normal"]


class BoundParts(NamedTuple):
    """One end of an interval: a decimal string (``parse_number``), and whether it counts in."""

    number: str
    inclusive: bool


class ValueMention(NamedTuple):
    """A value at ``[start, end)`` of the view: from its comparator to its unit or reference.

    A name such as "ECOG", "aged" or "HbA1c" in front is not part of the mention; the plain scale
    words "grade", "class", "stage" and "type" are. ``alternate`` is a second reading of the same
    value in another unit, in parentheses inside the mention: ">= 9 g/dL (90 g/L)".
    """

    kind: ValueKind
    start: int
    end: int
    low: BoundParts | None = None
    high: BoundParts | None = None
    values: tuple[str, ...] | None = None
    unit_text: str | None = None
    relative_to: Relative | None = None
    scale: str | None = None
    source: str = "values"
    alternate: "ValueMention | None" = None
