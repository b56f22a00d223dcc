"""HTML pages rendered to the text a reader sees."""

import pytest

from trialcriteria.errors import ReadError
from trialcriteria.read import html_guard, read
from trialcriteria.read.html_text import looks_like_html, render

CASES = {
    "paragraphs": ("<p>a</p><p>b</p>", "a\n\nb"),
    "divs": ("<div>a<div>b</div></div><div>c</div>", "a\nb\nc"),
    "heading": ("<h2>a</h2>b", "a\n\nb"),
    "break": ("a<br>b<br/><br>c", "a\nb\n\nc"),
    "break before block": ("<p>a<br></p><p>b</p>", "a\n\nb"),
    "inline": ("a <b>b</b><i>c</i> d", "a bc d"),
    "blanks": ("  a \n\t b  <span> c</span>", "a b c"),
    "no-break space": ("a&nbsp; b", "a\u00a0 b"),
    "entities": ("a &lt; b &ge; 3 &amp;lt;", "a < b \u2265 3 &lt;"),
    "bullets": ("<ul><li>a</li><li>b</li></ul>c", "  \u2022 a\n  \u2022 b\n\nc"),
    "bullets without end tags": ("<ul><li>a<li>b</ul>", "  \u2022 a\n  \u2022 b"),
    "paragraph in item": ("<ul><li><p>a</p></li><li>b</li></ul>", "  \u2022 a\n  \u2022 b"),
    "two paragraphs in item": ("<ul><li><p>a</p><p>b</p></li></ul>", "  \u2022 a\nb"),
    "empty item": ("<ul><li></li><li>b</li></ul>", "  \u2022 b"),
    "numbers": ("<ol><li>a</li><li>b</li></ol>", "  1. a\n  2. b"),
    "numbers from": ('<ol start="3"><li>a</li><li>b</li></ol>', "  3. a\n  4. b"),
    "bad start": ('<ol start="x"><li>a</li></ol>', "  1. a"),
    "nested": (
        "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>",
        "  \u2022 a\n    1. b\n  \u2022 c",
    ),
    "item without list": ("<li>a</li>", "  \u2022 a"),
    "table": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    "verbatim": ("<pre>a\n  b</pre>", "a\n  b"),
    "script": ("<p>a</p><script>if (a<b) x('</p>')</script><p>b</p>", "a\n\nb"),
    "unclosed script": ("<p>a</p><script>b", "a"),
    "comment": ("a<!-- b -->c", "ac"),
    "comment with a script": ("a<!-- <script> -->b<!-->c", "abc"),
    "style": ("<style>p{}</style>a", "a"),
    "nothing": ("<html></html>", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_render(name):
    page, text = CASES[name]
    assert render(page) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><html>", True),
        ("<!-- saved -->\n<html>", True),
        ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">', True),
        ("<body>", True),
        ("<p>a", True),
        ("<18 years old", False),
        ("<pre-treatment", False),
        ("<clinical_study>", False),
        ('<?xml version="1.0"?><clinical_study>', False),
        ("plain <p>", False),
    ],
)
def test_looks_like_html(text, expected):
    assert looks_like_html(text) is expected


def test_html_page_without_eligibility():
    with pytest.raises(ReadError, match=r"^home\.html: HTML page without an eligibility part$"):
        list(read(b"<!doctype html><title>x</title><p>Welcome</p>", "home.html"))


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html>" + "<div>" * 200_000 + "x", "HTML page nested too deeply"),
        ("<html>" + "<div></span>" * 100_000, "HTML page nested too deeply"),
        ("<html><p>" + "".join(f"<b id={i}>" for i in range(3000)) + "<p>x" * 3000, "nested too"),
        ("<html>" + "x" * html_guard.MAX_HTML, "over the limit of 2,000,000"),
    ],
)
def test_hostile_pages_are_refused_before_they_are_parsed(page, reason):
    with pytest.raises(ReadError, match=reason):
        list(read(page.encode(), "page.html"))


def test_angle_brackets_in_scripts_are_no_nesting():
    page = "<html><script>" + "<div>" * 200_000 + "</script><p>Eligibility criteria</p><p>A</p>"
    (posting,) = read(page.encode(), "page.html")
    assert posting.text == "A"
