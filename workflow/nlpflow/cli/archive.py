"""`nlpflow archive`."""

from pathlib import Path
from typing import Annotated

import typer

from nlpflow.cli.options import Results


def archive(
    configfile: Annotated[Path, typer.Argument(metavar="CONFIGFILE", help="File of the config.")],
    results: Results = Path("results"),
    output: Annotated[
        Path | None,
        typer.Option(metavar="ZIP", help="Default: <results>/<name of the config>.zip."),
    ] = None,
) -> int:
    """Write one zip with what a config has measured.

    It has config, metrics, figures, report, run cards and pinned versions of a config that has been
    run and reported, described as an RO-Crate. Weights and predictions stay out.

    Example: nlpflow archive config/attentions.yaml
    """
    from nlpflow.results.archive import archive as write
    from nlpflow.settings.loading import load_config, read_yaml

    config, _ = load_config(read_yaml(configfile), Path())
    output = output or results / f"{config.name}.zip"
    files = [configfile, Path(config.registry)]
    files += [Path(config.shared)] if config.shared else []
    return write(results, config.name, files, output)
