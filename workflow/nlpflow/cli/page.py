"""The subcommand `nlpflow page`."""

from pathlib import Path
from typing import Annotated

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.cli.lines import say


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
    and opens with a double click. Weights are in half precision.

    Example: nlpflow page results/translation/sample-additive/seed-1
    """
    from nlpflow.playground.page import write_page
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.plan import SummaryPlan

    config, registry = load_config(read_yaml(configfile), PROJECT)
    facts = SummaryPlan(config, registry, PROJECT).facts()
    count = write_page([*map(Path.resolve, runs)], facts, output)
    say(f"wrote {output}: {count} of {len(runs)} models")
