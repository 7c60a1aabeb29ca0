"""The subcommand `nlpflow page`."""

from pathlib import Path
from typing import Annotated

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.cli.lines import say
from nlpflow.errors import UserError


def page(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Folders of runs, in the order of the page."),
    ],
    output: Annotated[
        Path, typer.Option(metavar="FILE", help="Write to FILE; an existing FILE is replaced.")
    ] = Path("playground.html"),
    configfile: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Path of the config that the runs were trained with."),
    ] = Path("config/config.yaml"),
) -> None:
    """Write one HTML file that runs trained models in the browser, without server or network.

    The file shows translations with attention, tags, languages, or word vectors while you type, and
    beside each model its held-out scores, data, licences and attribution. It has everything inside,
    and opens with a double click. Weights are in half precision. If the config has changed since a
    run was trained, or if the page cannot run any of the models, the command fails and writes
    nothing.

    Example: nlpflow page results/translation/sample-additive/seed-1
    """
    from nlpflow.playground.page import choose, write_page
    from nlpflow.results.current import Results
    from nlpflow.runs.run import read_run
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.plan import SummaryPlan

    config, registry = load_config(read_yaml(configfile), PROJECT)
    plan = SummaryPlan(config, registry, PROJECT)
    folders = [run.resolve() for run in runs]
    for folder in folders:
        experiment = read_run(folder).experiment
        if experiment in config.experiments:  # else `choose` says that there is none
            Results(Path("results"), plan, configfile).check_training(experiment, folder)
    chosen = choose(folders, plan.facts())
    if not chosen.models:
        raise UserError(f"{output}: not written: no model can be in it; the lines above say why")
    write_page(chosen, config.name, output)
    count, of = len(chosen.models), len(set(folders))
    say(f"wrote {output}: {count} of {of} {'run' if of == 1 else 'runs'}")
