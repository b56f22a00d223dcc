"""What can be scored against: the public corpora, registry fields, and gold folders.

A dataset is its postings, and a function from predictions in the same order to measures.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from trialcriteria.errors import EvaluationError, UsageError
from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.corpora import chia, fb, labels, lct, llf, trial_id
from trialcriteria.evaluate.corpora.brat import brat_annotated, brat_documents
from trialcriteria.evaluate.corpora.registry import read_registry, registry_files
from trialcriteria.evaluate.gold import gold_files, read_gold
from trialcriteria.evaluate.measures import AnnotatedPair
from trialcriteria.evaluate.measures.constraints import measure_annotators, measure_llf
from trialcriteria.evaluate.measures.criteria import measure_criteria
from trialcriteria.evaluate.measures.entities import as_annotated, confusion, measure_entities
from trialcriteria.evaluate.measures.facts import measure_fact_parts, measure_facts
from trialcriteria.evaluate.measures.lct_constraints import measure_lct, measure_lct_periods
from trialcriteria.evaluate.measures.numbers import measure_numbers
from trialcriteria.evaluate.measures.registry import measure_registry
from trialcriteria.evaluate.measures.relations import measure_relations
from trialcriteria.evaluate.measures.segmentation import measure_segmentation
from trialcriteria.evaluate.predictions import Prediction
from trialcriteria.evaluate.scores import Measured, grouped, summary
from trialcriteria.schema import Extraction, Posting

Split = Literal["all", "dev", "train"]

_SHORT = {"fb": "fb_ner"}
T = TypeVar("T")


class Outcome(NamedTuple):
    """Measures, and how often which gold label meets which predicted one."""

    measured: list[Measured]
    confusion: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Postings to run on, and how predictions for them, in the same order, are scored.

    ``sha256`` digests the files; ``notes`` are sentences about the data.
    """

    name: str
    split: Split
    postings: tuple[Posting, ...]
    sha256: str
    score: Callable[[Sequence[Prediction]], Outcome]
    notes: tuple[str, ...] = ()


