"""Named results: positive, negative, detectable, reactive, normal, and the "+" of "HBsAg+"."""

import re

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.tag.values_patterns import Text, phrase_pattern, squeezed
from trialcriteria.tag.values_types import ValueMention


class ResultRow(Row):
    """A result, the words for it, and the neighbours that make them something else.

    ``only_of``: what it is a result of, where the words say much else ("adequate contraception").
    """

    value: str
    texts: tuple[str, ...]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    only_of: tuple[str, ...] = ()


VAGUE = frozenset({"result.adequate", "result.inadequate"})
"""Results that say nothing by themselves where what they mean is defined behind them."""

_ROWS = load_rows("results", ResultRow)
_BY_TEXT = {squeezed(text): row for row in _ROWS for text in row.texts}

_TEXTS = sorted({text for row in _ROWS for text in row.texts})
RESULT = rf"(?<![a-z])(?:{phrase_pattern(_TEXTS)})(?![a-z])"
SIGN = r"(?<=[a-z0-9])[+-](?![\w+/-])"

_MARKER_PLUS = re.compile(
    r"(?<![A-Za-z0-9-])(?!(?:CD4|CD8|CD3|CD34|Ca2?|Na|K|Mg2?|Zn2?"
    r"|Fe[23]?)$)[A-Z][A-Za-z0-9-]{1,11}$"
)
_MARKER_MINUS = re.compile(
    r"(?<![A-Za-z0-9-])(?:HER-?2|ER|PR|HR|HIV|HBsAg|HBeAg|HCV|HBV|EGFR|ALK|Ph|PSMA)$"
)


def _neighbour(words: tuple[str, ...], form: str) -> re.Pattern[str] | None:
    return re.compile(form % "|".join(map(re.escape, words))) if words else None


_BEFORE = {r.id: _neighbour(r.not_before, r"[\s-]{0,3}(?:%s)(?![a-z])") for r in _ROWS}
_AFTER = {r.id: _neighbour(r.not_after, r"(?<![a-z])(?:%s)[\s-]{0,3}$") for r in _ROWS}
_LOOK_BACK = 24
# "Adequate liver, kidney and bone marrow function"
_ONLY_OF = {
    row.id: re.compile(
        rf"(?:[\s,/-]{{1,3}}[a-z]{{1,20}}){{0,10}}?\s(?:{'|'.join(row.only_of)})(?![a-z])"
    )
    for row in _ROWS
    if row.only_of
}


def result_at(text: Text, start: int, end: int) -> ValueMention | None:
    """The result whose words are ``[start, end)``, unless its neighbours say otherwise."""
    row = _BY_TEXT.get(squeezed(text.low[start:end]))
    if row is None:
        return None
    before, after = _BEFORE[row.id], _AFTER[row.id]
    if before and before.match(text.low, end):
        return None
    if after and after.search(text.low[max(0, start - _LOOK_BACK) : start]):
        return None
    if row.id in _ONLY_OF and not _ONLY_OF[row.id].match(text.low, end):
        return None
    return ValueMention("result", start, end, values=(row.value,), source=row.id)


def sign_at(text: Text, start: int) -> ValueMention | None:
    """The sign of "HBsAg+" or "HER2-" at ``start``."""
    plus = text.view[start] == "+"
    marker = (_MARKER_PLUS if plus else _MARKER_MINUS).search(
        text.view[max(0, start - _LOOK_BACK) : start]
    )
    if marker is None:
        return None
    value = "positive" if plus else "negative"
    return ValueMention("result", start, start + 1, values=(value,), source=f"result.{value}_sign")
