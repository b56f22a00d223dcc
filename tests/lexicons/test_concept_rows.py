"""The concept files are well formed: no blanks, no duplicates, no dead rows, valid codes."""

import re
from collections import Counter
from importlib.resources import files
from typing import get_args

import pytest

from trialcriteria.lexicons.loader import load_rows
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.concepts import (
    AbbreviationRow,
    CuratedConcept,
    Measurement,
    find_concepts,
    is_cased,
    measurements,
)
from trialcriteria.tag.fold import folded_key
from trialcriteria.tag.heads import HeadRow

MEASUREMENTS = load_rows("measurements", Measurement)
CURATED = load_rows("curated_concepts", CuratedConcept)
ABBREVIATIONS = load_rows("abbreviations", AbbreviationRow)
HEADS = load_rows("heads", HeadRow)
VOCABULARY = [
    line.split("\t")
    for line in files("trialcriteria.lexicons")
    .joinpath("concepts.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("#")
]
CODE = re.compile(r"mesh:D\d{6,9}|drugbank:DB\d{5}")


def repeated(keys: list[object]) -> list[object]:
    return [key for key, number in Counter(keys).items() if number > 1]


def spelling(term: str) -> tuple[str, str | None]:
    """What a term matches: its folded form, and its spelling where that matters."""
    return folded_key(term), re.sub("[- ]", "", term) if is_cased(term) else None


def luhn(digits: str) -> int:
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def test_there_is_as_much_as_promised() -> None:
    assert len(MEASUREMENTS) >= 200
    assert len(CURATED) >= 600
    terms = sum(1 + (aliases.count("|") + 1 if aliases else 0) for _, _, aliases, *_ in VOCABULARY)
    assert terms >= 25_000


@pytest.mark.parametrize("rows", [MEASUREMENTS, CURATED, ABBREVIATIONS, HEADS])
def test_ids_are_unique_slugs(rows: tuple[CuratedConcept, ...]) -> None:
    assert repeated([row.id for row in rows]) == []
    assert [row.id for row in rows if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.id)] == []


def test_no_term_is_listed_twice_in_the_hand_written_files() -> None:
    terms = [(term, row.id) for row in CURATED for term in (row.name, *row.aliases)]
    terms += [(term, row.id) for row in MEASUREMENTS for term in (row.name, *row.synonyms)]
    assert repeated([spelling(term) for term, _ in terms]) == []


def test_terms_are_trimmed_and_not_blank() -> None:
    terms = [term for row in CURATED for term in (row.name, *row.aliases)]
    terms += [term for row in MEASUREMENTS for term in (row.name, *row.synonyms)]
    terms += [term for row in ABBREVIATIONS for term in (row.short, row.long)]
    assert [term for term in terms if not term or " ".join(term.split()) != term] == []
    assert [term for term in terms if not folded_key(term)] == []


def test_codes_are_of_a_known_form() -> None:
    assert [row.id for row in CURATED if row.code and not CODE.fullmatch(row.code)] == []


@pytest.mark.parametrize(
    "row", [row for row in MEASUREMENTS if row.loinc], ids=lambda row: str(row.id)
)
def test_loinc_check_digit(row: Measurement) -> None:
    digits, check = row.loinc.split("-")
    assert luhn(digits) == int(check)


def test_no_loinc_code_is_given_twice() -> None:
    assert repeated([row.loinc for row in MEASUREMENTS if row.loinc]) == []


def test_a_measurement_has_a_unit_or_a_result_or_is_a_score_or_a_group_of_tests() -> None:
    # Without a unit, a plausible range would have no meaning for a quantity.
    odd = [
        row.id
        for row in MEASUREMENTS
        if not row.canonical_unit and row.plausible and row.kind_of in {"lab", "serology"}
    ]
    assert odd == []


def test_units_are_written_as_ucum() -> None:
    pattern = re.compile(r"[A-Za-z%/0-9*.\[\]{}_'()]+")
    units = {row.canonical_unit for row in MEASUREMENTS if row.canonical_unit}
    assert [unit for unit in units if not pattern.fullmatch(unit)] == []


def test_plausible_ranges_and_molar_masses_are_positive_and_ordered() -> None:
    assert [r.id for r in MEASUREMENTS if r.plausible and r.plausible[0] >= r.plausible[1]] == []
    assert [r.id for r in MEASUREMENTS if r.molar_mass is not None and r.molar_mass <= 0] == []


def test_ordinal_levels_are_distinct_and_more_than_one() -> None:
    assert [r.id for r in MEASUREMENTS if r.values and len(set(r.values)) < 2] == []
    assert [r.id for r in MEASUREMENTS if repeated(list(r.values))] == []


@pytest.mark.parametrize("row", ABBREVIATIONS, ids=lambda row: str(row.id))
def test_every_abbreviation_is_found_as_its_long_form(row: AbbreviationRow) -> None:
    (short,) = find_concepts(row.short)
    (long,) = find_concepts(row.long)
    assert (short.start, short.end) == (0, len(row.short))
    assert (short.kind, short.name, short.source) == (long.kind, long.name, long.source)


@pytest.mark.parametrize("row", MEASUREMENTS, ids=lambda row: str(row.id))
def test_every_name_of_a_measurement_is_found(row: Measurement) -> None:
    found = {name: [m.source for m in find_concepts(name)] for name in (row.name, *row.synonyms)}
    assert {n: s for n, s in found.items() if f"measurement:{row.id}" not in s} == {}


def test_vocabulary_rows_are_complete_and_unambiguous() -> None:
    assert [row for row in VOCABULARY if len(row) != 5] == []
    assert {kind for kind, *_ in VOCABULARY} <= set(get_args(ConceptKind))
    assert [source for *_, source, _ in VOCABULARY if not CODE.fullmatch(source)] == []
    names = [n for _, name, rest, *_ in VOCABULARY for n in (name, *filter(None, rest.split("|")))]
    assert [name for name in names if sum(c.isalpha() for c in name) < 5] == []
    assert repeated([folded_key(name) for name in names]) == []


def test_vocabulary_rows_hold_the_folded_form_of_their_names() -> None:
    # After a change of fold.py: python scripts/build_concepts.py --refold
    stale = [
        name
        for _, name, rest, _, keys in VOCABULARY
        if [folded_key(n) for n in (name, *filter(None, rest.split("|")))] != keys.split("|")
    ]
    assert stale == []


def test_no_term_of_the_vocabulary_needs_its_own_spelling() -> None:
    names = [n for _, name, rest, *_ in VOCABULARY for n in (name, *rest.split("|"))]
    assert [name for name in names if is_cased(name)] == []


def test_hand_written_terms_are_not_repeated_in_the_vocabulary() -> None:
    own = {folded_key(term) for row in CURATED for term in (row.name, *row.aliases)}
    own |= {folded_key(term) for row in MEASUREMENTS for term in (row.name, *row.synonyms)}
    names = [n for _, name, rest, *_ in VOCABULARY for n in (name, *filter(None, rest.split("|")))]
    assert [name for name in names if folded_key(name) in own] == []


def test_heads_and_endings_have_a_kind_and_modifiers_have_none() -> None:
    assert [r.id for r in HEADS if (r.role in {"head", "ending"}) != (r.kind is not None)] == []
    assert [r.id for r in HEADS for words in (r.words, r.endings) if repeated(list(words))] == []


def test_measurements_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        measurements()["x"] = MEASUREMENTS[0]  # type: ignore[index]
