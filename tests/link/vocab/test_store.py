"""Indexes come whole or not at all, one process writes at a time, and damage is told in a line."""

import os
import pickle
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trialcriteria.errors import UsageError, VocabularyError
from trialcriteria.link.vocab import store

ADD_WITH_A_STOP = """
import sys
from trialcriteria.link.vocab import store

def told(step, count):
    if step == sys.argv[2]:
        print("there", flush=True)
        sys.stdin.readline()

store.add("athena", sys.argv[1], "athena", told, force=True)
"""
STEPS = ["reading CONCEPT.csv", "reading CONCEPT_RELATIONSHIP.csv", "sorting concepts"]
STEPS += ["sorting names", "indexing words"]


def quiet(step: str, count: int) -> None:
    """Progress that nobody looks at."""


def stopped_at(folder: Path, step: str) -> "subprocess.Popen[str]":
    """A process that indexes the folder, and waits for a line where it begins a step."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-c", ADD_WITH_A_STOP, str(folder), step],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "there\n"
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_moment_and_made_again(write, home, step):
    folder = write()
    kill(stopped_at(folder, step))
    assert store.installed() == []
    store.add("athena", str(folder), "athena", quiet)
    assert store.installed() == ["athena"]
    assert store.opened("athena").codes("drug", ["aspirin"])[0].code == "1191"
    assert not [*home.glob(".*.partial")]


def test_killed_while_one_is_replaced_the_old_one_stands(write, add):
    before = add().identity
    kill(stopped_at(write(synonyms=[]), "sorting names"))
    assert store.opened("athena").identity == before
    assert store.opened("athena").codes("condition", ["Hypertension"])


def test_a_second_process_is_refused_and_the_first_goes_on(write):
    folder = write()
    process = stopped_at(folder, "reading CONCEPT.csv")
    with pytest.raises(VocabularyError, match="is being written by another process"):
        store.add("athena", str(folder), "athena", quiet)
    with pytest.raises(VocabularyError, match="is being written by another process"):
        store.remove("athena")
    process.communicate()  # the end of its input is a line too
    assert process.returncode == 0
    assert store.installed() == ["athena"]


def test_what_is_open_stays_readable_while_it_is_replaced_and_removed(add):
    old = add()
    add([], [], [])
    assert old.codes("drug", ["acetylsalicylic acid"])[0].code == "1191"
    store.remove("athena")
    assert old.search("cough")[0].name == "Cough"


def test_many_threads_ask_at_once(add):
    index = add()
    names = ["Hypertension", "Cough", "Twin", "nothing", "Fever"] * 40
    random.Random(6).shuffle(names)
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda name: index.codes("condition", [name]), names)]
    assert found == [index.codes("condition", [name]) for name in names]


def test_a_copy_sent_to_another_process_opens_the_file_anew(add):
    index = add()
    copy = pickle.loads(pickle.dumps(index))
    assert copy.identity == index.identity
    assert copy.codes("drug", ["aspirin"]) == index.codes("drug", ["aspirin"])


def test_one_is_not_replaced_unasked(write):
    folder = str(write())
    store.add("athena", folder, "athena", quiet)
    with pytest.raises(VocabularyError, match="exists; --force replaces it"):
        store.add("athena", folder, "athena", quiet)


def test_the_same_files_give_the_same_answers(write, home):
    folder = str(write())
    for name in ("one", "two"):
        store.add("athena", folder, name, quiet)
    first, second = map(store.opened, store.installed())
    assert first.about.digest == second.about.digest
    assert first.details("cough") == [
        each._replace(codes=tuple(c.model_copy(update={"source": "one"}) for c in each.codes))
        for each in second.details("cough")
    ]


def test_removing_leaves_nothing_but_the_lock(add, home):
    add()
    store.remove("athena")
    assert [path.name for path in home.iterdir()] == [".athena.lock"]
    with pytest.raises(VocabularyError, match="no vocabulary 'athena'"):
        store.remove("athena")


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "Athena", "a b", "x\0"])
def test_names_are_names_and_no_paths(name):
    with pytest.raises(UsageError, match="is named by small letters"):
        store.opened(name)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\0" * 100, b"no index" * 1000])
def test_a_file_that_is_no_index_is_told_in_a_line(home, content):
    home.mkdir()
    (home / "athena.sqlite").write_bytes(content)
    with pytest.raises(
        VocabularyError, match=r"athena\.sqlite: damaged .*vocab add --force"
    ) as told:
        store.opened("athena")
    assert "\n" not in str(told.value)


def test_damage_found_later_is_told_in_a_line(add, home):
    add([[n, f"Cough {n}", "Condition", "SNOMED", "c", "S", n, 0, 0, ""] for n in range(20_000)])
    path = home / "athena.sqlite"
    content = bytearray(path.read_bytes())
    content[len(content) // 3 :] = b"\xff" * (len(content) - len(content) // 3)
    path.write_bytes(content)
    with pytest.raises(VocabularyError, match="damaged"):
        [store.opened("athena").details(f"Cough {n}") for n in range(0, 20_000, 500)]


def test_an_index_whose_names_were_compared_otherwise_is_refused(add, monkeypatch):
    add()
    monkeypatch.setattr("trialcriteria.link.vocab.index.key_of", lambda name: name.upper())
    with pytest.raises(VocabularyError, match="made by another version"):
        store.opened("athena")


def test_a_place_where_nothing_can_be_written_is_told(write, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "file"))
    with pytest.raises(VocabularyError, match="file: "):
        store.add("athena", str(write()), "athena", quiet)
