"""The thresholds of one measurement over all trials, counted in bins of a round width."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from trialcriteria.errors import QueryError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Side = Literal["floor", "ceiling"]

_BINS = 20  # about; both sides share them
_TAIL = 0.01  # of the bounds at either end may lie beyond the bins, and are counted in the last
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
# Of what most thresholds of that name or code measure, each bound of a trial once.
_BOUNDS = """
    with named as (
        select *, coalesce(loinc, lower(measurement)) as which
        from thresholds
        where side is not null and lower($name) in (lower(measurement), lower(subject), loinc)
    ),
    meant as (from named where which = (select mode(which) from named)),
    usual as (select mode(unit) from meant where value is not null)
    select distinct measurement, loinc, unit, trial_id, side, value
    from meant
    where value is not null and unit is not distinct from (from usual)
    order by all
"""


class Bin(NamedTuple):
    """How many trials have a floor, and a ceiling, in ``[low, high)``."""

    low: float
    high: float
    floors: int
    ceilings: int


class Histogram(NamedTuple):
    """Bins of one width without a gap; the first and the last hold also what lies beyond them.

    ``unit`` is the UCUM code that most bounds have, null where they have none; bounds in other
    units are left out. ``trials`` have a bound that is counted.
    """

    measurement: str
    loinc: str | None
    unit: str | None
    trials: int
    bins: tuple[Bin, ...]


class _Bound(NamedTuple):
    trial: str
    side: Side
    value: float


def histogram(connection: "DuckDBPyConnection", name: str) -> Histogram:
    """The bounds of a measurement, named as trials or LOINC do, or by its LOINC code.

    Raises QueryError where no trial bounds it.
    """
    rows = connection.execute(_BOUNDS, {"name": name}).fetchall()
    if not rows:
        raise QueryError(f"no trial has a threshold of {name!r}; see the view thresholds")
    measurement, loinc, unit = rows[0][:3]
    bounds = [_Bound(*row[3:]) for row in rows]
    trials = len({bound.trial for bound in bounds})
    return Histogram(measurement, loinc, unit, trials, _bins(bounds))


def heading(found: Histogram) -> str:
    """What the picture shows: the measurement, its LOINC code, the number of trials."""
    code = f" (LOINC {found.loinc})" if found.loinc else ""
    return f"Thresholds of {found.measurement}{code} in {found.trials:,} trials"


def _bins(bounds: Sequence[_Bound]) -> tuple[Bin, ...]:
    values = sorted(bound.value for bound in bounds)
    tail = int(len(values) * _TAIL)
    low, high = values[tail], values[-1 - tail]
    width = _width(high - low)
    first, last = _place(low, width), _place(high, width)
    held: dict[tuple[int, Side], set[str]] = {}
    for bound in bounds:
        place = min(max(_place(bound.value, width), first), last)
        held.setdefault((place, bound.side), set()).add(bound.trial)
    return tuple(
        Bin(_edge(place, width), _edge(place + 1, width), *_counts(held, place))
        for place in range(first, last + 1)
    )


def _place(value: float, width: float) -> int:
    """The number of the bin from zero: 0.3 opens bin 3 of width 0.1, though 0.3 / 0.1 < 3."""
    return math.floor(round(value / width, 9))


def _edge(place: int, width: float) -> float:
    return float(f"{place * width:.12g}")


def _counts(held: dict[tuple[int, Side], set[str]], place: int) -> Iterable[int]:
    return (len(held.get((place, side), ())) for side in ("floor", "ceiling"))


def _width(extent: float) -> float:
    """A round width that gives about 20 bins; 1 where all bounds are equal."""
    if extent <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(extent / _BINS))
    return next(step * power for step in _STEPS if step * power * _BINS >= extent)
