"""What became of each criterion of a posting from one version to the other."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from trialcriteria.compare.align import Places, align, own_words
from trialcriteria.compare.details import Detail, details
from trialcriteria.export.notation import combine_line
from trialcriteria.schema import Criterion

Outcome = Literal["same", "reworded", "changed", "added", "removed"]
OUTCOMES: tuple[Outcome, ...] = ("same", "reworded", "changed", "added", "removed")


class Change(NamedTuple):
    """A criterion that differs: ``before`` is None where it was added, ``after`` where removed.

    ``reworded`` are other words that are read the same; a ``changed`` one says where, in
    ``details``.
    """

    outcome: Outcome
    before: Criterion | None
    after: Criterion | None
    details: tuple[Detail, ...] = ()


class TrialChanges(NamedTuple):
    """What differs in one trial, in the order of the later version; removed ones in their place.

    A trial that is on one side only is ``added`` or ``removed`` as a whole.
    """

    trial: str
    outcome: Outcome
    changes: tuple[Change, ...]
    same: int

    @property
    def told(self) -> tuple[Change, ...]:
        """What people are told one by one: of a trial on one side only, nothing."""
        return () if self.outcome in ("added", "removed") else self.changes

    def count(self, outcome: Outcome) -> int:
        """How many criteria have that outcome."""
        found = sum(change.outcome == outcome for change in self.changes)
        return self.same if outcome == "same" else found


def compared(
    trial: str, before: Sequence[Criterion] | None, after: Sequence[Criterion] | None
) -> TrialChanges:
    """Two versions of a trial's criteria; None where a side does not have the trial."""
    first, second = before or (), after or ()
    found = align(first, second)
    every = list(_changes(first, second, found))
    changes = tuple(change for change in every if change.outcome != "same")
    same = len(every) - len(changes)
    if before is None or after is None:
        return TrialChanges(trial, "added" if before is None else "removed", changes, same)
    outcomes = {change.outcome for change in changes}
    whole: Outcome = "same" if not outcomes else "changed"
    return TrialChanges(trial, "reworded" if outcomes == {"reworded"} else whole, changes, same)


def _changes(
    before: Sequence[Criterion], after: Sequence[Criterion], found: Places
) -> Iterator[Change]:
    """Walks both versions side by side."""
    partner = {second: first for first, second in found.items()}
    gone = [place for place in range(len(before)) if place not in found]
    for second, criterion in enumerate(after):
        first = partner.get(second)
        if first is None:
            yield Change("added", None, criterion)
            continue
        while gone and gone[0] < first:
            yield Change("removed", before[gone.pop(0)], None)
        yield _change(before[first], criterion)
    yield from (Change("removed", before[place], None) for place in gone)


def _change(before: Criterion, after: Criterion) -> Change:
    found = (*_own_details(before, after), *details(before.requirement, after.requirement))
    if found:
        return Change("changed", before, after, found)
    same = own_words(before) == own_words(after)
    return Change("same" if same else "reworded", before, after)


def _own_details(before: Criterion, after: Criterion) -> Iterator[Detail]:
    """Of the criterion itself: its section, and how those below it join."""
    joins = combine_line(before.combine), combine_line(after.combine)
    for part, first, second in (("section", before.kind, after.kind), ("combine", *joins)):
        if first != second:
            yield Detail("", part, first, second)
