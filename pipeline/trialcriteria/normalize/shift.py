"""Moves offsets from a criterion's own text to the posting's text."""

from collections.abc import Callable
from functools import cache
from typing import ForwardRef, Literal, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel

from trialcriteria.schema import Model, Span

T = TypeVar("T")


def shifted(value: T, by: int) -> T:
    """The same schema value with every Span in it moved by ``by`` code points."""
    if by == 0 or value is None:
        return value
    return moved(value, lambda span: Span(span[0] + by, span[1] + by))


def moved(value: T, place: Callable[[Span], Span]) -> T:
    """The same schema value with every Span in it where ``place`` puts it."""
    if isinstance(value, Span):
        return cast("T", place(value))
    return cast("T", _moved(value, place))


def _moved(value: object, place: Callable[[Span], Span]) -> object:
    if type(value) is tuple:
        return tuple([place(i) if type(i) is Span else _moved(i, place) for i in value])
    kind: type = type(value)
    names = _movable_fields(kind)  # none for a plain value
    if not names:
        return value
    model = cast("Model", value)
    fields = {**vars(model)}
    for name in names:
        held = fields[name]
        if held:  # neither null nor an empty tuple
            fields[name] = place(held) if type(held) is Span else _moved(held, place)
    return model.known(fields)


@cache
def _movable_fields(kind: type) -> tuple[str, ...]:
    """Fields that may hold a Span, at any depth; bounds and units hold none."""
    if not issubclass(kind, Model):
        return ()
    return tuple(
        name for name, field in kind.model_fields.items() if _may_hold_span(field.annotation)
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
