"""Plain text: the whole file is the eligibility text."""

from collections.abc import Iterator

from trialcriteria.read.base import FormatInfo, Raw, Record, certify, make_posting
from trialcriteria.read.fields import find_id, registry_of
from trialcriteria.schema import Trial

INFO = FormatInfo("plain", "eligibility text on its own", ".txt")

_ID_WITHIN = 200


def matches(raw: Raw) -> bool:
    """Whether the input is text that is neither JSON nor HTML."""
    return not raw.is_html and raw.json is None


def read(raw: Raw) -> Iterator[Record]:
    """One posting; its id is the registry id in the file name or in the first line, if any."""
    first_line = raw.text[:_ID_WITHIN].lstrip().split("\n", 1)[0]
    trial_id = find_id(raw.name, first_line)
    trial = Trial(
        id=trial_id,
        registry=registry_of(trial_id),
        source=certify(INFO, raw.name, raw.text, 0),
    )
    yield make_posting(trial, raw.text)
