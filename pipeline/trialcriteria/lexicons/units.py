"""The row model of ``units.toml``, which tagging and evaluation both read."""

from typing import Literal

from trialcriteria.lexicons.loader import Row


class UnitAtom(Row):
    """One unit: ``ucum`` code ("" for a count of things), what it measures, its spellings."""

    ucum: str
    dimension: str
    place: Literal["head", "tail", "any", "prefix"]
    case: bool
    spellings: tuple[str, ...]
