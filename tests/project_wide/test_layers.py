"""What prepares and scores starts without torch, which takes seconds to import."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "baselines.feature_crf",
        "baselines.most_frequent",
        "metrics.labelling",
        "metrics.significance",
        "metrics.spans",
        "vectors",
    ],
)
def test_torch_is_not_needed(module: str) -> None:
    code = f"import sys, nlpflow.{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
