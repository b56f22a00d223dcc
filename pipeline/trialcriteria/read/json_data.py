"""JSON of untrusted shape: parsing with a one-line error, and looking into it without crashes."""

import re
from typing import Any

import orjson

from trialcriteria.errors import ReadError
from trialcriteria.read.fields import clean

Json = Any
"""A parsed JSON document: its shape is not trusted, so it is read through ``dig`` only."""

_OPENING = re.compile(r'\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[\[{\]]|$))')


def looks_like_json(text: str) -> bool:
    """Whether the text opens as a JSON object, or as an array of objects or arrays."""
    return _OPENING.match(text) is not None


def parse_json(text: str | bytes) -> Json:
    """The document; raises ReadError with line and column where it is broken or cut short."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        reason = error.msg.split(":")[0]
        raise ReadError(
            f"broken JSON at line {error.lineno}, column {error.colno}: {reason}"
        ) from error


def dig(value: Json, *keys: str) -> Json:
    """The value under nested keys; None where any step is missing or is no object."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def records_of(value: Json) -> list[Json]:
    """The elements of an array; anything else is one record."""
    return value if isinstance(value, list) else [value]


def items(value: Json, *keys: str) -> list[Json]:
    """The list under nested keys; a lone value counts as a list of one, a missing one as empty."""
    found = dig(value, *keys)
    return [] if found is None else records_of(found)


def text_at(value: Json, *keys: str) -> str | None:
    """The string under nested keys exactly as it stands; None where it is no string."""
    found = dig(value, *keys)
    return found if isinstance(found, str) else None


def line_at(value: Json, *keys: str) -> str | None:
    """The string or number under nested keys as one line; None where absent or blank."""
    found = dig(value, *keys)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    return clean(found) if isinstance(found, str) else None
