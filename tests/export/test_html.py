"""The page: the text verbatim, every criterion present, every link alive, hostile text inert."""

import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from trialcriteria.export.html import to_html
from trialcriteria.export.html_text import FAMILIES, segments
from trialcriteria.export.vocabularies import code_page, code_words
from trialcriteria.schema import Code, Entity, Extraction, Section, Span


def page(extraction: Extraction) -> LexborHTMLParser:
    return LexborHTMLParser(to_html(extraction))


def pane_text(tree: LexborHTMLParser) -> str:
    return tree.css_first(".verbatim").text(deep=True, strip=False)


def with_text(extraction: Extraction, text: str, spans: list[Span]) -> Extraction:
    """The same words everywhere replaced: one criterion over all of ``text``, entities on spans."""
    entities = tuple(
        Entity(id=f"x{n}", label="drug", spans=(span,), text="", source="", score=1.0)
        for n, span in enumerate(spans)
    )
    whole = Span(0, len(text))
    update = {"span": whole, "text": text, "requirement": None, "entities": entities}
    section = Section(id="s1", kind="inclusion", heading=text[:3] or None, cohort=text, span=whole)
    return extraction.model_copy(
        update={
            "text": text,
            "sections": (section,),
            "criteria": (extraction.criteria[0].model_copy(update=update),),
            "warnings": (),
        }
    )


def test_text_pane_is_the_text(extraction: Extraction) -> None:
    assert pane_text(page(extraction)) == extraction.text


def test_every_criterion_is_in_both_panes(extraction: Extraction) -> None:
    tree = page(extraction)
    names = [criterion.id for criterion in extraction.criteria]
    assert [node.id for node in tree.css("#tree li[id]")] == [f"c-{name}" for name in names]
    assert [node.id for node in tree.css("#text .criterion")] == [f"t-{name}" for name in names]
    for criterion in extraction.criteria:
        inside = tree.css_first(f'[id="t-{criterion.id}"]').text(deep=True, strip=False)
        assert inside == criterion.text


def test_every_link_has_its_words(extraction: Extraction) -> None:
    """Each data-span is tiled by segments, and each href has a target."""
    tree = page(extraction)
    pieces = {
        int(node.attributes["data-start"]): int(node.attributes["data-end"])
        for node in tree.css("[data-start]")
    }
    linked = [node.attributes["data-span"] for node in tree.css("#tree [data-span]")]
    assert len(linked) > 20
    for pair in (pair for pairs in linked for pair in pairs.split()):
        start, end = map(int, pair.split("-"))
        while start < end:
            start = pieces[start]
        assert start == end
    targets = {node.id for node in tree.css("[id]")}
    hrefs = [node.attributes["href"] for node in tree.css("a[href]:not(.code)")]
    assert {href.removeprefix("#") for href in hrefs} <= targets
    assert len(targets) == len(tree.css("[id]"))


def test_codes_lead_to_their_pages(extraction: Extraction) -> None:
    (link,) = page(extraction).css("a.code")
    assert link.attributes["href"] == "https://loinc.org/2164-2"
    assert link.attributes["title"] == "Creatinine clearance, http://loinc.org, score 1"


@pytest.mark.parametrize(
    ("system", "code", "words", "address"),
    [
        (
            "https://www.nlm.nih.gov/mesh",
            "D006973",
            "MeSH D006973",
            "https://id.nlm.nih.gov/mesh/D006973.html",
        ),
        ("http://hl7.org/fhir/sid/icd-10-cm", "I10", "ICD-10-CM I10", ""),
        ("http://loinc.org", '"><b>', 'LOINC "><b>', "https://loinc.org/%22%3E%3Cb%3E"),
        ("urn:mine", "1", "urn:mine 1", ""),
    ],
    ids=["mesh", "no page", "hostile", "unknown"],
)
def test_code_in_words_and_its_page(system: str, code: str, words: str, address: str) -> None:
    found = Code(system=system, code=code, display="", score=1.0)
    assert (code_words(found), code_page(found)) == (words, address)


