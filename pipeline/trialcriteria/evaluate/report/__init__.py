"""What an evaluation found, as a terminal table, as JSON and as a self-contained HTML page."""

from trialcriteria.evaluate.report.html import to_html
from trialcriteria.evaluate.report.json_report import to_json
from trialcriteria.evaluate.report.result import About, Report, build
from trialcriteria.evaluate.report.table import write_table

__all__ = ["About", "Report", "build", "to_html", "to_json", "write_table"]
