"""Checks gold files: ``python -m trialcriteria.evaluate.gold PATH... --data DIR``."""

import argparse
import sys
from pathlib import Path

from trialcriteria.errors import TrialCriteriaError
from trialcriteria.evaluate.gold import gold_files, read_gold

p = argparse.ArgumentParser()
p.add_argument("paths", nargs="+", type=Path)
p.add_argument("--data", type=Path, default=Path("../shared"))
a = p.parse_args()
bad = 0
for folder in a.paths:
    for path in gold_files(folder):
        try:
            g = read_gold(path, [Path(), a.data])
            print(path, "ok", len(g.criteria), "criteria")
        except TrialCriteriaError as error:
            bad += 1
            print("ERROR", error)
sys.exit(bad > 0)
