"""A seeded draw of the mistakes left on the development split of the public corpora, to be read.

    python scripts/draw_errors.py [--data ../shared/corpora] [--seed 20261122] [--each 25]

Runs the program on the development split of Chia, LLF and LCT, and draws as many mistakes of four
measures at random. Prints a JSON line for each: dataset, measure, posting, label, kind, what gold
has, what the program has, and the text around it. What was found is in docs/errors.md.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import track

from trialcriteria.evaluate.datasets import corpus_dataset
from trialcriteria.evaluate.measures import posting_id
from trialcriteria.evaluate.scores import Mistake
from trialcriteria.extract import extract
from trialcriteria.tag.learned.choose import tagger

SEED = 20_261_122
AROUND = 50  # characters of context on either side
DRAWN = {
    "chia": ("numbers", "entities"),
    "llf": ("llf",),
    "lct": ("lct_constraints",),
}


def is_drawable(mistake: Mistake) -> bool:
    """All count, but for mentions that only differ in label or spans."""
    return mistake.measure != "entities" or mistake.kind in ("missing", "spurious")


def row(dataset: str, mistake: Mistake, text: str) -> dict[str, object]:
    """One mistake with its context on one line, itself in brackets."""
    start, end = mistake.span
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    context = " ".join(f"{before}[[{text[start:end]}]]{after}".split())
    shown = mistake.model_dump(exclude={"predicted_label", "span", "weight"})
    return {"dataset": dataset, **shown, "context": context}


def drawn(name: str, data: Path, seed: int, each: int) -> Iterator[dict[str, object]]:
    """The draw of one corpus, measure by measure, in the order of its postings."""
    found = corpus_dataset(name, data, "dev")
    watched = track(found.postings, name, console=Console(stderr=True), transient=True)
    outcome = found.score([extract(posting, tagger()) for posting in watched])
    texts = {posting_id(posting): posting.text for posting in found.postings}
    for measured in outcome.measured:
        if measured.name in DRAWN[name]:
            mistakes = [mistake for mistake in measured.mistakes if is_drawable(mistake)]
            places = random.Random(seed).sample(range(len(mistakes)), min(each, len(mistakes)))
            for place in sorted(places):
                document = mistakes[place].posting.rpartition("/")[2]  # LLF: ANNOTATOR/DOCUMENT
                yield row(name, mistakes[place], texts[document])


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--each", type=int, default=25)
    args = parser.parse_args()
    for name in DRAWN:
        for found in drawn(name, args.data, args.seed, args.each):
            print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
