"""Check whether downloaded data is the version that published results were made from."""

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
    """A file with a version in the registry, as `versions.json` has it."""

    corpus: str
    file: str
    """Its address, with its member if it is an archive."""
    sha256: str
    """SHA-256 of the file's text on this machine."""
    other_data: str
    """The note in tables and cards; empty if it is the version in the registry."""


def find_versions(files: Iterable[tuple[str, CorpusFile, Path]]) -> list[FoundVersion]:
    """Compare files with their versions in the registry, and log a warning if they differ.

    Args:
        files: for each file the name of its corpus, its entry in the registry and its path
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
            note = f"{corpus}: data differ from those of the published results ({version})"
            logging.warning("warning: %s: sha256 %s of the text", note, digest.hexdigest())
        found.append(FoundVersion(corpus, file_name(file), digest.hexdigest(), note))
    return found
