"""The report as one JSON object: docs/diff.md has its fields."""

import json

from trialcriteria.compare.changes import Change, TrialChanges
from trialcriteria.compare.summary import Summary
from trialcriteria.schema import Criterion


class JsonReport:
    """``{"before", "after", "trials", "criteria", "changed": [...]}``, a trial a line."""

    def __init__(self, before: str, after: str) -> None:
        self._names = {"before": before, "after": after}
        self._started = False

    def head(self, summary: Summary) -> str:
        """The names and the counts."""
        counts = {"trials": dict(summary.trials), "criteria": dict(summary.criteria)}
        return _json({**self._names, **counts})[:-1] + ', "changed": ['

    def trial(self, changes: TrialChanges) -> str:
        """A trial that differs."""
        comma, self._started = "," if self._started else "", True
        return f"{comma}\n" + _json(
            {
                "trial": changes.trial,
                "outcome": changes.outcome,
                "same": changes.same,
                "criteria": [_change(change) for change in changes.changes],
            }
        )

    def tail(self) -> str:
        """The end of the object."""
        return "\n]}\n" if self._started else "]}\n"


def _change(change: Change) -> dict[str, object]:
    return {
        "outcome": change.outcome,
        "before": _criterion(change.before),
        "after": _criterion(change.after),
        "details": [detail._asdict() for detail in change.details],
    }


def _criterion(criterion: Criterion | None) -> dict[str, str] | None:
    if criterion is None:
        return None
    return {"id": criterion.id, "kind": criterion.kind, "text": criterion.text}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
