"""The README repeats figures of docs/scores.md, and repeats them right."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAD = "| compared with | measure | F1 | 95 % interval | rules alone | gold items |"


def rows(text: str) -> list[list[str]]:
    """The cells of every line of a table."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def test_readme_repeats_scores() -> None:
    scores = (ROOT / "docs" / "scores.md").read_text(encoding="utf-8")
    measured = {(row[0], row[3], row[4], row[7], row[5]) for row in rows(scores) if len(row) == 9}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index(HEAD) :].split("\n\n")[0]
    repeated = [tuple(row[1:]) for row in rows(table)[2:]]
    assert len(repeated) > 20
    assert not [row for row in repeated if row not in measured]
