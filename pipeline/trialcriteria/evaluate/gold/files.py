"""Gold files in a folder, and the postings they name."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.gold.compiler import GoldExtraction, Head, compile_gold, read_head
from trialcriteria.evaluate.gold.syntax import parse_gold
from trialcriteria.read import read_path
from trialcriteria.schema import Posting

SUFFIX = ".gold"


def gold_files(folder: Path) -> tuple[Path, ...]:
    """The gold files of a folder, else of the folders in it, or the one file given.

    Raises EvaluationError where there is none.
    """
    here, below = (tuple(sorted(folder.glob(shape + SUFFIX))) for shape in ("*", "*/*"))
    found = (folder,) if folder.is_file() else here or below
    if not found:
        raise EvaluationError(f"{folder}: no gold file (*{SUFFIX}) there")
    return found


def load_gold(folder: Path, roots: Sequence[Path]) -> tuple[GoldExtraction, ...]:
    """Every gold file under a folder, compiled; see read_gold."""
    return tuple(read_gold(path, roots)[1] for path in gold_files(folder))


def read_gold(path: Path, roots: Sequence[Path]) -> tuple[Posting, GoldExtraction]:
    """The posting that a gold file names, as the reader of its format gives it, and its gold.

    ``roots`` are the folders that the named file may lie under, such as the repository and the
    folder of registry data. Raises EvaluationError where it lies under none.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    head = read_head(parse_gold(source, str(path)))
    posting = _posting(head, path, roots)
    return posting, compile_gold(source, posting, str(path))


def _posting(head: Head, path: Path, roots: Sequence[Path]) -> Posting:
    found = next((root / head.file for root in roots if (root / head.file).is_file()), None)
    if found is None:
        looked = ", ".join(map(str, roots))
        raise EvaluationError(f"{path}: {head.file} lies under none of: {looked}; give --data")
    for posting in _postings(found, head.format):
        if posting.trial.source.sha256 == head.sha256 and posting.trial.id == head.id:
            return posting
    raise EvaluationError(f"{path}: {head.file} holds no posting {head.id} with that sha256")


@lru_cache(maxsize=4)
def _postings(path: Path, source_format: str) -> tuple[Posting, ...]:
    """The postings of a file; kept, as several gold files may name one dump."""
    records = read_path(path, source_format)
    return tuple(record for record in records if isinstance(record, Posting))
