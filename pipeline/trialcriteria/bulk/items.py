"""What a record is to a bulk run: something to extract, or an error; each under its key."""

import hashlib
from typing import NamedTuple

from trialcriteria.bulk.rows import ErrorRow
from trialcriteria.read import BrokenRecord
from trialcriteria.schema import Posting

_KEY_LENGTH = 32
_NOT_READ = {"trial": {"source": {"name", "start"}}}
"""What may differ between two dumps although the record is the same."""


class Item(NamedTuple):
    """A posting on its way to a worker, as JSON."""

    key: str
    trial_id: str
    source: str
    posting: bytes

    def error(self, kind: str, reason: str) -> ErrorRow:
        """The row of this record where it does not become a trial."""
        return ErrorRow(self.key, self.trial_id, kind, reason, self.source)


def item_of(posting: Posting, identity: str) -> Item:
    """The posting with its key: a hash of all that is read of it, and of what reads it.

    A posting without an id gets one that its text alone decides.
    """
    source = posting.trial.source
    read = posting.model_dump_json(exclude=_NOT_READ)
    trial_id = posting.trial.id or f"text-{source.sha256[:16]}"
    return Item(_key(identity, read), trial_id, source.name, posting.model_dump_json().encode())


def unreadable(record: BrokenRecord, where: str) -> ErrorRow:
    """The row of a record that no reader could read; ``where`` tells it from another like it."""
    key = _key("unreadable", where, record.name, record.reason)
    return ErrorRow(key, record.id, "unreadable", record.reason, record.name)


def duplicate(item: Item, where: str) -> ErrorRow:
    """The row of a trial that was met before in the same run; ``where`` as above."""
    reason = "a record with this trial id came before; this one is left out"
    return item.error("duplicate", reason)._replace(key=_key("duplicate", where, item.key))


def _key(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:_KEY_LENGTH]
