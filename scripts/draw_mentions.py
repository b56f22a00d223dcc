"""The seeded draw of the mentions that the linking gold is made of.

    python scripts/draw_mentions.py [--data ../shared/corpora] [--context FILE]

100 mentions each of conditions, drugs, procedures and measurements, from the training split of LCT
and Chia: every mention of a kind's labels is as likely as any other, so that what is written often
is drawn often. 25 of each kind are annotated twice. Prints a row for each: kind, corpus, document,
start, end, and whether it is annotated once or twice; ``--context`` writes the words with their
line beside the place too, for those who annotate.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from training.data import documents
from trialcriteria.evaluate.annotated import Annotated, Mention
from trialcriteria.evaluate.corpora.labels import Corpus

SEED = 20_261_123
SIZE = 100
TWICE = 25
LABELS: dict[str, dict[Corpus, str]] = {
    "condition": {"lct": "Condition-Name", "chia": "Condition"},
    "drug": {"lct": "Drug-Name", "chia": "Drug"},
    "procedure": {"lct": "Procedure-Name", "chia": "Procedure"},
    "measurement": {"chia": "Measurement"},
}


class Drawn(NamedTuple):
    """A mention of one part, and whether it is annotated twice."""

    kind: str
    corpus: Corpus
    document: Annotated
    mention: Mention
    passes: str

    @property
    def row(self) -> str:
        """The place, separated by tabs."""
        (span,) = self.mention.spans
        return "\t".join(map(str, (self.kind, self.corpus, self.document.id, *span, self.passes)))

    @property
    def context(self) -> str:
        """The row, the words, and the line that they stand in."""
        (span,) = self.mention.spans
        text = self.document.text
        start = text.rfind("\n", 0, span.start) + 1
        end = text.find("\n", span.end)
        line = text[start : end if end >= 0 else len(text)]
        return "\t".join((self.row, text[span.start : span.end], line))


def draw(data: Path) -> Iterator[Drawn]:
    """All mentions of the gold, kind by kind."""
    found = {corpus: documents(data, corpus, "train") for corpus in LABELS["drug"]}
    rng = random.Random(SEED)
    for kind, labels in LABELS.items():
        every = [
            (corpus, document, mention)
            for corpus, label in labels.items()
            for document in sorted(found[corpus], key=lambda each: each.id)
            for mention in sorted(document.mentions, key=lambda each: (each.spans, each.label))
            if mention.label == label and len(mention.spans) == 1
        ]
        for place, one in enumerate(rng.sample(every, SIZE)):
            yield Drawn(kind, *one, "twice" if place < TWICE else "once")


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--context", type=Path, help="a file for the words and their lines")
    given = parser.parse_args()
    drawn = list(draw(given.data))
    print("\n".join(each.row for each in drawn))
    if given.context:
        lines = "\n".join(each.context for each in drawn)
        given.context.write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
