"""The subcommand `nlpflow export`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.cli.lines import say
from nlpflow.cli.options import RunFolder


def export(
    run: RunFolder,
    to: Annotated[
        Literal["hub"],
        typer.Option(help="Choose the form; hub: a folder as model hubs expect it."),
    ] = "hub",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write to DIR, which must not exist; default: exported/<experiment>-seed-<n>.",
        ),
    ] = None,
    configfile: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Path of the config that the run was trained with."),
    ] = Path("config/config.yaml"),
) -> None:
    """Write a trained run into a folder that can leave the project; nothing is uploaded.

    The folder has the weights, the settings, the vocabulary, and a model card with languages,
    licences, attribution, datasets and held-out scores. `nlpflow.load` and the other subcommands
    can use it like the folder of a run. If the config has changed since the run was trained, the
    command fails.

    Example: nlpflow export results/translation/sample-additive/seed-1
    """
    from nlpflow.export.hub import export_to_hub
    from nlpflow.runs.run import load_run
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.plan import Plan

    load_run(run)  # a folder that is no complete run is refused in one line
    config, registry = load_config(read_yaml(configfile), PROJECT)
    output = output or Path("exported") / f"{run.parent.name}-{run.name}"
    export_to_hub(run.resolve(), Plan(config, registry, PROJECT), configfile, output)
    say(f"exported to {output}")
