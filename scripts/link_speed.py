"""How fast concepts get their codes: load time, memory, mentions a second met first and again.

    python scripts/link_speed.py FILE [--sample 300] [--seed 7]

Reads a seeded sample of the postings of FILE by rules, and links the subject of every fact: once
with empty caches ("first"), then the same mentions again, as a run over many postings meets them
("again"). Memory is what the vocabulary, its spellings and the tagger's lexicon add.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trialcriteria.extract import extract
from trialcriteria.link import Context, codes, linker
from trialcriteria.link.names import canonical
from trialcriteria.link.spelling import respelled
from trialcriteria.link.vocabulary import KINDS, named
from trialcriteria.normalize.plausible import facts_in
from trialcriteria.read import read_path
from trialcriteria.schema import ConceptKind, Posting


class Mentioned(NamedTuple):
    """The subject of a fact, and what its posting is about."""

    text: str
    kind: ConceptKind
    context: Context
    source: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("postings", type=Path)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    before = memory()
    vocabulary, rest = seconds_to_load()
    print(f"load: vocabulary {vocabulary:.2f} s, rest {rest:.2f} s; {memory() - before:.0f} MB")
    mentions = list(mentions_of(sample(given.postings, given.sample, given.seed)))
    forget()
    for time_of_day in ("first", "again"):
        rate, linked = rate_of(mentions)
        share = linked / len(mentions)
        print(f"{time_of_day}: {rate:.0f} of {len(mentions)} mentions a second, {share:.0%} linked")


def memory() -> float:
    """Peak of the process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds_to_load() -> tuple[float, float]:
    """How long the vocabulary takes, and what else is read when first asked for."""
    start = time.perf_counter()
    named("no concept at all", "condition")
    read = time.perf_counter()
    for kind in KINDS:
        codes("no concept at all", kind)
        respelled("misspeltness", kind)
    return read - start, time.perf_counter() - read


def forget() -> None:
    """Empties the caches, which the extraction has filled."""
    for cached in (linker._codes, linker.codes_as_written, canonical):
        cached.cache_clear()


def sample(path: Path, size: int, seed: int) -> list[Posting]:
    """Some postings of a file."""
    postings = [record for record in read_path(path) if isinstance(record, Posting)]
    return random.Random(seed).sample(postings, min(size, len(postings)))


def mentions_of(postings: list[Posting]) -> Iterator[Mentioned]:
    """The subjects of all facts."""
    for posting in postings:
        context = Context(posting.trial.title or "", posting.text)
        for criterion in extract(posting).criteria:
            for fact in facts_in(criterion.requirement) if criterion.requirement else ():
                yield Mentioned(fact.subject.text, fact.subject.kind, context, fact.source)


def rate_of(mentions: list[Mentioned]) -> tuple[float, int]:
    """Mentions a second of processor time, and how many got a code."""
    start = time.process_time()
    linked = sum(bool(codes(*mention)) for mention in mentions)
    return len(mentions) / (time.process_time() - start), linked


if __name__ == "__main__":
    main()
