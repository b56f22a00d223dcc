"""The page: scores, matrix and errors are in it, hostile data is inert, nothing is loaded."""

import base64
import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from trialcriteria.evaluate.report import About, Report, build, to_html
from trialcriteria.evaluate.report.html_mistakes import Place, pieces, place
from trialcriteria.evaluate.scores import Measured, Mistake, Tally
from trialcriteria.schema import Span

ABOUT = About(data="x", postings=1, sha256="", version="1", lexicons="", command="evaluate")
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</noscript></table></main><script>alert(1)</script>",
    "<!-- <script>",
    "<img src=x onerror=alert(1)>",
    "' onclick='alert(1)' \" onfocus=\"alert(1)\" autofocus",
    "--><style>*{display:none}</style>",
    "]]><svg/onload=alert(1)></svg>\u2028\u2029",
]


def page(report: Report) -> LexborHTMLParser:
    return LexborHTMLParser(to_html(report))


def data(tree: LexborHTMLParser) -> dict[str, object]:
    return json.loads(tree.css_first("#data").text())


def mistake(gold: str | None, predicted: str | None, span: tuple[int, int]) -> Mistake:
    return Mistake(
        measure="m",
        posting="p",
        label="drug",
        kind="differs",
        gold=gold,
        predicted=predicted,
        span=Span(*span),
    )


def cells(tree: LexborHTMLParser, selector: str) -> list[list[str]]:
    return [
        [cell.text(strip=True) for cell in row.css("th, td")] for row in tree.css(f"{selector} tr")
    ]


def test_header_says_what_was_evaluated(report: Report) -> None:
    tree = page(report)
    assert tree.css_first("h1").text() == "Invented <corpus>"
    names, values = ([node.text() for node in tree.css(f"header {tag}")] for tag in ("dt", "dd"))
    assert dict(zip(names, values, strict=True)) == {
        "Split": "dev",
        "Postings": "1",
        "Model": "rules only",
        "Predictions": "mine.jsonl",
        "Version": "0.9.0",
        "Lexicons": "cd" * 32,
        "Data sha256": "ab" * 32,
    }
    assert tree.css_first(".command").text() == report.about.command


def test_score_tables(report: Report) -> None:
    tree = page(report)
    assert cells(tree, "#overview tbody") == [
        ["entities, strict", "0.600", "0.429", "0.500", "0.500-0.500", "", "7", "5", "3"],
        ["entities, relaxed", "1.000", "0.714", "0.833", "0.833-0.833", "", "7", "5", "5"],
        ["whole criteria, end to end", "0.000", "-", "0.000", "0.000-0.000", "", "0", "3", "0"],
    ]
    strict = cells(tree, "#m-entities .pair:nth-of-type(1) tbody")
    assert [row[0] for row in strict] == ["micro", "macro", "condition", "drug", "visit"]
    assert [row[3] for row in strict] == ["0.500", "0.389", "0.667", "0.500", "0.000"]
    assert len(tree.css("#m-entities figure svg")) == 2
    assert not tree.css("#m-whole-criteria figure")
    assert [row[1:] for row in cells(tree, "#comparison")] == [
        ["this program", "mine.jsonl", "difference", "p"],
        ["0.500", "0.625", "-0.125", "0.0312"],
    ]


def test_confusion_matrix(report: Report) -> None:
    tree = page(report)
    hostile = report.notes[0].split(": ", 1)[1]
    assert cells(tree, "#confusion") == [
        ["gold \\ predicted", hostile, "condition", "drug", "value", "none", "all"],
        ["condition", "", "3", "1", "", "", "4"],
        ["value", "", "", "1", "", "", "1"],
        ["none", "2", "", "", "", "", "2"],
    ]
    shades = [cell.attributes["class"] for cell in tree.css("#confusion td[title]")]
    assert shades == [
        "agreed shade-8",
        "confused shade-2",
        "confused shade-10",
        "confused shade-10",
    ]
    link = tree.css("#confusion a")[0].attributes
    assert (link["data-gold"], link["data-predicted"], link["href"]) == (
        "condition",
        "drug",
        "#errors",
    )


