"""Criterion ids, and warnings about missing and repeated numbers."""

from collections import defaultdict

from trialcriteria.schema import SectionKind, Span, Warning
from trialcriteria.segment.items import Item

MAX_STEP = 10

Ids = dict[int, str]


class Numbering:
    """Hands out ids over all sections of a posting."""

    def __init__(self) -> None:
        self.last: dict[str, int] = defaultdict(int)
        self.printed: dict[tuple[str, str], int] = {}
        self.latest: dict[str, int] = {}
        self.ids: Ids = {}
        self.warnings: list[Warning] = []

    def name(self, item: Item, kind: SectionKind, restarted: bool) -> str:
        """Id of the next item in text order; ``restarted`` at the first of its section."""
        prefix = kind[0] if item.parent is None else self.ids[id(item.parent)]
        number = item.ordinal.value if item.ordinal and _numeric(item) else 0
        last = self.last[prefix]
        chosen = number if last < number <= last + MAX_STEP else last + 1
        self.last[prefix] = chosen
        name = f"{prefix}{chosen}" if item.parent is None else f"{prefix}.{chosen}"
        self.ids[id(item)] = name
        self._check(item, prefix, name, restarted)
        return name

    def _check(self, item: Item, prefix: str, name: str, restarted: bool) -> None:
        """Compare the printed ordinal with the last one of its list."""
        if item.ordinal is None:
            return
        key = (prefix, item.ordinal.kind)
        value, before = item.ordinal.value, self.printed.get(key, 0)
        self.printed[key] = value
        runs_on = value == self.latest.get(item.ordinal.kind, 0) + 1
        self.latest[item.ordinal.kind] = value
        first = value == 1 and (restarted or len(item.ordinal.path) > 1)
        if first or runs_on or value == before + 1:
            return
        missing = value > before
        code = "numbering_gap" if missing else "numbering_repeat"
        self.warnings.append(
            Warning(
                code=code,
                message=_message(item, before, missing),
                span=_label_span(item),
                criterion=name,
            )
        )


def _numeric(item: Item) -> bool:
    return item.ordinal is not None and "number" in item.ordinal.kind


def _label_span(item: Item) -> Span:
    return Span(item.start, max(item.body, item.start + 1))


def _message(item: Item, before: int, missing: bool) -> str:
    if not missing:
        return f"label {item.label} comes again or out of order"
    first, last = before + 1, (item.ordinal.value if item.ordinal else 0) - 1
    span = str(first) if first == last else f"{first} to {last}"
    return f"no item {span} before label {item.label}"
