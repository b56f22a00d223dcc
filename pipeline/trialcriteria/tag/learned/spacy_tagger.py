"""Any spaCy pipeline that the user has installed as the tagger, scispaCy's among them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trialcriteria.errors import ModelError
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept, outermost
from trialcriteria.tag.learned.kinds import kind_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_SCORE = 0.8
"""spaCy's entities have no score: a little less than what a lexicon names."""


class SpacyTagger:
    """The entities of a pipeline whose labels are known kinds (``learned_kinds.toml``)."""

    def __init__(self, name: str) -> None:
        self._pipeline = _loaded(name)
        meta = self._pipeline.meta
        self.identity = f"spacy:{meta['lang']}_{meta['name']}@{meta['version']}"

    def read(self, texts: Sequence[str]) -> list[Learned]:
        """For each text its entities of a known kind; never sure that there is none."""
        docs = self._pipeline.pipe(texts)
        return [Learned(outermost(_concepts(doc)), (), self.identity) for doc in docs]


def _concepts(doc: "Doc") -> Iterator[LearnedConcept]:
    for entity in doc.ents:
        kind = kind_of(entity.label_)
        if kind is not None:
            yield LearnedConcept(entity.start_char, entity.end_char, kind, _SCORE)


def _loaded(name: str) -> "Language":
    """The pipeline of an installed package or of a folder; raises ModelError for any other."""
    import spacy  # noqa: PLC0415

    try:
        return spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"spacy:{name} cannot be loaded ({reason}); install it first") from None
