"""Scores of model folders in the corpora's own labels, on the development split.

    python scripts/model_scores.py MODEL [MODEL ...] --data ../shared/corpora

Mentions of LCT, Chia and the Facebook set; relations of LCT and Chia between gold mentions, and
end to end. Of several folders (seeds) the mean, the least and the greatest are printed beside
those of the first with its 95 % bootstrap interval by trial. ``--labels`` adds a row for each
label and kind of the first. Each line of a document is a text of its own.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from rich.console import Console
from rich.progress import track

from training.data import CORPORA, documents
from training.native import with_links, with_mentions
from trialcriteria.evaluate.corpora import labels
from trialcriteria.evaluate.datasets import corpus_dataset
from trialcriteria.evaluate.scores import Measured, Score, summary
from trialcriteria.tag.learned.mentions import LearnedTagger

ERR = Console(stderr=True)


class Row(NamedTuple):
    """What is measured, and the scores of one model by label, ``micro`` first."""

    name: str
    scores: dict[str, Score]


def rows(folder: Path, data: Path) -> list[Row]:
    """All measures of one model, in the corpora whose labels it has."""
    tagger = LearnedTagger(folder)
    own = {layer.set for layer in tagger.manifest.layers}
    known = [corpus for corpus in CORPORA if corpus in own]
    watched = track(known, folder.name, console=ERR, transient=True)
    return [row for corpus in watched for row in _of_corpus(tagger, corpus, data)]


def _of_corpus(tagger: LearnedTagger, corpus: labels.Corpus, data: Path) -> Iterator[Row]:
    dataset = corpus_dataset(corpus, data, "dev")
    gold = documents(data, corpus, "dev")
    found = with_mentions(tagger, corpus, gold)
    related = any(each.set == corpus for each in tagger.manifest.relations)
    whole = with_links(tagger, corpus, found) if related else found
    by_name = {each.name: each for each in dataset.score(whole).measured}
    yield from _rows(corpus, by_name["entities"], ("strict", "relaxed"))
    if related:
        given = dataset.score(with_links(tagger, corpus, gold)).measured
        on_gold = next(each for each in given if each.name == "relations")
        yield from _rows(corpus, on_gold, ("given_entities",))
        yield from _rows(corpus, by_name["relations"], ("end_to_end", "end_to_end_strict"))


def _rows(corpus: str, measured: Measured, wanted: tuple[str, ...]) -> Iterator[Row]:
    for strictness in wanted:
        name = f"{corpus} {measured.name}, {strictness.replace('_', ' ')}"
        yield Row(name, summary(measured.tallies[strictness]))


def table(models: list[list[Row]], *, by_label: bool) -> Iterator[str]:
    """Markdown: the first model in full, and mean and spread of all."""
    yield "| measure | F1 | 95 % interval | precision | recall | gold | mean | least | greatest |"
    yield "|---|---:|---|---:|---:|---:|---:|---:|---:|"
    for same in zip(*models, strict=True):
        first = same[0]
        yield _line(first.name, first.scores["micro"], [each.scores["micro"] for each in same])
        if by_label:
            for label in sorted(first.scores.keys() - {"micro", "macro"}):
                all_ = [each.scores[label] for each in same if label in each.scores]
                yield _line(f"{first.name}: {label}", first.scores[label], all_)


def _line(name: str, score: Score, every: list[Score]) -> str:
    f1s = [each.f1 or 0.0 for each in every]
    low, high = score.ci95 or (0.0, 0.0)
    figures = (score.precision, score.recall)
    ratios = " | ".join("-" if each is None else f"{each:.4f}" for each in figures)
    spread = f"{mean(f1s):.4f} | {min(f1s):.4f} | {max(f1s):.4f}"
    f1 = score.f1 or 0.0
    return f"| {name} | {f1:.4f} | {low:.3f} to {high:.3f} | {ratios} | {score.gold:,} | {spread} |"


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--labels", action="store_true", help="a row for each label too")
    given = parser.parse_args()
    found = [rows(folder, given.data) for folder in given.models]
    print("\n".join(table(found, by_label=given.labels)))


if __name__ == "__main__":
    main()
