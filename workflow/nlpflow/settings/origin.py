"""Which file defined what lies in a folder of data/: configs share these folders."""

from pathlib import Path
from typing import NamedTuple

from nlpflow.settings.base import Settings
from nlpflow.tables import digest_of, write_json

FILE = "origin.json"
"""The origin's file inside the folder of a dataset or a vocabulary."""


class Origin(NamedTuple):
    """What an `origin.json` holds."""

    file: str
    """The file that defined the dataset or vocabulary."""
    settings: str
    """Digest of its settings."""


def origin_of(settings: Settings, file: str) -> Origin:
    """The origin of a dataset or vocabulary with these settings."""
    return Origin(file, digest_of(settings.model_dump(mode="json")))


def write_origin(path: Path, settings: Settings, file: str) -> None:
    """Write the `origin.json` of a dataset or vocabulary."""
    write_json(path, origin_of(settings, file)._asdict())
