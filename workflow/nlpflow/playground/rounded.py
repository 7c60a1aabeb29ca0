"""Weights rounded to half precision, as a text that fits into a page."""

import base64
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LARGEST_HALF = float(np.finfo(np.float16).max)


class Rounded(NamedTuple):
    """The weights of a model."""

    tensors: dict[str, dict[str, Any]]
    """For each name `type` (f16 or i8), `at` (the index of the first byte) and `shape`."""
    content: str
    """All bytes, little-endian, in base64."""


def rounded(weights: Mapping[str, NDArray[Any]]) -> Rounded:
    """Floating-point weights in half precision, 8-bit integers as they are.

    Equal tensors, such as tied embeddings, are stored once.

    Args:
        weights: by name

    Raises:
        ValueError: a weight is too large for half precision
    """
    tensors: dict[str, dict[str, Any]] = {}
    offsets: dict[bytes, int] = {}
    content = bytearray()
    for name, values in weights.items():
        kind = "i8" if values.dtype == np.int8 else "f16"
        if kind == "f16" and not np.abs(values).max(initial=0) <= LARGEST_HALF:
            raise ValueError(
                f"weight {name} is beyond {LARGEST_HALF:g}, too large for half precision"
            )
        stored = values if kind == "i8" else values.astype("<f2")
        raw = np.ascontiguousarray(stored).tobytes()
        if raw not in offsets:
            offsets[raw] = len(content)
            content += raw
        tensors[name] = {"type": kind, "at": offsets[raw], "shape": list(values.shape)}
    return Rounded(tensors, base64.b64encode(content).decode("ascii"))
