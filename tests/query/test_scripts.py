"""Every view and named query says what it is, and the documentation shows each as it is."""

import re
from pathlib import Path

import pytest

from trialcriteria.query.dataset import opened_dataset
from trialcriteria.query.listing import listing
from trialcriteria.query.scripts import scripts
from trialcriteria.query.select import select

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^### `(\w+)`\n.*?^```sql\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("script", [*scripts("views").values(), *scripts("named").values()])
def test_it_says_what_it_is(script) -> None:
    assert len(script.about) > 40
    assert script.about.endswith(".")
    assert not script.sql.startswith("--")
    assert ";" not in script.sql


def test_the_page_shows_each_query_as_it_is() -> None:
    assert {name: script.sql for name, script in scripts("named").items()} == SHOWN


def test_the_page_shows_each_column_of_each_view(small) -> None:
    documented = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE))
    with opened_dataset(small) as connection:
        columns = {name: select(connection, f"from {name}").columns for name in scripts("views")}
    assert {
        name: tuple(re.findall(r"`(\w+)`", text)) for name, text in documented.items()
    } == columns


def test_the_list_names_everything(small) -> None:
    with opened_dataset(small) as connection:
        lines = list(listing(connection))
    names = [line.strip() for line in lines if re.fullmatch(r"  \w+", line)]
    assert names == [
        "trials", "criteria", "facts", "entities", "relations", "warnings", "errors",
        *scripts("views"), *scripts("named"),
    ]  # fmt: skip
    assert max(map(len, lines)) <= 100
