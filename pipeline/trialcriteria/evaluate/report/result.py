"""The one value that every report is drawn from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, model_validator

from trialcriteria.evaluate.scores import Comparison, Measured, Mistake, Score, summary
from trialcriteria.schema import Model

AVERAGES = ("micro", "macro")

_RESERVED = frozenset({"about", "comparison", "confusion", "mistakes", "notes"})

Confusion = Mapping[str, Mapping[str, int]]
"""Counts by gold label, then predicted label; ``NO_LABEL`` for what only one side has."""


class About(Model):
    """What was evaluated, and by what; no date, so that equal runs give equal bytes.

    ``data`` names the corpus or the gold folder, ``sha256`` digests its texts and annotations,
    ``predictions`` names the prediction files (none where the program itself ran).
    """

    data: str
    postings: int
    split: Literal["all", "dev", "train"] = "all"
    sha256: str
    version: str
    lexicons: str
    model: str | None = None
    predictions: tuple[str, ...] = ()
    command: str


class Report(Model):
    """Scores by measure, strictness, and average or label; mistakes worst first.

    ``texts`` are the postings by id, for showing mistakes in context; ``notes`` are sentences
    about the data, such as labels that could not be compared.
    """

    about: About
    scores: dict[str, dict[str, dict[str, Score]]]
    confusion: dict[str, dict[str, int]] = Field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    texts: dict[str, str] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    comparison: dict[str, dict[str, Comparison]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _measures_have_names_of_their_own(self) -> "Report":
        """In JSON the measures stand beside the other parts of the report."""
        if taken := _RESERVED & self.scores.keys():
            raise ValueError(f"no measure can be named {', '.join(sorted(taken))}")
        return self

    def sides(self) -> tuple[str, str]:
        """What was compared; the program itself comes first where only one is a file."""
        files = self.about.predictions
        first, second = ("this program", *files)[-2:] if files else ("first", "second")
        return first, second

    def mistake_counts(self) -> dict[str, dict[str, int]]:
        """How many mistakes there are, by measure, then kind."""
        counts: dict[str, dict[str, int]] = {}
        for (measure, kind), count in Counter((m.measure, m.kind) for m in self.mistakes).items():
            counts.setdefault(measure, {})[kind] = count
        return counts


def build(
    measured: Sequence[Measured],
    about: About,
    *,
    confusion: Confusion | None = None,
    texts: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    comparison: Mapping[str, Mapping[str, Comparison]] | None = None,
) -> Report:
    """The report on measures, in their order; the order of their mistakes is made here."""
    return Report(
        about=about,
        scores={
            one.name: {strictness: summary(each) for strictness, each in one.tallies.items()}
            for one in measured
        },
        confusion={gold: dict(row) for gold, row in (confusion or {}).items()},
        mistakes=tuple(sorted((m for one in measured for m in one.mistakes), key=_worst_first)),
        texts=dict(texts or {}),
        notes=tuple(notes),
        comparison={name: dict(by) for name, by in (comparison or {}).items()},
    )


def _worst_first(mistake: Mistake) -> tuple[object, ...]:
    words = (mistake.kind, mistake.label, mistake.gold or "", mistake.predicted or "")
    return (-mistake.weight, mistake.measure, mistake.posting, mistake.span, *words)


def title(name: str) -> str:
    """The name of a measure or a strictness in words: ``end_to_end`` is "end to end"."""
    return name.replace("_", " ")


def figure(ratio: float | None) -> str:
    """Three decimals; a dash where there is no such ratio."""
    return "-" if ratio is None else f"{ratio:.3f}"


def interval(score: Score) -> str:
    """The 95 % interval of F1, ``0.751-0.799``."""
    return "-" if score.ci95 is None else "-".join(map(figure, score.ci95))


def rows(scores: Mapping[str, Score]) -> Mapping[str, Score]:
    """What a reader is shown: the averages of a single label only repeat it."""
    labels = {label: score for label, score in scores.items() if label not in AVERAGES}
    return labels if len(labels) == 1 else scores
