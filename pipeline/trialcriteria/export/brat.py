"""brat standoff (brat.nlplab.org/standoff.html): its annotations as values, and our output in them.

brat reads a ``.ann`` file line by line and holds each mention to the words of the text, so that a
line break cannot stand inside a mention. By convention a span that runs over line breaks is
written as one fragment a line, without the blanks beside the break (``fragments``); fragments
with nothing between them but blanks and a line break are read as one span again (``joined``).
A span that begins or ends with such blanks is the one thing that does not survive.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, get_args

from trialcriteria.errors import TrialCriteriaError
from trialcriteria.export.output import opened
from trialcriteria.schema import (
    Criterion,
    EntityLabel,
    Extraction,
    RelationKind,
    SectionKind,
    Span,
)

ENTITY_LABELS: tuple[str, ...] = tuple(
    label for group in get_args(EntityLabel) for label in get_args(group)
)
RELATION_KINDS: tuple[str, ...] = get_args(RelationKind)
CRITERION_LABELS: dict[str, SectionKind] = {f"criterion-{k}": k for k in get_args(SectionKind)}
PART_OF = "part_of"
"""The relation from a criterion to its parent."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100


class Argument(NamedTuple):
    """What fills a role of a relation or event, by id."""

    role: str
    target: str


class TextBound(NamedTuple):
    """``T``: a labelled mention; ``surface`` is its text as the file has it."""

    id: str
    label: str
    spans: tuple[Span, ...]
    surface: str


class BratRelation(NamedTuple):
    """``R``: a labelled link between two annotations."""

    id: str
    kind: str
    arguments: tuple[Argument, ...]


class Event(NamedTuple):
    """``E``: a trigger mention with arguments; a role that repeats carries a number."""

    id: str
    label: str
    trigger: str
    arguments: tuple[Argument, ...]


class Equivalence(NamedTuple):
    """``*``: a group of annotations that stand for one another; it has no id."""

    kind: str
    members: tuple[str, ...]


class Attribute(NamedTuple):
    """``A`` (``M`` in old files): a flag, or with a value a choice, on an annotation."""

    id: str
    kind: str
    target: str
    value: str | None


class Note(NamedTuple):
    """``#``: free text on an annotation."""

    id: str
    kind: str
    target: str
    text: str


class Normalization(NamedTuple):
    """``N``: the entry of a vocabulary (``NAME:CODE``) that an annotation stands for."""

    id: str
    kind: str
    target: str
    reference: str
    text: str


BratAnnotation = TextBound | BratRelation | Event | Equivalence | Attribute | Note | Normalization


@dataclass(frozen=True, slots=True)
class BratDocument:
    """One text and its annotations in file order.

    ``problems`` are what the file has that cannot be read or does not fit the text, one sentence
    each with its line number.
    """

    name: str
    text: str
    annotations: tuple[BratAnnotation, ...] = ()
    problems: tuple[str, ...] = ()


def write_brat(document: BratDocument) -> str:
    """The ``.ann`` file of the document: one line an annotation, in their order."""
    return "".join(f"{_line(annotation)}\n" for annotation in document.annotations)


def _line(annotation: BratAnnotation) -> str:
    match annotation:
        case TextBound(id, label, spans, surface):
            offsets = ";".join(f"{start} {end}" for start, end in spans)
            return f"{id}\t{label} {offsets}\t{surface}"
        case BratRelation(id, kind, arguments):
            return f"{id}\t{kind}{_filled(arguments)}"
        case Event(id, label, trigger, arguments):
            return f"{id}\t{label}:{trigger}{_filled(arguments)}"
        case Equivalence(kind, members):
            return f"*\t{' '.join((kind, *members))}"
        case Attribute(id, kind, target, value):
            return f"{id}\t{kind} {target}" + (f" {value}" if value is not None else "")
        case Note(id, kind, target, text):
            return f"{id}\t{kind} {target}\t{text}"
        case Normalization(id, kind, target, reference, text):
            return f"{id}\t{kind} {target} {reference}\t{text}"


def _filled(arguments: tuple[Argument, ...]) -> str:
    return "".join(f" {role}:{target}" for role, target in arguments)


def fragments(text: str, span: Span) -> tuple[Span, ...]:
    """The stretches of a span on each of its lines, without the blanks beside a line break."""
    words = text[span.start : span.end]
    if words.splitlines() == [words]:
        return (span,)
    found = []
    at = span.start
    for line in words.splitlines(keepends=True):
        body = line.strip()
        start = at + line.index(body)
        found += [Span(start, start + len(body))] if body else []
        at += len(line)
    return tuple(found) or (span,)


