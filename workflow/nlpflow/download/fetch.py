"""Download one corpus file, which appears at its destination only when complete and checked.

It is written beside its destination under a temporary name and moved after every check, so that an
interrupted or wrong download never looks like a good one.
"""

import codecs
import json
import logging
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from nlpflow.download.archives import open_zip
from nlpflow.download.transfer import Meter, copy, download, page_instead_of_zip
from nlpflow.errors import UserError
from nlpflow.jobs import Show
from nlpflow.text.addresses import raw_path


@dataclass(frozen=True)
class Receipt:
    """What was downloaded: the address, the size in bytes and the SHA-256 (hexadecimal)."""

    address: str
    bytes: int
    sha256: str

    def write(self, path: Path) -> None:
        """Write the receipt as readable JSON."""
        path.write_text(json.dumps(asdict(self), indent=2, sort_keys=True) + "\n", encoding="utf-8")


def fetch_first(
    addresses: Sequence[str],
    destination: Path,
    *,
    sha256: str | None,
    size: int | None,
    mirror: Path | None,
    show: Show | None = None,
) -> Receipt:
    """`fetch` a file from the first of its addresses that works; failures are logged.

    Raises:
        UserError: no address works; the error of the last one.
    """
    *others, last = addresses
    for address in others:
        try:
            return fetch(address, destination, sha256=sha256, size=size, mirror=mirror, show=show)
        except UserError as error:
            logging.warning("%s; trying the next address", error)
    return fetch(last, destination, sha256=sha256, size=size, mirror=mirror, show=show)


def fetch(
    address: str,
    destination: Path,
    *,
    sha256: str | None,
    size: int | None,
    mirror: Path | None,
    timeout: float = 30.0,
    retries: int = 4,
    show: Show | None = None,
) -> Receipt:
    """Download `address` to `destination` and check it; on an error an older file there stays.

    Args:
        address: http(s) address, without a query.
        destination: the file to write; its folder is made.
        sha256: expected SHA-256, hexadecimal; None if the upstream replaces the file in place.
        size: expected bytes: for the time left, and checked when `sha256` is given.
        mirror: read the file from `mirror/<host>/<path>` instead, without the network.
        timeout: seconds without an answer or data after which an attempt is given up.
        retries: further attempts after a broken connection, status 429 or 5xx.
        show: called whenever some bytes have arrived.

    Raises:
        UserError: any failure; no temporary or partial file is left.
    """
    relative = raw_path(address)
    source = address if mirror is None else str(mirror / relative)
    try:
        meter = Meter(show, size)
        with _replacing(destination) as sink:
            if mirror is None:
                digest = download(address, sink, meter, timeout, retries)
            else:
                digest = _copy_from_mirror(mirror / relative, sink, meter)
            sink.flush()
            receipt = Receipt(address, sink.tell(), digest)
            if relative.lower().endswith(".zip"):
                _check_zip(sink, source)
            _check_digest(receipt, sha256, size, source)
    except OSError as error:
        raise UserError(
            f"{destination}: cannot be written: {error.strerror or error}; "
            "free space or choose another folder"
        ) from error
    return receipt


@contextmanager
def _replacing(destination: Path) -> Iterator[BinaryIO]:
    """A file that replaces `destination` if the block succeeds, and is deleted otherwise."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile: its files are private to the user, and corpora on a cluster are shared.
    temporary = destination.parent / f".{secrets.token_hex(8)}.part"
    try:
        with temporary.open("x+b") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(temporary, destination)
    except BaseException:  # an interrupt must not leave a file either
        temporary.unlink(missing_ok=True)
        raise


def _copy_from_mirror(path: Path, sink: BinaryIO, meter: Meter) -> str:
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise UserError(
            f"{path}: not in the mirror; put the file there or download without a mirror"
        ) from error
    except OSError as error:
        raise UserError(f"{path}: the mirror cannot be read: {error.strerror}") from error
    with stream:
        return copy(stream.read, sink, meter, str(path))


def _check_zip(sink: BinaryIO, source: str) -> None:
    sink.seek(0)
    start = sink.read(512).removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        raise page_instead_of_zip(source)
    open_zip(sink, source).close()


def _check_digest(receipt: Receipt, sha256: str | None, size: int | None, source: str) -> None:
    if sha256 is None:  # the upstream replaces the file in place, so no digest is expected
        return
    if receipt.sha256 != sha256.lower():
        raise UserError(
            f"{source}: expected sha256 {sha256}, found {receipt.sha256} ({receipt.bytes} bytes); "
            "the file was replaced or damaged; to use the old file, put a copy of it into a mirror "
            "(`mirror: DIR`); to use the new file, correct the sha256 in the corpus registry"
        )
    if size is not None and receipt.bytes != size:
        raise UserError(
            f"{source}: expected {size} bytes, found {receipt.bytes}, but the sha256 is right; "
            "correct the size in the corpus registry"
        )
