"""Whether downloaded data are those that published results were made from."""

import hashlib
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nlpflow.corpora.lines import file_name
from nlpflow.download.archives import open_member
from nlpflow.download.transfer import TRANSFER_BYTES
from nlpflow.settings.registry import CorpusFile


class FoundVersion(NamedTuple):
    """One file whose version the registry knows, as `versions.json` holds it."""

    corpus: str
    file: str
    """Its address, and the member of an archive."""
    sha256: str
    """Of its text as it is here."""
    other_data: str
    """What tables and cards say of it; empty where it is the version that was meant."""


def find_versions(files: Iterable[tuple[str, CorpusFile, Path]]) -> list[FoundVersion]:
    """Compare the files that have a version with it; the log has a warning for every other one.

    Args:
        files: the corpus, its file and where that lies
    """
    found = []
    for corpus, file, path in files:
        version = file.version
        if version is None or version.sha256 is None:
            continue
        digest = hashlib.sha256()
        with open_member(path, file.member) as stream:
            while block := stream.read(TRANSFER_BYTES):
                digest.update(block)
        note = ""
        if digest.hexdigest() != version.sha256:
            note = f"{corpus}: other data than the reference ({version})"
            logging.warning("warning: %s: sha256 %s of the text", note, digest.hexdigest())
        found.append(FoundVersion(corpus, file_name(file), digest.hexdigest(), note))
    return found
