"""Downloads against a real HTTP server on this machine: complete and checked, or nothing."""

import contextlib
import hashlib
import io
import itertools
import os
import resource
import signal
import stat
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nlpflow import transfer
from nlpflow.addresses import raw_path
from nlpflow.download import Receipt, fetch
from nlpflow.errors import UserError


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("fra.txt", "Go.\tVa !\n" * 20_000)
    return packed.getvalue()


GOOD = _zip()
DIGEST = hashlib.sha256(GOOD).hexdigest()
OTHER_DIGEST = "0" * 64
PAGE = b"\xef\xbb\xbf\n <!DocType html><title>Moved</title>"


class Server(ThreadingHTTPServer):
    """One behaviour a path; counts the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.stop = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.server.requests[self.path] += 1
        self.server.agents.add(self.headers["User-Agent"])
        name = self.path.removeprefix("/").split(".")[0].replace("-", "_")
        getattr(self, f"_{name}")(self.server.requests[self.path])

    def _answer(self, body: bytes, *, length: int | None = None, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/zip")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def _good(self, attempt: int) -> None:
        self._answer(GOOD)

    def _missing(self, attempt: int) -> None:
        self._answer(b"", status=404)

    def _forbidden(self, attempt: int) -> None:
        self._answer(b"", status=403)

    def _odd(self, attempt: int) -> None:
        self._answer(b"", status=299)

    def _moved(self, attempt: int) -> None:
        self.send_response(302)
        self.send_header("Location", "/good.zip")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _circle(self, attempt: int) -> None:
        self.send_response(302)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _elsewhere(self, attempt: int) -> None:
        self.send_response(302)
        self.send_header("Location", "file:///etc/passwd")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _breaks(self, attempt: int) -> None:
        self._answer(GOOD[: len(GOOD) // 2], length=len(GOOD))

    def _breaks_once(self, attempt: int) -> None:
        # The first body is the longer one: nothing of it may stay behind the second.
        if attempt == 1:
            self._answer(GOOD + bytes(5_000), length=len(GOOD) + 9_000)
        else:
            self._answer(GOOD)

    def _breaks_in_chunk(self, attempt: int) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s" % (len(GOOD), GOOD[:5_000]))

    def _chunked(self, attempt: int) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(GOOD), 50_000):
            part = GOOD[start : start + 50_000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def _short(self, attempt: int) -> None:
        self._answer(GOOD, length=len(GOOD) - 50)

    def _truncated(self, attempt: int) -> None:
        self._answer(GOOD[:-50])

    def _damaged(self, attempt: int) -> None:
        self._answer(GOOD[:1_000] + GOOD[2_000:])

    def _page(self, attempt: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "Text/HTML; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"Please sign in")

    def _disguised(self, attempt: int) -> None:
        self._answer(PAGE)

    def _busy_twice(self, attempt: int) -> None:
        self._answer(b"" if attempt <= 2 else GOOD, status=503 if attempt <= 2 else 200)

    def _busy(self, attempt: int) -> None:
        self._answer(b"", status=503)

    def _wait(self, attempt: int) -> None:
        self.send_response(429 if attempt == 1 else 200)
        self.send_header("Retry-After", "3600")
        self.send_header("Content-Length", "0" if attempt == 1 else str(len(GOOD)))
        self.end_headers()
        self.wfile.write(b"" if attempt == 1 else GOOD)

    def _hangs(self, attempt: int) -> None:
        self.server.stop.wait(5)

    def _hangs_midway(self, attempt: int) -> None:
        self._answer(GOOD[:5_000], length=len(GOOD))
        self.server.stop.wait(5)

    def _interrupts(self, attempt: int) -> None:
        self._answer(GOOD[:5_000], length=len(GOOD))
        self.wfile.flush()
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)
        self.server.stop.wait(5)

    def _drips(self, attempt: int) -> None:
        self._answer(b"", length=len(GOOD))
        for byte in itertools.islice(GOOD, 500):
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.01)

    def _packed(self, attempt: int) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", "8")
        self.end_headers()
        self.wfile.write(b"\x1f\x8b as is")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield running
        running.stop.set()
        running.shutdown()


@pytest.fixture(autouse=True)
def fresh(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count from nought, and do not sleep between attempts."""
    server.requests.clear()
    monkeypatch.setattr(transfer, "BACKOFF_SECONDS", 0.01)
    monkeypatch.setattr(transfer, "RETRY_AFTER_MAX_SECONDS", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "raw" / "host"


def get(
    address: str,
    folder: Path,
    *,
    sha256: str | None = None,
    size: int | None = None,
    mirror: Path | None = None,
    timeout: float = 5.0,
    retries: int = 2,
) -> Receipt:
    return fetch(
        address,
        folder / "corpus.zip",
        sha256=sha256,
        size=size,
        mirror=mirror,
        timeout=timeout,
        retries=retries,
        progress=False,
    )


def failure(
    address: str,
    folder: Path,
    *,
    sha256: str | None = None,
    size: int | None = None,
    mirror: Path | None = None,
    timeout: float = 5.0,
    retries: int = 2,
) -> str:
    """The one line with which a download ends; no file is left, an older one is untouched."""
    message = ""
    for older in (None, b"an older good file"):
        if older is not None:
            (folder / "corpus.zip").write_bytes(older)
        with pytest.raises(UserError) as caught:
            get(
                address,
                folder,
                sha256=sha256,
                size=size,
                mirror=mirror,
                timeout=timeout,
                retries=retries,
            )
        message = str(caught.value)
        assert "\n" not in message
        assert len(message) < 600
        if older is None:
            assert list(folder.iterdir()) == []
        else:
            assert [path.read_bytes() for path in folder.iterdir()] == [older]
    return message


def test_good(server: Server, folder: Path) -> None:
    address = f"{server.address}/good.zip"
    receipt = get(address, folder, sha256=DIGEST.upper(), size=len(GOOD))
    assert receipt == Receipt(address, len(GOOD), DIGEST)
    assert [path.name for path in folder.iterdir()] == ["corpus.zip"]
    assert (folder / "corpus.zip").read_bytes() == GOOD
    assert all(agent.startswith("nlpflow ") for agent in server.agents)


def test_older_file_is_replaced_and_readable_as_any_other(server: Server, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "corpus.zip").write_bytes(b"old")
    (folder / "ordinary").touch()
    get(f"{server.address}/good.zip", folder)
    assert (folder / "corpus.zip").read_bytes() == GOOD
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert len(modes) == 1


@pytest.mark.parametrize("path", ["chunked.zip", "moved.zip"])
def test_good_in_other_ways(server: Server, folder: Path, path: str) -> None:
    assert get(f"{server.address}/{path}", folder, sha256=DIGEST).bytes == len(GOOD)


def test_content_encoding_is_kept(server: Server, folder: Path) -> None:
    get(f"{server.address}/packed.txt.gz", folder)
    assert (folder / "corpus.zip").read_bytes() == b"\x1f\x8b as is"


@pytest.mark.parametrize(
    ("path", "reason"), [("missing.zip", "404 (Not Found)"), ("forbidden.zip", "403 (Forbidden)")]
)
def test_refusals_are_not_retried(server: Server, folder: Path, path: str, reason: str) -> None:
    assert reason in failure(f"{server.address}/{path}", folder)
    assert server.requests[f"/{path}"] == 2  # `failure` tries twice


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("odd.zip", "299 (unknown status)"),
        ("circle.zip", "redirects"),
        ("elsewhere.zip", "file:///etc/passwd"),
        ("short.zip", "truncated or not a zip"),
        ("truncated.zip", "truncated or not a zip"),
        ("damaged.zip", "truncated or not a zip"),
        ("page.zip", "an HTML page instead of a zip"),
        ("disguised.zip", "an HTML page instead of a zip"),
    ],
)
def test_wrong_answers(server: Server, folder: Path, path: str, reason: str) -> None:
    message = failure(f"{server.address}/{path}", folder, sha256=DIGEST)
    assert reason in message
    assert f"{server.address}/{path}" in message


