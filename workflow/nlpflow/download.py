"""Downloading one corpus file: complete, checked and in place, or not there at all.

The file is written beside its destination under a temporary name and moved only after every
check, so that an interrupted or wrong download never looks like a good one.
"""

import codecs
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, NoReturn
from urllib.parse import SplitResult, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from tqdm import tqdm
from urllib3 import Retry
from urllib3.exceptions import HTTPError, MaxRetryError

from nlpflow.archives import open_zip
from nlpflow.errors import UserError

CHUNK_BYTES = 64 * 1024
RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})
BACKOFF_SECONDS = 1.0  # waits of 0, 2, 4, 8 ... seconds
RETRY_AFTER_MAX_SECONDS = 60  # a server may ask for hours

# A time-out sees only silence; a server that drips is caught by its rate over a window.
SLOW_BYTES_PER_SECOND = 1024
SLOW_WINDOW_SECONDS = 60.0


@dataclass(frozen=True)
class Receipt:
    """What was fetched: the address, its size in bytes and the sha256 found (hexadecimal)."""

    address: str
    bytes: int
    sha256: str


def raw_path(address: str) -> str:
    """Path of a download below data/raw/ (and below a mirror folder): `<host>/<path>`.

    Percent-encoding is decoded; http and https give the same path; a port in the address stays.

    Raises:
        UserError: not an http(s) address of a file, or one whose path could leave the folder.
    """
    parts = _split(address)
    try:
        segments = [unquote(part, errors="strict") for part in parts.path.split("/")[1:]]
    except UnicodeDecodeError as error:
        raise UserError(f"address {address!r}: its percent-encoding is not UTF-8") from error
    names = [parts.netloc.lower(), *segments]
    if any(_is_unsafe(name) for name in names):
        raise UserError(
            f"address {address!r}: each part of the path must be a plain name; "
            "'..', '.', empty parts, slashes in disguise and control characters are refused"
        )
    return "/".join(names)


