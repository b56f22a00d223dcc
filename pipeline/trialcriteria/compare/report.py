"""A report: the counts first, then each trial that differs, however many there are."""

from collections.abc import Iterable
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Protocol, TextIO

from trialcriteria.compare.changes import TrialChanges
from trialcriteria.compare.summary import Summary


class Report(Protocol):
    """One way to write it."""

    def head(self, summary: Summary) -> str:
        """What stands first; everything has been counted."""

    def trial(self, changes: TrialChanges) -> str:
        """A trial that differs."""

    def tail(self) -> str:
        """What stands last."""


def write_report(
    report: Report, trials: Iterable[TrialChanges], summary: Summary, out: TextIO
) -> None:
    """Write the report, counting the trials in ``summary``.

    What comes behind the counts waits in a temporary file, so that memory does not grow.
    """
    with TemporaryFile("w+", encoding="utf-8", newline="") as body:
        for changes in summary.counting(trials):
            body.write(report.trial(changes))
        body.seek(0)
        out.write(report.head(summary))
        copyfileobj(body, out)
        out.write(report.tail())
