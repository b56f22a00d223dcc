"""How often the codes of concepts are right, on the gold in annotations/linking.

    python scripts/link_scores.py [--data ../shared/corpora] [--wrong]

The 400 mentions are linked as the program links those of a posting: by their words and kind, with
the text of their document as context. A mention is linked rightly if one of its codes is a right
answer by either annotator; recall is the share of the mentions that have any. ``all codes`` is the
share of all codes given, of the vocabularies that the gold has, that are right. Intervals are
Wilson's at 95 %. ``--wrong`` lists what was linked wrongly, with the right answers.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from scipy.stats import binomtest

from draw_mentions import LABELS
from training.data import documents
from trialcriteria.evaluate.corpora.labels import Corpus
from trialcriteria.link import Context, codes
from trialcriteria.link.vocabulary import SYSTEMS
from trialcriteria.schema import Code, EntityLabel
from trialcriteria.tag.abbreviations import defined_abbreviations
from trialcriteria.view import reading_view

GOLD = Path(__file__).parents[1] / "annotations" / "linking"
SHORT = {system: name for name, system in SYSTEMS.items()}
JUDGED = frozenset(("mesh", "icd10cm", "unii", "loinc"))
"""Vocabularies that the annotators looked names up in and that the program gives codes of."""


class Place(NamedTuple):
    """Where a mention stands."""

    kind: str
    corpus: str
    document: str
    start: int
    end: int


class Linked(NamedTuple):
    """A mention with the codes it was given and the right ones."""

    place: Place
    words: str
    given: tuple[Code, ...]
    gold: frozenset[str]

    @property
    def judged(self) -> list[str]:
        """The codes that can be judged, in the notation of the gold."""
        named = (f"{SHORT[code.system]}:{code.code}" for code in self.given)
        return [code for code in named if code.partition(":")[0] in JUDGED]

    @property
    def right(self) -> list[str]:
        """Those of them that are right answers."""
        return [code for code in self.judged if code in self.gold]


def gold(path: Path) -> Iterator[tuple[Place, frozenset[str]]]:
    """The right answers of one annotator for each mention."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, corpus, document, start, end, right, *_ = line.split("\t")
            yield (
                Place(kind, corpus, document, int(start), int(end)),
                frozenset(right.split()) - {"-"},
            )


def both() -> dict[Place, frozenset[str]]:
    """The right answers of either annotator."""
    answers = dict(gold(GOLD / "first.tsv"))
    for place, right in gold(GOLD / "second.tsv"):
        answers[place] |= right
    return answers


def linked(data: Path) -> list[Linked]:
    """Every mention of the gold with its codes."""
    texts = {
        (corpus, document.id): document.text
        for corpus in LABELS["drug"]
        for document in documents(data, corpus, "train")
    }
    return [
        _linked(place, texts[cast("Corpus", place.corpus), place.document], right)
        for place, right in both().items()
    ]


def _linked(place: Place, text: str, right: frozenset[str]) -> Linked:
    words = text[place.start : place.end]
    context = Context("", text, defined_abbreviations(reading_view(text)))
    return Linked(place, words, codes(words, cast("EntityLabel", place.kind), context), right)


def share(part: int, whole: int) -> str:
    """A share with its interval."""
    if not whole:
        return "-"
    low, high = binomtest(part, whole).proportion_ci(method="wilson")
    return f"{part / whole:.3f} ({low:.3f} to {high:.3f})"


def row(name: str, every: Sequence[Linked]) -> str:
    """One row of the table."""
    given = [one for one in every if one.judged]
    right = sum(1 for one in given if one.right)
    known = sum(1 for one in every if one.gold)
    codes_given = sum(len(one.judged) for one in given)
    codes_right = sum(len(one.right) for one in given)
    figures = share(right, len(given)), share(right, known), share(codes_right, codes_given)
    return f"| {name} | {len(given)} | {known} | " + " | ".join(figures) + " |"


def wrong(every: Iterable[Linked]) -> Iterator[str]:
    """What was linked wrongly."""
    for one in every:
        if one.judged and not one.right:
            names = " / ".join(dict.fromkeys(code.display for code in one.given))
            answers = " ".join(sorted(one.gold)) or "none"
            yield f'- {one.place.kind} "{one.words}": {names} ({" ".join(one.judged)}); {answers}'


def main() -> None:
    """Link and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--wrong", action="store_true", help="list what was linked wrongly")
    given = parser.parse_args()
    every = linked(given.data)
    print("| kind | linked | have a code | precision | recall | all codes |")
    print("|---|---:|---:|---:|---:|---:|")
    for kind in LABELS:
        print(row(kind, [one for one in every if one.place.kind == kind]))
    print(row("all", every))
    if given.wrong:
        print("\n".join(wrong(every)))


if __name__ == "__main__":
    main()
