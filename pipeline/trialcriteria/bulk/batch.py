"""One batch of postings to rows: what a worker process does, and a Spark executor as well."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from trialcriteria.bulk.columns import Table
from trialcriteria.bulk.items import Item
from trialcriteria.bulk.rows import TableRow, rows_of
from trialcriteria.bulk.tables import ERRORS, EXTRACTIONS, TABLES, TRIALS
from trialcriteria.schema import Extraction, Posting
from trialcriteria.tag.learned.choose import tagger as chosen

if TYPE_CHECKING:
    from trialcriteria.link.vocab.apply import Vocabulary
    from trialcriteria.tag.learned.concepts import Tagger

_LONGEST_REASON = 500


class Setup(NamedTuple):
    """What a worker runs, all by name, and whether JSON is kept."""

    model: str | None
    tagger: str | None
    with_json: bool
    vocabularies: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that are filled."""
        return (*TABLES, EXTRACTIONS) if self.with_json else TABLES

    def tools(self) -> "tuple[Tagger | None, tuple[Vocabulary, ...]]":
        """The tagger and the vocabularies, loaded once in a process.

        Raises ModelError, UsageError or VocabularyError where one of them is not there.
        """
        return chosen(self.model, self.tagger), _opened(self.vocabularies)

    def extractions(self, postings: Iterable[Posting]) -> Iterator[Extraction]:
        """One for each posting, in order."""
        from trialcriteria.extract import extract_many  # noqa: PLC0415 (seconds, workers only)

        return extract_many(postings, *self.tools())

    def cache_counts(self) -> tuple[int, int]:
        """How many criteria this process remembered, and how many it had to read."""
        from trialcriteria.extract import cache_counts  # noqa: PLC0415 (as above)

        return cache_counts()


@cache
def _opened(names: tuple[str, ...]) -> "tuple[Vocabulary, ...]":
    if not names:
        return ()
    from trialcriteria.link.vocab import store  # noqa: PLC0415 (few runs have vocabularies)

    return tuple(store.opened(name) for name in dict.fromkeys(names))


class Batch(NamedTuple):
    """Rows by table, each an Arrow record batch as bytes (without its schema)."""

    rows: dict[str, bytes]
    trials: int
    errors: int


def process(items: Sequence[Item], setup: Setup) -> Batch:
    """The rows of the postings; one that fails becomes a row of errors.

    Raises as ``Setup.tools`` does: that these are missing is no fault of any posting.
    """
    setup.tools()
    rows: dict[str, list[object]] = defaultdict(list)
    for table, row in _rows(items, setup):
        rows[table].append(row)
    if setup.with_json:
        rows[EXTRACTIONS.name] = rows[TRIALS.name]
    packed = {table.name: packed_rows(table, rows[table.name]) for table in setup.tables}
    return Batch(packed, len(rows[TRIALS.name]), len(rows[ERRORS.name]))


def packed_rows(table: Table, rows: list[object]) -> bytes:
    """The rows of a table as a record batch in bytes."""
    data: bytes = table.batch(rows).serialize().to_pybytes()
    return data


def _rows(items: Sequence[Item], setup: Setup) -> list[TableRow]:
    try:
        return _extracted(items, setup)
    except Exception:  # whichever it was, each on its own is found out
        return [row for item in items for row in _rows_of_one(item, setup)]


def _rows_of_one(item: Item, setup: Setup) -> list[TableRow]:
    try:
        return _extracted([item], setup)
    except MemoryError:
        error = item.error("memory", "needs more memory than a worker may have")
    except Exception as raised:
        words = " ".join(str(raised).split())
        error = item.error("failed", f"{type(raised).__name__}: {words}"[:_LONGEST_REASON])
    return [(ERRORS.name, error)]


def _extracted(items: Sequence[Item], setup: Setup) -> list[TableRow]:
    postings = [Posting.model_validate_json(item.posting) for item in items]
    found = zip(items, setup.extractions(postings), strict=True)
    return [row for item, each in found for row in rows_of(item.trial_id, item.key, each)]
