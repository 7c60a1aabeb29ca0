"""What prepares and scores starts without torch, which takes seconds to import."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "baselines.feature_crf",
        "cli",
        "corpora.tagged",
        "download.fetch",
        "metrics.significance",
        "metrics.spans",
        "prepare.leakage",
        "prepare.tagged",
        "results.archive",
        "results.cards",
        "results.comparison",
        "results.differences",
        "results.expected",
        "results.page",
        "settings.plan",
        "tables",
        "tasks.embeddings.figures",
        "tasks.labelling.figures",
        "tasks.labelling.statistics",
        "tasks.language_id.figures",
        "tasks.language_id.statistics",
        "tasks.translation.figures",
        "vectors.pretrained",
        "vocabulary",
    ],
)
def test_torch_is_not_needed(module: str) -> None:
    code = f"import sys, nlpflow.{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
