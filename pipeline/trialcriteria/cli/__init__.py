"""The command-line program: thin commands, each importing its room inside the function.

Exit codes: 0 done, 1 an error or a record that failed, 2 a wrong call, 130 interrupted.
"""

import sys
from typing import Annotated

import typer

from trialcriteria import __version__
from trialcriteria.cli import bulk, convert, diff, measure, query, vocab
from trialcriteria.cli.shared import one_line
from trialcriteria.errors import TrialCriteriaError, UsageError
from trialcriteria.garbage import collect_rarely

app = typer.Typer(
    name="trialcriteria",
    help="Structured criteria from the eligibility text of clinical-trial postings.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the program; every error raised on purpose becomes one line on standard error."""
    collect_rarely()
    try:
        app(prog_name="trialcriteria")
    except TrialCriteriaError as error:
        typer.echo(f"trialcriteria: error: {one_line(error)}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except OSError as error:  # standard output on a full disk
        typer.echo(f"trialcriteria: error: {error.strerror or one_line(error)}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"trialcriteria {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Structured criteria from the eligibility text of clinical-trial postings."""


for command in (convert.extract, convert.show, convert.schema, convert.formats, measure.evaluate):
    app.command()(command)
app.command()(query.query)
app.command()(query.histogram)
app.command()(diff.diff)
app.command()(bulk.bulk)
app.add_typer(measure.gold, name="gold")
app.add_typer(measure.corpus, name="corpus")
app.add_typer(measure.brat, name="brat")
app.add_typer(vocab.vocab, name="vocab")
