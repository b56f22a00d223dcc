"""The report for a terminal, in colour there."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from trialcriteria.compare.changes import Change, TrialChanges
from trialcriteria.compare.lines import Stretch, counts_line, detail_line, stretches, trial_line
from trialcriteria.compare.summary import Summary
from trialcriteria.export.notation import one_line

_STYLES = {"reworded": "cyan", "changed": "yellow", "added": "green", "removed": "red"}


class TextReport:
    """Lines with ``-`` for the earlier and ``+`` for the later words, differences under them."""

    def __init__(self, before: str, after: str, coloured: bool) -> None:
        self._names = f"{before} -> {after}"
        self._console = Console(
            force_terminal=coloured, no_color=not coloured, highlight=False, soft_wrap=True
        )

    def head(self, summary: Summary) -> str:
        """The names of the two versions, and the counts."""
        return self._printed(
            (
                Text(one_line(self._names), "bold"),
                Text(f"trials:   {counts_line(summary.trials)}"),
                Text(f"criteria: {counts_line(summary.criteria)}"),
            )
        )

    def trial(self, changes: TrialChanges) -> str:
        """Its id and counts, then each change."""
        whole = f"{changes.outcome}: " if changes.outcome in ("added", "removed") else ""
        title = Text.assemble(
            "\n", (one_line(changes.trial), "bold"), f"  {whole}{trial_line(changes)}"
        )
        return self._printed((title, *(line for one in changes.told for line in _lines(one))))

    def tail(self) -> str:
        """Nothing."""
        return ""

    def _printed(self, lines: Iterable[Text]) -> str:
        with self._console.capture() as captured:
            for line in lines:
                self._console.print(line)
        return captured.get()


def _lines(change: Change) -> Iterator[Text]:
    named = change.after or change.before
    yield Text.assemble(
        "  ", (change.outcome, _STYLES[change.outcome]), f" {named.id if named else ''}"
    )
    gone, new = stretches(_words(change, "before"), _words(change, "after"))
    if change.before:
        yield _line("-", gone, "red")
    if change.after:
        yield _line("+", new, "green")
    yield from (Text(f"      {detail_line(detail)}", "yellow") for detail in change.details)


def _words(change: Change, side: str) -> str:
    criterion = change.before if side == "before" else change.after
    return criterion.text if criterion else ""


def _line(sign: str, words: list[Stretch], colour: str) -> Text:
    parts = (Text(each.words, "" if each.shared else colour) for each in words)
    return Text.assemble("    ", (sign, colour), " ", Text(" ").join(parts))