def joined(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted spans in which fragments that only a line break separates are one again."""
    found: list[Span] = []
    for span in sorted(spans):
        gap = text[found[-1].end : span.start] if found else ""
        if gap.isspace() and gap.splitlines() != [gap]:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return tuple(found)


def to_brat(extraction: Extraction) -> str:
    """The ``.ann`` file of one posting; its ``.txt`` file is ``extraction.text``, untouched.

    Criteria are mentions named after their kind (``criterion-inclusion``), each tied to its
    parent by ``part_of``; entities and relations keep their own labels.
    """
    bounds: list[TextBound] = []
    ids: dict[tuple[str, str], str] = {}
    for criterion in extraction.criteria:
        for key, label, spans in _mentions(criterion):
            ids[criterion.id, key] = f"T{len(bounds) + 1}"
            bounds.append(_text_bound(ids[criterion.id, key], label, spans, extraction.text))
    links = (link for criterion in extraction.criteria for link in _links(criterion))
    relations = [
        BratRelation(f"R{n}", kind, (Argument("Arg1", ids[head]), Argument("Arg2", ids[tail])))
        for n, (kind, head, tail) in enumerate(links, start=1)
    ]
    return write_brat(BratDocument("", extraction.text, (*bounds, *relations)))


def _mentions(criterion: Criterion) -> Iterator[tuple[str, str, tuple[Span, ...]]]:
    """(entity id, or "" for the criterion itself, label, spans)."""
    yield "", f"criterion-{criterion.kind}", (criterion.span,)
    for entity in criterion.entities:
        yield entity.id, entity.label, entity.spans


def _links(criterion: Criterion) -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    if criterion.parent is not None:
        yield PART_OF, (criterion.id, ""), (criterion.parent, "")
    for relation in criterion.relations:
        yield relation.kind, (criterion.id, relation.head), (criterion.id, relation.tail)


def _text_bound(id: str, label: str, spans: tuple[Span, ...], text: str) -> TextBound:
    pieces = tuple(piece for span in spans for piece in fragments(text, span))
    return TextBound(id, label, pieces, " ".join(text[start:end] for start, end in pieces))


def brat_conf() -> str:
    """The ``annotation.conf`` with which brat opens the export and lets it be edited."""
    any_two = "Arg1:<ENTITY>, Arg2:<ENTITY>"
    lines = ["[entities]", *CRITERION_LABELS, *ENTITY_LABELS, "", "[relations]"]
    lines += [f"{kind} {any_two}" for kind in (PART_OF, *RELATION_KINDS)]
    # Entities lie inside criteria, and an age is both a value and part of a window.
    lines += [f"<OVERLAP> {any_two}, <OVL-TYPE>:<ANY>", "", "[events]", "", "[attributes]"]
    return "\n".join(lines) + "\n"


def export_brat(extractions: Iterable[Extraction], folder: Path, force: bool) -> int:
    """A ``.txt`` and a ``.ann`` file for each posting, and ``annotation.conf``; how many postings.

    Files are named after the trial's id, with other characters than letters, digits, ``.``,
    ``-`` and ``_`` made ``_``; a second posting of that name in one call gets ``-2``. Raises
    TrialCriteriaError where the folder cannot be made or a file exists and ``force`` is not given.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrialCriteriaError(f"{folder}: {error.strerror or error}") from error
    taken: set[str] = set()
    for extraction in extractions:
        name = _free_name(extraction, taken)
        taken.add(name.lower())
        _write_pair(folder / name, extraction, force)
    conf = folder / "annotation.conf"
    if force or not conf.exists():
        _write(conf, brat_conf(), force)
    return len(taken)


def _free_name(extraction: Extraction, taken: set[str]) -> str:
    """Never two names that differ in case only: some file systems hold them for one."""
    wanted = extraction.trial.id or Path(extraction.trial.source.name).stem
    name = _UNSAFE.sub("_", wanted)[:_LONGEST_NAME].strip(".") or "posting"
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _write_pair(path: Path, extraction: Extraction, force: bool) -> None:
    """Both files or none: a text would not fit the annotations of another."""
    contents = {
        path.with_name(f"{path.name}.txt"): extraction.text,
        path.with_name(f"{path.name}.ann"): to_brat(extraction),
    }
    for target in contents:
        if target.exists() and not force:
            raise TrialCriteriaError(f"{target} exists; --force overwrites it")
    for target, content in contents.items():
        _write(target, content, force)


def _write(path: Path, content: str, force: bool) -> None:
    with opened(path, force) as out:
        out.write(content)
