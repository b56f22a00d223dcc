"""Leaf Clinical Trials corpus (Dobbins et al. 2022, doi:10.1038/s41597-022-01521-0), in brat.

Each document is the eligibility text of one trial, headings included, named after its id.
"""

from collections.abc import Iterator
from pathlib import Path

from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.corpora import posting
from trialcriteria.evaluate.corpora.brat import read_brat_folder
from trialcriteria.schema import Posting


def read_lct(folder: Path) -> Iterator[Annotated]:
    """The documents of a folder of LCT files, by name.

    An event is its trigger mention. Its arguments are links from it, of the role's kind without
    number (``Value2`` is ``Value``); relations are links of their own kind. Raises EvaluationError
    where the folder has no brat files.
    """
    return read_brat_folder(folder)


def to_posting(document: Annotated) -> Posting:
    """The document as a text whose own headings tell inclusion from exclusion."""
    return posting(document)
