"""`nlpflow verify`."""

from pathlib import Path
from typing import Annotated

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.cli.options import ResultsFolder


def verify(
    config: Annotated[str, typer.Argument(metavar="CONFIG", help="The `name` of a config.")],
    results: ResultsFolder = Path("results"),
) -> int:
    """Compare the results of a config with the expected results.

    A figure may be three standard deviations over random seeds away from the expected one with the
    same seed. With the same code, data and versions on the same kind of processor it must be
    equal. The exit status is 1 if a figure fails; else 3 if figures cannot be compared because they
    were made from other data than the reference, as where an upstream has replaced its file.

    Example: nlpflow verify attentions
    """
    from nlpflow.results.expected import report

    return report(results, config)


def archive(
    configfile: Annotated[Path, typer.Argument(metavar="CONFIGFILE", help="File of the config.")],
    results: ResultsFolder = Path("results"),
    output: Annotated[
        Path | None,
        typer.Option(metavar="ZIP", help="Default: <results>/<name of the config>.zip."),
    ] = None,
) -> int:
    """Write one zip with what a config has measured.

    It has config, metrics, figures, report, run cards and pinned versions of a config that has been
    run and reported, described as an RO-Crate. Weights and predictions stay out. Results of other
    settings than the config has now are refused.

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
