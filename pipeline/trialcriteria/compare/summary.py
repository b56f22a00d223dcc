"""How many trials and criteria had which outcome."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from trialcriteria.compare.changes import OUTCOMES, Outcome, TrialChanges


class Summary:
    """Counts of trials and of criteria by outcome."""

    def __init__(self, same_trials: int = 0, same_criteria: int = 0) -> None:
        """Starts from what was found equal without a closer look."""
        self._trials: Counter[Outcome] = Counter({"same": same_trials})
        self._criteria: Counter[Outcome] = Counter({"same": same_criteria})

    def counting(self, trials: Iterable[TrialChanges]) -> Iterator[TrialChanges]:
        """The trials that differ, as they come; all are counted."""
        for trial in trials:
            self._trials[trial.outcome] += 1
            for outcome in OUTCOMES:
                self._criteria[outcome] += trial.count(outcome)
            if trial.outcome != "same":
                yield trial

    @property
    def trials(self) -> Mapping[Outcome, int]:
        """Trials by outcome, every outcome named."""
        return {outcome: self._trials[outcome] for outcome in OUTCOMES}

    @property
    def criteria(self) -> Mapping[Outcome, int]:
        """Criteria by outcome, every outcome named; those of added trials are added ones."""
        return {outcome: self._criteria[outcome] for outcome in OUTCOMES}

    @property
    def differ(self) -> bool:
        """Whether anything does."""
        return self._trials.total() > self._trials["same"]
