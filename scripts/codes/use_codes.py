"""Looks names up in codes.tsv.gz: exact key first, then without the words that only narrow it."""

import gzip
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from names import MAIN, canonical

FILE = Path(__file__).with_name("codes.tsv.gz")
_ABBREVIATION = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_AND = re.compile(r"\s*(?:/|,|;| and | or )\s*")
# Words around a name that say how it is given or seen, no part of any code.
_AROUND = {
    "condition": "history of|diagnosis of|symptom of|sign of|presence of|evidence of|case of",
    "drug": "treatment with|therapy with|use of|therapy|treatment|use|oral|intravenous|iv|topical"
    "|systemic|inhaled|dose of|administration of|agent|product",
    "procedure": "procedure|surgery|operation|open|laparoscopic|elective|emergency|planned",
    "measurement": "level|concentration|serum|plasma|blood|value|baseline|total",
}


class Row(NamedTuple):
    """One concept of the file."""

    kind: str
    name: str
    codes: tuple[str, ...]
    sources: tuple[str, ...]
    is_class: bool


Table = dict[tuple[str, str], Row]


@cache
def table(path: Path = FILE) -> Table:
    """Every concept by kind and key; each string is kept once."""
    found: Table = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            kind, name, codes, sources, flag, _, names = line.rstrip("\n").split("\t")
            row = Row(
                sys.intern(kind),
                name,
                tuple(codes.split("|")),
                tuple(sources.split(",")),
                bool(flag),
            )
            for key in names.split("|"):
                found[row.kind, key] = row
    return found


@cache
def narrowing(kind: str) -> frozenset[str]:
    """Keys of the words that narrow a name and are no part of it."""
    text = (MAIN / "pipeline/trialcriteria/lexicons/qualifiers.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["row"]
    words = [word for row in rows if row["kind"] != "none" for word in row.get("words", ())]
    return frozenset(map(canonical, [*words, *_AROUND[kind].split("|")]))


def link(text: str, kind: str) -> tuple[Row | None, str]:
    """The concept that a mention names, and by which key; None where no name agrees."""
    bare = _ABBREVIATION.sub("", text)
    for written in dict.fromkeys((text, bare)):
        for key in shorter(canonical(written), kind):
            row = table().get((kind, key))
            if row:
                return row, key
    return None, ""


def shorter(key: str, kind: str) -> list[str]:
    """The key, then with one narrowing phrase after the other taken off either end."""
    found, words = [key], key.split()
    while len(words) > 1:
        cut = _cut(words, narrowing(kind))
        if not cut:
            break
        words = cut
        found.append(" ".join(words))
    return found


def _cut(words: list[str], narrow: frozenset[str]) -> list[str]:
    """The words without the longest narrowing phrase in front, else behind."""
    for size in range(min(5, len(words) - 1), 0, -1):
        if " ".join(words[:size]) in narrow:
            return words[size:]
        if " ".join(words[-size:]) in narrow:
            return words[:-size]
    return []