def test_busy_twice_then_good(server: Server, folder: Path) -> None:
    get(f"{server.address}/busy-twice.zip", folder, sha256=DIGEST)
    assert server.requests["/busy-twice.zip"] == 3


def test_always_busy(server: Server, folder: Path) -> None:
    assert "503 (Service Unavailable)" in failure(f"{server.address}/busy.zip", folder)
    assert server.requests["/busy.zip"] == 2 * 3


def test_wait_asked_for_by_the_server_is_capped(server: Server, folder: Path) -> None:
    get(f"{server.address}/wait.zip", folder, sha256=DIGEST)
    assert server.requests["/wait.zip"] == 2


def test_body_that_breaks_once(server: Server, folder: Path) -> None:
    assert get(f"{server.address}/breaks-once.zip", folder, sha256=DIGEST).bytes == len(GOOD)
    assert (folder / "corpus.zip").read_bytes() == GOOD
    assert server.requests["/breaks-once.zip"] == 2


@pytest.mark.parametrize("path", ["breaks.zip", "breaks-in-chunk.zip"])
def test_body_that_always_breaks(server: Server, folder: Path, path: str) -> None:
    message = failure(f"{server.address}/{path}", folder)
    assert "could not be downloaded" in message
    assert "IncompleteRead" in message
    assert server.requests[f"/{path}"] == 2 * 3


