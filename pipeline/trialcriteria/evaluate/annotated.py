"""What entity and relation scores compare: labelled mentions and links over one text."""

from dataclasses import dataclass
from typing import NamedTuple

from trialcriteria.schema import Span


class Mention(NamedTuple):
    """A labelled stretch of the text; more than one span where it is discontinuous."""

    label: str
    spans: tuple[Span, ...]


class Link(NamedTuple):
    """A directed, labelled relation between two mentions."""

    kind: str
    head: Mention
    tail: Mention


@dataclass(frozen=True, slots=True)
class Annotated:
    """One document of a corpus, or one extraction seen the same way.

    Spans are half-open code points of ``text``. ``problems`` are the lines that could not be
    read, one sentence each.
    """

    id: str
    text: str
    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[str, ...] = ()
