"""Nothing is lost and everything is traceable: on made-up text and on real postings."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from trialcriteria.errors import ReadError
from trialcriteria.extract import extract
from trialcriteria.read import read, read_path
from trialcriteria.schema import Concept, Criterion, Extraction, Posting, Source, Span, Trial

ROOT = Path(__file__).parents[2]
CORPUS = sorted(p for p in (ROOT / "corpus").glob("*.*") if p.suffix not in {".md", ".toml"})
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "registry"
FOLDERS = sorted(path for path in DATA.iterdir() if path.is_dir()) if DATA.is_dir() else []

PIECES = st.sampled_from(
    [
        "\n", "\n\n", "\r\n", " ", "\t", "\u2022 ", "* ", "- ", "1. ", "2. ", "(a) ", "ii. ", "5.5 ",
        "**", "\\", "\\>=", "<br>", "&lt; ", "&nbsp;", "\u200b", "\u3000", ":", ";", ".", ",", "(", ")", "[",
        "Inclusion Criteria:", "EXCLUSION CRITERIA", "any of the following:", "at least two of:",
        "age 18 to 75 years ", "ALT and AST ", "pre- and postoperatively ", "<= 2.5 x ULN ", "\u2265 10 mg/day ", "10*9/L ", "NYHA III ",
        "or ", "and ", "no ", "without ", "except ", "unless ", "other than ", "if ", "history of ",
        "rituximab ", "lupus nephritis ", "pregnant ", "HBsAg positive ", "e.g. ", "such as ",
        "within 6 months prior to screening ", "for 3 months ", "5 half-lives ", "stable ", "grade 2 ",
        "systemic lupus erythematosus (SLE) ", "SLE ", "\uff11\uff0e", "\u00bd ", "10\u2079 ", "\u0130", "\ufb01", "\U0001f642",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
)

CLOSING = "*_\\"
"""Markdown that closes a heading behind its words."""

SPANISH = """\
Criterios de inclusi\u00f3n:
1. Edad entre 18 y 70 a\u00f1os.
2. Diagn\u00f3stico de artritis reumatoide desde hace m\u00e1s de 6 meses.
3. Consentimiento informado firmado.
Criterios de exclusi\u00f3n:
1. Embarazo o lactancia.
2. Hemoglobina < 9 g/dL.
"""
CHINESE = """\
\u5165\u9009\u6807\u51c6\uff1a
1. \u5e74\u9f8418\u81f375\u5c81\uff0c\u6027\u522b\u4e0d\u9650\uff1b
2. \u8bca\u65ad\u4e3a\u7cfb\u7edf\u6027\u7ea2\u6591\u72fc\u75ae\uff1b
3. \u7b7e\u7f72\u77e5\u60c5\u540c\u610f\u4e66\u3002
\u6392\u9664\u6807\u51c6\uff1a
1. \u598a\u5a20\u6216\u54fa\u4e73\u671f\u5973\u6027\uff1b
2. \u6d3b\u52a8\u6027\u611f\u67d3\u3002
"""


def lost(extraction: Extraction) -> list[int]:
    """Offsets of non-blank characters in no criterion, no heading, and no warning."""
    text = extraction.text
    covered = bytearray(len(text))
    for start, end in spans_of(extraction):
        covered[start:end] = b"\1" * (end - start)
    return [at for at, char in enumerate(text) if not (char.isspace() or covered[at])]


def spans_of(extraction: Extraction) -> Iterator[Span]:
    yield from (criterion.span for criterion in extraction.criteria)
    yield from (warning.span for warning in extraction.warnings if warning.span)
    for section in extraction.sections:
        if section.heading is not None:
            start = section.span.start
            end = extraction.text.index(section.heading, start) + len(section.heading)
            behind = extraction.text[end : section.span.end]
            yield Span(start, end + len(behind) - len(behind.lstrip(CLOSING)))


def models(value: object) -> Iterator[BaseModel]:
    """The value and every model within it."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from models(getattr(value, name))
    elif isinstance(value, tuple):
        for element in value:
            yield from models(element)


