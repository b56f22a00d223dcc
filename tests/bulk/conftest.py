"""Runs of the local engine whose workers extract nothing, and do what a posting's text says."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trialcriteria.bulk.manifest import Manifest
from trialcriteria.bulk.run import Job, run
from trialcriteria.bulk.worker import Limits

WORKER = '''
"""Extractions by the first word of the text."""

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

Bulk = Callable[..., Manifest]


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
