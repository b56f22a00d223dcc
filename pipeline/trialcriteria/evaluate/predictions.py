"""What is scored: the program's own output, or predictions read from files.

A prediction belongs to a posting by its id and its text, or by its text alone. A posting without
one is scored as if nothing had been found in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.corpora.brat import read_brat_folder
from trialcriteria.evaluate.gold import GoldExtraction, load_gold
from trialcriteria.evaluate.measures import posting_id
from trialcriteria.schema import Extraction, Posting, Provenance

Prediction = Extraction | Annotated
"""An extraction, or mentions and links in the labels of the corpus itself (from brat files)."""


class Predictions(NamedTuple):
    """Predictions of one file, by id and text, and by text alone."""

    by_place: Mapping[tuple[str, str], Prediction]
    by_text: Mapping[str, Prediction]
    ids: Set[str]

    def of(self, posting: Posting) -> Prediction | None:
        """The one for a posting: of its id and text, else of its text alone."""
        same = self.by_place.get((posting_id(posting), posting.text))
        return same or self.by_text.get(posting.text)


def read_predictions(path: Path, roots: Sequence[Path]) -> Predictions:
    """Predictions of a file: JSON lines as ``extract`` writes them, a brat or a gold folder.

    ``roots`` are where gold files look for their postings. Raises EvaluationError for a file
    that is none of these, or that has one text of one id twice.
    """
    found: dict[tuple[str, str], Prediction] = {}
    for name, prediction in _named(path, roots):
        if (name, prediction.text) in found:
            raise EvaluationError(f"{path}: has two predictions for {name}")
        found[name, prediction.text] = prediction
    by_text = {text: prediction for (_, text), prediction in found.items()}
    return Predictions(found, by_text, {name for name, _ in found})


def _named(path: Path, roots: Sequence[Path]) -> Iterator[tuple[str, Prediction]]:
    if path.is_dir() and any(path.glob("*.ann")):
        yield from ((document.id, document) for document in read_brat_folder(path))
    elif path.is_dir():
        yield from ((posting_id(each), each) for each in load_gold(path, roots))
    else:
        yield from ((posting_id(each), each) for each in _extractions(path))


def _extractions(path: Path) -> Iterator[Extraction]:
    """The extractions of a file of JSON lines; rows that say why a record failed are no output."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith('{"error"'):
            yield _extraction(line, f"{path}:{number}")


def _extraction(line: str, where: str) -> Extraction:
    """An extraction, or compiled gold, which has two fields more."""
    model = GoldExtraction if '"annotator":' in line else Extraction
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        raise EvaluationError(f"{where}: is no extraction ({error.errors()[0]['msg']})") from None


def given(
    postings: Iterable[Posting], predictions: Predictions, name: str
) -> tuple[list[Prediction], list[str]]:
    """The prediction for each posting, and notes on postings without one.

    Raises EvaluationError where the prediction for an id is about another text.
    """
    chosen: list[Prediction] = []
    missing = 0
    for posting in postings:
        found = predictions.of(posting)
        if found is None and posting_id(posting) in predictions.ids:
            raise EvaluationError(f"{name}: {posting_id(posting)} is about another text")
        missing += found is None
        chosen.append(found or nothing_found(posting))
    notes = [f"{missing:,} postings have no prediction in {name}"] if missing else []
    return chosen, notes


def nothing_found(posting: Posting) -> Extraction:
    """An extraction without sections and criteria."""
    made_by = Provenance(program="none", version="0", lexicons="none")
    return Extraction(trial=posting.trial, text=posting.text, provenance=made_by)
