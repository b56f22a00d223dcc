"""Finds what a criterion says about time: windows, durations and counts of events."""

from trialcriteria.tag.time.find import find_times
from trialcriteria.tag.time.model import (
    OF_CONCEPT,
    OF_STATE,
    Amount,
    AnchorWords,
    CountParts,
    DurationParts,
    Edge,
    Quantity,
    TimeMention,
    WindowParts,
    anchors_of,
    far_anchor,
)

__all__ = [
    "OF_CONCEPT",
    "OF_STATE",
    "Amount",
    "AnchorWords",
    "CountParts",
    "DurationParts",
    "Edge",
    "Quantity",
    "TimeMention",
    "WindowParts",
    "anchors_of",
    "far_anchor",
    "find_times",
]
