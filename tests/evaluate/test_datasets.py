"""What a dataset hands to the program is what the reader of the format hands on."""

from pathlib import Path

from trialcriteria.evaluate.datasets import gold_dataset
from trialcriteria.read import read_path
from trialcriteria.schema import Posting

FIXTURES = Path(__file__).parents[1] / "fixtures" / "read"


def test_gold_postings_keep_the_sections_that_their_registry_gives(tmp_path: Path) -> None:
    (posting,) = read_path(FIXTURES / "ctis.json")
    assert isinstance(posting, Posting)
    assert posting.parts
    head = (
        f"gold 1\nposting {posting.trial.id} ctis ctis.json\n"
        f"sha256 {posting.trial.source.sha256}\nannotator A\ndate 2026-11-22\n\n"
    )
    word = posting.text.split(maxsplit=1)[0]
    (tmp_path / "one.gold").write_text(f'{head}inclusion\ni1 "{word}"\n', encoding="utf-8")
    assert gold_dataset(tmp_path, [FIXTURES]).postings == (posting,)
