"""The three reports say the same, counts first, and nothing in them is run."""

import io
import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from trialcriteria.compare.report import write_report
from trialcriteria.compare.report_html import HtmlReport
from trialcriteria.compare.report_json import JsonReport
from trialcriteria.compare.report_text import TextReport
from trialcriteria.compare.summary import Summary
from trialcriteria.compare.versions import compare_extractions

HOSTILE = "<script>alert(1)</script> [red]&amp;\x1b[2J"


@pytest.fixture
def written(posting):
    """``written(report)``: two trials, one changed in hostile words, one gone, one the same."""

    def write(report) -> str:
        before = [
            posting("T1", "Asthma", f"Stroke {HOSTILE}"),
            posting("T2", "Gout"),
            posting("T3", "Flu"),
        ]
        after = [posting("T1", "Asthma", f"stroke again {HOSTILE}", HOSTILE), posting("T3", "Flu")]
        out = io.StringIO()
        write_report(report, compare_extractions(before, after), Summary(), out)
        return out.getvalue()

    return write


def test_text(written) -> None:
    lines = written(TextReport("a", "b", coloured=False)).splitlines()
    shown = "<script>alert(1)</script> [red]&amp;\ufffd[2J"
    assert lines == [
        "a -> b",
        "trials:   1 same, 1 changed, 1 removed",
        "criteria: 2 same, 1 reworded, 1 added, 1 removed",
        "",
        "T1  1 reworded, 1 added, 1 same",
        "  reworded e2",
        f"    - Stroke {shown}",
        f"    + stroke again {shown}",
        "  added e3",
        f"    + {shown}",
        "",
        "T2  removed: 1 removed",
    ]


def test_colours_mark_the_words_that_differ(written) -> None:
    text = written(TextReport("a", "b", coloured=True))
    assert "\x1b[31mStroke\x1b[0m" in text
    assert "\x1b[32mstroke again\x1b[0m" in text
    assert "\x1b[2J" not in text


def test_json(written) -> None:
    report = json.loads(written(JsonReport("a", "b")))
    assert (report["before"], report["after"]) == ("a", "b")
    assert report["trials"] == {"same": 1, "reworded": 0, "changed": 1, "added": 0, "removed": 1}
    assert report["criteria"] == {"same": 2, "reworded": 1, "changed": 0, "added": 1, "removed": 1}
    assert [(each["trial"], each["outcome"], each["same"]) for each in report["changed"]] == [
        ("T1", "changed", 1), ("T2", "removed", 0),
    ]  # fmt: skip
    assert report["changed"][0]["criteria"][1] == {
        "outcome": "added",
        "before": None,
        "after": {"id": "e3", "kind": "exclusion", "text": HOSTILE},
        "details": [],
    }


def test_json_of_no_difference() -> None:
    out = io.StringIO()
    write_report(JsonReport("a", "b"), [], Summary(3, 30), out)
    assert json.loads(out.getvalue())["changed"] == []
    assert json.loads(out.getvalue())["criteria"]["same"] == 30


def test_html(written) -> None:
    page = written(HtmlReport("a <b>", "c\nd"))
    tree = LexborHTMLParser(page)
    assert tree.css_first("title").text() == "a <b> → c d"
    assert [each.text(strip=True) for each in tree.css("header p")] == [
        "Trials: 1 same, 1 changed, 1 removed",
        "Criteria: 2 same, 1 reworded, 1 added, 1 removed",
    ]
    assert [each.text() for each in tree.css("del")] == ["Stroke"]
    assert tree.css_first("ins").text() == "stroke again"
    assert [each.text() for each in tree.css("script")] == [""]
    assert "\x1b" not in page
    assert page.count("<!DOCTYPE html>") == page.count("</html>") == 1
