"""The seeded draws of the registry records that carry gold.

    python scripts/draw_gold.py [--data ../shared]
    python scripts/draw_gold.py --second [--data ../shared]
    python scripts/draw_gold.py --third [--data ../shared]
    python scripts/draw_gold.py --train [--data ../shared]
    python scripts/draw_gold.py --taught [--data ../shared]

Records of every format under DATA/registry by turns, the largest format first. Without
an option they are the 12 of annotations/registry, from the development split of the ids (md5
modulo 5 is 1) where a format has any, so that no rule was tuned on them. ``--second`` goes on where
they end, in that split alone: the 12 of annotations/registry2, and ``--third`` where these end:
those of annotations/registry3. With ``--train`` they are the 24
of annotations/train, from the ids outside that split and outside those 12, which rules are tuned
on. ``--taught`` goes on where these end: the 500 of annotations/taught, which the learned tagger
is trained on and no rule is tuned on. The two pages that the tests hold to are left out. Prints a
row for each record: format, id, file, sha256 of its eligibility text, and whether it is annotated
twice.
"""

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import track

from trialcriteria.evaluate.datasets import is_dev
from trialcriteria.read import BrokenRecord, read_path
from trialcriteria.schema import Posting
from trialcriteria.tag.language import foreign_language

SEED = 20_261_122
RECORDS = 12
THIRD = 60
TRAINING = 24
TAUGHT = 500
TWICE = 4
SHORTEST = 200
PAGES = {"clinconnect", "ctgov_page"}
_COUNTRY = re.compile(r"(?<=^\d{4}-\d{6}-\d{2})-[A-Z]+$")

Drawn = dict[str, tuple[Path, Posting]]
Strata = dict[str, Drawn]


def eligible(record: Posting | BrokenRecord) -> bool:
    """Whether a record can be drawn: it has an id and an English text of some length."""
    if isinstance(record, BrokenRecord) or record.trial.source.format in PAGES:
        return False
    text = record.text
    return bool(record.trial.id) and len(text) >= SHORTEST and foreign_language(text) is None


def records(folder: Path) -> Iterator[tuple[Path, Posting]]:
    """Every record under the folder that can be drawn, with its file."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".md", "")
    )
    for path in track(files, "files", console=Console(stderr=True), transient=True):
        for record in read_path(path):
            if isinstance(record, Posting) and eligible(record):
                yield path, record


def strata(folder: Path) -> Strata:
    """Format -> id -> record."""
    found: Strata = defaultdict(dict)
    for path, posting in records(folder):
        found[posting.trial.source.format].setdefault(str(posting.trial.id), (path, posting))
    return found


def unseen(found: Strata) -> Strata:
    """The development split alone where a format has one."""
    dev = {name: {i: one for i, one in each.items() if is_dev(i)} for name, each in found.items()}
    return {name: dev[name] or found[name] for name in found}


def seen(found: Strata, drawn: Iterable[str]) -> Strata:
    """One record of each trial outside the development split that is not drawn for it."""
    taken = {_trial(one) for one in drawn}
    rest: Strata = {}
    for name, each in found.items():
        by_trial = {_trial(i): i for i in sorted(each) if not is_dev(i)}
        rest[name] = {i: each[i] for trial, i in by_trial.items() if trial not in taken}
    return rest


def _trial(identity: str) -> str:
    """EU CTR has a record of a trial for each country, whose code ends the id."""
    return _COUNTRY.sub("", identity)


def draw(found: Strata, size: int) -> Drawn:
    """So many records by id, formats by turns (the largest first), no trial twice."""
    rng = random.Random(SEED)
    by_size = sorted(found, key=lambda name: (-len(found[name]), name))
    shuffled = {name: rng.sample(sorted(found[name]), len(found[name])) for name in by_size}
    chosen: Drawn = {}
    while len(chosen) < size and any(shuffled.values()):
        for name in by_size:
            waiting = [trial for trial in shuffled[name] if trial not in chosen]
            if waiting and len(chosen) < size:
                chosen[waiting[0]] = found[name][waiting[0]]
                shuffled[name] = waiting[1:]
    return chosen


def further(longer: Drawn, chosen: Drawn, size: int) -> Drawn:
    """So many records of the development split that a longer draw has beyond the chosen."""
    rest = ((i, one) for i, one in longer.items() if i not in chosen and is_dev(i))
    return dict(islice(rest, size))


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--second", action="store_true", help="the 12 after the first 12")
    which.add_argument("--third", action="store_true", help="the 60 after these")
    which.add_argument("--train", action="store_true", help="the records rules are tuned on")
    which.add_argument("--taught", action="store_true", help="those the tagger is trained on")
    given = parser.parse_args()
    data = given.data
    found = strata(data / "registry")
    chosen = draw(unseen(found), RECORDS)
    twice = set(random.Random(SEED + 1).sample(list(chosen), TWICE))
    if given.second or given.third:
        second = further(draw(unseen(found), 4 * RECORDS), chosen, RECORDS)
        third = further(draw(unseen(found), 4 * THIRD), {**chosen, **second}, THIRD)
        chosen, twice = third if given.third else second, set()
    if given.train or given.taught:
        rest, twice = draw(seen(found, chosen), TRAINING + TAUGHT), set()
        ids = list(rest)[TRAINING:] if given.taught else list(rest)[:TRAINING]
        chosen = {trial: rest[trial] for trial in ids}
    for path, posting in chosen.values():
        trial = posting.trial
        passes = "twice" if trial.id in twice else "once"
        name = path.relative_to(data).as_posix()
        print(trial.source.format, trial.id, name, trial.source.sha256, passes)


if __name__ == "__main__":
    main()
