"""Structured criteria from the eligibility text of clinical-trial postings."""

__version__ = "0.1.0"
