"""The terminal report: exact text when piped, colour on a terminal, nothing that drives it."""

import io

import pytest

from trialcriteria.evaluate.report import About, Report, build, write_table
from trialcriteria.evaluate.scores import Measured, Tally

EXPECTED = """\
Invented <corpus>, split dev, 1 postings
data sha256 abababababababababababababababababababababababababababababababab
trialcriteria 0.9.0, rules only, lexicons cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
first: this program; second: mine.jsonl
$ trialcriteria evaluate --corpus 'invented' --format html

scores                          P      R     F1  95 % interval  gold  predicted  correct
entities, strict
  micro                     0.600  0.429  0.500    0.500-0.500     7          5        3
  macro                     0.500  0.333  0.389    0.389-0.389     7          5        3
  condition                 1.000  0.500  0.667    0.667-0.667     2          1        1
  drug                      0.500  0.500  0.500    0.500-0.500     4          4        2
  visit                         -  0.000  0.000    0.000-0.000     1          0        0
entities, relaxed
  micro                     1.000  0.714  0.833    0.833-0.833     7          5        5
  macro                     0.667  0.500  0.556    0.556-0.556     7          5        5
  condition                 1.000  0.500  0.667    0.667-0.667     2          1        1
  drug                      1.000  1.000  1.000    1.000-1.000     4          4        4
  visit                         -  0.000  0.000    0.000-0.000     1          0        0
whole criteria, end to end
  criterion                 0.000      -  0.000    0.000-0.000     0          3        0

comparison, micro F1  first  second  difference       p
entities, strict      0.500   0.625      -0.125  0.0312

mistakes  missing  spurious  differs
entities        1         1        2

note: a label without a counterpart: visit
"""


class Terminal(io.StringIO):
    """Claims to be one."""

    def isatty(self) -> bool:
        return True


def written(report: Report, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    write_table(report, out)
    return out.getvalue()


def test_whole_table(report: Report) -> None:
    plain = report.model_copy(update={"notes": ("a label without a counterpart: visit",)})
    assert written(plain) == EXPECTED


def test_columns_stay_within_100(report: Report) -> None:
    labels = {f"{'a-long-label-' * 6}{n}": Tally(123_456, 234_567, 12_345) for n in range(3)}
    made = build([Measured("a_measure_" * 4, {"strict": [labels]})], report.about)
    lines = written(made).splitlines()[5:]
    assert max(map(len, lines)) <= 100
    assert not [line for line in lines if line != line.rstrip()]


def test_a_terminal_gets_colour_and_rules(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    made = written(report, Terminal())
    assert "\x1b[1;36mentities, strict" in made
    assert "\u2500" in made


def test_data_cannot_drive_the_terminal() -> None:
    evil = "\x1b[31m[bold]x[/bold]\r\n"
    about = About(data=evil, postings=1, sha256="", version="1", lexicons="", command=evil)
    made = build([Measured(evil, {evil: [{evil: Tally(1, 1, 1)}]})], about, notes=[evil])
    text = written(made)
    assert "\x1b" not in text and "\r" not in text
    assert text.count("[bold]x[/bold]") == 6
