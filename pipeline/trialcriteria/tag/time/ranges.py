"""Amounts bounded on both sides: "at least 3 but no more than 12 months"."""

from trialcriteria.tag.time.amounts import Amounts, read_amounts
from trialcriteria.tag.time.lexicon import CueRow
from trialcriteria.tag.time.model import Amount, Quantity
from trialcriteria.tag.time.tokens import Tokens


def two_sided(ts: Tokens, amounts: Amounts, cue: CueRow | None) -> tuple[Amounts, CueRow | None]:
    """ "at least 3 months but no more than 12 months": a range with both ends bounded."""
    first = amounts.items[0]
    if len(amounts.items) > 1 or first.high or cue is None:
        return amounts, cue
    other = _other_bound(ts, amounts.next, cue)
    if other is None:
        return amounts, cue
    return _between(cue, first.low, other.items[0].low, first.start, other), None


def _other_bound(ts: Tokens, i: int, cue: CueRow) -> Amounts | None:
    """The amount behind "but no more than" at word i."""
    j = i + (ts.words[i] == ",")
    upper = ts.cue(j + 1, "comparator") if ts.words[j] in ("and", "but") else None
    if upper is None or {cue.bound, upper[0].bound} != {"low", "high"}:
        return None
    other = read_amounts(ts, upper[1])
    return other if other and len(other.items) == 1 and not other.items[0].high else None


def _between(cue: CueRow, first: Quantity, second: Quantity, start: int, other: Amounts) -> Amounts:
    low, high = (first, second) if cue.bound == "low" else (second, first)
    return Amounts((Amount(low, high, start, other.items[0].end),), None, None, other.next)


def shared_unit(ts: Tokens, i: int, cue: CueRow | None) -> Amounts | None:
    """ "at least 3 but no more than 12 months": the unit stands behind the second number only."""
    number = ts.number(i)
    other = _other_bound(ts, i + 1, cue) if cue and number else None
    if cue is None or number is None or other is None:
        return None
    low = Quantity(number, other.items[0].low.unit)
    return _between(cue, low, other.items[0].low, ts.start(i), other)
