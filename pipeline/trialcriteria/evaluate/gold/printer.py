"""Schema -> the gold notation, so that gold and output can be compared as text.

Compiling what is printed gives the same criteria, requirements and mentions, but for what the
notation leaves out: codes, canonical values, sources, scores, printed units.
"""

from collections.abc import Iterator, Mapping

from trialcriteria.evaluate.gold.lines import FactPrinter, cues_of
from trialcriteria.evaluate.gold.quoting import Quoter, opening
from trialcriteria.export.notation import branches, combine_line, node_name
from trialcriteria.schema import Criterion, Extraction, Fact, Node, Span, Unsupported
from trialcriteria.view import reading_view

_STEP = "  "


def print_gold(extraction: Extraction, file: str, annotator: str, date: str) -> str:
    """The whole file; ``file`` is where the posting lies, relative to a data folder."""
    trial = extraction.trial
    head = [
        "gold 1",
        f"posting {trial.id or '-'} {trial.source.format} {file}",
        f"sha256 {trial.source.sha256}",
        f"annotator {annotator}",
        f"date {date}",
    ]
    return "\n".join([*head, *_sections(extraction)]) + "\n"


def _sections(extraction: Extraction) -> Iterator[str]:
    printer = _Printer(extraction)
    for section in extraction.sections:
        parts: list[str] = [section.kind]
        if section.heading:
            parts.append(printer.heading(section.span, section.heading))
        if section.cohort:
            parts.append(f'cohort "{section.cohort}"')
        yield ""
        yield " ".join(parts)
        for criterion in extraction.criteria:
            if criterion.section == section.id:
                yield from printer.criterion(criterion)


class _Printer:
    """Prints the criteria of one posting, keeping the place that the next is looked for behind."""

    def __init__(self, extraction: Extraction) -> None:
        self.view = reading_view(extraction.text)
        self.text = extraction.text
        self.criteria = {criterion.id: criterion for criterion in extraction.criteria}
        self.ends = _natural_ends(extraction)
        self.cursor = 0

    def heading(self, span: Span, heading: str) -> str:
        """The heading's quote."""
        start = self.text.index(heading, span.start)
        found = Span(start, start + len(heading))
        quote = Quoter(self.view, [Span(self.cursor, len(self.view))]).quote([found])
        self.cursor = found.end
        return quote

    def criterion(self, criterion: Criterion) -> Iterator[str]:
        """A criterion's line and what stands below it."""
        body = self._body(criterion)
        ends = self.ends[criterion.id] != criterion.span.end
        parts = [criterion.id, f'"{criterion.label}"' if criterion.label else ""]
        parts.append(opening(self.view, body, self.cursor, ends=ends))
        parts.append(combine_line(criterion.combine) if criterion.combine != "all" else "")
        self.cursor = body.start
        yield " ".join(filter(None, parts))
        if criterion.requirement:
            yield from self._node(criterion.requirement, self._printer(criterion), 1, "")

    def _body(self, criterion: Criterion) -> Span:
        """The span behind bullet and label."""
        start, end = criterion.span
        if criterion.label:
            start = self.text.index(criterion.label, start) + len(criterion.label)
        view = self.view[start:end]
        return Span(start + len(view) - len(view.lstrip()), end)

    def _printer(self, criterion: Criterion) -> FactPrinter:
        scopes = [criterion.span]
        above = criterion
        while above.parent:
            above = self.criteria[above.parent]
            scopes.append(above.span)
        return FactPrinter(Quoter(self.view, scopes), cues_of(criterion))

    def _node(self, node: Node, printer: FactPrinter, depth: int, role: str) -> Iterator[str]:
        margin = _STEP * depth + (f"{role} " if role else "")
        if isinstance(node, Fact):
            yield margin + printer.line(node)
        elif isinstance(node, Unsupported):
            yield f"{margin}UNSUPPORTED {printer.quoter.quote([node.span])} {node.reason}"
        else:
            yield margin + node_name(node)
            for child_role, child in branches(node):
                yield from self._node(child, printer, depth + 1, child_role)


def _natural_ends(extraction: Extraction) -> Mapping[str, int]:
    """Where each criterion would end by itself: before the next criterion or section."""
    starts = [criterion.span.start for criterion in extraction.criteria]
    starts += [section.span.start for section in extraction.sections]
    ends = {}
    for criterion in extraction.criteria:
        stop = min((s for s in starts if s > criterion.span.start), default=len(extraction.text))
        ends[criterion.id] = len(extraction.text[:stop].rstrip())
    return ends
