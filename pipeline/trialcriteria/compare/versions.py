"""Extractions of two files, paired by trial."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson
from pydantic import ValidationError

from trialcriteria.compare.changes import TrialChanges, compared
from trialcriteria.errors import CompareError
from trialcriteria.schema import Extraction

_OURS = re.compile(rb'\s*\[?\s*\{\s*"(?:schema_version|error)"')
_HEAD = 4096


def holds_extractions(path: Path) -> bool:
    """Whether the file is JSON or JSON lines as ``extract`` writes them."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _OURS.match(file.read(_HEAD)) is not None


def read_extractions(path: Path) -> Iterator[Extraction]:
    """Its extractions; rows that say why a record failed are no output. Raises CompareError."""
    for number, row in enumerate(_rows(path), start=1):
        if not (isinstance(row, dict) and "error" in row):
            try:
                yield Extraction.model_validate(row)
            except ValidationError as error:
                reason = error.errors()[0]["msg"]
                raise CompareError(
                    f"{path}, record {number}: is no extraction ({reason})"
                ) from None


def _rows(path: Path) -> Iterator[object]:
    """The values of JSON lines, else of one JSON value, which may be an array."""
    content = path.read_bytes()
    try:
        value = orjson.loads(content)
        yield from value if isinstance(value, list) else [value]
        return
    except orjson.JSONDecodeError:
        lines = [line for line in content.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise CompareError(f"{path}:{number}: is no JSON ({error})") from None


def compare_extractions(
    before: Iterable[Extraction], after: Iterable[Extraction]
) -> Iterator[TrialChanges]:
    """Each trial of either side; one posting alone is the other's version, whatever its id."""
    first, second = _by_trial(before), _by_trial(after)
    if len(first) == len(second) == 1:
        ((_, old),), ((name, new),) = first.items(), second.items()
        yield compared(name, old.criteria, new.criteria)
        return
    for name in {**first, **second}:
        yield compared(
            name, *(side[name].criteria if name in side else None for side in (first, second))
        )


def _by_trial(extractions: Iterable[Extraction]) -> Mapping[str, Extraction]:
    return {each.trial.id or each.trial.source.name: each for each in extractions}
