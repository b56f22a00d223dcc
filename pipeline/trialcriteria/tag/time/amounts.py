"""Reads amounts of time: "2 weeks", "two (2) weeks", "6-12 months", "30 days or 5 half-lives"."""

from decimal import Decimal
from typing import Literal, NamedTuple

from trialcriteria.tag.time.lexicon import CueRow, UnitRow
from trialcriteria.tag.time.model import Amount, Quantity
from trialcriteria.tag.time.tokens import PADDING, Tokens

_MOST_ALTERNATIVES = 4
_MOST_BRACKETED = 10
_PLUS_MINUS = ("±", "+/-")
_SUMS = ("plus", "+")
Choice = Literal["longer", "shorter"]


class Amounts(NamedTuple):
    """One amount or several alternatives, what chooses between them, the comparator behind."""

    items: tuple[Amount, ...]
    choose: Choice | None
    comparator: CueRow | None
    next: int


class _Number(NamedTuple):
    value: str
    comparator: CueRow | None
    next: int


class _Read(NamedTuple):
    amount: Amount
    comparator: CueRow | None
    next: int


def _skip_brackets(ts: Tokens, i: int) -> int:
    """Index after "(2)", a number repeated in brackets."""
    repeats = ts.words[i] == "(" and ts.number(i + 1) and ts.words[i + 2] == ")"
    return i + 3 if repeats else i


def _read_number(ts: Tokens, i: int) -> _Number | None:
    """A printed number; "and a half", "(2)", "or more" and "+" behind it belong to it."""
    value = ts.number(i)
    if value is None:
        return None
    j = _skip_brackets(ts, i + 1)
    value, j = _half_more(ts, value, j)
    cue = ts.cue(j, "comparator_after")
    return _Number(value, cue[0], cue[1]) if cue else _Number(value, None, j)


def _read_unit(ts: Tokens, i: int) -> tuple[str, int] | None:
    """Row id of the unit at i and the index behind it, words like "consecutive" skipped.

    "5 times the half-life" is a length of time, "3 times a week" is none.
    """
    j, multiple = i, ts.has(i, "times")
    for _ in range(3):
        if ts.has(j, "unit"):
            break
        step = j + 1 if ts.words[j] in ("-", "x") else ts.skip(j, "amount_word", "times")
        j = ts.skip(step, "filler") if ts.has(j, "times") else step
    unit = ts.unit(j) or _short_unit(ts, i) or _half_lives(ts, i)
    if unit is None or (multiple and not unit[0].count):
        return None
    return unit[0].id, unit[1]


def _half_lives(ts: Tokens, i: int) -> tuple[UnitRow, int] | None:
    """Half-lives behind any one or two adjectives ("physical", "mean plasma")."""
    for j in (i + 1, i + 2):
        if not ts.words[j - 1].isalpha():
            return None
        unit = ts.unit(j)
        if unit:
            return unit if unit[0].count else None
    return None


def _short_unit(ts: Tokens, i: int) -> tuple[UnitRow, int] | None:
    return ts.unit(i, "short_unit") if i and ts.words[i - 1][-1:].isdigit() else None


def _second_number(ts: Tokens, i: int, between: bool) -> _Number | None:
    """The upper end in "2-4", "6 to 12", "one or two", and "6 and 12" after "between"."""
    joins = ("-", "to", "or", "and") if between else ("-", "to", "or")
    return _read_number(ts, i + 1) if ts.words[i] in joins else None


def _implied_one(ts: Tokens, i: int, implied: bool) -> _Read | None:
    """ "a week", "one" left out: "the past year", "the week before"."""
    article = ts.words[i] in ("a", "an")
    if not (article or implied):
        return None
    j = ts.skip(i + 1 if article else i, "amount_word")
    unit = ts.unit(j)
    if unit is None or ts.words[unit[1] - 1].endswith("s"):
        return None
    amount = Amount(Quantity("1", unit[0].id), None, ts.start(i), ts.end(unit[1]))
    return _Read(amount, None, unit[1])


