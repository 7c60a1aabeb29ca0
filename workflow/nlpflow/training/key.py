"""What a training depends on: a checkpoint serves only the one with the same key."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nlpflow.tables import file_digest
from nlpflow.training.checkpoint import Key


def training_key(
    settings: dict[str, Any], data: Iterable[Path], code: str, device: torch.device
) -> Key:
    """Settings one by one, so that a difference can be named; digests of the rest.

    :param settings: as JSON knows them, without those that change no result
    :param data: every file that is read
    """
    key = {"code": code, "device": device.type, "torch": torch.__version__, "numpy": np.__version__}
    key |= dict(_flat(settings, ""))
    return key | {f"data {'/'.join(path.parts[-2:])}": file_digest(path) for path in data}


def _flat(values: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, json.dumps(value)
