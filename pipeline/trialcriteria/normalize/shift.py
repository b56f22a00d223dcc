"""Moves offsets from a criterion's own text to the posting's text."""

from functools import cache
from typing import ForwardRef, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel

from trialcriteria.schema import Span

T = TypeVar("T")


def shifted(value: T, by: int) -> T:
    """The same schema value with every Span in it moved by ``by`` code points."""
    if isinstance(value, Span):
        return type(value)(value.start + by, value.end + by)
    if isinstance(value, BaseModel):
        held = vars(value)
        moved = {name: shifted(held[name], by) for name in _movable_fields(type(value))}
        return value.model_copy(update=moved) if moved else value
    if isinstance(value, tuple):
        return tuple([shifted(item, by) for item in value])  # type: ignore[return-value]
    return value


@cache
def _movable_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """Fields that may hold a Span, at any depth; bounds and units hold none."""
    return tuple(
        name for name, field in model.model_fields.items() if _may_hold_span(field.annotation)
    )


def _may_hold_span(annotation: object, seen: frozenset[object] = frozenset()) -> bool:
    if annotation is Span or isinstance(annotation, ForwardRef):
        return True
    if get_origin(annotation) is Literal:
        return False
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return False
        inner = annotation.model_fields.values()
        return any(_may_hold_span(f.annotation, seen | {annotation}) for f in inner)
    return any(_may_hold_span(part, seen) for part in get_args(annotation))
