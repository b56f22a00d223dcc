"""A folder that transformers' token classification loads as the tagger (extra ``train``)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from trialcriteria.errors import ModelError
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept, outermost
from trialcriteria.tag.learned.kinds import kind_of

CONFIG = "config.json"


class TransformersTagger:
    """The entities of a folder's model whose labels are known kinds (``learned_kinds.toml``)."""

    def __init__(self, folder: Path) -> None:
        self._run = _loaded(folder)
        self.identity = f"transformers:{folder.name}"

    def read(self, texts: Sequence[str]) -> list[Learned]:
        """For each text its entities of a known kind; never sure that there is none."""
        found = self._run(list(texts))
        return [Learned(outermost(_concepts(each)), (), self.identity) for each in found]


def _concepts(found: Sequence[Mapping[str, Any]]) -> Iterator[LearnedConcept]:
    for entity in found:
        kind = kind_of(entity["entity_group"])
        if kind is not None:
            score = round(float(entity["score"]), 3)
            yield LearnedConcept(entity["start"], entity["end"], kind, score)


def _loaded(folder: Path) -> Any:
    try:
        from transformers import pipeline  # noqa: PLC0415
    except ImportError:
        raise ModelError(
            f"{folder}: is a transformers folder; install trialcriteria[train] to use it"
        ) from None
    try:
        return pipeline(
            "token-classification", model=str(folder), aggregation_strategy="first", device="cpu"
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: {str(error).splitlines()[0]}") from None
