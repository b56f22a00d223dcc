"""The tables of the dataset, column by column; ``docs/bulk.md`` shows the same words."""

import re

import pyarrow as pa
from pydantic import BaseModel

from trialcriteria.bulk.columns import COUNT, FLAG, NUMBER, STRING, Column, Table
from trialcriteria.schema import Concept, Qualifier, Span

STRINGS = pa.list_(STRING)
SPANS = pa.list_(pa.struct([("start", COUNT), ("end", COUNT)]))
CODES = pa.list_(
    pa.struct(
        [
            ("system", STRING),
            ("code", STRING),
            ("display", STRING),
            ("score", NUMBER),
            ("source", STRING),
        ]
    )
)
QUALIFIERS = pa.list_(
    pa.struct(
        [
            ("kind", STRING),
            ("text", STRING),
            ("value_low", NUMBER),
            ("value_high", NUMBER),
            ("value_set", STRINGS),
            ("duration_low", STRING),
            ("duration_high", STRING),
        ]
    )
)

_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<Y>[\d.]+)Y)?(?:(?P<M>[\d.]+)M)?(?:(?P<W>[\d.]+)W)?(?:(?P<D>[\d.]+)D)?"
    r"(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?)?"
)
_DAYS = {"Y": 365.25, "M": 30.4375, "W": 7.0, "D": 1.0, "h": 1 / 24, "m": 1 / 1440}


def number(value: str) -> float | None:
    """A decimal string as a float; None for anything else."""
    try:
        return float(value)
    except ValueError:
        return None


def days(iso: str) -> float | None:
    """Days of a signed ISO 8601 duration: a year is 365.25 of them, a month a twelfth of that."""
    match = _DURATION.fullmatch(iso)
    if match is None:
        return None
    spent = sum(float(match[unit]) * each for unit, each in _DAYS.items() if match[unit])
    return -spent if match["sign"] else spent


def _first(spans: tuple[Span, ...]) -> int | None:
    return spans[0].start if spans else None


def _last(spans: tuple[Span, ...]) -> int | None:
    return spans[-1].end if spans else None


def _codes(subject: Concept) -> list[dict[str, object]]:
    return [vars(code) for code in subject.codes]


def _qualifiers(qualifiers: tuple[Qualifier, ...]) -> list[dict[str, object]]:
    return [_qualifier(each) for each in qualifiers]


def _qualifier(each: Qualifier) -> dict[str, object]:
    value, lasting = each.value, each.duration
    return {
        "kind": each.kind,
        "text": each.text,
        "value_low": number(value.low.value) if value and value.low else None,
        "value_high": number(value.high.value) if value and value.high else None,
        "value_set": value.values if value else None,
        "duration_low": lasting.low.value if lasting and lasting.low else None,
        "duration_high": lasting.high.value if lasting and lasting.high else None,
    }


def _json(node: BaseModel) -> str:
    return node.model_dump_json()


TRIAL_ID = Column("trial_id", STRING, "trial_id", "the trial; unique in `trials`")
CRITERION_ID = Column("criterion_id", STRING, "criterion.id", "the criterion; unique in its trial")

TRIALS = Table(
    "trials",
    "One row a posting that was extracted.",
    (
        TRIAL_ID,
        Column("registry", STRING, "extraction.trial.registry", "the registry"),
        Column("title", STRING, "extraction.trial.title", "the title"),
        Column("conditions", STRINGS, "extraction.trial.conditions", "conditions, as registered"),
        Column("interventions", STRINGS, "extraction.trial.interventions", "names, as registered"),
        Column("phase", STRING, "extraction.trial.phase", "as the registry has it"),
        Column("status", STRING, "extraction.trial.status", "as the registry has it"),
        Column("sex", STRING, "extraction.trial.sex", "ALL, FEMALE or MALE"),
        Column("minimum_age", STRING, "extraction.trial.minimum_age", "ISO 8601, `P18Y`"),
        Column("maximum_age", STRING, "extraction.trial.maximum_age", "ISO 8601"),
        Column("healthy_volunteers", FLAG, "extraction.trial.healthy_volunteers", "admitted"),
        Column("criteria", COUNT, "extraction.criteria", "how many criteria", len),
        Column("facts", COUNT, "facts", "how many facts"),
        Column("text", STRING, "extraction.text", "the eligibility text; all offsets point here"),
        Column("source_format", STRING, "extraction.trial.source.format", "the input format"),
        Column("source_name", STRING, "extraction.trial.source.name", "file, or member of a zip"),
        Column("source_sha256", STRING, "extraction.trial.source.sha256", "of `text`"),
        Column("version", STRING, "extraction.provenance.version", "of the program"),
        Column("lexicons", STRING, "extraction.provenance.lexicons", "hash of the rule files"),
        Column("model", STRING, "extraction.provenance.model", "name and hash; null: rules only"),
        Column("vocabularies", STRINGS, "extraction.provenance.vocabularies", "those of `--vocab`"),
        Column("record_key", STRING, "key", "hash of all that the row was made from, and by"),
    ),
)

