"""The subcommands `nlpflow verify`, `nlpflow archive` and `nlpflow summary`."""

from pathlib import Path
from typing import Annotated

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.cli.options import ResultsFolder


def verify(
    config: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Name of the config: the value of its key `name`, not its path."
        ),
    ],
    results: ResultsFolder = Path("results"),
) -> int:
    """Compare a config's results with the expected ones.

    Each score is compared with the expected one of the same random seed. It passes if they differ
    by at most three standard deviations over random seeds. If config, code, data, package versions
    and the kind of processor are the same, the two scores must be equal. The exit status is 1 if a
    score fails. Otherwise it is 3 if some scores cannot be compared because the data have changed,
    for instance if a corpus has been replaced at its source.

    Example: nlpflow verify attentions
    """
    from nlpflow.results.expected import report

    return report(results, config)


def archive(
    configfile: Annotated[Path, typer.Argument(metavar="CONFIGFILE", help="Path of the config.")],
    results: ResultsFolder = Path("results"),
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="ZIP", help="Write to ZIP; default: <results>/<name of the config>.zip."
        ),
    ] = None,
) -> int:
    """Write the results of a config into one zip archive.

    First run the workflow with this config and make its report; `make run CONFIG=CONFIGFILE` does
    both. The archive contains the config, metrics, plots, report, run cards and pinned versions,
    and describes them as an RO-Crate. It contains no weights and no predictions. If the config has
    changed since the results were made, the command fails.

    Example: nlpflow archive config/attentions.yaml
    """
    from nlpflow.results.archive import archive as write
    from nlpflow.settings.loading import load_config, read_yaml, registry_files
    from nlpflow.settings.plan import Plan
    from nlpflow.text.addresses import own_file

    config, registry = load_config(read_yaml(configfile), PROJECT)
    output = output or results / f"{config.name}.zip"
    named = registry_files(config, PROJECT)
    named += [own_file(config.shared, PROJECT)] if config.shared else []
    return write(results, Plan(config, registry, PROJECT), [configfile, *named], output)


def summary(
    configfile: Annotated[Path, typer.Argument(metavar="CONFIGFILE", help="Path of the config.")],
    results: ResultsFolder = Path("results"),
) -> None:
    """Print where the report of a config is, and three scores.

    The scores are those of the best experiment of each task, for instance BLEU, accuracy and F1. If
    the config has only one task, three scores of this task are printed. First run the workflow with
    this config.

    Example: nlpflow summary config/config.yaml
    """
    from nlpflow.results.ending import ending
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.plan import SummaryPlan

    config, registry = load_config(read_yaml(configfile), PROJECT)
    print(ending(results, SummaryPlan(config, registry, PROJECT), configfile))
