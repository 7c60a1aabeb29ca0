"""The table of ratios that every benchmark writes, and that `everything.py` joins."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from nlpflow.tables import write_table

FILE = "ratios.tsv"


class Ratio(NamedTuple):
    """The speeds of both sides at one task."""

    task: str
    other: str
    """What nlpflow is compared with."""
    unit: str
    nlpflow: float
    """Median speed, in the unit."""
    others: float
    ratio: float
    """The median of the turns' ratios of nlpflow's speed to the other's."""
    turns: int
    goal: float | None = None
    """The ratio to reach; None: there is no goal."""


def write_ratios(folder: Path, ratios: Sequence[Ratio]) -> None:
    """Write `ratios.tsv` into the folder, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / FILE, pd.DataFrame(ratios, columns=list(Ratio._fields)))
