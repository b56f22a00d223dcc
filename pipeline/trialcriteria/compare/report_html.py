"""The report as one self-contained page; everything that comes from the data is escaped."""

from html import escape

from trialcriteria.compare.changes import Change, TrialChanges
from trialcriteria.compare.lines import Stretch, counts_line, detail_line, stretches, trial_line
from trialcriteria.compare.summary import Summary
from trialcriteria.export.notation import one_line
from trialcriteria.export.page import framed

_BODY = "\0"  # in no text that one_line has been over


class HtmlReport:
    """A section a trial, with the words that differ marked in both versions."""

    def __init__(self, before: str, after: str) -> None:
        self._title = one_line(f"{before} → {after}")
        self._frame = framed(__package__, self._title, _BODY, scripted=False).partition(_BODY)

    def head(self, summary: Summary) -> str:
        """The names and the counts."""
        return (
            f"{self._frame[0]}<header><h1>{escape(self._title)}</h1>"
            f"<p>Trials: {counts_line(summary.trials)}</p>"
            f"<p>Criteria: {counts_line(summary.criteria)}</p></header>\n<main>\n"
        )

    def trial(self, changes: TrialChanges) -> str:
        """A trial that differs, opened."""
        whole = f"{changes.outcome}: " if changes.outcome in ("added", "removed") else ""
        return (
            f"<details open><summary>{_escaped(changes.trial)} "
            f"<small>{whole}{trial_line(changes)}</small></summary>\n"
            f"{''.join(map(_change, changes.told))}</details>\n"
        )

    def tail(self) -> str:
        """The end of the page."""
        return f"</main>\n{self._frame[2]}"


def _change(change: Change) -> str:
    before, after = change.before, change.after
    named = after or before
    gone, new = stretches(before.text if before else "", after.text if after else "")
    lines = "".join(f"<li>{_escaped(detail_line(detail))}</li>" for detail in change.details)
    title = f"{change.outcome} {_escaped(named.id if named else '')}"
    return (
        f'<article class="{change.outcome}"><h2>{title}</h2>'
        + (f"<p>{_marked(gone, 'del')}</p>" if before else "")
        + (f"<p>{_marked(new, 'ins')}</p>" if after else "")
        + (f"<ul>{lines}</ul>" if lines else "")
        + "</article>\n"
    )


def _marked(found: list[Stretch], tag: str) -> str:
    return " ".join(
        escape(each.words) if each.shared else f"<{tag}>{escape(each.words)}</{tag}>"
        for each in found
    )


def _escaped(text: str) -> str:
    return escape(one_line(text))