def _split(address: str) -> SplitResult:
    # urlsplit drops line breaks and tabs silently, hence the check before it.
    if not address.isprintable() or " " in address:
        raise UserError(f"address {address!r}: white space or a control character in it")
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UserError(f"address {address!r}: not a valid address: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise UserError(f"address {address!r}: only http:// and https:// can be downloaded")
    if not has_host:
        raise UserError(f"address {address!r}: no host in it")
    if "@" in parts.netloc:
        raise UserError(f"address {address!r}: a user name or password must not stand in it")
    if "?" in address or "#" in address:
        raise UserError(f"address {address!r}: a query or fragment; give a plain file's address")
    if parts.path in ("", "/"):
        raise UserError(f"address {address!r}: no file in it")
    return parts


def _is_unsafe(name: str) -> bool:
    return name in ("", ".", "..") or "/" in name or "\\" in name or not name.isprintable()


def fetch(
    address: str,
    destination: Path,
    *,
    sha256: str | None,
    size: int | None,
    mirror: Path | None,
    timeout: float = 30.0,
    retries: int = 4,
    progress: bool = True,
) -> Receipt:
    """Put the file at `address` to `destination`, checked; an older file there stays on errors.

    Args:
        address: http(s) address, without a query.
        destination: the file to write; its folder is made.
        sha256: expected digest, hexadecimal; None where the upstream replaces the file in place.
        size: expected bytes: the total of the progress bar, and checked when `sha256` is given.
        mirror: take the file from `mirror/<host>/<path>` instead; the network is not touched.
        timeout: seconds without an answer or without data before an attempt is given up.
        retries: further attempts after a broken connection, status 429 or 5xx.
        progress: show a progress bar on stderr.

    Raises:
        UserError: any failure; no temporary or partial file is left.
    """
    relative = raw_path(address)
    source = address if mirror is None else str(mirror / relative)
    try:
        bar: tqdm[NoReturn] = tqdm(
            desc=destination.name, total=size, unit="B", unit_scale=True, disable=not progress
        )
        with bar, _replacing(destination) as sink:
            if mirror is None:
                digest = _download(address, sink, bar, timeout, retries)
            else:
                digest = _copy_from_mirror(mirror / relative, sink, bar)
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
    """A file that takes the place of `destination` when the block ends well, and else vanishes."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile: its files are private to the user, corpora on a cluster are shared.
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


def _copy_from_mirror(path: Path, sink: BinaryIO, bar: "tqdm[NoReturn]") -> str:
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise UserError(
            f"{path}: not in the mirror; put the file there or download without a mirror"
        ) from error
    except OSError as error:
        raise UserError(f"{path}: the mirror cannot be read: {error.strerror}") from error
    with stream:
        return _copy(stream.read, sink, bar, str(path))


def _download(
    address: str, sink: BinaryIO, bar: "tqdm[NoReturn]", timeout: float, retries: int
) -> str:
    """Stream the body of `address` into `sink` and return its sha256.

    One budget of retries serves the opening and the body alike.
    """
    budget = Retry(
        retries,
        status_forcelist=RETRIED_STATUS,
        backoff_factor=BACKOFF_SECONDS,
        retry_after_max=RETRY_AFTER_MAX_SECONDS,
        raise_on_status=False,
    )
    while True:
        with requests.Session() as session, _open(session, address, budget, timeout) as response:
            _check_answer(response, address)
            bar.total = bar.total or response.raw.length_remaining
            try:
                return _copy(partial(_read_raw, response), sink, bar, address)
            except HTTPError as broken:
                try:
                    spent = response.raw.retries or budget
                    budget = spent.increment("GET", address, error=broken)
                except MaxRetryError:
                    raise _failed(address, broken) from broken
        budget.sleep()
        sink.seek(0)
        sink.truncate()
        bar.reset()


def _open(
    session: requests.Session, address: str, budget: Retry, timeout: float
) -> requests.Response:
    session.mount("http://", HTTPAdapter(max_retries=budget))
    session.mount("https://", HTTPAdapter(max_retries=budget))
    session.headers["User-Agent"] = f"nlpflow {requests.utils.default_user_agent()}"
    session.headers["Accept-Encoding"] = "identity"
    try:
        return session.get(address, stream=True, timeout=timeout)
    except (requests.RequestException, HTTPError) as error:  # requests lets some of urllib3's by
        raise _failed(address, error) from error


def _failed(address: str, error: Exception) -> UserError:
    # The reason of urllib3's error inside requests' error; the outer texts only repeat the address.
    inner = error.args[0] if error.args else error
    reason = " ".join(str(getattr(inner, "reason", None) or inner).split())
    return UserError(
        f"{address}: could not be downloaded: {reason}; "
        "check the address and the network and try again, or use a mirror"
    )


def _check_answer(response: requests.Response, address: str) -> None:
    status = response.status_code
    if status != HTTPStatus.OK:
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "unknown status"
        raise UserError(
            f"{address}: the server answered {status} ({phrase}); "
            "check the address in the corpus registry, or use a mirror"
        )
    if address.lower().endswith(".zip"):
        content_type = response.headers.get("Content-Type", "")
        if content_type.lower().startswith("text/html"):
            raise _page_instead_of_zip(address)


def _read_raw(response: requests.Response, most: int) -> bytes:
    # read1, since read waits for a whole chunk and would not notice a drip; undecoded, since a .gz
    # is stored as it is even where a server calls gzip a content encoding.
    data: bytes = response.raw.read1(most, decode_content=False)
    return data


def _copy(read: Callable[[int], bytes], sink: BinaryIO, bar: "tqdm[NoReturn]", source: str) -> str:
    """Copy until `read` gives no more; the sha256 of what was copied."""
    digest = hashlib.sha256()
    window_start, window_bytes = time.monotonic(), 0
    while data := read(CHUNK_BYTES):
        sink.write(data)
        digest.update(data)
        bar.update(len(data))
        window_bytes += len(data)
        elapsed = time.monotonic() - window_start
        if elapsed >= SLOW_WINDOW_SECONDS:
            if window_bytes < SLOW_BYTES_PER_SECOND * elapsed:
                raise UserError(
                    f"{source}: too slow: {window_bytes} bytes in {elapsed:.0f} seconds; "
                    "try again later, or use a mirror"
                )
            window_start, window_bytes = time.monotonic(), 0
    return digest.hexdigest()


def _check_zip(sink: BinaryIO, source: str) -> None:
    sink.seek(0)
    start = sink.read(512).removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        raise _page_instead_of_zip(source)
    open_zip(sink, source).close()


def _page_instead_of_zip(source: str) -> UserError:
    return UserError(
        f"{source}: an HTML page instead of a zip archive (a login, error or moved page?); "
        "open the address in a browser and correct it in the corpus registry"
    )


def _check_digest(receipt: Receipt, sha256: str | None, size: int | None, source: str) -> None:
    if sha256 is None:  # replaced in place by its upstream: nothing to hold it to
        return
    if receipt.sha256 != sha256.lower():
        raise UserError(
            f"{source}: expected sha256 {sha256}, found {receipt.sha256} ({receipt.bytes} bytes); "
            "the file was replaced or damaged: use a mirror of the old one, or if the new one is "
            "meant, correct the sha256 in the corpus registry"
        )
    if size is not None and receipt.bytes != size:
        raise UserError(
            f"{source}: expected {size} bytes, found {receipt.bytes}, and the sha256 is right; "
            "correct the size in the corpus registry"
        )
