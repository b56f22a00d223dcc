"""A readable tree for a terminal: sections, criteria, and the facts of each."""

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from trialcriteria.export.json_out import Failure, Item
from trialcriteria.export.notation import (
    branches,
    combine_line,
    fact_line,
    node_name,
    one_line,
    quoted,
)
from trialcriteria.export.vocabularies import code_words
from trialcriteria.export.words import age_words
from trialcriteria.schema import Code, Criterion, Extraction, Fact, Node, Section, Unsupported

_PLAIN_WIDTH = 120
_MAX_DEPTH = 20  # deeper criteria are drawn at this depth: a terminal has no room for more
_KIND_STYLES = {"inclusion": "bold green", "exclusion": "bold red", "other": "bold blue"}


def posting_tree(extraction: Extraction) -> Tree:
    """One posting as a rich tree."""
    tree = Tree(_title(extraction), guide_style="dim")
    sections = {section.id: tree.add(_section_label(section)) for section in extraction.sections}
    parents = {criterion.parent for criterion in extraction.criteria}
    twigs: dict[str, tuple[Tree, int]] = {}
    for criterion in extraction.criteria:
        ground = (sections.get(criterion.section, tree), 0)
        branch, depth = twigs.get(criterion.parent or "", ground)
        twig = branch.add(_criterion_label(criterion, criterion.id in parents))
        twigs[criterion.id] = (twig, depth + 1) if depth < _MAX_DEPTH else (branch, depth)
        if criterion.requirement:
            _add_node(twig, criterion.requirement)
    _add_warnings(tree, extraction)
    return tree


def _title(extraction: Extraction) -> Text:
    trial = extraction.trial
    fields = (trial.phase, trial.sex, age_words(trial.minimum_age, trial.maximum_age))
    name = Text(one_line(trial.id or trial.source.name), style="bold")
    title = Text(one_line(trial.title or ""))
    return Text("  ").join(
        filter(None, (name, title, Text(", ".join(filter(None, fields)), "dim")))
    )


def _section_label(section: Section) -> Text:
    label = Text(section.kind.capitalize(), style=_KIND_STYLES[section.kind])
    if section.heading:
        label.append(f"  {one_line(section.heading)}", style="dim")
    if section.cohort:
        label.append(f"  [{section.cohort}]", style="italic")
    return label


def _criterion_label(criterion: Criterion, is_parent: bool) -> Text:
    label = Text.assemble((criterion.id, _KIND_STYLES[criterion.kind]), " ")
    label.append(one_line(criterion.text))
    if is_parent:
        label.append(f"  {combine_line(criterion.combine)} of:", style="magenta")
    return label


def _add_node(branch: Tree, node: Node, role: str = "") -> None:
    prefix = Text(f"{role} " if role else "", style="magenta")
    if isinstance(node, Fact):
        branch.add(prefix + Text(fact_line(node), style="cyan") + _codes(node.subject.codes))
    elif isinstance(node, Unsupported):
        note = f"unsupported {quoted(node.text)}: {one_line(node.reason)}"
        branch.add(prefix + Text(note, style="yellow"))
    else:
        twig = branch.add(prefix + Text(node_name(node), style="bold magenta"))
        for child_role, child in branches(node):
            _add_node(twig, child, child_role)


def _codes(codes: tuple[Code, ...]) -> Text:
    return Text("  " + ", ".join(map(code_words, codes)) if codes else "", style="dim")


def _add_warnings(tree: Tree, extraction: Extraction) -> None:
    if not extraction.warnings:
        return
    branch = tree.add(Text("Warnings", style="bold yellow"))
    for warning in extraction.warnings:
        where = f" ({warning.criterion})" if warning.criterion else ""
        branch.add(Text(f"{warning.code}{where}: {one_line(warning.message)}", style="yellow"))


def write_tree(items: Iterable[Item], out: TextIO) -> None:
    """Trees one after another, in colour where ``out`` is a terminal, else 120 columns wide."""
    console = Console(
        file=out, highlight=False, width=None if out.isatty() else _PLAIN_WIDTH, soft_wrap=False
    )
    for item in items:
        if not isinstance(item, Failure):
            console.print(posting_tree(item))
