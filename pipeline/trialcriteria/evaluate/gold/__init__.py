"""Hand-annotated gold: a compact notation that compiles to the schema (docs/gold.md)."""

from trialcriteria.evaluate.gold.compiler import GoldExtraction, compile_gold
from trialcriteria.evaluate.gold.files import gold_files, load_gold, read_gold
from trialcriteria.evaluate.gold.printer import print_gold

__all__ = ["GoldExtraction", "compile_gold", "gold_files", "load_gold", "print_gold", "read_gold"]
