"""Moves offsets from a criterion's own text to the posting's text."""

from typing import TypeVar

from pydantic import BaseModel

from trialcriteria.schema import Span

T = TypeVar("T")


def shifted(value: T, by: int) -> T:
    """The same schema value with every Span in it moved by ``by`` code points."""
    if isinstance(value, Span):
        return type(value)(value.start + by, value.end + by)
    if isinstance(value, BaseModel):
        changes = {name: _moved(value, name, by) for name in type(value).model_fields}
        return value.model_copy(update={k: v for k, v in changes.items() if v is not None})
    if isinstance(value, tuple):
        return tuple(shifted(item, by) for item in value)  # type: ignore[return-value]
    return value


def _moved(model: BaseModel, name: str, by: int) -> object:
    held = getattr(model, name)
    return shifted(held, by) if isinstance(held, BaseModel | tuple) else None