def _tolerance(ts: Tokens, i: int, quantity: Quantity) -> tuple[Quantity, Quantity, int] | None:
    """ "(+/- 3)" or "± 3 days" behind an amount, as the range that it makes."""
    j = i + 1 if ts.words[i] == "(" else i
    spread = ts.number(j + 1) if ts.words[j] in _PLUS_MINUS else None
    if spread is None:
        return None
    unit = ts.unit(j + 2)
    if unit and unit[0].id != quantity.unit:
        return None
    end = unit[1] if unit else j + 2
    end += 1 if j > i and ts.words[end] == ")" else 0
    return *_ends(quantity.number, spread, quantity.unit), end


def _spread(ts: Tokens, i: int, middle: _Number) -> _Read | None:
    """ "4 ± 1 weeks", the range that it makes."""
    spread = ts.number(middle.next + 1)
    unit = _read_unit(ts, middle.next + 2)
    if spread is None or unit is None:
        return None
    low, high = _ends(middle.value, spread, unit[0])
    return _Read(Amount(low, high, ts.start(i), ts.end(unit[1])), None, unit[1])


def _ends(middle: str, spread: str, unit: str) -> tuple[Quantity, Quantity]:
    low, high = Decimal(middle) - Decimal(spread), Decimal(middle) + Decimal(spread)
    return Quantity(format(low, "f"), unit), Quantity(format(high, "f"), unit)


def _read_one(ts: Tokens, i: int, between: bool, implied: bool) -> _Read | None:
    """Number or range of numbers, and unit."""
    first = _read_number(ts, i)
    if first is None:
        return _implied_one(ts, i, implied)
    if ts.words[first.next] in _PLUS_MINUS:
        return _spread(ts, i, first)
    second = _second_number(ts, first.next, between)
    unit = _read_unit(ts, second.next if second else first.next)
    if unit is None:
        return None
    value, end = _half_more(ts, first.value, unit[1])
    high = Quantity(second.value, unit[0]) if second else None
    amount = Amount(Quantity(value, unit[0]), high, ts.start(i), ts.end(end))
    return _Read(amount, (second or first).comparator, end)


def _half_more(ts: Tokens, value: str, i: int) -> tuple[str, int]:
    """The number with "and a half" at word i, and the index behind: "3 months and a half"."""
    if ts.words[i : i + 3] != ["and", "a", "half"]:
        return value, i
    return str(Decimal(value) + Decimal("0.5")), i + 3


def read_amount(ts: Tokens, i: int, between: bool = False, implied: bool = False) -> _Read | None:
    """One amount at word i, with what may stand behind the unit: "or more", "(± 3)", "to 2 months".

    ``between``: "and" joins the ends of a range. ``implied``: the number may be missing ("the
    past year").
    """
    read = _read_one(ts, i, between, implied)
    if read is None:
        return None
    amount, j = read.amount, _skip_mark(ts, read.next)
    after = _after(ts, j)
    if amount.high or read.comparator:
        return read
    if after:
        return _Read(amount._replace(end=ts.end(after[1])), *after)
    return _widened(ts, j, amount, between) or _Read(amount._replace(end=ts.end(j)), None, j)


def _skip_mark(ts: Tokens, i: int) -> int:
    """Index behind the mark of "8 weeks' duration" and "6 mo. of"."""
    abbreviated = ts.words[i] == "." and ts.has(i + 1, "direction")
    return i + (ts.words[i] == "'" or abbreviated)


def _widened(ts: Tokens, i: int, amount: Amount, between: bool) -> _Read | None:
    """The range that "± 3 days" or "to 2 months" at word i makes of an amount."""
    spread = _tolerance(ts, i, amount.low)
    if spread:
        low, high, end = spread
        return _Read(Amount(low, high, amount.start, ts.end(end)), None, end)
    joined = ts.words[i] in ("to", "-") or (between and ts.words[i] == "and")
    other = _read_one(ts, i + 1, False, False) if joined else None
    if other is None or other.amount.high:
        return None
    widened = amount._replace(high=other.amount.low, end=other.amount.end)
    return _Read(widened, other.comparator, other.next)


