"""Makes a folder like an unpacked Athena download, of made-up names, to measure `vocab add` on.

    python scripts/make_athena.py FOLDER --concepts 5000000

Of ten concepts six are standard and three map to one of these; every second has a synonym. The
same arguments give the same bytes.
"""

import argparse
import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

SEED = 6
SYLLABLES = ["ba", "cor", "den", "fi", "gal", "hem", "lo", "mi", "nor", "pan", "ras", "tu", "vex"]
WORDS = 40_000  # about as many as SNOMED has
VOCABULARIES = [("SNOMED", "Condition"), ("RxNorm", "Drug"), ("LOINC", "Measurement")]
CONCEPT = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\t"
    "concept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason\n"
)
SYNONYM = "concept_id\tconcept_synonym_name\tlanguage_concept_id\n"
RELATION = (
    "concept_id_1\tconcept_id_2\trelationship_id\tvalid_start_date\tvalid_end_date\t"
    "invalid_reason\n"
)
DATES = "19700101\t20991231"


def main() -> None:
    """Write the three tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--concepts", type=int, default=5_000_000)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True)
    make(arguments.folder, arguments.concepts)


def make(folder: Path, concepts: int) -> None:
    """Write CONCEPT.csv of that many rows, and the other two tables, into the folder."""
    tables = {
        "CONCEPT.csv": (CONCEPT, concept_rows(concepts)),
        "CONCEPT_SYNONYM.csv": (SYNONYM, synonym_rows(concepts)),
        "CONCEPT_RELATIONSHIP.csv": (RELATION, relation_rows(concepts)),
    }
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            out.write(header)
            out.writelines(rows)


def concept_rows(concepts: int) -> Iterator[str]:
    """Rows in no order of ids, as in a real download."""
    names = made_names(SEED)
    for number in range(concepts):
        id_ = id_of(number)
        vocabulary, domain = VOCABULARIES[number % 3]
        standard = "S" if is_standard(number) else ""
        invalid = "D" if number % 10 == 9 else ""
        row = (id_, next(names), domain, vocabulary, "Made up", standard, f"{number}")
        yield "\t".join(map(str, row)) + f"\t{DATES}\t{invalid}\n"


def synonym_rows(concepts: int) -> Iterator[str]:
    names = made_names(SEED + 1)
    for number in range(0, concepts, 2):
        yield f"{id_of(number)}\t{next(names)}\t4180186\n"


def relation_rows(concepts: int) -> Iterator[str]:
    """Each mapping both ways, standard concepts to themselves, and a hierarchy of tens."""
    for number in range(concepts):
        if is_standard(number):
            target, below = number, number // 10 // 10 * 10
            yield f"{id_of(number)}\t{id_of(below)}\tIs a\t{DATES}\t\n"
            yield f"{id_of(below)}\t{id_of(number)}\tSubsumes\t{DATES}\t\n"
        elif number % 10 < 9:
            target = number - number % 10
        else:
            continue
        yield f"{id_of(number)}\t{id_of(target)}\tMaps to\t{DATES}\t\n"
        yield f"{id_of(target)}\t{id_of(number)}\tMapped from\t{DATES}\t\n"


def id_of(number: int) -> int:
    """A different id for each number below 2**31, scattered."""
    return number * 1_664_525 % (1 << 31)


def is_standard(number: int) -> bool:
    return number % 10 < 6


def made_names(seed: int) -> Iterator[str]:
    """Names of one to six words, common words oftener than rare ones."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))) for _ in range(WORDS)]
    weights = [*accumulate(1 / place for place in range(1, WORDS + 1))]
    while True:
        yield " ".join(draw.choices(words, cum_weights=weights, k=draw.randint(1, 6)))


if __name__ == "__main__":
    main()
