"""spaCy's English tokenizer, shared by the two rooms that need one.

spaCy works out some twenty attributes of every new word (shape, "like a URL", ...). The matchers
used here read the words and their lower case only, so nothing else is worked out.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


@cache
def english() -> "Language":
    """A blank English pipeline whose vocabulary knows words and their lower case."""
    import spacy  # noqa: PLC0415
    from spacy.attrs import LOWER  # noqa: PLC0415

    nlp = spacy.blank("en")
    nlp.vocab.lex_attr_getters = {LOWER: str.lower}  # type: ignore[attr-defined]
    return nlp
