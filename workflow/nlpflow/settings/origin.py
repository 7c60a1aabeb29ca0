"""The origin of a dataset or vocabulary in data/: which file defined it, with what settings."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nlpflow.errors import UserError
from nlpflow.settings.base import Settings
from nlpflow.settings.checks import checked
from nlpflow.tables import digest_of, read_json, write_json

FILE = "origin.json"
"""The name of the origin's file in the folder of a dataset or vocabulary."""


MADE_WITH = ("settings", "corpora")
"""The fields of an origin that decide whether data fits a config; `file` is not compared."""


class Origin(NamedTuple):
    """The content of an `origin.json`."""

    file: str
    """The file that defined the dataset or vocabulary."""
    settings: str
    """Digest of its settings."""
    corpora: str = ""
    """Digest of the registry's entries of a dataset's corpora."""


def origin_of(settings: Settings, file: str, corpora: Mapping[str, str] | None = None) -> Origin:
    """The origin of a dataset or vocabulary with these settings.

    Args:
        corpora: the registry's entries of a dataset's corpora, as JSON by name
    """
    found = digest_of(dict(corpora)) if corpora else ""
    return Origin(file, digest_of(settings.model_dump(mode="json")), found)


def write_origin(
    path: Path, settings: Settings, file: str, corpora: Mapping[str, str] | None = None
) -> None:
    """Write the `origin.json` of a dataset or vocabulary; see `origin_of`."""
    write_json(path, origin_of(settings, file, corpora)._asdict())


def origins_beside(files: Iterable[Path]) -> dict[str, dict[str, str]]:
    """What prepared tables and vocabularies were made with, by their folder below data/.

    Args:
        files: tables and vocabularies; one without an origin beside it, or with a damaged one, is
            ignored

    Returns:
        the digests of `MADE_WITH`, by a name like `prepared/tutorial`
    """
    found = {}
    for folder in dict.fromkeys(file.absolute().parent for file in files):
        with suppress(UserError):
            origin: Origin = checked(Origin, read_json(folder / FILE), FILE)
            name = f"{folder.parent.name}/{folder.name}"
            found[name] = {key: getattr(origin, key) for key in MADE_WITH}
    return found
