"""Reads brat standoff: the lines of a ``.ann`` file, and what they say as mentions and links.

``parse_brat`` and ``write_brat`` are lossless for what can be read; a line that cannot be read, or
that does not fit the text or the other lines, is reported and never raises.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.corpora import corpus_files, read_text
from trialcriteria.export.brat import (
    CRITERION_LABELS,
    Argument,
    Attribute,
    BratAnnotation,
    BratDocument,
    BratRelation,
    Equivalence,
    Event,
    Normalization,
    Note,
    TextBound,
    joined,
    write_brat,
)
from trialcriteria.schema import Span

__all__ = [
    "BratDocument",
    "brat_annotated",
    "brat_documents",
    "parse_brat",
    "read_brat_folder",
    "write_brat",
]

_Build = Callable[[re.Match[str]], BratAnnotation]
_ARGUMENT = re.compile(r"(\S+?):(\S+)")
_NUMBER = re.compile(r"[0-9]+$")
_SHOWN = 60


def _text_bound(match: re.Match[str]) -> TextBound:
    offsets = (pair.split(" ") for pair in match["spans"].split(";"))
    spans = tuple(Span(int(start), int(end)) for start, end in offsets)
    return TextBound(match["id"], match["kind"], spans, match["text"] or "")


def _relation(match: re.Match[str]) -> BratRelation:
    return BratRelation(match["id"], match["kind"], _arguments(match["roles"]))


def _event(match: re.Match[str]) -> Event:
    return Event(match["id"], match["kind"], match["target"], _arguments(match["roles"]))


def _equivalence(match: re.Match[str]) -> Equivalence:
    return Equivalence(match["kind"], tuple(match["members"].split()))


def _attribute(match: re.Match[str]) -> Attribute:
    return Attribute(match["id"], match["kind"], match["target"], match["value"])


def _note(match: re.Match[str]) -> Note:
    return Note(match["id"], match["kind"], match["target"], match["text"] or "")


def _normalization(match: re.Match[str]) -> Normalization:
    target, reference = match["target"], match["reference"]
    return Normalization(match["id"], match["kind"], target, reference, match["text"] or "")


def _arguments(roles: str) -> tuple[Argument, ...]:
    return tuple(Argument(*found.groups()) for found in _ARGUMENT.finditer(roles))


_HEAD = r"(?P<id>\S+)\t(?P<kind>[^\s:]+)"
_SPANS = r"(?P<spans>[0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*)"
_ROLE = r" [^\s:]+:[^\s:]+"
_TEXT = r"(?:\t(?P<text>.*))?"
_ATTRIBUTE = re.compile(rf"{_HEAD} (?P<target>\S+)(?: (?P<value>.*\S))?\s*")

# By the first character of the id. Single separators tell the runs apart, so that no pattern can
# backtrack far; offsets of more than nine digits lie outside any text.
_LINES: dict[str, tuple[re.Pattern[str], _Build]] = {
    "T": (re.compile(rf"{_HEAD} {_SPANS}{_TEXT}"), _text_bound),
    "R": (re.compile(rf"{_HEAD}(?P<roles>(?:{_ROLE}){{2}})\s*"), _relation),
    "E": (re.compile(rf"{_HEAD}:(?P<target>[^\s:]+)(?P<roles>(?:{_ROLE})*)\s*"), _event),
    "*": (re.compile(r"\*\t(?P<kind>\S+)(?P<members>(?: \S+){2,})\s*"), _equivalence),
    "A": (_ATTRIBUTE, _attribute),
    "M": (_ATTRIBUTE, _attribute),
    "#": (re.compile(rf"{_HEAD} (?P<target>\S+){_TEXT}"), _note),
    "N": (re.compile(rf"{_HEAD} (?P<target>\S+) (?P<reference>\S+){_TEXT}"), _normalization),
}


def parse_brat(ann: str, text: str, name: str) -> BratDocument:
    """The annotations of a ``.ann`` file over ``text``; ``name`` is what problems call it.

    Problems are: a line that cannot be read (it is left out of ``annotations``), a span outside
    the text, a recorded text other than the span's (apart from blanks), a reference to an id that
    is not there, and an id given twice.
    """
    found: list[tuple[int, BratAnnotation]] = []
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(ann.split("\n"), start=1):
        annotation = _parsed(line.removesuffix("\r"))
        if annotation is not None:
            found.append((number, annotation))
        elif line.strip():
            problems.append((number, f"cannot be read: {line[:_SHOWN]!r}"))
    problems += _misfits(found, text)
    sentences = (f"{name} line {number}: {reason}" for number, reason in sorted(problems))
    return BratDocument(name, text, tuple(annotation for _, annotation in found), tuple(sentences))


def _parsed(line: str) -> BratAnnotation | None:
    pattern, build = _LINES.get(line[:1], (None, None))
    match = pattern.fullmatch(line) if pattern else None
    return build(match) if match and build else None


def _misfits(found: list[tuple[int, BratAnnotation]], text: str) -> Iterator[tuple[int, str]]:
    """(line number, reason) of what does not fit the text or the other lines."""
    ids = Counter(_id(annotation) for _, annotation in found)
    for number, annotation in found:
        missing = [target for target in _targets(annotation) if target not in ids]
        if missing:
            yield number, f"refers to {', '.join(missing)}, which is not there"
        if ids[_id(annotation)] > 1 and not isinstance(annotation, Equivalence):
            yield number, f"{_id(annotation)} is given more than once"
        if isinstance(annotation, TextBound):
            yield from ((number, reason) for reason in _misplaced(annotation, text))


def _id(annotation: BratAnnotation) -> str:
    return "*" if isinstance(annotation, Equivalence) else annotation.id


def _targets(annotation: BratAnnotation) -> tuple[str, ...]:
    match annotation:
        case TextBound():
            return ()
        case BratRelation(arguments=arguments):
            return tuple(argument.target for argument in arguments)
        case Event(trigger=trigger, arguments=arguments):
            return (trigger, *(argument.target for argument in arguments))
        case Equivalence(members=members):
            return members
        case Attribute(target=target) | Note(target=target) | Normalization(target=target):
            return (target,)


def _misplaced(bound: TextBound, text: str) -> Iterator[str]:
    if not lies_in(bound, text):
        yield f"{bound.id} has a span that is empty, overlaps another or lies outside the text"
        return
    words = " ".join(text[start:end] for start, end in bound.spans)
    if words.split() != bound.surface.split():
        yield f"{bound.id} says {bound.surface[:_SHOWN]!r}, the text {words[:_SHOWN]!r}"


def lies_in(bound: TextBound, text: str) -> bool:
    """Whether its spans are not empty, do not overlap, and end within the text."""
    spans = sorted(bound.spans)
    apart = all(one.end <= two.start for one, two in pairwise(spans))
    return apart and all(start < end <= len(text) for start, end in spans)


def brat_annotated(document: BratDocument) -> Annotated:
    """Mentions and links of a document, in file order; its name is the id.

    An event stands for its trigger: its arguments become links from trigger to argument, named
    after the role without its number. A relation is a link from its first argument to its second. A
    group (``*``) becomes links between consecutive members. What is stated twice counts once. The
    criteria of our own export are structure, not mentions. What cannot be placed is left out; the
    problems name it.
    """
    mentions = {
        bound.id: Mention(bound.label, joined(document.text, bound.spans))
        for bound in document.annotations
        if isinstance(bound, TextBound) and lies_in(bound, document.text)
    }
    events = [event for event in document.annotations if isinstance(event, Event)]
    triggers = {event.id: mentions[event.trigger] for event in events if event.trigger in mentions}
    places = mentions | triggers
    links = (
        Link(kind, places[head], places[tail])
        for annotation in document.annotations
        for kind, head, tail in _pairs(annotation)
        if head in places and tail in places and places[head].label not in CRITERION_LABELS
    )
    seen = (m for m in mentions.values() if m.label not in CRITERION_LABELS)
    return Annotated(
        id=document.name,
        text=document.text,
        mentions=tuple(dict.fromkeys(seen)),
        links=tuple(dict.fromkeys(links)),
        problems=document.problems,
    )


def _pairs(annotation: BratAnnotation) -> Iterator[tuple[str, str, str]]:
    """(kind, head id, tail id) of the links that an annotation states."""
    match annotation:
        case BratRelation(kind=kind, arguments=(head, tail)):
            yield kind, head.target, tail.target
        case Event(id=id, arguments=arguments):
            for role, target in arguments:
                yield _NUMBER.sub("", role), id, target
        case Equivalence(kind=kind, members=members):
            for one, two in pairwise(members):
                yield kind, one, two


def brat_documents(folder: Path) -> Iterator[BratDocument]:
    """The documents of a folder of ``.ann`` files, each with its ``.txt`` file, by name.

    Raises EvaluationError where there is no ``.ann`` file or one has no text beside it.
    """
    files = corpus_files(folder, "*.ann", "brat files: NAME.ann, each with its text in NAME.txt")
    return (
        parse_brat(read_text(path), read_text(path.with_suffix(".txt")), path.stem)
        for path in files
    )


def read_brat_folder(folder: Path) -> Iterator[Annotated]:
    """The documents of a folder with any labels: gold made in brat, or a prediction."""
    return map(brat_annotated, brat_documents(folder))
