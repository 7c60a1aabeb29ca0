"""A reference of the small config: kept, verified, and an altered figure found."""

import json
import shutil
import subprocess

import pytest

from project import SMALL, Project
from workflow.finished.test_run import RUN


@pytest.mark.slow
def test_altered_metrics_fail(finished: Project) -> None:
    result = finished.snakemake("keep_reference", *SMALL)
    assert result.returncode == 0, result.stderr
    page = (finished.folder / "docs/results.md").read_text()
    assert "snakemake --configfile config/small.yaml --cores all" in page
    assert str(finished.folder) not in page
    assert verify(finished).returncode == 0

    metrics = finished.folder / RUN / "test/metrics.json"
    kept = metrics.with_suffix(".kept")
    shutil.copy2(metrics, kept)
    values = json.loads(metrics.read_text())
    values["scores"]["chrf2_normalised"] += 0.5
    metrics.write_text(json.dumps(values))
    assert finished.snakemake(*SMALL).returncode == 0
    result = verify(finished)
    assert result.returncode == 1
    assert "chrf2_normalised" in result.stdout
    assert "1 scores are missing or differ too much" in result.stderr

    shutil.move(kept, metrics)
    assert finished.snakemake(*SMALL, "--forcerun", "compare").returncode == 0
    assert verify(finished).returncode == 0


def verify(project: Project) -> subprocess.CompletedProcess[str]:
    return project.nlpflow("verify", "small")
