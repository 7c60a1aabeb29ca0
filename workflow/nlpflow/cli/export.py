"""The subcommand `nlpflow export`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.cli.lines import say
from nlpflow.cli.options import RunFolder

ENDINGS = {"hub": "", "onnx": "-onnx"}
"""Of the folder's name, by the form."""


def export(
    run: RunFolder,
    to: Annotated[
        Literal["hub", "onnx"],
        typer.Option(
            help="Choose the form; hub: a folder as model hubs expect it; onnx: graphs for ONNX "
            "Runtime, which need neither nlpflow nor torch.",
        ),
    ] = "hub",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write to DIR, which must not exist; default: exported/<experiment>-seed-<n>, "
            "with --to onnx exported/<experiment>-seed-<n>-onnx.",
        ),
    ] = None,
    configfile: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Path of the config that the run was trained with.",
        ),
    ] = Path("config/config.yaml"),
) -> None:
    """Write a trained run into a folder that can leave the project; nothing is uploaded.

    The folder has a model card with languages, licences, attribution, datasets and held-out scores.
    If the config has changed since the run was trained, the command fails.

    hub: The folder also has the weights, the settings and the vocabulary. `nlpflow.load` and the
    other subcommands can use it like the folder of a run.

    onnx: The folder also has the network as ONNX graphs, the vocabulary, and all that a program
    needs to run them in config.json. Runs of task embeddings and ensembles cannot be exported. This
    needs the optional dependency onnx.

    Example: nlpflow export results/translation/sample-additive/seed-1
    """
    from nlpflow.export.card import model_card
    from nlpflow.export.folder import check_new
    from nlpflow.runs.run import load_run
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.plan import Plan

    found, _ = load_run(run)  # a folder that is no complete run is refused in one line
    run = run.resolve()
    output = output or Path("exported") / f"{found.experiment}-seed-{found.seed}{ENDINGS[to]}"
    check_new(output)
    config, registry = load_config(read_yaml(configfile), PROJECT)
    card = model_card(run, Plan(config, registry, PROJECT), configfile, to)
    if to == "onnx":
        from nlpflow.export.onnx_folder import export_to_onnx

        export_to_onnx(run, card, output)
    else:
        from nlpflow.export.hub import export_to_hub

        export_to_hub(run, card, output)
    say(f"exported to {output}")