def test_facts_show_their_parts(extraction: Extraction) -> None:
    tree = page(extraction)
    cards = {
        node.attributes["id"]: [part.text() for part in node.css(".fact > *")]
        for node in tree.css("#tree li[id]")
    }
    assert cards == {
        "c-i1": ["Age", "18 to 60 years"],
        "c-i2": ["Creatinine clearance", "≥ 50 mL/min", "LOINC 2164-2", "ALT", "≤ 2 × ULN"],
        "c-i3": [],
        "c-i3.1": ["heart failure", "stage III or IV"],
        "c-i3.2": [
            "prednisone",
            "dose > 10 mg/d",
            "for ≥ 14 days",
            "within 2 weeks before infusion",
        ],
        "c-e4": [
            "Biologics",
            "within 30 days before or within 5 half-lives before, whichever is longer",
            "possible",
            "stable",
        ],
        "c-e5": ["diabetic", "family", "HbA1c", "< 7 %", "ALT", "≤ 2 × ULN"],
        "c-e6": [],
    }


def test_logic_nodes_are_boxes(extraction: Extraction) -> None:
    tree = page(extraction)
    names = [node.css_first(".name").text() for node in tree.css(".node")]
    assert names == ["ALL", "NOT", "EXCEPT", "IF", "ANY"]
    assert [node.text() for node in tree.css(".role")] == ["unless", "when", "then"]
    assert tree.css_first("#tree .unsupported small").text() == "no <rule>"
    assert tree.css_first(".join").text() == "at least 2 of"


def test_header_and_warnings(extraction: Extraction) -> None:
    tree = page(extraction)
    assert tree.css_first("h1").text() == "A <b>bold</b> study"
    assert [node.text() for node in tree.css("header dt")] == [
        "Registry", "Conditions", "Phase", "Sex", "Age", "Healthy volunteers",
    ]  # fmt: skip
    assert [node.text() for node in tree.css(".warnings li")] == [
        "numbering_gap no <6>",
        "note about the whole",
    ]
    assert tree.css_first(".counts").text() == (
        "Criteria 8, facts 10, not structured 1, warnings 2"
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "</div></section></main><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "' onclick='alert(1)' \" onfocus=\"alert(1)\" autofocus",
    "--><style>*{display:none}</style>",
    "javascript:alert(1) &lt;script&gt; &#60;b&#62;",
    "]]><svg/onload=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(extraction: Extraction, text: str) -> None:
    hostile = with_text(extraction, text, [Span(2, 9), Span(4, 12)])
    trial = extraction.trial.model_copy(update={"id": text, "title": text, "phase": text})
    tree = page(hostile.model_copy(update={"trial": trial}))
    assert pane_text(tree) == text
    assert len(tree.css("script")) == len(tree.css("style")) == 1
    assert not tree.css("img, svg, iframe, object, embed, link, [onclick], [onfocus], [onload]")
    assert not [a for a in tree.css("a[href]") if not a.attributes["href"].startswith("#")]


def test_nothing_is_loaded_and_only_own_script_may_run(extraction: Extraction) -> None:
    html = to_html(extraction)
    tree = LexborHTMLParser(html)
    assert not tree.css("[src], link, [style]")
    assert "@import" not in html and "url(" not in html
    policy = tree.css_first("meta[http-equiv]").attributes["content"]
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert policy.startswith("default-src 'none'; ")
    assert script is not None
    assert base64_sha256(script.group(1)) in policy


def base64_sha256(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@given(data=st.data())
def test_any_text_and_any_spans_survive(data: st.DataObject) -> None:
    """Whatever overlaps, segments tile the text and the pane gives it back."""
    text = data.draw(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
    edge = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(edge, edge), max_size=8))
    spans = [Span(*sorted(pair)) for pair in pairs]
    extraction = with_text(BASE, text, spans)
    tiles = [segment.span for segment in segments(extraction)]
    assert "".join(text[start:end] for start, end in tiles) == text
    edges = {edge for tile in tiles for edge in tile}
    assert not text or {edge for span in spans for edge in span} <= edges
    assert pane_text(page(extraction)) == text


BASE = Extraction.model_validate(
    {
        "trial": {"source": {"format": "plain", "name": "x", "sha256": "0" * 64}},
        "text": "x",
        "criteria": [
            {
                "id": "i1", "section": "s1", "kind": "inclusion", "label": None,
                "span": [0, 1], "text": "x",
            }
        ],
        "provenance": {"program": "trialcriteria", "version": "0", "lexicons": ""},
    }
)  # fmt: skip


def test_every_family_of_marks_is_in_the_legend(extraction: Extraction) -> None:
    keys = page(extraction).css(".legend span")
    assert {key.attributes["class"] for key in keys} == {f"m-{name}" for name in FAMILIES.values()}
