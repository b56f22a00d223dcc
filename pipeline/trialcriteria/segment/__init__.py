"""Eligibility text to sections and a tree of criteria.

Reading order: lines (:mod:`.lines`), blocks and headings (:mod:`.blocks`), one item a block
(:mod:`.split`), a tree for each section (:mod:`.tree`), ids and joins (:mod:`.assemble`).
"""

from trialcriteria.segment.assemble import Segmented, segment

__all__ = ["Segmented", "segment"]
