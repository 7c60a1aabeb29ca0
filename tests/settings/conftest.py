"""A folder with the registry of wrong.py."""

from pathlib import Path

import pytest

from settings.wrong import (
    REGISTRY,
    write,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the registry."""
    folder = tmp_path_factory.mktemp("project")
    write(folder / "corpora.yaml", REGISTRY)
    return folder
