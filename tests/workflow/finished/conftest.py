"""The small config, run once for all tests of this folder, which one process of pytest does."""

import pytest

from project import SMALL, Project, small_project


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small config, downloaded from a mirror and run to its end with a report."""
    project = small_project(tmp_path_factory.mktemp("project"))
    for arguments in ([], ["--report", "results/small.html"]):
        result = project.snakemake_afresh(*SMALL, *arguments)
        assert result.returncode == 0, result.stderr
    return project