def read_choice(ts: Tokens, i: int) -> tuple[Choice, int] | None:
    """ "whichever is longer", with the comma or bracket before it and the bracket behind."""
    j = i + 1 if ts.words[i] in (",", "(", "[", ";") else i
    cue = ts.cue(j, "whichever")
    if cue is None or cue[0].choose is None:
        return None
    end = cue[1] + (ts.words[cue[1]] in (")", "]"))
    goes_on = ts.words[end] == "," and ts.has(end + 1, "direction")
    return cue[0].choose, end + goes_on


def skip_possessor(ts: Tokens, i: int) -> int:
    """Index behind "of the study drug" after half-lives; i where "of" names a date."""
    if ts.words[i] != "of":
        return i
    j = i + 1
    while (
        j < i + 8 and not ts.has(j, "stop") and ts.words[j].isalpha() and ts.words[j] not in _SUMS
    ):
        found = ts.anchor(j)
        if found and not found[0].drug:
            return i
        if ts.has(j, "direction") and ts.words[j] != "of":
            break
        j = found[1] if found else j + 1
    return j


def _behind_half_lives(ts: Tokens, read: _Read) -> int:
    return skip_possessor(ts, read.next) if read.amount.low.unit == "half_life" else read.next


def _skip_aside(ts: Tokens, i: int) -> int:
    """Index behind "(9 months for antibodies)" where "or" follows it; else i."""
    if ts.words[i] != "(" or ts.words[i + 1] == "or":
        return i
    for j in range(i + 1, min(i + _MOST_BRACKETED, len(ts.words) - PADDING)):
        if ts.words[j] == ")":
            return j + 1 if ts.words[j + 1] == "or" else i
    return i


def _alternative(ts: Tokens, i: int) -> tuple[_Read, int] | None:
    """ "or 5 half-lives", "(or 5 half-lives", "/5 half-lives", "or within 5 half-lives"."""
    i = _skip_aside(ts, i)
    opened = ts.words[i] in ("(", ",")
    j = i + 1 if opened else i
    if ts.words[j] not in ("or", "/"):
        return None
    j = ts.skip(j + 1, "filler")
    j = skip_sign(ts, ts.skip(j, "comparator", "inside"))
    read = read_amount(ts, ts.skip(j, "filler"))
    return (read, i) if read else None


def read_amounts(
    ts: Tokens, i: int, between: bool = False, implied: bool = False
) -> Amounts | None:
    """An amount at word i with its alternatives and what chooses between them."""
    lead = ts.cue(i, "whichever")
    i = lead[1] if lead else i
    read = read_amount(ts, i, between, implied)
    if read is None:
        return None
    items, j = [read.amount], _behind_half_lives(ts, read)
    while len(items) < _MOST_ALTERNATIVES and (more := _alternative(ts, j)):
        opened = ts.words[j] == "("
        items.append(more[0].amount)
        j = _behind_half_lives(ts, more[0])
        choice = read_choice(ts, j) if opened else None
        j = _close(ts, j) if opened and not choice else j
    j = _skip_sum(ts, j)
    choice = read_choice(ts, j) if len(items) > 1 else None
    choose = choice[0] if choice else lead[0].choose if lead else None
    return Amounts(tuple(items), choose, read.comparator, choice[1] if choice else j)


def skip_sign(ts: Tokens, i: int) -> int:
    """Index behind "(≥)", a comparator repeated in brackets."""
    cue = ts.cue(i + 1, "comparator") if ts.words[i] == "(" else None
    return cue[1] + 1 if cue and ts.words[cue[1]] == ")" else i


def _skip_sum(ts: Tokens, i: int) -> int:
    """Index behind "plus 90 days", which no interval can hold: it is left to the words."""
    read = read_amount(ts, i + 1) if ts.words[i] in _SUMS else None
    return read.next if read else i


def _after(ts: Tokens, i: int) -> tuple[CueRow, int] | None:
    """ "or more", "+" behind an amount; not the "plus" of a sum nor "or more than 5"."""
    is_sum = ts.words[i] in _SUMS and ts.number(i + 1)
    cue = None if is_sum else ts.cue(i, "comparator_after")
    return None if cue and ts.words[cue[1]] == "than" else cue


def _close(ts: Tokens, i: int) -> int:
    return i + 1 if ts.words[i] == ")" else i
