"""`nlpflow verify`."""

from pathlib import Path
from typing import Annotated

import typer

from nlpflow.cli.options import Results


def verify(
    config: Annotated[str, typer.Argument(metavar="CONFIG", help="The `name` of a config.")],
    results: Results = Path("results"),
) -> int:
    """Compare the results of a config with the expected results.

    A figure may be three standard deviations over random seeds away from the expected one with the
    same seed. With the same code, data and versions on the same kind of processor it must be
    equal. The exit status is 1 if a figure fails.

    Example: nlpflow verify attentions
    """
    from nlpflow.results.expected import report

    return report(results, config)
