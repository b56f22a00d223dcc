"""EU Clinical Trials Register, full-text export.

A multi-state trial has one record for each member state, all with the same EudraCT number, so
the id is number and country suffix (2019-002663-10-ES), or the number alone where the record
names no country. Fields come in English and in translation ("(es)"): the English one counts,
else the first. Inclusion (E.3) and exclusion (E.4) are separate fields. The register states
age bands, not limits, so ``minimum_age`` and ``maximum_age`` stay null.
"""

import re
from collections.abc import Iterator, Mapping

from trialcriteria.read.base import (
    FormatInfo,
    Raw,
    Record,
    certify,
    join_parts,
    make_posting,
    read_each,
)
from trialcriteria.read.eudract import PHASES, REGISTRY, country_code, record_id
from trialcriteria.read.fields import clean, distinct, sex_from_flags, yes_no
from trialcriteria.schema import Posting, Trial

INFO = FormatInfo("euctr", "EU Clinical Trials Register full-text export", ".txt")

_NUMBER = re.compile(r"(?:^Summary\s{1,3})?^EudraCT Number:[ \t]*(\S{1,40})", re.MULTILINE)
_COUNTRY = re.compile(r"^Link:[^\n]{0,200}/trial/[^/\n]{1,40}/([A-Z]{2}|3RD)/", re.MULTILINE)
_STATUS = re.compile(r"^Trial Status:([^\n]*)", re.MULTILINE)
_ITEM = re.compile(
    r"^(?P<code>[A-Z](?:\.\d{1,2}){1,6}|[A-Z]\.)[ \t](?P<label>[^\n:]{1,200})"
    r"(?::[ \t]?(?P<value>[^\n]*))?$",
    re.MULTILINE,
)
_TRANSLATED = re.compile(r"\([a-z]{2}\)$")
_PROSE = {"E.3": ("E.3", "E.4"), "E.4": ("E.4", "E.5")}
"""Items of many lines, and the only items that may end them: criteria hold numbers as well."""

Items = Mapping[str, list[str]]


def matches(raw: Raw) -> bool:
    """Whether the text holds a EudraCT number line and the item of the inclusion criteria."""
    return _NUMBER.search(raw.text) is not None and "\nE.3 Principal inclusion" in raw.text


def read(raw: Raw) -> Iterator[Record]:
    """One posting a record, in the order of the file."""
    starts = [match.start() for match in _NUMBER.finditer(raw.text)]
    records = (raw.text[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True))
    return read_each(raw.name, records, _posting, _record_id)


def _record_id(record: str) -> str | None:
    number, country = _NUMBER.search(record), _COUNTRY.search(record)
    items = {} if country else _items(record)
    code = country[1] if country else country_code(_first(items, "A.1"))
    return record_id(number[1] if number else None, code)


def _posting(record: str, name: str) -> Posting:
    items = _items(record)
    text, parts = join_parts(
        (("inclusion", _text(items, "E.3")), ("exclusion", _text(items, "E.4")))
    )
    status = _STATUS.search(record)
    female, male = (yes_no(_first(items, code)) for code in ("F.2.1", "F.2.2"))
    trial = Trial(
        id=_record_id(record),
        registry=REGISTRY,
        title=_first(items, "A.3") or _first(items, "A.3.1"),
        conditions=distinct([_first(items, "E.1.1") or _first(items, "E.1.1.1")]),
        interventions=_products(items),
        phase="/".join(words for code, words in PHASES if yes_no(_first(items, code))) or None,
        status=clean(status[1]) if status else None,
        sex=sex_from_flags(female, male),
        healthy_volunteers=yes_no(_first(items, "F.3.1")),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text, parts)


def _items(record: str) -> dict[str, list[str]]:
    """Values by item code, English before translated, each as it stands up to the next item."""
    found: dict[str, list[str]] = {}
    translated: dict[str, list[str]] = {}
    marks = _marks(record)
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(record)
        start = mark.start("value")
        value = record[start:end].rstrip() if start >= 0 else ""
        where = translated if _TRANSLATED.search(mark["label"].rstrip()) else found
        where.setdefault(mark["code"], []).append(value)
    return {
        code: found.get(code, []) + translated.get(code, []) for code in {**found, **translated}
    }


def _marks(record: str) -> list[re.Match[str]]:
    """The lines that open an item, without lines of criteria that only look like one."""
    marks: list[re.Match[str]] = []
    enders: tuple[str, ...] = ()
    for mark in _ITEM.finditer(record):
        if not enders or mark["code"] in enders:
            marks.append(mark)
            enders = _PROSE.get(mark["code"], ())
    return marks


def _text(items: Items, code: str) -> str | None:
    return next((value for value in items.get(code, []) if value.strip()), None)


def _first(items: Items, code: str) -> str | None:
    return clean(_text(items, code))


def _products(items: Items) -> tuple[str, ...]:
    """Names of the investigational products: substance, else product, else trade name."""
    for code in ("D.3.8", "D.3.1", "D.2.1.1.1"):
        names = distinct(clean(value) for value in items.get(code, []))
        if names:
            return names
    return ()
