"""Fits what a model's scores mean, writes it to the manifest, and draws how far they hold.

    python scripts/calibrate.py MODEL --data ../shared [--plot docs/reliability.svg]

For each set of labels a logistic function maps the log odds of a mention to how often such a
mention is right, in label and span (Platt 1999). It is fitted on the even half of the development
trials and judged on the other; for our own labels on annotations/registry, and judged on
annotations/registry2. Prints for each set the expected calibration error, over ten bins of equal
width, before and after.
"""

import argparse
import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from sklearn.linear_model import LogisticRegression

from training.data import CORPORA, OURS, Line, corpus_lines, documents, our_lines
from trialcriteria.evaluate.corpora import labels, trial_id
from trialcriteria.tag.learned.mentions import LearnedTagger
from trialcriteria.tag.learned.store import MANIFEST, Calibration

ERR = Console(stderr=True)
Floats = npt.NDArray[np.float64]
_BINS = 10
FITTED_ON, JUDGED_ON = "registry", "registry2"  # folders of gold in our labels
_SIDE, _GAP = 160, 30
BEFORE = Calibration()


class Judged(NamedTuple):
    """Of each mention the log odds, and whether label and span are right (1 or 0)."""

    odds: Floats
    right: Floats


class Bin(NamedTuple):
    """Mentions of like score: their mean score, the share that is right, how many they are."""

    score: float
    share: float
    mentions: int


class Result(NamedTuple):
    """The calibration of a set, and the mentions it is judged on."""

    name: str
    calibration: Calibration
    judged: Judged


def results(tagger: LearnedTagger, data: Path) -> Iterator[Result]:
    """For every set of labels its calibration and what it is judged on."""
    for name in track((*CORPORA, OURS), "sets", console=ERR, transient=True):
        first, second = (judged(tagger, name, lines) for lines in _halves(name, data))
        yield Result(name, fitted(first), second)


def _halves(name: str, data: Path) -> tuple[list[Line], list[Line]]:
    """The lines to fit on, and those to judge on."""
    if name == OURS:
        first, second = (list(our_lines([data], [part])) for part in (FITTED_ON, JUDGED_ON))
        return first, second
    corpus = cast("labels.Corpus", name)
    halves: tuple[list[Line], list[Line]] = ([], [])
    for line in corpus_lines(name, documents(data / "corpora", corpus, "dev")):
        digest = hashlib.sha256(trial_id(line.document).encode()).digest()
        halves[digest[0] % 2].append(line)
    return halves


def judged(tagger: LearnedTagger, name: str, lines: Iterable[Line]) -> Judged:
    """Every mention that the tagger finds on the lines."""
    rows = list(lines)
    found = tagger.guesses([line.words for line in rows], name)
    pairs = [
        (guess.odds, float(guess.stretch in line.stretches))
        for line, guesses in zip(rows, found, strict=True)
        for guess in guesses
    ]
    odds, right = np.array(pairs).T
    return Judged(odds, right)


def fitted(judged: Judged) -> Calibration:
    """The logistic function that fits best."""
    model = LogisticRegression(C=np.inf).fit(judged.odds[:, None], judged.right)
    return Calibration(slope=float(model.coef_[0, 0]), offset=float(model.intercept_[0]))


def bins(judged: Judged, calibration: Calibration) -> list[Bin]:
    """The mentions in ten bins of equal width by their score; empty ones are left out."""
    scores = np.array([calibration.score(odds) for odds in judged.odds])
    places = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    return [
        Bin(float(scores[here].mean()), float(judged.right[here].mean()), int(here.sum()))
        for place in range(_BINS)
        if (here := places == place).any()
    ]


def error(found: Sequence[Bin]) -> float:
    """Expected calibration error: how far scores are from shares, a mention as a weight."""
    total = sum(each.mentions for each in found)
    return sum(each.mentions * abs(each.score - each.share) for each in found) / total


def plot(found: Sequence[Result]) -> str:
    """A panel for each set: scores against shares, grey before and blue after calibration."""
    panels = "".join(_panel(place, each) for place, each in enumerate(found))
    width, height = len(found) * (_SIDE + _GAP) + _GAP, _SIDE + 2 * _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="11" role="img" aria-label="Share of mentions that '
        f'are right, by their score">{panels}</svg>\n'
    )


def _panel(place: int, found: Result) -> str:
    left = _GAP + place * (_SIDE + _GAP)
    grey = _dots(bins(found.judged, BEFORE), left, "#aaaaaa")
    blue = _dots(bins(found.judged, found.calibration), left, "#1f5fbf")
    return (
        f'<rect x="{left}" y="{_GAP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>'
        f'<line x1="{left}" y1="{_GAP + _SIDE}" x2="{left + _SIDE}" y2="{_GAP}" stroke="#ccc"/>'
        f'<text x="{left}" y="{_GAP - 8}">{found.name}: share right, by score</text>'
        f'<text x="{left}" y="{_GAP + _SIDE + 16}">0</text>'
        f'<text x="{left + _SIDE - 6}" y="{_GAP + _SIDE + 16}">1</text>{grey}{blue}'
    )


def _dots(found: Sequence[Bin], left: int, colour: str) -> str:
    most = max(each.mentions for each in found)
    return "".join(
        f'<circle cx="{left + each.score * _SIDE:.1f}" cy="{_GAP + (1 - each.share) * _SIDE:.1f}" '
        f'r="{2 + 6 * math.sqrt(each.mentions / most):.1f}" fill="{colour}" fill-opacity="0.7"/>'
        for each in found
    )


def main() -> None:
    """Fit, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--plot", type=Path, help="an SVG to write")
    given = parser.parse_args()
    tagger = LearnedTagger(given.model)
    found = list(results(tagger, given.data))
    print("| set | mentions | slope | offset | error before | after |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, by, judged_on in found:
        before, after = (error(bins(judged_on, each)) for each in (BEFORE, by))
        figures = f"{by.slope:.3f} | {by.offset:.3f} | {before:.3f} | {after:.3f}"
        print(f"| {name} | {len(judged_on.odds):,} | {figures} |")
    rounded = {each.name: _rounded(each.calibration) for each in found}
    manifest = tagger.manifest.model_copy(update={"calibration": rounded})
    (given.model / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    if given.plot:
        given.plot.write_text(plot(found), encoding="utf-8")


def _rounded(calibration: Calibration) -> Calibration:
    return Calibration(slope=round(calibration.slope, 3), offset=round(calibration.offset, 3))


if __name__ == "__main__":
    main()