def test_errors_stand_in_context_side_by_side(report: Report) -> None:
    first, *_ = page(report).css("noscript tbody tr")
    assert [part.text() for part in first.css("th span")] == [
        "P-1",
        "entities",
        "differs",
        "weight 2",
    ]
    assert first.css_first("td.gold").html == (
        '<td class="gold"><span class="label">condition</span>'
        '<span class="line"><b>"Severe</b> renal failure"</span></td>'
    )
    assert [(m.attributes["class"], m.text()) for m in first.css(".context mark")] == [
        ("span gold", "Severe "),
        ("span gold predicted", "renal failure"),
    ]
    assert first.css_first(".context").text().startswith("Inclusion: \u21b5 1. Severe renal")


def test_words_of_one_side_only_are_set_off() -> None:
    gold = 'ANY(drug "ALT" [18, 60]; drug "AST" now)'
    predicted = 'drug "AST" [18, 60) now'
    one = mistake(gold, predicted, (0, 1))
    tree = page(build([Measured("m", {}, (one,))], ABOUT, texts={"p": "x"}))
    bold = [[b.text() for b in tree.css(f"noscript td.{side} b")] for side in ("gold", "predicted")]
    assert bold == [["ANY(drug", '"ALT"', "60];"], ["60)"]]


def test_every_mistake_is_in_the_data_with_places_in_utf16(report: Report) -> None:
    held = data(page(report))
    assert len(held["mistakes"]) == len(report.mistakes)
    assert set(held["texts"]) == {one.posting for one in report.mistakes}
    row = next(row for row in held["mistakes"] if row[2] == "missing")
    assert row[:8] == ["entities", "P-1", "missing", "drug", "none", '"metformin"', None, "1"]
    units = held["texts"]["P-1"].encode("utf-16-le")
    assert [
        [units[2 * start : 2 * end].decode("utf-16-le") for start, end in layer]
        for layer in row[8][1:]
    ] == [["metformin"], ["metformin"], []]


def test_without_mistakes_and_notes() -> None:
    tree = page(build([Measured("m", {"s": [{"drug": Tally(1, 1, 1)}]})], ABOUT))
    assert tree.css_first("#errors .lead").text() == "None."
    assert not tree.css("#notes, #confusion, #comparison, form")
    assert [a.text() for a in tree.css("nav a")] == ["overview", "m", "errors"]


def test_without_scripts_the_first_200_errors_are_shown() -> None:
    mistakes = tuple(mistake(f"x{n}", None, (0, 1)) for n in range(450))
    tree = page(build([Measured("m", {}, mistakes)], ABOUT, texts={"p": "x"}))
    assert len(tree.css("noscript tbody tr")) == 200
    assert tree.css_first("noscript p").text() == "Scripts are off: the first 200 of 450 errors."
    assert len(data(tree)["mistakes"]) == 450


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_data_stays_text(text: str) -> None:
    one = Mistake(
        measure=text, posting=text, label=text, kind=text, gold=text, predicted=text,
        predicted_label=text, span=Span(2, 9),
    )  # fmt: skip
    about = About(
        data=text, postings=1, sha256=text, version=text, lexicons=text, model=text,
        predictions=(text,), command=text,
    )  # fmt: skip
    scores = {
        text: [{text + "1": Tally(1, 1, 1), text + "2": Tally(1, 1, 0), text: Tally(1, 1, 1)}]
    }
    report = build(
        [Measured(text, scores, (one,))],
        about,
        confusion={text: {text: 1, "none": 1}, "none": {text: 1}},
        texts={text: text},
        notes=[text],
    )
    tree = page(report)
    assert [node.attributes.get("id") for node in tree.css("script")] == ["data", None]
    assert len(tree.css("style")) == len(tree.css("main")) == len(tree.css("noscript")) == 1
    assert not tree.css("img, iframe, object, embed, link, [onclick], [onfocus], [onload], [style]")
    assert not [a for a in tree.css("a[href]") if not a.attributes["href"].startswith("#")]
    assert data(tree)["texts"] == {text: text}
    assert tree.css_first("noscript td.context").text() == text


