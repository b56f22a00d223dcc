"""A same-length reading view of the eligibility text.

The text itself is never edited. Rules read a view in which registry escapes (``\\>=``,
``&lt;``) and typographic variants (full-width digits, Unicode minus signs, superscripts) have
their plain form, each padded to its own width, so that an offset in the view is an offset in
the text and no map between the two exists.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

_ESCAPE = re.compile(
    r"\\(?=[\\`*_{}\[\]()#+.!<>=~&|^$%-])"
    r"|<U\+(?!00[01])[0-9A-C][0-9A-F]{3}>|&(?:lt|gt|le|ge|amp|quot|apos|nbsp|middot|plusmn|times|micro|mu|deg"
    r"|#\d{1,6}|#x[0-9a-fA-F]{1,5});"
    r"|\*\*|__"
)
_SPECIAL = re.compile(r"[^\x00-\x7f]|[\t\v\f\x1c-\x1f]")  # what _plain_char may change
_PLAIN = {
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\ufe63": "-", "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"',
    "\u00d7": "x", "\u2715": "x", "\u2a09": "x",
    "\u2266": "\u2264", "\u2267": "\u2265", "\u2a7d": "\u2264",
    "\u2a7e": "\u2265", "\u00b5": "\u03bc", "\u2044": "/", "\u2215": "/", "\u2022": "\u2022",
    "\u3001": ",", "\u3002": ".",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _plain_char(char: str) -> str:
    """One code point in, one code point out."""
    if char in _PLAIN:
        return _PLAIN[char]
    if char.isspace():
        return char if char in "\n\r" else " "
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) == 1 and (char.isdigit() or "\uff00" <= char <= "\uffef"):
        return _PLAIN.get(folded, folded)
    return char


def _pad_escape(match: re.Match[str]) -> str:
    """Replace an escape by what it stands for, padded with blanks to the same width."""
    raw = match.group()
    if raw.startswith("<"):  # R writes "<U+2265>" where its output cannot hold the character
        return _plain_char(chr(int(raw[3:-1], 16))).ljust(len(raw))
    if not raw.startswith("&"):
        return " " * len(raw)
    plain = html.unescape(raw)
    return plain.ljust(len(raw)) if len(plain) <= len(raw) else " " * len(raw)


def reading_view(text: str) -> str:
    """The text with escapes and typographic variants made plain; same length, same offsets."""
    unescaped = _ESCAPE.sub(_pad_escape, text)
    if unescaped.isascii():
        return unescaped.replace("\t", " ").replace("\f", " ").replace("\v", " ")
    return _SPECIAL.sub(lambda match: _plain_char(match.group()), unescaped)


def lower_view(view: str) -> str:
    """Lower case of the same length (characters whose lower case is longer stay as they are)."""
    lowered = view.lower()
    if len(lowered) == len(view):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in view)


class Placed(Protocol):
    """What stands at ``[start, end)`` of a view."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def mask(view: str, places: Iterable[Placed]) -> bytearray:
    """One byte a character: 1 where one of these stands."""
    marks = bytearray(len(view))
    for place in places:
        marks[place.start : place.end] = b"\1" * (place.end - place.start)
    return marks
