"""`nlpflow verify` and `nlpflow archive`."""

import argparse
from pathlib import Path

from nlpflow.cli.arguments import Commands


def add_verify(commands: Commands) -> None:
    """The verb `verify`."""
    parser = commands.add_parser(
        "verify",
        help="hold the results of a config against the reference",
        description="Hold what the workflow has measured with a config against the reference in "
        "this repository. A figure may be three standard deviations over random seeds away from "
        "the reference's with the same seed; with the same code, data and versions on the same "
        "kind of processor it must be equal. Exits with 1 if a figure fails.",
        epilog="example: nlpflow verify attentions",
    )
    parser.add_argument("config", metavar="CONFIG", help="the `name` of a config")
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="default: %(default)s"
    )
    parser.set_defaults(run_command=_verify)


def _verify(values: argparse.Namespace) -> int:
    from nlpflow.results.expected import report

    return report(values.results, values.config)


def add_archive(commands: Commands) -> None:
    """The verb `archive`."""
    parser = commands.add_parser(
        "archive",
        help="one zip of what a config has measured",
        description="Write one zip with config, metrics, figures, report, run cards and pinned "
        "versions of a config that has been run and reported, described as an RO-Crate. Weights "
        "and predictions stay out.",
        epilog="example: nlpflow archive config/attentions.yaml",
    )
    parser.add_argument("configfile", metavar="CONFIGFILE", type=Path, help="the config's file")
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument(
        "--output", type=Path, metavar="ZIP", help="default: <results>/<name of the config>.zip"
    )
    parser.set_defaults(run_command=_archive)


def _archive(values: argparse.Namespace) -> int:
    from nlpflow.results.archive import archive
    from nlpflow.settings.loading import load_config, read_yaml

    config, _ = load_config(read_yaml(values.configfile), Path())
    output = values.output or values.results / f"{config.name}.zip"
    files = [values.configfile, Path(config.registry)]
    if config.shared:
        files.append(Path(config.shared))
    return archive(values.results, config.name, files, output)
