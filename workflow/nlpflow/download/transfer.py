"""Transfer a download: over http(s), with retries and time-outs, or from a stream."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import BinaryIO

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from urllib3.exceptions import HTTPError, MaxRetryError

from nlpflow.errors import UserError
from nlpflow.jobs import JobStatus, Show

TRANSFER_BYTES = 64 * 1024
RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})
BACKOFF_SECONDS = 1.0  # waits of 0, 2, 4, 8 ... seconds
RETRY_AFTER_MAX_SECONDS = 60  # a server may ask for hours

# A time-out catches only a silent server; a slow one is caught by its rate over a window.
SLOW_BYTES_PER_SECOND = 1024
SLOW_WINDOW_SECONDS = 60.0


@dataclass
class Meter:
    """Counts the bytes of one download, and shows how far it is."""

    show: Show | None
    total: int | None
    """Expected bytes; None while unknown."""
    done: int = 0
    begun: float = field(default_factory=time.monotonic)

    def count(self, size: int) -> None:
        """Add bytes that have arrived, and show the progress."""
        self.done += size
        if self.show is None:
            return
        elapsed = time.monotonic() - self.begun
        rate = self.done / max(elapsed, 1e-6)
        step, share, remaining = f"{self.done / 1e6:,.1f} MB", 0.0, None
        if self.total:
            step += f" of {self.total / 1e6:,.1f} MB"
            share = min(1.0, self.done / self.total)
            remaining = max(0, self.total - self.done) / rate
        self.show(JobStatus(step, share, (f"{rate / 1e6:,.1f} MB/s",), elapsed, remaining))


def download(address: str, sink: BinaryIO, meter: Meter, timeout: float, retries: int) -> str:
    """Stream the body of `address` into `sink` and return its sha256.

    Opening the connection and reading the body share one budget of retries.
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
            meter.total = meter.total or response.raw.length_remaining
            try:
                return copy(partial(_read_raw, response), sink, meter, address)
            except HTTPError as broken:
                try:
                    spent = response.raw.retries or budget
                    budget = spent.increment("GET", address, error=broken)
                except MaxRetryError:
                    raise _failed(address, broken) from broken
        budget.sleep()
        sink.seek(0)
        sink.truncate()
        meter.done = 0


def _open(
    session: requests.Session, address: str, budget: Retry, timeout: float
) -> requests.Response:
    session.mount("http://", HTTPAdapter(max_retries=budget))
    session.mount("https://", HTTPAdapter(max_retries=budget))
    session.headers["User-Agent"] = f"nlpflow {requests.utils.default_user_agent()}"
    session.headers["Accept-Encoding"] = "identity"
    try:
        return session.get(address, stream=True, timeout=timeout)
    except (requests.RequestException, HTTPError) as error:  # requests passes on some of urllib3's
        raise _failed(address, error) from error


def _failed(address: str, error: Exception) -> UserError:
    # The reason is in urllib3's error inside requests' error; the outer texts repeat the address.
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
            raise page_instead_of_zip(address)


def _read_raw(response: requests.Response, most: int) -> bytes:
    # read1, since read waits for a whole chunk and would not notice a slow server; undecoded, since
    # a .gz is stored as it is even if the server calls gzip a content encoding.
    data: bytes = response.raw.read1(most, decode_content=False)
    return data


def copy(read: Callable[[int], bytes], sink: BinaryIO, meter: Meter, source: str) -> str:
    """Copy until `read` returns nothing; returns the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    window_start, window_bytes = time.monotonic(), 0
    while data := read(TRANSFER_BYTES):
        sink.write(data)
        digest.update(data)
        meter.count(len(data))
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


def page_instead_of_zip(source: str) -> UserError:
    """The error for a web page in place of an archive."""
    return UserError(
        f"{source}: an HTML page instead of a zip archive (a login, error or moved page?); "
        "open the address in a browser and correct it in the corpus registry"
    )
