"""How far two annotators agree on the postings that both have annotated.

    python scripts/agreement.py FIRST_DIR SECOND_DIR --data DIR

Prints F1 and Cohen's kappa with their counts, for each posting and for all together: of an F1 the
items of the first annotator, of the second, and of both; of a kappa the items that have two labels
and those whose labels agree. What the items are stands in `trialcriteria.evaluate.agreement`.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from trialcriteria.errors import TrialCriteriaError
from trialcriteria.evaluate.agreement import Agreement, agreements
from trialcriteria.evaluate.gold import load_gold

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Load both, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path, help="gold files of the first annotator")
    parser.add_argument("second", type=Path, help="gold files of the second annotator")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real records")
    given = parser.parse_args()
    roots = (ROOT, given.data)
    try:
        found = agreements(load_gold(given.first, roots), load_gold(given.second, roots))
    except TrialCriteriaError as error:
        sys.exit(f"agreement: {error}")
    print("\n\n".join("\n".join(lines(one)) for one in found))


def lines(agreement: Agreement) -> Iterator[str]:
    """The table of one posting, or of all of them; an interval takes more than one posting."""
    whole = agreement.posting is None
    yield agreement.posting or "all postings"
    yield f"  {'F1':<24}{'':>7}{'95 %' if whole else '':>15}{'first':>8}{'second':>8}{'both':>8}"
    for name, score in agreement.f1.items():
        interval = between(score.ci95) if whole else ""
        counts = f"{score.gold:>8}{score.predicted:>8}{score.correct:>8}"
        yield f"  {name:<24}{figure(score.f1):>7}{interval:>15}{counts}"
    yield f"  {'kappa':<24}{'':>22}{'items':>8}{'agreed':>8}"
    for name, found in (("mentions", agreement.mentions), ("tokens", agreement.tokens)):
        yield f"  {name:<24}{figure(found.kappa):>7}{'':>15}{found.items:>8}{found.agreed:>8}"


def between(ends: tuple[float, float] | None) -> str:
    """Both ends of an interval, or a dash."""
    return "-".join(map(figure, ends)) if ends else "-"


def figure(ratio: float | None) -> str:
    """Three decimals, or a dash."""
    return "-" if ratio is None else f"{ratio:.3f}"


if __name__ == "__main__":
    main()