CRITERIA = Table(
    "criteria",
    "One row a criterion.",
    (
        TRIAL_ID,
        CRITERION_ID,
        Column("number", COUNT, "number", "place among the trial's criteria, from 1"),
        Column("kind", STRING, "criterion.kind", "inclusion, exclusion or other"),
        Column("section_id", STRING, "criterion.section", "the section"),
        Column("heading", STRING, "section.heading", "its heading, as printed"),
        Column("cohort", STRING, "section.cohort", "the cohort it is for, if only one"),
        Column("label", STRING, "criterion.label", "the number or letter, as printed"),
        Column("text", STRING, "criterion.text", "its own words"),
        Column("start", COUNT, "criterion.span.start", "offset of the words in the trial's text"),
        Column("end", COUNT, "criterion.span.end", "offset behind them"),
        Column("parent_id", STRING, "criterion.parent", "the criterion it stands under"),
        Column("combine", STRING, "combine", "how its children join: all, any, at_least"),
        Column("combine_n", COUNT, "criterion.combine.at_least", "the n of at_least"),
        Column("facts", COUNT, "facts", "how many facts it states"),
        Column("unsupported", COUNT, "unsupported", "how many stretches have no structure"),
        Column("requirement", STRING, "criterion.requirement", "the whole tree, JSON", _json),
    ),
)

FACTS = Table(
    "facts",
    "One row a leaf of a requirement: a fact, or words without structure (`kind` unsupported).",
    (
        TRIAL_ID,
        CRITERION_ID,
        Column("fact_no", COUNT, "number", "place in the criterion, from 1"),
        Column("criterion_kind", STRING, "criterion.kind", "inclusion, exclusion or other"),
        Column("path", STRING, "path", "way from the root of the tree, `all.2/not`"),
        Column("kind", STRING, "kind", "condition, drug, measurement ..., or unsupported"),
        Column("subject", STRING, "subject", "the concept's words, or those without structure"),
        Column("subject_start", COUNT, "fact.subject.span.start", "offset in the trial's text"),
        Column("subject_end", COUNT, "fact.subject.span.end", "offset behind it"),
        Column("codes", CODES, "fact.subject", "codes of standard vocabularies", _codes),
        Column("status", STRING, "fact.status", "present, absent or possible"),
        Column("experiencer", STRING, "fact.experiencer", "patient, family, partner or other"),
        Column("value_low", NUMBER, "fact.value.low.value", "lower bound", number),
        Column("value_low_inclusive", FLAG, "fact.value.low.inclusive", "`>=` rather than `>`"),
        Column("value_low_text", STRING, "fact.value.low.value", "the same, exact"),
        Column("value_high", NUMBER, "fact.value.high.value", "upper bound", number),
        Column("value_high_inclusive", FLAG, "fact.value.high.inclusive", "`<=` rather than `<`"),
        Column("value_high_text", STRING, "fact.value.high.value", "the same, exact"),
        Column("value_set", STRINGS, "fact.value.values", "named results: positive; III, IV"),
        Column("unit_text", STRING, "fact.value.unit.text", "the unit as printed"),
        Column("unit_ucum", STRING, "fact.value.unit.ucum", "its UCUM code"),
        Column("relative_to", STRING, "fact.value.relative_to", "ULN, LLN, baseline ..."),
        Column("canonical_low", NUMBER, "fact.value.canonical.low.value", "converted", number),
        Column(
            "canonical_low_inclusive", FLAG, "fact.value.canonical.low.inclusive", "as value_low's"
        ),
        Column("canonical_high", NUMBER, "fact.value.canonical.high.value", "converted", number),
        Column(
            "canonical_high_inclusive",
            FLAG,
            "fact.value.canonical.high.inclusive",
            "as value_high's",
        ),
        Column("canonical_ucum", STRING, "fact.value.canonical.ucum", "the measurement's own unit"),
        Column("value_text", STRING, "fact.value.text", "the value as printed"),
        Column("window_start_iso", STRING, "fact.window.start.iso", "signed ISO 8601; null: open"),
        Column("window_end_iso", STRING, "fact.window.end.iso", "the same of the end"),
        Column("window_start_days", NUMBER, "fact.window.start.iso", "the same in days", days),
        Column("window_end_days", NUMBER, "fact.window.end.iso", "the same in days", days),
        Column("window_start_count", NUMBER, "fact.window.start.count", "of `_unit`", number),
        Column("window_start_unit", STRING, "fact.window.start.unit", "half_life, cycle ..."),
        Column("window_end_count", NUMBER, "fact.window.end.count", "of `_unit`", number),
        Column("window_end_unit", STRING, "fact.window.end.unit", "half_life, cycle ..."),
        Column("window_anchor", STRING, "fact.window.anchor.event", "screening, infusion ..."),
        Column("window_anchor_text", STRING, "fact.window.anchor.text", "as printed"),
        Column("window_start_anchor", STRING, "fact.window.start.anchor.event", "if its own"),
        Column("window_end_anchor", STRING, "fact.window.end.anchor.event", "if its own"),
        Column("window_choose", STRING, "fact.window.choose", "longer, shorter of alternatives"),
        Column("window_alternatives", COUNT, "fact.window.alternatives", "how many", len),
        Column("window_text", STRING, "fact.window.text", "the window as printed"),
        Column("duration_low", STRING, "fact.duration.low.value", "ISO 8601"),
        Column("duration_low_days", NUMBER, "fact.duration.low.value", "in days", days),
        Column("duration_low_inclusive", FLAG, "fact.duration.low.inclusive", "as value_low's"),
        Column("duration_high", STRING, "fact.duration.high.value", "ISO 8601"),
        Column("duration_high_days", NUMBER, "fact.duration.high.value", "in days", days),
        Column("duration_high_inclusive", FLAG, "fact.duration.high.inclusive", "as value_high's"),
        Column("count_low", NUMBER, "fact.count.low.value", "how often, how many", number),
        Column("count_low_inclusive", FLAG, "fact.count.low.inclusive", "as value_low's"),
        Column("count_high", NUMBER, "fact.count.high.value", "the upper bound", number),
        Column("count_high_inclusive", FLAG, "fact.count.high.inclusive", "as value_high's"),
        Column("count_unit", STRING, "fact.count.unit", "what is counted"),
        Column("dose_low", NUMBER, "fact.dose.low.value", "of a drug", number),
        Column("dose_low_inclusive", FLAG, "fact.dose.low.inclusive", "as value_low's"),
        Column("dose_high", NUMBER, "fact.dose.high.value", "the upper bound", number),
        Column("dose_high_inclusive", FLAG, "fact.dose.high.inclusive", "as value_high's"),
        Column("dose_ucum", STRING, "fact.dose.unit.ucum", "its unit"),
        Column("dose_text", STRING, "fact.dose.text", "the dose as printed"),
        Column("qualifiers", QUALIFIERS, "fact.qualifiers", "severity, stage ...", _qualifiers),
        Column("reason", STRING, "unsupported.reason", "why words have no structure"),
        Column("spans", SPANS, "spans", "all the words that say it"),
        Column("source", STRING, "fact.source", "the rule, or model and hash"),
        Column("score", NUMBER, "fact.score", "how sure that is"),
    ),
)

