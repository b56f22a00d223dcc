"""How fast the program is, and where the time goes.

    python scripts/benchmark.py [FILE ...] [--runs 5] [--model none]
    python scripts/benchmark.py --bulk FILE [--sample 600] [--seed 7] [--runs 5] [--model none]

Measures, each as the median of the runs: ``--help`` and one cold extraction as whole processes;
then, warm in this process, reading, extracting and exporting each file's postings. A profile of
the same warm work is split by stage (with all it calls) and by the package whose code runs. The
files default to the corpus of the project. It asserts nothing.

``--bulk`` measures a long file of postings instead, on a seeded sample and one core: each run is
a fresh process that has read its postings, loaded its rules on a few more and remembers no
text; it reports postings a second and peak memory. A profile of one more run follows.
"""

import argparse
import cProfile
import gc
import io
import json
import pstats
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import trialcriteria
from trialcriteria.export.json_out import write_jsonl
from trialcriteria.extract import extract_many
from trialcriteria.read import read_path
from trialcriteria.schema import Posting
from trialcriteria.tag.learned.choose import NONE, tagger

PACKAGE = Path(trialcriteria.__file__).parent
CORPUS = Path(__file__).parents[1] / "corpus"
WARMING = 20  # postings that every rule file and library is loaded for
STAGES = ("read", "segment", "tag", "relate", "normalize", "export")
_INSTALLED = re.compile(r"(?:site-packages|lib/python3\.\d+(?!/site-packages))/(\w+)")

Function = tuple[str, int, str]
Seconds = dict[str, float]


def forget(model: str | None) -> None:
    """Empty the bounded caches of the package, which remember texts; rules stay loaded."""
    if learned := tagger(model):
        learned.forget()
    for name, module in list(sys.modules.items()):
        if name.startswith("trialcriteria"):
            for thing in vars(module).values():
                parameters = getattr(thing, "cache_parameters", None)
                if parameters and (parameters()["maxsize"] or 0) > 1:
                    thing.cache_clear()


def median_seconds(work: Callable[[], object], runs: int, model: str | None) -> float:
    """Median wall time of ``runs`` calls that remember no text, in seconds."""
    times = []
    for _ in range(runs):
        forget(model)
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def process(*arguments: str) -> None:
    """The program as a whole process, its output thrown away."""
    command = [sys.executable, "-m", "trialcriteria", *arguments]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def import_seconds(path: Path) -> Seconds:
    """Seconds a cold extraction spends on imports, by package, from ``-X importtime``."""
    command = [sys.executable, "-X", "importtime", "-m", "trialcriteria", "extract", str(path)]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    seconds: Seconds = defaultdict(float)
    for own, module in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", report):
        seconds[module.split(".")[0]] += int(own) / 1e6
    return seconds


def postings(path: Path, model: str | None) -> int:
    """Everything ``extract FILE --format jsonl`` does, here; the number of postings."""
    out = io.StringIO()
    found = (record for record in read_path(path) if isinstance(record, Posting))
    write_jsonl(extract_many(found, tagger(model)), out)
    return out.getvalue().count("\n")


def place(function: Function) -> str:
    """The room, the module of ours, or the package that a function's code belongs to."""
    path = Path(function[0])
    if path.is_relative_to(PACKAGE):
        return path.relative_to(PACKAGE).with_suffix("").parts[0]
    if installed := _INSTALLED.search(path.as_posix()):
        return installed.group(1)
    if function[0][:1] in ("~", "<"):
        return "python (built in)"
    return path.stem if path.is_absolute() else path.parts[0]  # compiled code names no folder


