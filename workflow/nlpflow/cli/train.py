"""`nlpflow train`."""

import argparse

from nlpflow.cli.arguments import Commands


def add_train(commands: Commands) -> None:
    """The verb `train`."""
    parser = commands.add_parser(
        "train",
        help="train one run without Snakemake",
        description="Train one run on data that the workflow has prepared and encoded, without "
        "Snakemake: on a machine that has none, or for measurements. Interrupted, it goes on "
        "when it is started again.",
        epilog="example: nlpflow train sample-additive --output /tmp/run",
    )
    parser.add_argument("experiment", metavar="EXPERIMENT", help="an experiment of the config")
    parser.add_argument("--configfile", default="config/config.yaml", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="random seed, default: %(default)s")
    parser.add_argument(
        "--data", default="data", help="folder of prepared/, vocabularies/, encoded/ (%(default)s)"
    )
    parser.add_argument("--output", required=True, metavar="DIR", help="folder of the new run")
    parser.set_defaults(run_command=_train)


def _train(values: argparse.Namespace) -> int:
    from nlpflow.tasks.command import train_command

    return train_command(
        values.experiment, values.configfile, values.seed, values.data, values.output
    )
