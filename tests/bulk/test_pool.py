"""Workers on their own: what they do when nobody is there to end them."""

import gc
from multiprocessing import get_context

import orjson
import pytest

from trialcriteria.bulk.items import item_of
from trialcriteria.bulk.pool import Pool, Worker
from trialcriteria.bulk.worker import Limits, Use, joined
from trialcriteria.errors import TrialCriteriaError
from trialcriteria.garbage import collect_rarely
from trialcriteria.read import read


@pytest.fixture
def item():
    """``item("CRASH now")`` is a posting on its way to a worker."""

    def made(text: str, number: int = 1):
        row = orjson.dumps({"nct_id": f"NCT{number:08d}", "eligibility": text})
        (posting,) = read(row, "rows.jsonl")
        return item_of(posting, "program")

    return made


@pytest.fixture
def worker(told):
    started = Worker(get_context("spawn"), told("none", None, False), Limits(1, 0))
    assert started.answer() is None
    yield started
    started.kill()


def test_a_worker_that_hangs_ends_itself(worker, item):
    worker.give([item("HANG now")])
    with pytest.raises(EOFError):
        worker.answer()
    assert worker.stop().kind in ("timeout", "crashed")


def test_a_worker_whose_parent_is_gone_ends(worker):
    worker.pipe.close()
    worker._process.join(10)
    assert worker._process.exitcode == 0


def test_a_worker_takes_one_batch_after_another(worker, item):
    for number in (1, 2):
        worker.give([item("Adults", number), item("Women", number + 10)])
        assert not worker.is_free
        batch = worker.answer()
        assert (batch.trials, batch.errors) == (2, 0)
        assert worker.is_free
    assert worker.use.peak_mb > 10


def test_a_worker_seldom_looks_for_garbage(worker, item):
    own = gc.get_threshold()
    collect_rarely()
    wanted = gc.get_threshold()
    gc.set_threshold(*own)
    worker.give([item("GARBAGE")])
    assert wanted != own
    assert str(wanted).encode() in worker.answer().rows["errors"]


def test_a_worker_that_cannot_start_is_no_loop(told, item):
    pool = Pool(1, told("none", None, False), Limits(5, 30))
    with pytest.raises(TrialCriteriaError, match="cannot start"), pool:
        list(pool.run(iter([[item("Adults")]])))


def test_batches_are_read_only_as_needed(told, item):
    taken = []

    def tasks():
        for number in range(12):
            taken.append(number)
            yield [item("Adults", number)]

    with Pool(1, told("none", None, False), Limits(20, 0)) as pool:
        answers = pool.run(tasks())
        next(answers)
        assert len(taken) <= 4
        assert 1 + len(list(answers)) == 12
        assert pool.use.peak_mb > 10


def test_uses_are_joined():
    uses = [Use(1, 2, 30, 1.5), Use(10, 20, 20, 2.5)]
    assert joined(uses) == Use(11, 22, 30, 4.0)
