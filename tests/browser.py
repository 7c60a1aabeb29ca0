"""A browser that opens pages without a window, where one is installed."""

import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)


def found_browser() -> str:
    """The first one that is there; without one the test is skipped, and says so."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium here: pages are not opened (apt install chromium)")
    return found
