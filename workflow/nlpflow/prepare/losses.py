"""What a dataset lost on the way, said where a user looks: the terminal and the job's log."""

import logging
from pathlib import Path

import pandas as pd


def log_report(report: pd.DataFrame, malformed: pd.DataFrame, listed: Path) -> None:
    """Log what every step drops, and a warning about the malformed lines of each file.

    :param report: with `dropped` and `pairs` or `sentences`; its first row is what was read
    :param malformed: the malformed lines, as readers list them
    :param listed: the file that has them all
    """
    logging.info("%s", report.to_string(index=False))
    if malformed.empty:
        return
    for file, lines in malformed.groupby("file", sort=False):
        logging.warning(
            "warning: %s: left out are %s malformed lines, the first is line %d: %s",
            *(file, f"{len(lines):,}", lines["line"].iloc[0], lines["problem"].iloc[0]),
        )
    unit = "pairs" if "pairs" in report else "sentences"
    lost, left = report["dropped"].iloc[0], report[unit].iloc[0]
    logging.warning(
        "warning: malformed lines cost %s of %s %s; %s lists them",
        *(f"{lost:,}", f"{lost + left:,}", unit, listed),
    )
