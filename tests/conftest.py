"""For every test: one thread, so that many may run at once, and no wall-clock limits.

A file's tests go to one process, so that what they share is made once; long tests go first, so that
all processes end together.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported
# Without bytecode, every job of a copied project would compile the library again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Continuous integration gives one commit one verdict; elsewhere every run draws new examples.
settings.register_profile("nlpflow", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("nlpflow")

TESTS = Path(__file__).parent
LONG = ("workflow", "faults", "tasks", "lesson_pages", "cli", "figures")
"""Folders whose tests start processes, train or draw; others mark such a test themselves."""
MARK = "\npytestmark = pytest.mark.long\n"
"""How a file says that all its tests are long."""
TOGETHER = "tests/workflow/finished/"
"""A folder whose files share what one fixture makes."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip folders and files of long tests where these are not wanted: importing takes longest."""
    if "not long" not in config.getoption("markexpr"):
        return None
    if collection_path.suffix == ".py":
        return MARK in collection_path.read_text(encoding="utf-8") or None
    return (collection_path.parent == TESTS and collection_path.name in LONG) or None


def pytest_itemcollected(item: pytest.Item) -> None:
    is_drawn = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    if is_drawn or item.path.relative_to(TESTS).parts[0] in LONG:
        item.add_marker("long")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def order(item: pytest.Item) -> int:
        folder = item.path.relative_to(TESTS).parts[0]
        return LONG.index(folder) if folder in LONG else len(LONG)

    items.sort(key=order)


class ByFile(LoadScopeScheduling):
    """Gives all tests of a file to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)
