"""Runs of the local engine whose workers extract nothing, and do what a posting's text says.

And the program itself, as a process.
"""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trialcriteria.bulk.manifest import Manifest
from trialcriteria.bulk.run import Job, run
from trialcriteria.bulk.worker import Limits
from trialcriteria.link.vocab import store

WORKER = '''
"""Extractions by the first word of the text."""

import gc
import os
import time

from trialcriteria.bulk.batch import Setup
from trialcriteria.schema import Criterion, Extraction, Fact, Concept, Provenance, Section, Span


class Told(Setup):
    __slots__ = ()

    def cache_counts(self):
        return 0, 0

    def extractions(self, postings):
        for posting in postings:
            order = posting.text.partition(" ")[0]
            if order == "CRASH":
                os.abort()
            if order == "HANG":
                time.sleep(3600)
            if order == "HOG":
                bytearray(3 * 10**9)
            if order == "GARBAGE":
                raise ValueError(gc.get_threshold())
            if order == "FAIL":
                raise ValueError("so told")
            yield whole(posting)


def whole(posting):
    span = Span(0, len(posting.text))
    section = Section(id="s1", kind="inclusion", heading=None, cohort=None, span=span)
    subject = Concept(kind="condition", text=posting.text, span=span)
    fact = Fact(
        subject=subject, status="present", experiencer="patient", source="told", score=1.0
    )
    criterion = Criterion(
        id="i1", section="s1", kind="inclusion", label=None, span=span, text=posting.text,
        requirement=fact,
    )
    return Extraction(
        trial=posting.trial, text=posting.text, sections=(section,), criteria=(criterion,),
        provenance=Provenance(program="trialcriteria", version="0", lexicons=""),
    )
'''

CONCEPT = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\t"
    "concept_code\tinvalid_reason\n"
)
OTHERS = {
    "CONCEPT_SYNONYM.csv": "concept_id\tconcept_synonym_name\tlanguage_concept_id\n",
    "CONCEPT_RELATIONSHIP.csv": "concept_id_1\tconcept_id_2\trelationship_id\tinvalid_reason\n",
}

Bulk = Callable[..., Manifest]
Started = Callable[..., "subprocess.Popen[str]"]
Ended = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> type:
    """The setup of workers that do as they are told."""
    folder = tmp_path_factory.mktemp("worker")
    (folder / "told_worker.py").write_text(WORKER, encoding="utf-8")
    sys.path.append(str(folder))
    return importlib.import_module("told_worker").Told


@pytest.fixture
def bulk(told: type, tmp_path: Path) -> Bulk:
    """``bulk(input, ...)`` runs into ``tmp_path / "out"``, whatever of a Job is given by name."""

    def call(*inputs: Path, heard: Callable = lambda count: None, **given: object) -> Manifest:
        job = Job(inputs, tmp_path / "out", told("none", None, False), 1, Limits(20, 0))
        return run(job._replace(**({"part_size": 5, "batch_size": 3} | given)), heard)

    return call


@pytest.fixture
def started(tmp_path: Path) -> Started:
    """``started("query", ...)`` is a process of the program, in ``tmp_path``."""

    def call(*arguments: str) -> "subprocess.Popen[str]":
        path = os.pathsep.join(filter(None, sys.path))
        return subprocess.Popen(
            [sys.executable, "-m", "trialcriteria", *arguments], cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": path}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    return call


@pytest.fixture
def ended(started: Started) -> Ended:
    """Exit code, output and errors of such a process at its end."""

    def call(*arguments: str) -> tuple[int, str, str]:
        process = started(*arguments)
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err

    return call


@pytest.fixture
def athena(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """``athena("316866 Hypertension", "1112807 aspirin")`` indexes a condition and a drug."""
    folder = tmp_path_factory.mktemp("athena")
    monkeypatch.setenv(store.VARIABLE, str(folder / "vocabularies"))

    def add(*concepts: str) -> None:
        rows = [CONCEPT]
        for concept in concepts:
            number, name = concept.split(" ", 1)
            domain = "Condition" if name.istitle() else "Drug"
            rows.append(f"{number}\t{name}\t{domain}\tSNOMED\tany\tS\ts{number}\t\n")
        (folder / "CONCEPT.csv").write_text("".join(rows), encoding="utf-8")
        for name, header in OTHERS.items():
            (folder / name).write_text(header, encoding="utf-8")
        store.add("athena", str(folder), "athena", lambda *_: None, force=True)

    return add
