"""Says when a text is not English, the one language the rules read.

Counts function words by spaCy's stop-word lists, and letters that are not Latin.
"""

import re
from functools import cache
from importlib import import_module

_LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "pl": "Polish",
}
_SAMPLE = 4_000  # code points that are looked at
_FEWEST = 4  # function words below which nothing is said
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN_END = "\u024f"


def foreign_language(text: str) -> str | None:
    """The language of the text where it is not English: a name, or "a non-Latin script"."""
    words = _WORD.findall(text[:_SAMPLE].lower())
    letters = "".join(words)
    if letters and sum(char > _LATIN_END for char in letters) > len(letters) / 2:
        return "a non-Latin script"
    counts = {code: sum(word in _own_words(code) for word in words) for code in _LANGUAGES}
    best = max(counts, key=lambda code: counts[code])
    if best == "en" or counts[best] < _FEWEST or counts[best] < 2 * counts["en"]:
        return None
    return _LANGUAGES[best]


@cache
def _stop_words(code: str) -> frozenset[str]:
    return frozenset(import_module(f"spacy.lang.{code}.stop_words").STOP_WORDS)


@cache
def _own_words(code: str) -> frozenset[str]:
    """Function words of a language; of another language, those that are not English as well."""
    return _stop_words(code) if code == "en" else _stop_words(code) - _stop_words("en")
