"""The subcommand `nlpflow page`."""

import logging
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
    run was trained, the command fails.

    Example: nlpflow page results/translation/sample-additive/seed-1
    """
    from nlpflow.playground.page import write_page
    from nlpflow.results.current import Results
    from nlpflow.runs.run import check_is_run
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.plan import SummaryPlan

    logging.basicConfig(format="nlpflow: %(message)s")
    config, registry = load_config(read_yaml(configfile), PROJECT)
    plan = SummaryPlan(config, registry, PROJECT)
    folders = [run.resolve() for run in runs]
    for folder in folders:
        check_is_run(folder)
        if folder.parent.name in config.experiments:  # else the page says that there is none
            Results(Path("results"), plan, configfile).check_training(folder.parent.name, folder)
    count = write_page(folders, plan.facts(), output)
    if not count:
        raise UserError(f"{output}: has no model; the lines above say why")
    say(f"wrote {output}: {count} of {len(set(folders))} {'run' if len(runs) == 1 else 'runs'}")
