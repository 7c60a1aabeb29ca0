"""A run's card: the config, code, data and machine that it was made with, and when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from nlpflow.runs.machine import describe
from nlpflow.settings.origin import origins_beside
from nlpflow.tables import digest_of


def run_card(
    settings: dict[str, Any],
    key: Mapping[str, str],
    data: Mapping[str, Path],
    device: torch.device,
    seconds: float,
) -> dict[str, Any]:
    """Make the card of a run.

    It has the digests of config, code and data, the random seed, package versions, the device, the
    wall time, and the other runs whose files were read (`parents`).

    Args:
        settings: those that change the result, as JSON values
        key: the key of the training, whose digests the card repeats
        data: every file that was read, by its name in the key; a file beside a `run.json` belongs
            to another run
        seconds: wall time of the training, over all its starts and restarts
    """
    return {
        "config": digest_of(settings),
        "code": key["code"],
        "seed": int(key["seed"]),
        "data": {
            name.removeprefix("data "): digest
            for name, digest in key.items()
            if name.startswith("data ")
        },
        "parents": _parents(key, data),
        "origins": origins_beside(data.values()),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        **describe(device),
    }


def _parents(key: Mapping[str, str], data: Mapping[str, Path]) -> dict[str, str]:
    """Digests of files of other runs, by `<task>/<experiment>/seed-<n>/<file>`."""
    parents: dict[str, str] = {}
    for name, path in data.items():
        if (path.parent / "run.json").is_file() and path.name != "run.json":
            place = "/".join(path.parts[-4:])
            # Runs in two `results` folders may have the same path within them.
            parents[f"{place} ({name})" if place in parents else place] = key[f"data {name}"]
    return parents
