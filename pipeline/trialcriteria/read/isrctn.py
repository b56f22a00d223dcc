"""ISRCTN records as JSON, with inclusion and exclusion in separate fields."""

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
from trialcriteria.read.fields import distinct, iso_age, sex_of, stated
from trialcriteria.read.json_data import Json, dig, items, line_at, records_of, text_at
from trialcriteria.schema import Posting, Trial

INFO = FormatInfo("isrctn", "ISRCTN record, JSON", ".json")

_PREFIX = "ISRCTN"


def matches(raw: Raw) -> bool:
    """Whether the document is an ISRCTN record, or an array of such."""
    first = next(iter(records_of(raw.json)), None)
    return isinstance(first, dict) and "isrctn" in first


def read(raw: Raw) -> Iterator[Record]:
    """The one record, or one posting for each record of an array."""
    return read_document(raw, _posting, _record_id)


def _record_id(record: Json) -> str | None:
    """The number with its prefix, which the JSON leaves out."""
    number = line_at(record, "isrctn")
    return f"{_PREFIX}{number.removeprefix(_PREFIX)}" if number else None


def _posting(record: Json, name: str) -> Posting:
    trial_id = _record_id(record)
    if trial_id is None:
        raise ReadError("a record without its ISRCTN number")
    people = dig(record, "participants")
    text, parts = join_parts(
        (("inclusion", text_at(people, "inclusion")), ("exclusion", text_at(people, "exclusion")))
    )
    interventions = items(record, "interventions", "intervention")
    trial = Trial(
        id=trial_id,
        registry="ISRCTN",
        title=line_at(record, "trialDescription", "title"),
        conditions=distinct(
            line_at(item, "description") for item in items(record, "conditions", "condition")
        ),
        interventions=distinct(name for item in interventions for name in _drug_names(item)),
        phase=next((p for i in interventions if (p := stated(text_at(i, "phase")))), None),
        status=_status(record),
        sex=sex_of(line_at(people, "gender")),
        minimum_age=iso_age(line_at(people, "lowerAgeLimit")),
        maximum_age=iso_age(line_at(people, "upperAgeLimit")),
        healthy_volunteers=_healthy(people),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text, parts)


def _drug_names(intervention: Json) -> list[str | None]:
    return [stated(name) for name in (line_at(intervention, "drugNames") or "").split(", ")]


def _status(record: Json) -> str | None:
    overall = line_at(record, "trialDesign", "overallStatusOverride")
    return overall or line_at(record, "participants", "recruitmentStatusOverride")


def _healthy(people: Json) -> bool | None:
    kinds = [str(kind).lower() for kind in items(people, "participantTypes", "participantType")]
    return any("healthy" in kind for kind in kinds) if kinds else None
