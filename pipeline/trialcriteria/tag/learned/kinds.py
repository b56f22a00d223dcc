"""Labels of learned taggers as kinds of concept, by the rows of ``learned_kinds.toml``."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import ConceptKind

LabelSet = Literal["ours", "lct", "chia", "any"]


class KindRow(Row):
    """The kind of concept that a label of a set is; ``any`` is the set of taggers users bring."""

    set: LabelSet
    label: str
    kind: ConceptKind
    note: str = ""


@cache
def kinds(label_set: LabelSet) -> Mapping[str, ConceptKind]:
    """Label -> kind."""
    return {
        row.label: row.kind for row in load_rows("learned_kinds", KindRow) if row.set == label_set
    }


def kind_of(label: str) -> ConceptKind | None:
    """The kind of a label of a tagger that a user brings, in whatever case; None for no concept."""
    return kinds("any").get(label.upper()) or kinds("ours").get(label.lower())
