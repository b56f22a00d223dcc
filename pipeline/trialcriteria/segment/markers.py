"""List markers at the start of a line: a bullet, an ordinal, or both (``• 1.``)."""

import re
from functools import lru_cache
from typing import NamedTuple

FULL_BULLETS = "•●▪■□◦○‣∙·▸►➢➤❖◆◇★✓✔⁃ˑ\uf0b7\uf0a7\uf0d8\uf0fc\uf02d\uf06f"
_BULLET = re.compile(
    rf"[{FULL_BULLETS}]+"
    r"|#{1,6}(?=\s)"
    r"|[-*+]{1,3}(?=\s|$)"
    r"|-(?=[^\W\d_]|[(\"'≥≤<])"
    r"|[o°¿](?=\s)"
)
_ORDINAL = re.compile(
    r"[(\[]?(?P<prefix>[A-Za-z]{1,2}[-.]?)?(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?P<sub>[a-z])?"
    r"\s?(?P<close>\.\)|[.)\]:](?!\d)|-(?=\s)|(?<!\s)(?=\s|$))"
    r"|\(?(?P<roman>[ivx]{1,5}|[IVX]{1,5})(?P<rclose>\.\)|\)\.?|\.(?=\s|$))"
    r"|\(?(?P<letter>[A-Za-z])(?P<lclose>\.\)|\)\.?|\.(?=\s|$))"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


class Ordinal(NamedTuple):
    """One reading of an ordinal: its style (kind and punctuation), its kind and its value."""

    style: str
    kind: str
    value: int
    path: tuple[int, ...]


class Marker(NamedTuple):
    """What precedes the words of an item; ``readings`` is empty for a bare bullet."""

    start: int
    ordinal: int  # where the label begins; ``body`` where there is none
    body: int
    bullet: str
    label: str | None
    readings: tuple[Ordinal, ...]
    weak: bool  # a bare number or decimal, a list number only in a sequence


@lru_cache(maxsize=64)  # the same lines are asked for again by those before and after them
def read_marker(view: str, start: int, end: int) -> Marker | None:
    """The marker at ``start`` (blanks skipped), or None; whether it fits is for the caller."""
    at = _skip(view, start, end)
    bullet = _BULLET.match(view, at, end)
    body = _skip(view, bullet.end(), end) if bullet else at
    ordinal = _ORDINAL.match(view, body, end)
    readings = _readings(ordinal) if ordinal else ()
    if ordinal and readings:
        label = "".join(ordinal.group().split())
        after = _skip(view, ordinal.end(), end)
        return Marker(start, body, after, _bullet_style(bullet), label, readings, _is_weak(ordinal))
    if bullet:
        return Marker(start, body, body, _bullet_style(bullet), None, (), False)
    return None


def without_ordinal(marker: Marker, view: str, end: int) -> Marker | None:
    """The same marker where its ordinal turned out to be part of the words."""
    if not marker.bullet:
        return None
    bullet = _BULLET.match(view, _skip(view, marker.start, end), end)
    body = _skip(view, bullet.end(), end) if bullet else marker.body
    return Marker(marker.start, body, body, marker.bullet, None, (), False)


def _skip(view: str, at: int, end: int) -> int:
    while at < end and view[at].isspace():
        at += 1
    return at


def _bullet_style(match: re.Match[str] | None) -> str:
    return match.group() if match else ""


def _is_weak(match: re.Match[str]) -> bool:
    if match["number"] is None:
        return False
    return match["close"] in ("", "-", ":")


def _readings(match: re.Match[str]) -> tuple[Ordinal, ...]:
    opening = "(" if match.group()[0] in "([" else ""
    if match["number"]:
        number = _number(match, opening)
        return (number,) if number else ()
    found = []
    if match["roman"]:
        value = _roman_value(match["roman"].lower())
        case = "roman" if match["roman"].islower() else "ROMAN"
        if value:
            found.append(Ordinal(opening + case + match["rclose"], case, value, (value,)))
    letter = match["letter"] or match["roman"]
    if letter and len(letter) == 1:
        close = match["lclose"] or match["rclose"]
        case = "alpha" if letter.islower() else "ALPHA"
        value = ord(letter.lower()) - ord("a") + 1
        found.append(Ordinal(opening + case + close, case, value, (value,)))
    return tuple(found)


def _number(match: re.Match[str], opening: str) -> Ordinal | None:
    path = tuple(int(part) for part in match["number"].split("."))
    if path[0] == 0 and len(path) > 1:
        return None
    prefix = match["prefix"] or ""
    if match["sub"]:
        path += (ord(match["sub"]) - ord("a") + 1,)
    kind = f"{prefix}number{len(path)}"
    return Ordinal(opening + kind + match["close"], kind, path[-1], path)


def _roman_value(letters: str) -> int:
    """Value of a Roman numeral up to 39, 0 where the letters are none."""
    total = 0
    for char, following in zip(letters, letters[1:] + " ", strict=True):
        value = _ROMAN[char]
        total += -value if _ROMAN.get(following, 0) > value else value
    return total if _roman_letters(total) == letters else 0


def _roman_letters(value: int) -> str:
    tens, ones = divmod(max(value, 0), 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]
