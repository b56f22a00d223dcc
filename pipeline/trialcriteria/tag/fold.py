"""Words of a criterion with a folded form under which spelling variants are one word.

Folding takes care of case, accents, plurals (infection/infections, biopsy/biopsies,
metastasis/metastases), British spelling (haemoglobin, tumour, randomised), Greek letters and
hyphens, so that a lexicon lists each term once. Offsets are those of the text as given.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

_WORD = re.compile(r"([^\W_]+(?:'s(?![^\W_]))?|(?<=\s)-(?=\s)|[^\w\s'-])")
_BRITISH = (
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"our$"), "or"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"is(ed?|ing|ation|er)$"), r"iz\1"),
    (re.compile(r"tre$"), "ter"),
)
_MAYBE_BRITISH = re.compile(r"[ao]e|sulph|(?:our|is(?:ed?|ing|ation|er)|tre)$")
_GREEK = {
    "\u03b1": "alpha",
    "\u03b2": "beta",
    "\u03b3": "gamma",
    "\u03b4": "delta",
    "\u03ba": "kappa",
    "\u03bb": "lambda",
}
_SHORT = 3  # shorter words have no plural worth folding: "gas", "MS", "ICS"


class Words(NamedTuple):
    """Words and punctuation marks in order: folded forms, and half-open offsets in the text."""

    folded: list[str]
    starts: list[int]
    ends: list[int]


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """The form under which variants of one word are equal; it need not be a word itself."""
    plain = word.lower().removesuffix("'s")
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", "".join(_GREEK.get(c, c) for c in plain))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    if len(plain) <= _SHORT:
        return plain
    plain = _singular(plain)
    if _MAYBE_BRITISH.search(plain):
        for pattern, american in _BRITISH:
            plain = pattern.sub(american, plain)
    return plain


def _singular(word: str) -> str:
    """One stem for singular and plural; sibilants lose their ending in both forms."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "sis", "zes", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("se"):
        return word[:-1]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def read_words(view: str) -> Words:
    """Words and punctuation marks; hyphens inside words separate like blanks."""
    parts = _WORD.split(view)  # what lies between words stands at even places
    offsets = [*accumulate(map(len, parts))]
    return Words([*map(fold, parts[1::2])], offsets[0:-1:2], offsets[1::2])


def folded_key(term: str) -> str:
    """The folded words of a lexicon term, joined by blanks."""
    return " ".join(map(fold, _WORD.findall(term)))