@pytest.mark.parametrize("path", ["hangs.zip", "hangs-midway.zip"])
def test_silence(server: Server, folder: Path, path: str) -> None:
    message = failure(f"{server.address}/{path}", folder, timeout=0.1, retries=1)
    assert "timed out" in message
    assert server.requests[f"/{path}"] == 2 * 2


def test_drip(server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "SLOW_WINDOW_SECONDS", 0.2)
    start = time.monotonic()
    assert "too slow" in failure(f"{server.address}/drips.zip", folder)
    assert time.monotonic() - start < 4  # not only when the server ends, after twice 5 seconds


def test_no_server(folder: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as closed:
        address = f"http://127.0.0.1:{closed.server_port}/good.zip"
    assert "Connection refused" in failure(address, folder)


def test_wrong_digest(server: Server, folder: Path) -> None:
    message = failure(f"{server.address}/good.zip", folder, sha256=OTHER_DIGEST)
    assert f"expected sha256 {OTHER_DIGEST}, found {DIGEST}" in message


def test_size_is_checked_only_beside_a_digest(server: Server, folder: Path) -> None:
    address = f"{server.address}/good.zip"
    assert f"expected 7 bytes, found {len(GOOD)}" in failure(address, folder, sha256=DIGEST, size=7)
    assert get(address, folder, size=7).bytes == len(GOOD)


def test_interrupt_leaves_nothing(server: Server, folder: Path) -> None:
    # Where tests run in the background of a shell, Python finds SIGINT ignored and leaves it so.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            get(f"{server.address}/interrupts.zip", folder)
    finally:
        signal.signal(signal.SIGINT, before)
    assert list(folder.iterdir()) == []


def test_progress_goes_to_stderr(
    server: Server, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    address, target = f"{server.address}/good.zip", folder / "corpus.zip"
    fetch(address, target, sha256=None, size=None, mirror=None)
    out, err = capfd.readouterr()
    assert out == ""
    assert "corpus.zip: 100%" in err
    get(address, folder)
    assert capfd.readouterr().err == ""


def test_full_disk(server: Server, folder: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with contextlib.ExitStack() as restored:
        restored.callback(resource.setrlimit, resource.RLIMIT_FSIZE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        message = failure(f"{server.address}/good.zip", folder)
    assert "corpus.zip: cannot be written: File too large" in message


def test_folder_that_is_a_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "raw").touch()
    with pytest.raises(UserError, match=r"corpus\.zip: cannot be written: [^\n]+$"):
        get(f"{server.address}/good.zip", tmp_path / "raw" / "host")


def test_destination_that_is_a_folder(server: Server, folder: Path) -> None:
    (folder / "corpus.zip").mkdir(parents=True)
    with pytest.raises(UserError, match="cannot be written: Is a directory"):
        get(f"{server.address}/good.zip", folder)
    assert [path.name for path in folder.iterdir()] == ["corpus.zip"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_read_only_folder(server: Server, folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o500)
    with pytest.raises(UserError, match="cannot be written: Permission denied"):
        get(f"{server.address}/good.zip", folder)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    place = tmp_path / "mirror" / "www.example.org" / "a b"
    place.mkdir(parents=True)
    (place / "fra-eng.zip").write_bytes(GOOD)
    (place / "cut.zip").write_bytes(GOOD[:-50])
    (place / "page.zip").write_bytes(PAGE)
    return tmp_path / "mirror"


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS"])
def test_mirror(mirror: Path, folder: Path, scheme: str) -> None:
    address = f"{scheme}://WWW.example.org/a%20b/fra-eng.zip"
    receipt = get(address, folder, sha256=DIGEST, size=len(GOOD), mirror=mirror)
    assert receipt == Receipt(address, len(GOOD), DIGEST)
    assert (folder / "corpus.zip").read_bytes() == GOOD


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("fra-eng.zip", f"expected sha256 {OTHER_DIGEST}, found {DIGEST}"),
        ("none.zip", "not in the mirror"),
        ("cut.zip", "truncated or not a zip"),
        ("page.zip", "an HTML page instead of a zip"),
    ],
)
def test_mirror_failures(mirror: Path, folder: Path, name: str, reason: str) -> None:
    address = f"https://www.example.org/a%20b/{name}"
    message = failure(address, folder, sha256=OTHER_DIGEST, mirror=mirror)
    assert reason in message
    assert str(mirror / "www.example.org" / "a b" / name) in message


def test_mirror_touches_no_network(server: Server, tmp_path: Path, folder: Path) -> None:
    assert "not in the mirror" in failure(f"{server.address}/good.zip", folder, mirror=tmp_path)
    assert not server.requests


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://www.manythings.org/anki/fra-eng.zip", "www.manythings.org/anki/fra-eng.zip"),
        ("http://Example.org:8080/A/b.txt", "example.org:8080/A/b.txt"),
        ("https://example.org/d%C3%A9j%C3%A0%20vu%252F.zip", "example.org/déjà vu%2F.zip"),
    ],
)
def test_raw_path(address: str, path: str) -> None:
    assert raw_path(address) == path


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://example.org/a.zip", "only http"),
        ("file:///etc/passwd", "only http"),
        ("data/sample/a.txt", "only http"),
        ("", "only http"),
        ("https:///a.zip", "no host"),
        ("https://:80/a.zip", "no host"),
        ("https://example.org:port/a.zip", "not a valid address"),
        ("https://[::1/a.zip", "not a valid address"),
        ("https://example.org", "no file"),
        ("https://example.org/", "no file"),
        ("https://example.org/a.zip?version=2", "query"),
        ("https://example.org/a.zip?", "query"),
        ("https://example.org/a.zip#top", "fragment"),
        ("https://user:secret@example.org/a.zip", "password"),
        ("https://example.org/../a.zip", "'..'"),
        ("https://example.org/x/%2e%2E/a.zip", "'..'"),
        ("https://../a.zip", "'..'"),
        ("https://example.org/x/./a.zip", "'..'"),
        ("https://example.org/x//a.zip", "'..'"),
        ("https://example.org/x/", "'..'"),
        ("https://example.org/x%2F..%2Fa.zip", "'..'"),
        ("https://example.org/x\\a.zip", "'..'"),
        ("https://example.org/a%00.zip", "'..'"),
        ("https://example.org/%E9.zip", "not UTF-8"),
        ("https://example.org/a\nb.zip", "white space"),
        ("https://example.org/a b.zip", "white space"),
    ],
)
def test_addresses_refused(tmp_path: Path, address: str, reason: str) -> None:
    with pytest.raises(UserError) as caught:
        raw_path(address)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError):
        get(address, tmp_path / "raw", mirror=tmp_path)
    assert not (tmp_path / "raw").exists()
