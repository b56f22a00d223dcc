"""Traps, load time, and how many of the program's own names find their concept."""

import json
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from names import MAIN, canonical
from use_codes import Row, link, table

TRAPS = {
    "condition": (
        "uncontrolled hypertension; LN; body weight; RA; MS; ED; CF; AS; type 2 diabetes; T2DM; "
        "NSCLC; non-small cell lung cancer; tumour of the kidney; renal cancer; lung cancer; "
        "heart attack; high blood pressure; hypertension; SLE; systemic lupus erythematosus; "
        "pregnancy; insulin-dependent diabetes; COPD; chronic obstructive pulmonary disease; "
        "congestive heart failure; hepatitis B; HIV infection"
    ),
    "drug": (
        "ANC; MMF; dostarlimab; today; water; AS; air; sugar; CellCept; mycophenolate mofetil; "
        "Glucophage; metformin hydrochloride; JAK inhibitors; corticosteroids; antibiotics; live "
        "attenuated vaccine; NSAIDs; non-steroidal anti-inflammatory drugs; chemotherapy; "
        "statins; beta blockers; immunosuppressants; insulin; sodium chloride; iron; "
        "pembrolizumab; Keytruda; Humira"
    ),
    "measurement": ("ANC; platelet count; blood pressure; creatinine clearance"),
    "procedure": (
        "chemotherapy; kidney transplant; CT scan; magnetic resonance imaging; hemodialysis; "
        "CABG; coronary artery bypass graft"
    ),
}


def main() -> None:
    """Print all."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    names = table()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{len(names)} names, loaded in {seconds:.2f} s, {(after - before) / 1024:.0f} MB")
    for kind, text in ((k, each) for k, texts in TRAPS.items() for each in texts.split("; ")):
        row, key = link(text, kind)
        found = f"{row.name}\t{'|'.join(row.codes)}" if row else "-\t"
        print(f"{kind}\t{text}\t{found}\t{key}")
    coverage()
    agreement()


def coverage() -> None:
    """The program's names without a concept, the most common in the train text first."""
    text = (
        Path("train_text.txt").read_text(encoding="utf-8")
        if Path("train_text.txt").exists()
        else ""
    )
    words = canonical_text(text)
    for file, rows in (("curated", list(curated())), ("concepts", list(vocabulary()))):
        kinds = Counter(kind for kind, _ in rows)
        missing = [(kind, name) for kind, name in rows if not link(name, kind)[0]]
        print(file, dict(kinds), "missing", dict(Counter(k for k, _ in missing)))
        ranked = sorted(((words[canonical(n)], k, n) for k, n in missing), reverse=True)
        print("; ".join(f"{n} ({k[0]} {c})" for c, k, n in ranked[:50]))


def agreement() -> None:
    """Whether names with a code in the program's files are linked to the same code here."""
    for file, rows in (("curated", list(coded_curated())), ("concepts", list(coded_vocabulary()))):
        linked = [(link(name, kind)[0], name, code) for kind, name, code in rows]
        other = [(n, c, r) for r, n, c in linked if r and c not in r.codes and vocabulary_of(c, r)]
        print(f"{file}: {len(rows)} coded names, {sum(r is None for r, _, _ in linked)} not found,")
        print(f"  {len(other)} with another code of that vocabulary:")
        print("  " + "; ".join(f"{n} {c} / {r.name} {'|'.join(r.codes)}" for n, c, r in other[:80]))


def vocabulary_of(code: str, row: Row) -> bool:
    """Whether a concept has any code of a code's vocabulary."""
    return any(own.split(":")[0] == code.split(":", maxsplit=1)[0] for own in row.codes)


def coded_curated() -> Iterator[tuple[str, str, str]]:
    """Kind, name and code of hand-written concepts with a code."""
    path = MAIN / "pipeline/trialcriteria/lexicons/curated_concepts.jsonl"
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row.get("code") and row["kind"] in {"condition", "drug", "procedure"}:
            yield row["kind"], row["name"], row["code"]


def coded_vocabulary() -> Iterator[tuple[str, str, str]]:
    """Kind, name or alias and code of the built concepts."""
    path = MAIN / "pipeline/trialcriteria/lexicons/concepts.tsv"
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        kind, name, aliases, code, _ = line.split("\t")
        for each in (name, *filter(None, aliases.split("|"))):
            yield kind, each, code


def canonical_text(text: str) -> Counter[str]:
    """How often each run of one to four words stands in the text."""
    counts: Counter[str] = Counter()
    for line in text.splitlines():
        words = canonical(line).split()
        for size in range(1, 5):
            counts.update(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return counts


def curated() -> list[tuple[str, str]]:
    """Kind and name of the hand-written concepts of our kinds."""
    path = MAIN / "pipeline/trialcriteria/lexicons/curated_concepts.jsonl"
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(r["kind"], r["name"]) for r in rows if r["kind"] in {"condition", "drug", "procedure"}]


def vocabulary() -> list[tuple[str, str]]:
    """Kind and name of the built concepts."""
    path = MAIN / "pipeline/trialcriteria/lexicons/concepts.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return [(r[0], r[1]) for r in rows]


if __name__ == "__main__":
    main()
