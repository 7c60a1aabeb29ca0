"""Whether downloaded data are those that published results were made from."""

import hashlib
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nlpflow.download.archives import open_member
from nlpflow.download.transfer import CHUNK_BYTES
from nlpflow.settings.registry import CorpusFile


class Found(NamedTuple):
    """One file whose version the registry knows, as `versions.json` holds it."""

    corpus: str
    file: str
    """Its address, and the member of an archive."""
    version: str
    """The version that was meant: date and number of pairs."""
    expected: str
    """Its sha256."""
    found: str
    """The sha256 of what is there."""

    @property
    def is_other(self) -> bool:
        """Whether it is another version."""
        return self.found != self.expected

    def __str__(self) -> str:
        return f"{self.corpus}: other data than the reference ({self.version})"


def find_versions(files: Iterable[tuple[str, CorpusFile, Path]]) -> list[Found]:
    """Compare the files that have a version with it; the log has a warning for every other one.

    :param files: the corpus, its file and where that lies
    """
    found = []
    for corpus, file, path in files:
        version = file.version
        if version is None or version.sha256 is None:
            continue
        digest = hashlib.sha256()
        with open_member(path, file.member) as stream:
            while block := stream.read(CHUNK_BYTES):
                digest.update(block)
        name = f"{file.address} ({file.member})" if file.member else file.address
        found.append(Found(corpus, name, str(version), version.sha256, digest.hexdigest()))
        if found[-1].is_other:
            logging.warning("warning: corpus %s; the text of %s is another one", found[-1], name)
    return found
