"""The small config, run once for all workflow tests."""

import pytest

from project import Project, small_project


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small config, downloaded from a mirror and run to its end with a report."""
    project = small_project(tmp_path_factory.mktemp("project"))
    for arguments in ([], ["--report", "results/small.html"]):
        result = project.snakemake("--configfile", "config/small.yaml", *arguments)
        assert result.returncode == 0, result.stderr
    return project
