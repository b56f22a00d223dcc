"""The page in a real browser: its script runs, its links work, hostile text does not run."""

import shutil
import subprocess
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from trialcriteria.export.html import to_html
from trialcriteria.export.page import _asset
from trialcriteria.schema import Extraction

PACKAGE = "trialcriteria.export"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
CLICKS = """
window.alert = () => { document.body.dataset.alerted = "yes"; };
const flashed = () => [...document.querySelectorAll(".flash")];
const report = (name, words) => { document.body.dataset[name] = words; };
document.querySelector("#c-i2 .chip").click();
report("fromChip", flashed().map((element) => element.textContent).join(""));
document.querySelector('[id="c-i3.2"] .fact').click();
report("fromFact", flashed().map((element) => element.textContent).join(""));
const word = [...document.querySelectorAll("#text [data-start]")].find((s) => s.textContent === "HbA1c");
word.click();
report("fromWord", flashed().map((element) => element.querySelector(".subject").textContent).join());
document.querySelector("#t-e4 .tag").click();
report("fromTag", flashed().map((element) => element.id).join());
"""


def dumped(page: str, folder: Path) -> LexborHTMLParser:
    """The page after its scripts ran, as the browser sees it."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    result = subprocess.run(
        [*command, path.as_uri()], capture_output=True, text=True, timeout=120, check=False
    )
    if not result.stdout.strip():
        pytest.skip(f"chromium does not start here: {result.stderr.strip()[-200:]}")
    return LexborHTMLParser(result.stdout)


def test_clicks_lead_from_facts_to_words_and_back(
    extraction: Extraction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = _asset(PACKAGE, "page.js") + CLICKS
    style = _asset(PACKAGE, "page.css")
    assets = {"page.js": script, "page.css": style}
    monkeypatch.setattr("trialcriteria.export.page._asset", lambda _, name: assets[name])
    body = dumped(to_html(extraction), tmp_path).css_first("body").attributes
    assert body["data-from-chip"] == "\\>= 50 mL/min"
    assert body["data-from-fact"] == "prednisone"
    assert body["data-from-word"] == "HbA1c"
    assert body["data-from-tag"] == "c-e4"


def test_a_script_in_the_text_never_runs(extraction: Extraction, tmp_path: Path) -> None:
    """Even unescaped, as if escaping had failed: the policy of the page stops it."""
    evil = "<script>document.body.dataset.evil = 'ran'</script>"
    evil += "<img src=x onerror=\"document.body.dataset.evil = 'ran'\">"
    page = to_html(extraction).replace("<footer>", f"<footer>{evil}")
    body = dumped(page, tmp_path).css_first("body")
    assert body.css_first("footer img") is not None
    assert "data-evil" not in body.attributes


def test_the_page_is_not_blank(extraction: Extraction, tmp_path: Path) -> None:
    path, image = tmp_path / "page.html", tmp_path / "page.png"
    path.write_text(to_html(extraction), encoding="utf-8")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--window-size=900,700"]
    subprocess.run(
        [*command, f"--screenshot={image}", path.as_uri()],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    if not image.exists():
        pytest.skip("chromium makes no screenshot here")
    assert image.stat().st_size > 20_000
