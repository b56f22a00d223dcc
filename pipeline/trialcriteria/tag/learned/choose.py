"""Which learned tagger runs, by what the user says."""

from functools import cache
from pathlib import Path

from trialcriteria.errors import ModelError, UsageError
from trialcriteria.tag.learned.concepts import Tagger
from trialcriteria.tag.learned.remember import RememberingTagger
from trialcriteria.tag.learned.store import MANIFEST, shipped_folder

NONE = "none"
_SPACY = "spacy:"


@cache
def tagger(model: str | None = None, other: str | None = None) -> RememberingTagger | None:
    """The tagger of a model folder, ``none`` for rules only, by default the shipped one.

    ``other`` names one that stands in for a model: ``spacy:NAME``. Raises UsageError for an
    unknown one or beside a model, ModelError for a folder that holds no whole model.
    """
    if model and other:
        raise UsageError("give either --model or --tagger")
    if other is not None:
        return RememberingTagger(_other(other))
    if model == NONE:
        return None
    return RememberingTagger(_of_folder(Path(model) if model else shipped_folder()))


def _other(name: str) -> Tagger:
    if not name.startswith(_SPACY) or name == _SPACY:
        raise UsageError(f"no tagger is named {name!r}; expected spacy:NAME, NAME a pipeline")
    from trialcriteria.tag.learned.spacy_tagger import SpacyTagger  # noqa: PLC0415

    return SpacyTagger(name.removeprefix(_SPACY))


def _of_folder(folder: Path) -> Tagger:
    from trialcriteria.tag.learned.transformers_tagger import (  # noqa: PLC0415
        CONFIG,
        TransformersTagger,
    )

    if (folder / CONFIG).is_file() and not (folder / MANIFEST).is_file():
        return TransformersTagger(folder)
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such folder; give --model PATH or --model none")
    from trialcriteria.tag.learned.mentions import LearnedTagger  # noqa: PLC0415

    return LearnedTagger(folder)
