"""One module a measure: pairs of gold and prediction in, tallies and mistakes out."""

from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.schema import Extraction, Posting

Pair = tuple[Extraction, Extraction]
"""Gold and prediction of one posting: the same text."""

AnnotatedPair = tuple[Annotated, Annotated]
"""Gold and prediction of one document of a corpus: the same text, labels of one set."""


def posting_id(posting: Extraction | Posting) -> str:
    """The registry id; the name of the text file where the posting has none."""
    return posting.trial.id or posting.trial.source.name.removesuffix(".txt")
