"""EU Clinical Trials Information System (CTIS) records as JSON.

Each criterion is a record of its own, stored in string order (1, 10, 11, 2): they are put in
the order of their numbers. The number itself is not part of the text. The original wording
counts, a translation only where there is none. CTIS states age bands, not limits, so
``minimum_age`` and ``maximum_age`` stay null.
"""

from collections.abc import Iterator

from trialcriteria.errors import ReadError
from trialcriteria.read.base import (
    FormatInfo,
    Raw,
    Record,
    certify,
    join_parts,
    make_posting,
    read_document,
)
from trialcriteria.read.fields import distinct, sex_from_flags, sex_of, stated
from trialcriteria.read.json_data import Json, dig, items, line_at, records_of, text_at
from trialcriteria.schema import Posting, Sex, Trial

INFO = FormatInfo("ctis", "EU CTIS record, JSON", ".json")

_STATUS = {
    "1": "Under evaluation",
    "2": "Authorised, recruitment pending",
    "3": "Authorised, recruiting",
    "4": "Ongoing, recruiting",
    "5": "Ongoing, recruitment ended",
    "6": "Temporarily halted",
    "7": "Suspended",
    "8": "Ended",
    "9": "Expired",
    "10": "Revoked",
    "11": "Not authorised",
    "12": "Cancelled",
}
"""Public status codes of the portal and its words for them."""

_PROTOCOL_PATHS = (
    ("authorizedApplication", "authorizedPartI"),
    ("authorizedPartI",),
)


def matches(raw: Raw) -> bool:
    """Whether the document is a CTIS record, or an array of such."""
    first = next(iter(records_of(raw.json)), None)
    return isinstance(first, dict) and "ctNumber" in first


def read(raw: Raw) -> Iterator[Record]:
    """The one record, or one posting for each record of an array."""
    return read_document(raw, _posting, _record_id)


def _record_id(record: Json) -> str | None:
    return line_at(record, "ctNumber")


def _posting(record: Json, name: str) -> Posting:
    trial_id = _record_id(record)
    if trial_id is None:
        raise ReadError("a record without ctNumber")
    protocol = _protocol(record)
    details = dig(protocol, "trialDetails")
    eligibility = dig(details, "trialInformation", "eligibilityCriteria")
    text, parts = join_parts(
        (
            ("inclusion", _criteria(eligibility, "principalInclusionCriteria")),
            ("exclusion", _criteria(eligibility, "principalExclusionCriteria")),
        )
    )
    population = dig(details, "trialInformation", "populationOfTrialSubjects")
    trial = Trial(
        id=trial_id,
        registry="CTIS",
        title=_title(record, details),
        conditions=distinct(
            line_at(item, "medicalCondition") for item in items(protocol, "medicalConditions")
        ),
        interventions=distinct(_product(item) for item in items(protocol, "products")),
        phase=line_at(record, "trialPhase"),
        status=_status(record),
        sex=_sex(record, population),
        healthy_volunteers=_healthy(population),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text, parts)


def _protocol(record: Json) -> Json:
    """Part I of the application: the authorised one, else that of the latest application."""
    authorised = (dig(record, *path) for path in _PROTOCOL_PATHS)
    applied = (dig(item, "partI") for item in reversed(items(record, "applications")))
    return next((part for part in (*authorised, *applied) if part), None)


def _criteria(eligibility: Json, key: str) -> str:
    """The wordings of one kind in the order of their numbers, with blank lines between."""
    entries = sorted(items(eligibility, key), key=_number)
    return "\n\n".join(text for entry in entries if (text := _wording(entry, key)))


def _number(entry: Json) -> int:
    number = dig(entry, "number")
    return number if isinstance(number, int) else 0


def _wording(entry: Json, key: str) -> str | None:
    original = text_at(entry, key)
    if original and original.strip():
        return original
    translations = items(entry, f"{key}Translations")
    return next((text for t in translations if (text := text_at(t, "attributeTranslation"))), None)


def _title(record: Json, details: Json) -> str | None:
    full = line_at(details, "clinicalTrialIdentifiers", "fullTitle")
    return full or line_at(record, "title") or line_at(record, "shortTitle")


def _product(item: Json) -> str | None:
    info = dig(item, "productDictionaryInfo")
    substance = stated(text_at(info, "activeSubstanceName"))
    return stated(text_at(info, "prodName")) or stated(text_at(item, "productName")) or substance


def _status(record: Json) -> str | None:
    status = line_at(record, "ctStatus") or line_at(record, "ctPublicStatusCode")
    return _STATUS.get(status, status) if status else None


def _sex(record: Json, population: Json) -> Sex | None:
    flags = (dig(population, key) is True for key in ("isFemaleSubjects", "isMaleSubjects"))
    return sex_of(line_at(record, "gender")) or sex_from_flags(*flags)


def _healthy(population: Json) -> bool | None:
    groups = [line_at(group, "name") or "" for group in items(population, "clinicalTrialGroups")]
    return any("healthy" in group.lower() for group in groups) if groups else None