ENTITIES = Table(
    "entities",
    "One row a labelled mention.",
    (
        TRIAL_ID,
        CRITERION_ID,
        Column("entity_id", STRING, "entity.id", "unique in its criterion"),
        Column("label", STRING, "entity.label", "condition, drug, value, window ..."),
        Column("text", STRING, "entity.text", "its words"),
        Column("start", COUNT, "entity.spans", "offset of the first in the trial's text", _first),
        Column("end", COUNT, "entity.spans", "offset behind the last", _last),
        Column("spans", SPANS, "entity.spans", "several where it is discontinuous"),
        Column("source", STRING, "entity.source", "the rule, or model and hash"),
        Column("score", NUMBER, "entity.score", "how sure that is"),
    ),
)

RELATIONS = Table(
    "relations",
    "One row a link between two entities of a criterion.",
    (
        TRIAL_ID,
        CRITERION_ID,
        Column("relation_no", COUNT, "number", "place in the criterion, from 1"),
        Column("kind", STRING, "relation.kind", "has_value, has_window, negates ..."),
        Column("head", STRING, "relation.head", "`entity_id` of the concept"),
        Column("tail", STRING, "relation.tail", "`entity_id` of what is said of it"),
        Column("source", STRING, "relation.source", "the rule, or model and hash"),
        Column("score", NUMBER, "relation.score", "how sure that is"),
    ),
)

WARNINGS = Table(
    "warnings",
    "One row a warning of a trial that was extracted.",
    (
        TRIAL_ID,
        Column("criterion_id", STRING, "warning.criterion", "the criterion, if it is about one"),
        Column("warning_no", COUNT, "number", "place in the trial, from 1"),
        Column("code", STRING, "warning.code", "`no_heading`, `numbering_gap` ..."),
        Column("message", STRING, "warning.message", "in words"),
        Column("start", COUNT, "warning.span.start", "offset in the trial's text"),
        Column("end", COUNT, "warning.span.end", "offset behind it"),
    ),
)

ERRORS = Table(
    "errors",
    "One row a record that did not become a trial.",
    (
        Column("trial_id", STRING, "trial_id", "the trial, where the record says so much"),
        Column("kind", STRING, "kind", "unreadable, duplicate, failed, memory, crashed, timeout"),
        Column("reason", STRING, "reason", "in words"),
        Column("source_name", STRING, "source", "file, or member of a zip"),
        Column("record_key", STRING, "key", "as in `trials`"),
    ),
)

EXTRACTIONS = Table(
    "extractions",
    "One row a trial: the whole output, with `--json` only.",
    (TRIAL_ID, Column("json", STRING, "json", "the Extraction of docs/schema.md")),
)

TABLES = (TRIALS, CRITERIA, FACTS, ENTITIES, RELATIONS, WARNINGS, ERRORS)
"""What every dataset has; ``extractions`` comes on top where it is asked for."""
