"""A small invented evaluation: one posting, so that every interval is a point."""

import pytest

from trialcriteria.evaluate.report import About, Report, build
from trialcriteria.evaluate.scores import Comparison, Measured, Mistake, Tally
from trialcriteria.schema import Span

HOSTILE = "</script><script>document.body.dataset.evil='ran'</script><img src=x onerror=alert(1)>"
TEXT = f"""Inclusion:\r
1. Severe renal failure \U0001f9ea treated with metformin\r
2. {HOSTILE} & <b>HbA1c</b> >= 7 %
"""


def at(words: str) -> Span:
    """Where the words stand first."""
    start = TEXT.index(words)
    return Span(start, start + len(words))


ABOUT = About(
    data="Invented <corpus>",
    postings=1,
    split="dev",
    sha256="ab" * 32,
    version="0.9.0",
    lexicons="cd" * 32,
    command="trialcriteria evaluate --corpus 'invented' --format html",
)
ENTITIES = Measured(
    "entities",
    {
        "strict": [{"condition": Tally(2, 1, 1), "drug": Tally(4, 4, 2), "visit": Tally(1, 0, 0)}],
        "relaxed": [{"condition": Tally(2, 1, 1), "drug": Tally(4, 4, 4), "visit": Tally(1, 0, 0)}],
    },
    (
        Mistake(
            measure="entities",
            posting="P-1",
            label="drug",
            kind="missing",
            gold='"metformin"',
            predicted=None,
            span=at("metformin"),
        ),
        Mistake(
            measure="entities",
            posting="P-1",
            label="condition",
            kind="differs",
            gold='"Severe renal failure"',
            predicted='"renal failure"',
            predicted_label="condition",
            span=at("Severe renal failure"),
            weight=2,
        ),
        Mistake(
            measure="entities",
            posting=HOSTILE,
            label=HOSTILE,
            kind="spurious",
            gold=None,
            predicted=HOSTILE,
            span=at(HOSTILE),
        ),
        Mistake(
            measure="entities",
            posting="P-1",
            label="value",
            kind="differs",
            gold='">= 7 %"',
            predicted='">= 7 %"',
            predicted_label="drug",
            span=at(">= 7 %"),
            weight=0.5,
        ),
    ),
)
SEGMENTATION = Measured("whole_criteria", {"end_to_end": [{"criterion": Tally(0, 3, 0)}]})


@pytest.fixture
def report() -> Report:
    """Two measures, four mistakes, a confusion matrix, a comparison and a hostile note."""
    return build(
        [ENTITIES, SEGMENTATION],
        ABOUT.model_copy(update={"predictions": ("mine.jsonl",)}),
        confusion={
            "condition": {"condition": 3, "drug": 1},
            "none": {HOSTILE: 2},
            "value": {"drug": 1},
        },
        texts={"P-1": TEXT, HOSTILE: TEXT, "unused": "no mistake here"},
        notes=[f"[red]no counterpart[/red] \x1b[31m: {HOSTILE}"],
        comparison={
            "entities": {"strict": Comparison(first=0.5, second=0.625, difference=-0.125, p=0.0312)}
        },
    )
