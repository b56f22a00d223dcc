"""Many postings to a dataset: bulk."""
# ruff: noqa: PLC0415 (imports inside functions keep --help fast)

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialcriteria.cli.shared import ModelName, TaggerName, VocabNames
from trialcriteria.errors import UsageError

if TYPE_CHECKING:
    from trialcriteria.bulk.batch import Setup
    from trialcriteria.bulk.manifest import Manifest


class Engine(StrEnum):
    """What runs the batches."""

    local = "local"
    spark = "spark"


def bulk(  # noqa: PLR0913, PLR0917 - one parameter an option
    inputs: Annotated[list[str], typer.Argument(help="Files, folders, zip archives.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The dataset.")],
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; by default one a core.")
    ] = os.cpu_count() or 1,
    model: ModelName = None,
    tagger: TaggerName = None,
    vocab: VocabNames = None,
    json: Annotated[bool, typer.Option("--json", help="Keep each whole output as JSON.")] = False,
    time_limit: Annotated[
        float, typer.Option(min=1, max=86_400, help="Seconds for a record before it is given up.")
    ] = 60,
    memory_limit: Annotated[
        int, typer.Option(min=0, help="Megabytes of address space for a worker; 0 for any.")
    ] = 4096,
    part_size: Annotated[int, typer.Option(min=1, help="Records in a part.")] = 1000,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Extract again what failed before.")
    ] = False,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Progress as JSON lines on standard error.")
    ] = False,
    engine: Annotated[Engine, typer.Option(help="What runs the batches.")] = Engine.local,
    master: Annotated[
        str | None, typer.Option(help="Spark: the master's URL; by default what is configured.")
    ] = None,
) -> None:
    """Extract many postings into a dataset of Parquet tables; run again to go on or to update."""
    from trialcriteria.bulk.batch import Setup

    setup = Setup(model, tagger, json, tuple(vocab or ()))
    if engine is Engine.spark:
        _on_spark(inputs, str(output), setup, master)
        return
    if master:
        raise UsageError("--master is for --engine spark")

    from trialcriteria.bulk.run import Job, run
    from trialcriteria.bulk.telling import telling
    from trialcriteria.bulk.worker import Limits

    paths = tuple(map(Path, inputs))
    limits = Limits(time_limit, memory_limit)
    job = Job(paths, output, setup, workers, limits, part_size, try_again=retry_errors)
    with telling(log_json) as tell:
        manifest = run(job, tell)
    _report(manifest, output)


def _report(manifest: "Manifest", output: Path) -> None:
    failed, trials = manifest.counts["errors"], manifest.counts["trials"]
    if failed:
        typer.echo(
            f"trialcriteria: {failed:,} of {failed + trials:,} records are errors; "
            f"the table errors in {output} says why",
            err=True,
        )


def _on_spark(inputs: list[str], output: str, setup: "Setup", master: str | None) -> None:
    try:
        from trialcriteria.bulk.spark import run_spark
    except ImportError as error:
        raise UsageError(
            f"--engine spark needs what is not installed here ({error.name}): "
            "pip install 'trialcriteria[spark]'"
        ) from error
    run_spark(inputs, output, setup, master)
