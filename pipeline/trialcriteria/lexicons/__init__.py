"""Rules as data: files of rows with stable ids, and their validating loader."""

from trialcriteria.lexicons.loader import lexicon_hash, load_rows

__all__ = ["lexicon_hash", "load_rows"]
