"""EU Clinical Trials Register records as JSON, keyed by the words of the form's items.

Ids, translations, the two criteria fields and the missing age limits are as in the text export.
"""

import re
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
from trialcriteria.read.eudract import PHASES, REGISTRY, country_code, record_id
from trialcriteria.read.fields import clean, distinct, sex_from_flags, yes_no
from trialcriteria.read.json_data import Json, dig, items, line_at, records_of, text_at
from trialcriteria.schema import Posting, Trial

INFO = FormatInfo("euctr_json", "EU Clinical Trials Register record, JSON", ".json")

_NUMBER = "a2_eudract_number"
_INCLUSION = "e3_principal_inclusion_criteria"
_EXCLUSION = "e4_principal_exclusion_criteria"
_PHASE_KEYS = (
    "e71_human_pharmacology_phase_i",
    "e72_therapeutic_exploratory_phase_ii",
    "e73_therapeutic_confirmatory_phase_iii",
    "e74_therapeutic_use_phase_iv",
)
_TRANSLATION = re.compile(r"_[a-z]{2}")


def matches(raw: Raw) -> bool:
    """Whether the document is a record with a EudraCT number, or an array of such."""
    first = next(iter(records_of(raw.json)), None)
    return isinstance(first, dict) and _NUMBER in first


def read(raw: Raw) -> Iterator[Record]:
    """The one record, or one posting for each record of an array."""
    return read_document(raw, _posting, _record_id)


def _record_id(record: Json) -> str | None:
    country = country_code(line_at(record, "a1_member_state_concerned"))
    return record_id(line_at(record, _NUMBER), country)


def _posting(record: Json, name: str) -> Posting:
    trial_id = _record_id(record)
    if trial_id is None:
        raise ReadError(f"a record without {_NUMBER}")
    inclusion, exclusion = (_text(record, key) for key in (_INCLUSION, _EXCLUSION))
    text, parts = join_parts((("inclusion", inclusion), ("exclusion", exclusion)))
    female, male = (yes_no(dig(record, key)) for key in ("f21_female", "f22_male"))
    trial = Trial(
        id=trial_id,
        registry=REGISTRY,
        title=clean(_text(record, "a3_full_title_of_the_trial")),
        conditions=distinct([clean(_text(record, "e11_medical_conditions_being_investigated"))]),
        interventions=distinct(_products(record)),
        phase=_phase(record),
        status=line_at(record, "x5_trial_status"),
        sex=sex_from_flags(female, male),
        healthy_volunteers=yes_no(dig(record, "f31_healthy_volunteers")),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text, parts)


def _text(record: Json, key: str) -> str | None:
    """The English value of an item, else its first translation (``<key>_es``)."""
    english = text_at(record, key)
    if english and english.strip():
        return english
    translations = (
        k for k in record if k.startswith(key) and _TRANSLATION.fullmatch(k[len(key) :])
    )
    return next((text for k in translations if (text := text_at(record, k))), None)


def _phase(record: Json) -> str | None:
    stated = (dig(record, key) for key in _PHASE_KEYS)
    return "/".join(w for (_, w), yes in zip(PHASES, stated, strict=True) if yes_no(yes)) or None


def _products(record: Json) -> Iterator[str | None]:
    """Each investigational product by its substances, else its product name, else trade name."""
    for product in items(record, "dimp"):
        details = items(product, "d38_imp_identification_details")
        substances = distinct(line_at(item, "d38_inn__proposed_inn") for item in details)
        product_name = line_at(product, "d31_product_name") or line_at(product, "d2111_trade_name")
        yield from substances or (product_name,)
