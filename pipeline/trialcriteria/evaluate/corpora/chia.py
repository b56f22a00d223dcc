"""Chia (Kury et al. 2020, doi:10.1038/s41597-020-00620-0): criteria of phase IV trials, in brat.

Each trial has up to two documents, ``NCT..._inc`` and ``NCT..._exc``: the texts of its inclusion
and exclusion criteria.
"""

from collections.abc import Iterator
from pathlib import Path

from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.corpora import posting
from trialcriteria.evaluate.corpora.brat import read_brat_folder
from trialcriteria.schema import Part, Posting, SectionKind, Span

_KINDS: dict[str, SectionKind] = {"inc": "inclusion", "exc": "exclusion"}


def read_chia(folder: Path) -> Iterator[Annotated]:
    """The documents of a folder of Chia files, by name.

    Relations are links; a group of alternatives (``* OR T1 T2 T3``) becomes links of kind ``OR``
    between consecutive members in the order of the file. Raises EvaluationError where the folder
    has no brat files.
    """
    return read_brat_folder(folder)


def to_posting(document: Annotated) -> Posting:
    """The document as one part of the kind that its name tells, over the whole text."""
    kind = _KINDS.get(document.id.rpartition("_")[2])
    if kind is None:
        return posting(document)
    return posting(document, (Part(kind=kind, span=Span(0, len(document.text))),))
