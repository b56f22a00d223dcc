"""Building blocks of the value grammar: phrase lists as one linear regex, and the text it reads."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from trialcriteria.view import lower_view

_SIGNS = frozenset("<>=≤≥/≈~")
_NUMBER = r"\s?\d[\d.,]{0,8}\s?"
_INTERVAL = re.compile(rf"\[({_NUMBER}(?:-|to){_NUMBER})\]")

Trie = dict[str, "Trie"]


class Text(NamedTuple):
    """One criterion's reading view, and the same in lower case (same length, same offsets)."""

    view: str
    low: str

    @classmethod
    def of(cls, view: str) -> "Text":
        """The text of a view; the brackets of an interval, "[18 - 30] years", are padding."""
        view = _INTERVAL.sub(r" \1 ", view) if "[" in view else view
        return cls(view, lower_view(view))


def phrase_pattern(phrases: Iterable[str], blank: str = r"\s{1,8}") -> str:
    """A regex that matches the longest of the phrases, branching on one letter at a time.

    ``blank`` stands for a blank in a phrase. Blanks between comparator signs are optional.
    """
    root: Trie = {}
    for phrase in phrases:
        node = root
        for token in _tokens(phrase, blank):
            node = node.setdefault(token, {})
        node[""] = {}
    return _branch(root)


def _tokens(phrase: str, blank: str) -> list[str]:
    """One regex a character; signs swallow the blanks around them."""
    tokens = []
    for i, char in enumerate(phrase):
        before, after = phrase[i - 1 : i], phrase[i + 1 : i + 2]
        if char == "^":
            tokens.append(r"\^\s{0,2}")
        elif char != " ":
            glue = r"\s{0,6}" if char in _SIGNS and before in _SIGNS and before else ""
            tokens.append(glue + re.escape(char))
        elif before in _SIGNS or after in _SIGNS:
            tokens.append(r"\s{0,6}")
        else:
            tokens.append(blank)
    return tokens


def _branch(node: Trie) -> str:
    parts = [token + _branch(child) for token, child in node.items() if token]
    if not parts:
        return ""
    inner = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
    if "" not in node:
        return inner
    return f"(?:{inner})?"


def squeezed(text: str) -> str:
    """Key under which a printed phrase is looked up: no white space at all."""
    return "".join(text.split())
