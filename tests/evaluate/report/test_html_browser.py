"""The page in a real browser: rows, filters, pages and links of the matrix; no data runs."""

import shutil
import subprocess
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from trialcriteria.evaluate.report import About, Report, build, to_html
from trialcriteria.evaluate.scores import Measured, Mistake
from trialcriteria.export.page import _asset
from trialcriteria.schema import Span

PACKAGE = "trialcriteria.evaluate.report"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
ABOUT = About(data="x", postings=1, sha256="", version="1", lexicons="", command="evaluate")
REPORT = """
const report = (name) => {
  const rows = [...document.querySelectorAll("#rows tr")];
  document.body.dataset[name] = `${rows.length}: ${byId("shown").textContent}`;
};
const choose = (fields) => {
  for (const element of form.elements) if (element.name) element.value = fields[element.name] ?? "";
  filter();
};
"""


def dumped(html: str, folder: Path) -> LexborHTMLParser:
    """The page after its scripts ran, as the browser sees it."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8", newline="")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    result = subprocess.run(
        [*command, path.as_uri()], capture_output=True, text=True, timeout=120, check=False
    )
    if not result.stdout.strip():
        pytest.skip(f"chromium does not start here: {result.stderr.strip()[-200:]}")
    return LexborHTMLParser(result.stdout)


def acted(
    report: Report, actions: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str | None]:
    """What ``report`` noted while the actions ran inside the page's own script."""
    assets = {
        "page.js": _asset(PACKAGE, "page.js") + REPORT + actions,
        "page.css": _asset(PACKAGE, "page.css"),
    }
    monkeypatch.setattr("trialcriteria.export.page._asset", lambda _, name: assets[name])
    return dumped(to_html(report), folder).css_first("body").attributes


@pytest.fixture
def many() -> Report:
    """250 mistakes in five postings: drugs missing, every fifth taken for a procedure."""
    mistakes = tuple(
        Mistake(
            measure="entities",
            posting=f"NCT{n % 5}",
            label="drug",
            kind="missing" if n % 5 else "differs",
            gold=f'"drug{n}"',
            predicted=None if n % 5 else f'"drug{n}"',
            predicted_label=None if n % 5 else "procedure",
            span=Span(0, 7),
        )
        for n in range(250)
    )
    texts = {f"NCT{n}": f"Aspirin or 1{n} others" for n in range(5)}
    confusion = {"drug": {"procedure": 50, "none": 200}}
    return build([Measured("entities", {}, mistakes)], ABOUT, texts=texts, confusion=confusion)


def test_rows_equal_those_for_readers_without_scripts(report: Report, tmp_path: Path) -> None:
    html = to_html(report)
    expected = [row.html for row in LexborHTMLParser(html).css("noscript tbody tr")]
    rows = [row.html for row in dumped(html, tmp_path).css("#rows tr")]
    assert len(rows) == 4
    assert rows == expected


def test_filters(many: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    actions = """
    report("all");
    choose({ kind: "differs" }); report("kind");
    choose({ gold: "drug", predicted: "none" }); report("labels");
    choose({ posting: "nct3" }); report("posting");
    choose({ words: "DRUG24" }); report("words");
    choose({ words: "or 12 others" }); report("context");
    choose({ measure: "entities", posting: "NCT3", words: "drug3\\"" }); report("together");
    choose({ words: "no such words" }); report("nothing");
    """
    body = acted(many, actions, tmp_path, monkeypatch)
    found = {name.removeprefix("data-"): body[name] for name in body if name.startswith("data-")}
    assert found == {
        "all": "100: Errors 1 to 100 of 250",
        "kind": "50: Errors 1 to 50 of 50 that match, 250 in all",
        "labels": "100: Errors 1 to 100 of 200 that match, 250 in all",
        "posting": "50: Errors 1 to 50 of 50 that match, 250 in all",
        "words": "11: Errors 1 to 11 of 11 that match, 250 in all",
        "context": "50: Errors 1 to 50 of 50 that match, 250 in all",
        "together": "1: Errors 1 to 1 of 1 that match, 250 in all",
        "nothing": "0: None of 250 errors matches",
    }


def test_pages_and_links_of_the_matrix(
    many: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = """
    byId("forth").click(); byId("forth").click(); report("last");
    document.body.dataset.end = byId("forth").disabled + byId("page").textContent;
    byId("back").click(); report("middle");
    document.querySelector('a[data-predicted="procedure"]').click(); report("link");
    document.body.dataset.choices = [...form.elements.kind.options].map((o) => o.text).join();
    """
    body = acted(many, actions, tmp_path, monkeypatch)
    assert body["data-last"] == "50: Errors 201 to 250 of 250"
    assert body["data-end"] == "truePage 3 of 3"
    assert body["data-middle"] == "100: Errors 101 to 200 of 250"
    assert body["data-link"] == "50: Errors 1 to 50 of 50 that match, 250 in all"
    assert body["data-choices"] == "any,differs (50),missing (200)"


def test_a_script_in_the_data_never_runs(report: Report, tmp_path: Path) -> None:
    """Even unescaped, as if escaping had failed: the policy of the page stops it."""
    evil = "<script>document.body.dataset.evil = 'ran'</script>"
    evil += "<img src=x onerror=\"document.body.dataset.evil = 'ran'\">"
    body = dumped(to_html(report).replace("<footer>", f"<footer>{evil}"), tmp_path).css_first(
        "body"
    )
    assert body.css_first("footer img") is not None
    assert len(body.css("#rows tr")) == 4
    assert "data-evil" not in body.attributes


def test_a_page_without_errors_runs(tmp_path: Path) -> None:
    tree = dumped(to_html(build([], ABOUT)), tmp_path)
    assert tree.css_first("#errors .lead").text() == "None."
