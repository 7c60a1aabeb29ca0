"""What prepares and scores starts without torch, which takes seconds to import."""

import subprocess
import sys

import pytest

MODULES = [
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
]


@pytest.mark.long
def test_torch_is_not_needed() -> None:
    """In one process, which names the first module that imports it."""
    lines = (
        "import sys",
        "from importlib import import_module",
        f"for name in {MODULES}:",
        "    import_module(f'nlpflow.{name}')",
        "    if 'torch' in sys.modules: sys.exit(f'nlpflow.{name} imports torch')",
    )
    code = "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
