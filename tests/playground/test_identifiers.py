"""The page reads as much of a text whose language is asked for as Python does."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import nlpflow
from nlpflow.api import LanguageRun
from playground.made_runs import asked, write_made
from playground.test_sample_test_sets import identifier

pytestmark = pytest.mark.long

LIMIT = 8


def test_a_long_text_is_cut_where_python_cuts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("playground.describe", "tasks.language_id.identifier"):
        monkeypatch.setattr(f"nlpflow.{module}.LONGEST", LIMIT)
    train = pd.DataFrame({"sentence": ["elle est petite", "she is small"]})
    run = identifier(tmp_path, "characters", train)
    made = {"runs": {"run": run}, "page": write_made([run], tmp_path / "page.html")}
    text = "elle est trop petite"
    (whole,), (cut,) = (asked(made, "run", "identify", [one]) for one in (text, text[:LIMIT]))
    loaded = nlpflow.load(run)
    assert isinstance(loaded, LanguageRun)
    shares = loaded.identifier.probabilities(pa.array([text], pa.large_string()))
    assert whole == cut
    assert np.allclose(whole["probabilities"], shares[0], atol=1e-3)
