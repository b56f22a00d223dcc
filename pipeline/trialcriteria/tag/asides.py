"""Abbreviations in brackets inside a term: "central nervous system (CNS) disease".

The term is read as if the bracket were not there; the abbreviation is a mention of its own where
the term ends before it.
"""

from trialcriteria.tag.fold import Words

_LONGEST = 8  # letters of an abbreviation
_MORE = 2  # words of a long form that have no letter in the abbreviation


def aside_places(view: str, words: Words) -> list[int]:
    """Which words are an opening bracket, behind it one abbreviation of the words before."""
    folded = words.folded
    if "(" not in folded:
        return []
    return [
        at
        for at in range(1, len(folded) - 2)
        if folded[at] == "(" and folded[at + 2] == ")" and _shortens(view, words, at)
    ]


def without(words: Words, asides: list[int]) -> Words:
    """The words without the brackets and what stands in them."""
    left_out = {at + part for at in asides for part in range(3)}
    kept = [at for at in range(len(words.folded)) if at not in left_out]
    return chosen(words, kept)


def chosen(words: Words, places: list[int]) -> Words:
    """The words at these places."""
    return Words(
        [words.folded[at] for at in places],
        [words.starts[at] for at in places],
        [words.ends[at] for at in places],
    )


def _shortens(view: str, words: Words, at: int) -> bool:
    """Whether the word in the bracket stands for words before it: its first letter begins one."""
    short = view[words.starts[at + 1] : words.ends[at + 1]]
    if not 1 < len(short) <= _LONGEST or not any(map(str.isupper, short)):
        return False
    before = words.folded[max(0, at - len(short) - _MORE) : at]
    return words.starts[at] > words.ends[at - 1] and any(w[0] == short[0].lower() for w in before)
