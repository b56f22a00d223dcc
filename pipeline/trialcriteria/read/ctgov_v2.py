"""ClinicalTrials.gov API version 2: one study, a page ``{"studies": [...]}``, or an array."""

from collections.abc import Iterator

from trialcriteria.errors import ReadError
from trialcriteria.read.base import (
    FormatInfo,
    Raw,
    Record,
    certify,
    make_posting,
    read_each,
)
from trialcriteria.read.fields import clean, distinct, iso_age, sex_of, yes_no
from trialcriteria.read.json_data import Json, dig, items, line_at, records_of, text_at
from trialcriteria.schema import Posting, Trial

INFO = FormatInfo("ctgov_v2", "ClinicalTrials.gov API v2 JSON, one study or a page", ".json")


def matches(raw: Raw) -> bool:
    """Whether the document is a study, a page of studies, or an array of studies."""
    first = next(iter(records_of(raw.json)), None)
    return is_study(first) or (isinstance(first, dict) and "studies" in first)


def read(raw: Raw) -> Iterator[Record]:
    """One posting a study; a broken study of several becomes a BrokenRecord."""
    if isinstance(raw.json, dict) and "studies" not in raw.json:
        yield study(raw.json, raw.name)
        return
    studies = records_of(raw.json if isinstance(raw.json, list) else items(raw.json, "studies"))
    if not studies:
        raise ReadError("a page without studies")
    yield from read_each(raw.name, studies, study, study_id)


def is_study(value: Json) -> bool:
    """Whether the value is an object of the shape of a study."""
    return isinstance(value, dict) and "protocolSection" in value


def study_id(study: Json) -> str | None:
    """The NCT id that the study states."""
    return line_at(study, "protocolSection", "identificationModule", "nctId")


def study(study: Json, name: str) -> Posting:
    """The posting of one study; raises ReadError where it has no id, or too long a text."""
    protocol = dig(study, "protocolSection")
    eligibility = dig(protocol, "eligibilityModule")
    trial_id = study_id(study)
    if trial_id is None:
        raise ReadError("a study without protocolSection.identificationModule.nctId")
    text = text_at(eligibility, "eligibilityCriteria") or ""
    phases = [phase for phase in items(protocol, "designModule", "phases") if phase]
    trial = Trial(
        id=trial_id,
        registry="ClinicalTrials.gov",
        title=_title(dig(protocol, "identificationModule")),
        conditions=_lines(items(protocol, "conditionsModule", "conditions")),
        interventions=distinct(
            line_at(item, "name")
            for item in items(protocol, "armsInterventionsModule", "interventions")
        ),
        phase="/".join(map(str, phases)) or None,
        status=line_at(protocol, "statusModule", "overallStatus"),
        sex=sex_of(line_at(eligibility, "sex")),
        minimum_age=iso_age(line_at(eligibility, "minimumAge")),
        maximum_age=iso_age(line_at(eligibility, "maximumAge")),
        healthy_volunteers=yes_no(dig(eligibility, "healthyVolunteers")),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text)


def _title(identification: Json) -> str | None:
    return line_at(identification, "briefTitle") or line_at(identification, "officialTitle")


def _lines(values: list[Json]) -> tuple[str, ...]:
    return distinct(clean(value) for value in values if isinstance(value, str))