def by_place(stats: pstats.Stats) -> Seconds:
    """Seconds spent in the code of each place itself."""
    seconds: Seconds = defaultdict(float)
    for function, (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        seconds[place(function)] += own
    return seconds


def by_stage(stats: pstats.Stats) -> Seconds:
    """Seconds in each room with all it calls: what goes in at its door less what comes out.

    The doors are the calls between a room and extract.py or this script, both ways, because the
    writers and readers are generators that pull each other.
    """
    seconds: Seconds = defaultdict(float)
    outside = {"extract", Path(__file__).stem}
    for function, (_, _, _, _, callers) in stats.stats.items():  # type: ignore[attr-defined]
        callee = place(function)
        for caller, (_, _, _, spent) in callers.items():
            if callee in STAGES and place(caller) in outside:
                seconds[callee] += spent
            elif callee in outside and place(caller) in STAGES:
                seconds[place(caller)] -= spent
    return seconds


def print_shares(title: str, seconds: Seconds, total_ms: float, most: int = 12) -> None:
    """Rows of name, milliseconds (the shares of ``seconds`` of the total), share."""
    whole = sum(seconds.values()) or 1.0
    print(f"\n{title:<32}{'ms':>9}{'share':>8}")
    for name, value in sorted(seconds.items(), key=lambda item: -item[1])[:most]:
        print(f"{name:<32}{value / whole * total_ms:>9.1f}{value / whole:>8.1%}")


def sampled(path: Path, size: int, seed: int) -> list[Posting]:
    """A seeded sample of the postings of a file, and a few more in front to load the rules on."""
    found = [record for record in read_path(path) if isinstance(record, Posting)]
    return random.Random(seed).sample(found, min(size + WARMING, len(found)))


def write_all(found: list[Posting], model: str | None) -> None:
    """Extract and export postings."""
    write_jsonl(extract_many(found, tagger(model)), io.StringIO())


def bulk_run(path: Path, size: int, seed: int, model: str | None, *, profiled: bool) -> None:
    """One run in this process; its figures, or its profile, on standard output."""
    gc.set_threshold(100_000, 50, 100)  # as the program does
    found = sampled(path, size, seed)
    write_all(found[:WARMING], model)
    rest = found[WARMING:]
    forget(model)
    profile = cProfile.Profile()
    start = time.process_time()
    if profiled:
        profile.runcall(write_all, rest, model)
        print_profile(f"{len(rest)} postings", pstats.Stats(profile), time.process_time() - start)
        return
    write_all(rest, model)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rate": len(rest) / seconds, "mb": peak}))


def print_bulk(path: Path, size: int, seed: int, runs: int, model: str | None) -> None:
    """Median rate and memory of fresh processes, then a profile by room."""
    command = [sys.executable, __file__, "--bulk", str(path), "--sample", str(size)]
    command += ["--seed", str(seed), *(["--model", model] if model else [])]
    measured = [
        json.loads(subprocess.run([*command, "--one"], capture_output=True, check=True).stdout)
        for _ in range(runs)
    ]
    rates = sorted(run["rate"] for run in measured)
    print(f"{path.name}, {size} postings, {runs} runs, one core, model {model or 'shipped'}")
    print(f"postings a second: {statistics.median(rates):.1f} ({rates[0]:.1f} to {rates[-1]:.1f})")
    print(f"peak memory, MB: {statistics.median(run['mb'] for run in measured):.0f}", flush=True)
    subprocess.run([*command, "--profile"], check=True)


def print_profile(title: str, stats: pstats.Stats, seconds: float) -> None:
    """The time by room, by whose code runs, and by function."""
    print_shares(f"{title}, by stage", by_stage(stats), seconds * 1000)
    print_shares("the same, by whose code runs", by_place(stats), seconds * 1000)
    print_shares("the same, by function", by_function(stats), seconds * 1000, most=25)


def by_function(stats: pstats.Stats) -> Seconds:
    """Seconds spent in each function itself."""
    seconds: Seconds = defaultdict(float)
    for function, (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        seconds[f"{Path(function[0]).stem}:{function[2]}"[-32:]] += own
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, default=None)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bulk", type=Path, help="a long file of postings, sampled")
    parser.add_argument("--sample", type=int, default=600)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--model", help="a folder, or none for rules only; else the shipped one")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--profile", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.bulk:
        print_files(arguments.files, arguments.runs, arguments.model)
    elif arguments.one or arguments.profile:
        sample = arguments.bulk, arguments.sample, arguments.seed, arguments.model
        bulk_run(*sample, profiled=arguments.profile)
    else:
        sample = arguments.bulk, arguments.sample, arguments.seed, arguments.runs
        print_bulk(*sample, arguments.model)


def print_files(named: list[Path], runs: int, model: str | None) -> None:
    """Start-up, imports, and each file warm."""
    suffixes = {".txt", ".html", ".json", ".jsonl", ".xml"}
    files = named or sorted(p for p in CORPUS.iterdir() if p.suffix in suffixes)

    print(f"{'whole process, median of ' + str(runs):<44}{'s':>9}")
    start = median_seconds(lambda: process("--help"), runs, NONE)
    print(f"{'trialcriteria --help':<44}{start:>9.2f}")
    cold = median_seconds(lambda: process("extract", str(files[0])), runs, NONE)
    print(f"{'trialcriteria extract ' + files[0].name:<44}{cold:>9.2f}")

    imports = import_seconds(files[0])
    print_shares("imports of that process", imports, sum(imports.values()) * 1000)

    print(f"\n{'warm, median of ' + str(runs):<40}{'postings':>9}{'ms each':>9}")
    total_ms = 0.0
    for path in files:
        number = postings(path, model)
        spent = median_seconds(partial(postings, path, model), runs, model) * 1000
        total_ms += spent
        print(f"{path.name:<40}{number:>9}{spent / max(number, 1):>9.1f}")

    forget(model)
    profile = cProfile.Profile()
    profile.runcall(lambda: [postings(path, model) for path in files])
    stats = pstats.Stats(profile)
    print_shares(f"all {len(files)} files, by stage", by_stage(stats), total_ms)
    print_shares("the same, by whose code runs", by_place(stats), total_ms)


if __name__ == "__main__":
    main()
