"""How names of the user's vocabularies are compared."""

from trialcriteria.tag.fold import folded_key

LONGEST = 120  # characters; no criterion says a longer name word for word
_SHORT = 3
_LONG_ACRONYM = 6


def key_of(name: str) -> str:
    """The form under which two spellings are one name: case, plural, hyphens and commas apart.

    Unlike ``link.names.canonical`` it keeps "tumor" and "cancer" apart: a large vocabulary has a
    concept for each. Empty for what cannot be a name: no letter, or longer than LONGEST.
    """
    if len(name) > LONGEST:
        return ""
    words = folded_key(name).split()  # a mark is a word of its own
    key = " ".join([word for word in words if word != "the" and word[0].isalnum()])
    return key if any(map(str.isalpha, key)) else ""


def is_short_form(name: str) -> bool:
    """Whether a name is an acronym, which says nothing without the text around it.

    >>> [is_short_form(name) for name in ("RA", "COPD", "gout", "Asthma")]
    [True, True, False, False]
    """
    return len(name) <= _SHORT or (name.isupper() and len(name) <= _LONG_ACRONYM)
