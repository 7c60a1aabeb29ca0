"""Which file defined what lies in a folder of data/: configs share these folders."""

from collections.abc import Mapping
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
    corpora: str = ""
    """Digest of the registry's entries of a dataset's corpora."""


def origin_of(settings: Settings, file: str, corpora: Mapping[str, str] | None = None) -> Origin:
    """The origin of a dataset or vocabulary with these settings.

    :param corpora: the registry's entries of a dataset's corpora, as JSON by name
    """
    found = digest_of(dict(corpora)) if corpora else ""
    return Origin(file, digest_of(settings.model_dump(mode="json")), found)


def write_origin(
    path: Path, settings: Settings, file: str, corpora: Mapping[str, str] | None = None
) -> None:
    """Write the `origin.json` of a dataset or vocabulary; see `origin_of`."""
    write_json(path, origin_of(settings, file, corpora)._asdict())