def is_dev(trial: str) -> bool:
    """Whether a trial is in the development split: md5 of its id is 1 modulo 5."""
    digest = hashlib.md5(trial.encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % 5 == 1


def digest(files: Iterable[Path]) -> str:
    """sha256 over the lines "sha256 of the file, two blanks, its name", files in name order."""
    total = hashlib.sha256()
    for path in sorted(files, key=lambda path: (path.name, path)):
        total.update(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n".encode())
    return total.hexdigest()


def gold_dataset(folder: Path, roots: Sequence[Path]) -> Dataset:
    """A folder of gold files; ``roots`` are the folders that hold the postings they name."""
    files = gold_files(folder)
    postings, golds = zip(*(read_gold(path, roots) for path in files), strict=True)

    def score(predictions: Sequence[Prediction]) -> Outcome:
        pairs = [
            (gold, each)
            for gold, each in zip(golds, predictions, strict=True)
            if isinstance(each, Extraction)
        ]
        if len(pairs) < len(golds):
            raise EvaluationError("gold is scored against extractions, not against brat files")
        mentions = [(as_annotated(gold), as_annotated(each)) for gold, each in pairs]
        measured = [measure_segmentation(pairs), *_mention_measures(mentions)]
        measured += [measure(pairs) for measure in _REQUIREMENT_MEASURES]
        measured.append(measure_registry([each for _, each in pairs]))
        return Outcome(measured, dict(confusion(mentions)))

    return Dataset(folder.as_posix(), "all", postings, digest(files), score)


_REQUIREMENT_MEASURES = (measure_facts, measure_fact_parts, measure_criteria)


def corpus_dataset(name: str, data: Path, split: Split = "all") -> Dataset:
    """A public corpus; ``data`` is its folder, or the one that it lies in under its name.

    Names: chia, lct, llf, fb_ner (or fb), and registry, a folder of registry records whose own
    age and sex fields are the gold. Raises UsageError where there is no such corpus,
    EvaluationError where there is no such folder.
    """
    name = _SHORT.get(name.lower(), name.lower())
    if name not in LOADERS:
        raise UsageError(f"no corpus is named {name!r}; there are {', '.join(LOADERS)}")
    inner = data / name
    folder = inner if inner.is_dir() else data
    if not folder.is_dir():
        raise EvaluationError(f"{folder} is no folder; the corpus {name} was expected there")
    return LOADERS[name](folder, split)


def _chia(folder: Path, split: Split) -> Dataset:
    documents = _split(chia.read_chia(folder), split, lambda document: trial_id(document.id))

    def score(predictions: Sequence[Prediction]) -> Outcome:
        outcome = _mentions(documents, predictions, "chia")
        return _per_trial(_with(outcome, measure_numbers, documents, predictions), documents)

    postings = tuple(map(chia.to_posting, documents))
    return _dataset("chia", folder, split, postings, score, _notes("chia", documents))


def _lct(folder: Path, split: Split) -> Dataset:
    files = _split(brat_documents(folder), split, lambda document: trial_id(document.name))
    documents = list(map(brat_annotated, files))

    def score(predictions: Sequence[Prediction]) -> Outcome:
        outcome = _mentions(documents, predictions, "lct")
        outcome = _with(outcome, measure_lct, files, predictions)
        return _with(outcome, measure_lct_periods, files, predictions)

    postings = tuple(map(lct.to_posting, documents))
    return _dataset("lct", folder, split, postings, score, _notes("lct", documents))


def _fb(folder: Path, split: Split) -> Dataset:
    documents = _split(fb.read_fb(folder), split, lambda document: trial_id(document.id))

    def score(predictions: Sequence[Prediction]) -> Outcome:
        return _per_trial(_mentions(documents, predictions, "fb"), documents)

    postings = tuple(map(fb.to_posting, documents))
    return _dataset("fb_ner", folder, split, postings, score, _notes("fb", documents))


def _llf(folder: Path, split: Split) -> Dataset:
    found = llf.read_llf(folder)
    forms = _split(found.forms, split, lambda form: trial_id(form.document))

    def score(predictions: Sequence[Prediction]) -> Outcome:
        return _with(Outcome([], {}), measure_llf, forms, predictions)

    notes = (*(f"cannot be read: {each}" for each in found.problems), _annotators(forms))
    return _dataset("llf", folder, split, tuple(map(llf.to_posting, forms)), score, notes)


def _annotators(forms: Sequence[llf.LogicalForm]) -> str:
    """How far those who annotated the same line agree, in a sentence."""
    measured = measure_annotators(forms)
    scores = {name: summary(each)["micro"] for name, each in measured.tallies.items()}
    told = (
        f"{name.replace('_', ' ')} F1 {score.f1:.3f}" for name, score in scores.items() if score.f1
    )
    count = max(score.gold for score in scores.values())
    return f"annotators of the same line agree, over {count} constraints: {', '.join(told)}"


def _registry(folder: Path, split: Split) -> Dataset:
    files = registry_files(folder)
    found = read_registry(files)
    if not found.postings:
        raise EvaluationError(f"{folder} has no registry record that states an age or a sex")
    kept = _split(found.postings, split, lambda posting: posting.trial.id or "")

    def score(predictions: Sequence[Prediction]) -> Outcome:
        extractions = [each for each in predictions if isinstance(each, Extraction)]
        return Outcome([measure_registry(extractions)], {})

    return Dataset("registry", split, tuple(kept), digest(files), score, found.problems)


LOADERS: dict[str, Callable[[Path, Split], Dataset]] = {
    "chia": _chia,
    "lct": _lct,
    "llf": _llf,
    "fb_ner": _fb,
    "registry": _registry,
}


def _dataset(
    name: str,
    folder: Path,
    split: Split,
    postings: tuple[Posting, ...],
    score: Callable[[Sequence[Prediction]], Outcome],
    notes: tuple[str, ...],
) -> Dataset:
    files = (path for path in folder.rglob("*") if path.is_file())
    return Dataset(name, split, postings, digest(files), score, notes)


def _split(items: Iterable[T], split: Split, trial: Callable[[T], str]) -> list[T]:
    return [item for item in items if split == "all" or is_dev(trial(item)) == (split == "dev")]


def _mentions(
    documents: Sequence[Annotated], predictions: Sequence[Prediction], corpus: labels.Corpus
) -> Outcome:
    """Entities and relations in the corpus's labels: all that count, and those we have alone."""
    found = (p if isinstance(p, Annotated) else labels.mapped(p, corpus) for p in predictions)
    both = list(zip(documents, found, strict=True))
    whole = [(labels.scorable(a, corpus), labels.scorable(b, corpus)) for a, b in both]
    part = [(labels.comparable(a, corpus), labels.comparable(b, corpus)) for a, b in both]
    ours = (replace(m, name=f"{m.name}_comparable", mistakes=()) for m in _mention_measures(part))
    measured = [*_mention_measures(whole), *ours]
    return Outcome(measured, dict(confusion(whole)))


def _mention_measures(pairs: Sequence[AnnotatedPair]) -> Iterator[Measured]:
    """Entities, and relations where there are any."""
    yield measure_entities(pairs)
    if any(document.links for document, _ in pairs):
        yield measure_relations(pairs)


def _with(
    outcome: Outcome,
    measure: Callable[[list[tuple[T, Extraction]]], Measured],
    golds: Sequence[T],
    predictions: Sequence[Prediction],
) -> Outcome:
    """One more measure, where predictions are extractions; brat files say nothing about it."""
    pairs = [(g, p) for g, p in zip(golds, predictions, strict=True) if isinstance(p, Extraction)]
    more = [measure(pairs)] if len(pairs) == len(golds) else []
    return outcome._replace(measured=[*outcome.measured, *more])


def _per_trial(outcome: Outcome, documents: Sequence[Annotated]) -> Outcome:
    """Tallies by trial: its documents are not independent, so they are resampled together."""
    trials = [trial_id(document.id) for document in documents]
    return outcome._replace(measured=[grouped(each, trials) for each in outcome.measured])


def _notes(corpus: labels.Corpus, documents: Sequence[Annotated]) -> tuple[str, ...]:
    notes = [
        "labels that no label of ours stands for: " + ", ".join(labels.unmapped(corpus)),
        "relations that none of ours stands for: " + ", ".join(labels.unmapped_relations(corpus)),
    ]
    problems = sum(len(document.problems) for document in documents)
    return (*notes, f"{problems} lines of the annotation files have a problem")
