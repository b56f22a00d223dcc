"""Concepts -> codes of standard vocabularies."""

from trialcriteria.link.classes import members
from trialcriteria.link.linker import codes
from trialcriteria.link.senses import Context

__all__ = ["Context", "codes", "members"]
