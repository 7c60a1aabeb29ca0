"""`make run` in a copy of the project, once for all tests of this folder."""

import pytest

from makefile import make, whole_project
from project import Project


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project after the README's first command; tests may add files, and change none."""
    project = whole_project(tmp_path_factory.mktemp("sample"))
    make(project, "run")
    return project