def misplaced(extraction: Extraction) -> list[str]:
    """Spans outside their criterion and those it stands under, and texts that are not there.

    A list item takes windows and subjects over from its lead-in, so their words may stand in
    the criterion above.
    """
    by_id = {criterion.id: criterion for criterion in extraction.criteria}
    return [
        f"{criterion.id}: {model!r}"
        for criterion in extraction.criteria
        for model in models(criterion)
        if not is_placed(extraction.text, homes(criterion, by_id), model)
    ]


def homes(criterion: Criterion, by_id: dict[str, Criterion]) -> list[Span]:
    """The span of the criterion, and of each above it."""
    found = [criterion.span]
    while criterion.parent is not None:
        criterion = by_id[criterion.parent]
        found.append(criterion.span)
    return found


def is_placed(text: str, within: list[Span], model: BaseModel) -> bool:
    span, spans = getattr(model, "span", None), getattr(model, "spans", ())
    for start, end in [*spans, *([span] if span else [])]:
        if not any(home.start <= start < end <= home.end for home in within):
            return False
    printed = getattr(model, "text", None)
    if span is not None:
        words = text[span.start : span.end]
        return printed == words or (isinstance(model, Concept) and shares(printed, words))
    return not spans or printed is None or printed == " ".join(text[a:b] for a, b in spans)


def shares(own: str, words: str) -> bool:
    """Whether a subject leaves out words between its own: "hepatic or renal impairment".

    Behind a prefix with a hyphen, the end of a word: "pre- or postmenopausal".
    """
    first, *_, last = own.split()
    whole = re.findall(r"\w+", words)
    ends = tuple(whole) if first.endswith("-") else ()
    between = all(
        word in whole or any(end.endswith(word) for end in ends) for word in re.findall(r"\w+", own)
    )
    return words.startswith(first) and words.endswith(last) and between


def assert_sound(extraction: Extraction) -> None:
    """Conservation, places and texts of spans, ids and references, and the JSON round trip."""
    assert lost(extraction) == []
    assert misplaced(extraction) == []
    names = [criterion.id for criterion in extraction.criteria]
    assert len(names) == len(set(names))
    sections = {section.id for section in extraction.sections}
    for criterion in extraction.criteria:
        assert criterion.section in sections
        ids = [entity.id for entity in criterion.entities]
        assert len(ids) == len(set(ids))
        ends = {end for relation in criterion.relations for end in (relation.head, relation.tail)}
        assert ends <= set(ids)
    assert Extraction.model_validate_json(extraction.model_dump_json()) == extraction


def posting(text: str) -> Posting:
    return Posting(trial=Trial(source=Source(format="plain", name="-", sha256="")), text=text)


@given(TEXTS)
@example("<br>\nGout<br>")
@example("**Inclusion Criteria:**\n\\\n1. **Gout**")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_made_up_text(text: str) -> None:
    extraction = extract(posting(text))
    assert_sound(extraction)
    assert extract(posting(text)) == extraction


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_from_bytes(text: str) -> None:
    try:
        records = list(read(text.encode("utf-8", "surrogatepass"), "input.txt"))
    except ReadError as error:
        assert "\n" not in str(error)
    else:
        for record in records:
            assert isinstance(record, Posting)
            assert_sound(extract(record))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_corpus(path: Path) -> None:
    for extraction in extracted(path):
        assert extraction.criteria
        assert_sound(extraction)


@pytest.mark.skipif(not FOLDERS, reason=f"no registry data at {DATA}; set TRIALCRITERIA_DATA")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_real_postings(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        for extraction in extracted(path):
            assert_sound(extraction)


def extracted(path: Path) -> Iterator[Extraction]:
    for record in read_path(path):
        assert isinstance(record, Posting)
        yield extract(record)


@pytest.mark.parametrize("text", [SPANISH, CHINESE], ids=["Spanish", "Chinese"])
def test_posting_in_another_language(text: str) -> None:
    (posting,) = read(text.encode("utf-8"), "posting.txt")
    extraction = extract(posting)
    assert [section.kind for section in extraction.sections] == ["inclusion", "exclusion"]
    assert [criterion.id for criterion in extraction.criteria] == ["i1", "i2", "i3", "e1", "e2"]
    assert [warning.code for warning in extraction.warnings] == ["not_english"]
    assert_sound(extraction)
