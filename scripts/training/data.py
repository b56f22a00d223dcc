"""The corpora as lines of words, with the mentions on them and the links between these."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast, get_args

from trialcriteria.evaluate.annotated import Annotated, Mention
from trialcriteria.evaluate.corpora import chia, fb, labels, lct, trial_id
from trialcriteria.evaluate.datasets import Split, is_dev
from trialcriteria.evaluate.gold import gold_files, read_gold
from trialcriteria.evaluate.measures.entities import as_annotated
from trialcriteria.schema import EntityLabel, Span
from trialcriteria.tag.learned.layers import Layer, Stretch
from trialcriteria.tag.learned.pairs import UNRELATED, RelationSet
from trialcriteria.tag.learned.words import Word, words
from trialcriteria.view import reading_view

OURS = "ours"
ANNOTATIONS = Path(__file__).parents[2] / "annotations"
BLIND = ("registry", "registry2", "registry3")
TUNED = ("train", "corpus", "pages", "taught")
_INNER_LCT = ("Negation", "Severity", "Polarity", "Specimen", "Location")


class Corpus(NamedTuple):
    """A public corpus: its reader, its folder, and whether a label lies within other mentions."""

    read: Callable[[Path], Iterator[Annotated]]
    folder: str
    is_inner: Callable[[str], bool]
    is_outer: Callable[[str], bool]


def _is_inner_lct(label: str) -> bool:
    part = label.startswith("Eq-") and label != "Eq-Comparison"
    return part or label.endswith("-Name") or label in _INNER_LCT


CORPORA: dict[labels.Corpus, Corpus] = {
    "lct": Corpus(lct.read_lct, "lct", _is_inner_lct, lambda label: not _is_inner_lct(label)),
    "chia": Corpus(chia.read_chia, "chia", lambda _: True, lambda _: True),
    "fb": Corpus(fb.read_fb, "fb_ner", lambda _: False, lambda _: True),
}


class Line(NamedTuple):
    """A line of a document: its words, the stretches labelled there, and the mentions.

    ``start`` is where the line begins in the document; a mention has the first and last word of
    its first part, and those of one line are in text order.
    """

    set: str
    document: str
    start: int
    words: list[Word]
    stretches: list[Stretch]
    mentions: list[tuple[Mention, int, int]]


def documents(data: Path, corpus: labels.Corpus, split: Split) -> list[Annotated]:
    """The documents of a corpus below ``data``, with the labels and relations that count."""
    of = CORPORA[corpus]
    found = (labels.scorable(each, corpus) for each in of.read(data / of.folder))
    return [d for d in found if split == "all" or is_dev(trial_id(d.id)) == (split == "dev")]


def corpus_lines(corpus: str, found: Iterable[Annotated]) -> Iterator[Line]:
    """The lines that have words."""
    for document in found:
        start = 0
        for text in document.text.splitlines(keepends=True):
            yield from _line(corpus, document, Span(start, start + len(text)))
            start += len(text)


def our_lines(roots: Sequence[Path], folders: Sequence[str] = TUNED) -> Iterator[Line]:
    """The criteria of our own gold as lines, by default of that which rules were tuned on."""
    for folder in folders:
        for path in gold_files(ANNOTATIONS / folder):
            _, gold = read_gold(path, [ANNOTATIONS.parent, *roots])
            document = as_annotated(gold)
            for criterion in gold.criteria:
                yield from _line(OURS, document, criterion.span)


def layers(corpora: Sequence[str]) -> tuple[Layer, ...]:
    """For each set the layers of its labels: the outer one and, where mentions nest, the inner."""
    return tuple(layer for corpus in corpora for layer in _layers(corpus))


def _layers(corpus: str) -> Iterator[Layer]:
    if corpus == OURS:
        every = tuple(label for kind in get_args(EntityLabel) for label in get_args(kind))
        yield from (Layer(set=OURS, labels=every), Layer(set=OURS, labels=every))
        return
    name = cast("labels.Corpus", corpus)
    for wanted in (CORPORA[name].is_outer, CORPORA[name].is_inner):
        chosen = tuple(label for label in labels.labels(name) if wanted(label))
        if chosen:
            yield Layer(set=corpus, labels=chosen)


def relation_set(corpus: str, found: Sequence[Annotated]) -> RelationSet:
    """The relations of documents: which labels are linked, and by what."""
    names = tuple(sorted({mention.label for each in found for mention in each.mentions}))
    every = {link for each in found for link in each.links}
    links = {(link.head.label, link.tail.label, link.kind) for link in every}
    kinds = (UNRELATED, *sorted({kind for _, _, kind in links}))
    allowed = sorted(
        (names.index(head), names.index(tail), kinds.index(kind)) for head, tail, kind in links
    )
    return RelationSet(set=corpus, labels=names, kinds=kinds, allowed=tuple(allowed))


def _line(corpus: str, document: Annotated, span: Span) -> Iterator[Line]:
    row = words(reading_view(document.text[span.start : span.end]))
    if not row:
        return
    at = {char + span.start: i for i, word in enumerate(row) for char in range(*word.span)}
    stretches: list[Stretch] = []
    mentions: list[tuple[Mention, int, int]] = []
    for mention in document.mentions:
        parts = [each for part in mention.spans if (each := _words_of(part, span, at))]
        stretches += (Stretch(mention.label, *part) for part in parts)
        if parts:
            mentions.append((mention, *parts[0]))
    mentions.sort(key=lambda each: (each[1], each[2], each[0].label))
    yield Line(corpus, document.id, span.start, row, stretches, mentions)


def _words_of(part: Span, line: Span, at: dict[int, int]) -> tuple[int, int] | None:
    """The first and last word of a part of a mention that lies in the line."""
    if not line.start <= part.start <= part.end <= line.end:
        return None
    inside = [at[char] for char in range(*part) if char in at]
    return (inside[0], inside[-1]) if inside else None
