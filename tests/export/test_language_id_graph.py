"""The graph of a language identifier, from raw text with the exported config alone."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pyarrow as pa
import pytest

from nlpflow.export.onnx_folder import export_to_onnx
from nlpflow.tasks.language_id.identifier import load_identifier
from untrained import language_run

pytestmark = pytest.mark.long

TEXTS = ["a", "ab", "abc de fé", "b" * 30, " ".join("abcdef" * 6), "xyz"]
BITS = 2**32


def hashed(text: str, settings: dict[str, Any]) -> list[int]:
    """The buckets of a text's n-grams, as docs/python.md describes them."""
    marked = [settings["end"], *map(ord, text), settings["end"]]
    start, factor, final = (settings["hash"][name] for name in ("start", "factor", "final"))
    found = []
    for first in range(len(marked)):
        value = start
        for size, code in enumerate(marked[first : first + settings["longest"]], 1):
            value = (value ^ code) * factor % BITS
            if size > 1 or 0 < first < len(marked) - 1:
                mixed = (value ^ (value >> 15)) * final % BITS
                found.append(mixed * settings["buckets"] // BITS)
    return found


@pytest.mark.parametrize(
    ("kind", "model"),
    [("words", {}), ("characters", {"ends": "mark"}), ("characters", {"ends": "space"})],
)
def test_probabilities_at_every_length(kind: str, model: dict[str, str], tmp_path: Path) -> None:
    run = language_run(tmp_path / "e/seed-1", kind, **model)
    export_to_onnx(run, "a card", tmp_path / "exported")
    config = json.loads((tmp_path / "exported/config.json").read_text())
    assert config["scripts"] == ["LATIN"]
    session = onnxruntime.InferenceSession(tmp_path / "exported/probabilities.onnx")
    identifier, _ = load_identifier(run)
    settings = config["features"]
    assert settings["kind"] == kind
    expected = identifier.probabilities(pa.array(TEXTS, pa.large_string()))
    for text, row in zip(TEXTS, expected, strict=True):
        if kind == "words":
            words = (tmp_path / "exported" / settings["file"]).read_text().splitlines()
            split = re.split(r"\W+", text)
            ids = [words.index(word) for word in split if word in words]
        else:
            ids = hashed(text, settings)
        (found,) = session.run(None, {"features": np.array(ids, np.int64)})
        np.testing.assert_allclose(found, row, rtol=1e-4, atol=1e-6)
    assert len({tuple(row) for row in expected}) > 2