def test_nothing_is_loaded_and_only_own_script_may_run(report: Report) -> None:
    html = to_html(report)
    tree = LexborHTMLParser(html)
    assert not tree.css("[src], link, [style]")
    assert "@import" not in html and "url(" not in html
    policy = tree.css_first("meta[http-equiv]").attributes["content"]
    script = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)[-1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in policy


def test_accessible_names(report: Report) -> None:
    tree = page(report)
    assert not [th for th in tree.css("th") if th.attributes.get("scope") not in ("col", "row")]
    assert not [field for field in tree.css("select, input") if field.parent.tag != "label"]
    targets = {node.id for node in tree.css("[id]")}
    assert {a.attributes["href"].removeprefix("#") for a in tree.css("a")} <= targets
    assert len(targets) == len(tree.css("[id]"))


TEXT = 'ALT <= 2 x ULN. Mild renal failure, no known failure of the liver.\nALT "high".'


@pytest.mark.parametrize(
    ("gold", "predicted", "span", "marked"),
    [
        ("ALT", None, (0, 3), {"gold": ["ALT"], "predicted": []}),
        # The first words at the span are meant, not the first in the text.
        ('"failure"', None, (45, 52), {"gold": [(45, 52)], "predicted": []}),
        # A longer prediction may reach out of the span of gold.
        ('"renal failure"', '"Mild renal failure"', (21, 34), {"gold": [(21, 34)], "predicted": [(16, 34)]}),
        # Both ends of a relation, both parts of a discontinuous mention.
        ('drug "ALT" has_value "2 x ULN"', None, (0, 14), {"gold": ["ALT", "2 x ULN"], "predicted": []}),
        ('"renal failure ... liver"', None, (21, 65), {"gold": ["renal failure", "liver"], "predicted": []}),
        # Words that stand only elsewhere are not marked.
        ('"liver"', "", (0, 3), {"gold": [], "predicted": []}),
        ("> 3", '"absent"', (0, 3), {"gold": [], "predicted": []}),
    ],
)  # fmt: skip
def test_words_are_placed(
    gold: str | None,
    predicted: str | None,
    span: tuple[int, int],
    marked: dict[str, list[object]],
) -> None:
    found = place(mistake(gold, predicted, span), TEXT)
    for side, expected in marked.items():
        spans = getattr(found, side)
        assert [
            TEXT[slice(*s)] if isinstance(e, str) else s
            for s, e in zip(spans, expected, strict=True)
        ] == expected


def test_context_is_cut_between_words() -> None:
    text = "word " * 100
    found = place(mistake('"here"', None, (250, 254)), text)
    assert found.window == Span(130, 374)
    shown = [words for _, words in pieces(text, found)]
    assert (shown[0], shown[-1]) == ("\u2026 ", " \u2026")


def test_a_long_span_is_cut() -> None:
    assert place(mistake(None, None, (10, 5000)), "x" * 6000).span == Span(10, 610)


def test_a_span_outside_the_text_shows_its_end() -> None:
    found = place(mistake("x", None, (900, 950)), "short text")
    assert found == Place(Span(0, 10), Span(10, 10), (), ())


@given(data=st.data())
def test_pieces_tile_the_window(data: st.DataObject) -> None:
    """No character is lost or doubled, whatever the text, the words and the span."""
    text = data.draw(st.text(st.sampled_from('ab "\n.'), max_size=400))
    edge = st.integers(0, 500)
    span = tuple(sorted((data.draw(edge), data.draw(edge))))
    words = st.none() | st.text(st.sampled_from('ab "\n.'), max_size=9)
    found = place(mistake(data.draw(words), data.draw(words), span), text)
    shown = "".join(words for _, words in pieces(text, found)).strip("\u2026 ")
    assert shown == re.sub(r"[\r\n]+", " \u21b5 ", text[slice(*found.window)]).strip("\u2026 ")
    inside = [one for layer in found.layers.values() for one in layer]
    assert all(found.window.start <= s <= e <= found.window.end for s, e in inside)
