"""What a model folder finds in corpus documents, in the corpora's own labels."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from training.data import Line, corpus_lines
from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.corpora import labels
from trialcriteria.schema import Span
from trialcriteria.tag.learned.layers import Stretch
from trialcriteria.tag.learned.mentions import LearnedTagger


def with_mentions(
    tagger: LearnedTagger, corpus: labels.Corpus, documents: Sequence[Annotated]
) -> list[Annotated]:
    """The documents with the mentions that the tagger finds, line by line, and no links."""
    lines = list(corpus_lines(corpus, documents))
    found = tagger.guesses([line.words for line in lines], corpus)
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for line, each in zip(lines, found, strict=True):
        mentions[line.document] += (_mention(line, one.stretch) for one in each)
    return [
        replace(each, mentions=tuple(dict.fromkeys(mentions[each.id])), links=())
        for each in documents
    ]


def with_links(
    tagger: LearnedTagger, corpus: labels.Corpus, documents: Sequence[Annotated]
) -> list[Annotated]:
    """The documents with the links that the model draws between the mentions they have."""
    lines = list(corpus_lines(corpus, documents))
    rows = [[Stretch(m.label, first, last) for m, first, last in line.mentions] for line in lines]
    found = tagger.relations(corpus).link([line.words for line in lines], rows)
    links: dict[str, list[Link]] = defaultdict(list)
    for line, each in zip(lines, found, strict=True):
        links[line.document] += (
            Link(one.kind, line.mentions[one.head][0], line.mentions[one.tail][0]) for one in each
        )
    return [replace(each, links=tuple(dict.fromkeys(links[each.id]))) for each in documents]


def _mention(line: Line, found: Stretch) -> Mention:
    start, end = line.words[found.first].span.start, line.words[found.last].span.end
    return Mention(found.label, (Span(line.start + start, line.start + end),))
