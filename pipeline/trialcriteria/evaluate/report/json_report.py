"""The report as JSON: measures at the top level, so that a score is reached by its name.

``report["entities"]["strict"]["micro"]["f1"]``; beside the measures stand ``about``,
``comparison``, ``confusion``, ``mistakes`` (counts by measure and kind) and ``notes``. Keys are
sorted and no date is written: equal runs give equal bytes.
"""

import orjson

from trialcriteria.evaluate.report.result import Report


def to_json(report: Report) -> str:
    """The whole report, indented by two; texts and single mistakes are left to the page."""
    parts = report.model_dump(include={"about", "comparison", "confusion", "notes"})
    scores = report.model_dump(include={"scores"})["scores"]
    options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    whole = {**scores, **parts, "mistakes": report.mistake_counts()}
    return orjson.dumps(whole, option=options).decode()
