"""The cards of many runs in one table, for the report and for expected results."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from nlpflow.results.markup import tables_page
from nlpflow.results.other_data import COLUMN
from nlpflow.tables import digest_of

Cards = dict[str, dict[str, Any]]
"""By `<experiment>/seed-<n>`; each with the experiment's label and its random seed."""

SHOWN = {
    "label": "experiment",
    "seed": "random seed",
    "config": "config",
    "code": "code",
    "data": "data",
    COLUMN: "data that differ from the published",
    "processor": "processor",
    "gpu": "GPU",
    "driver": "driver",
    "torch_threads": "threads",
    "processes": "processes",
    "nlpflow": "nlpflow",
    "python": "Python",
    "torch": "torch",
    "numpy": "NumPy",
    "parameters": "parameters",
    "vectors": "words with a pretrained vector",
    "floor": "dev score never above its minimum",
    "signatures": "dev scores",
    "seconds": "wall time, s",
    "peak_memory_mb": "memory, MB",
    "finished": "finished",
    "parents": "made from",
}
"""The fields of a card that the report shows, with their headings.

For the data, the report shows one digest of all the files' digests; the JSON file has each of them.
"""

NAMES = ("experiment", "random seed")
"""The columns that identify a run; they are shown even if there is only one run."""


def collect_cards(
    files: Sequence[Path],
    labels: Mapping[str, str],
    other_data: Mapping[str, str] = MappingProxyType({}),
) -> Cards:
    """Read `.../<experiment>/seed-<n>/card.json` of many runs.

    Args:
        labels: by experiment
        other_data: the note on data that differ from those of the published results, by label
    """
    cards = {}
    for file in files:
        experiment, seed = file.parts[-3:-1]
        card = json.loads(file.read_text(encoding="utf-8"))
        label = labels[experiment]
        cards[f"{experiment}/{seed}"] = {"label": label} | card
        if label in other_data:
            cards[f"{experiment}/{seed}"][COLUMN] = other_data[label]
    return cards


def cards_html(cards: Cards) -> str:
    """A page with one row per run; what all runs have in common stands once, in a second table."""
    rows = pd.DataFrame([{key: card.get(key) for key in SHOWN} for card in cards.values()])
    rows["data"] = [digest_of(data) for data in rows["data"]]
    rows["parents"] = [", ".join(parents) for parents in rows["parents"]]
    rows["vectors"] = [_coverage(vectors) for vectors in rows["vectors"]]
    rows["signatures"] = [_signatures(signed) for signed in rows["signatures"]]
    rows = rows.dropna(axis="columns", how="all").rename(columns=SHOWN)
    common = [name for name in rows if name not in NAMES and rows[name].nunique(dropna=False) == 1]
    same = pd.DataFrame({"common to all runs": common, "": [rows[name].iloc[0] for name in common]})
    return tables_page("Cards", {"": rows.drop(columns=common), "In common": same})


def _signatures(signed: dict[str, str] | None) -> str | None:
    """The signatures of the dev scores, by which the epoch is selected."""
    return "; ".join(f"{name} {text}" for name, text in signed.items()) if signed else None


def _coverage(vectors: dict[str, Any] | None) -> str | None:
    """The coverage of pretrained vectors, for one vocabulary or for both sides of a translator."""
    if not vectors:
        return None
    if "share" in vectors:
        return f"{vectors['share']:.1%} of {vectors['words']:,}"
    return ", ".join(f"{side}: {_coverage(part)}" for side, part in vectors.items())
