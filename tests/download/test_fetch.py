"""Downloads against a real HTTP server on this machine: complete and checked, or nothing."""

import contextlib
import hashlib
import os
import resource
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlpflow.download import transfer
from nlpflow.download.fetch import Receipt, fetch, fetch_first
from nlpflow.errors import UserError
from nlpflow.jobs import JobStatus
from nlpflow.text.addresses import raw_path
from server import GOOD, PAGE, Server, serving

DIGEST = hashlib.sha256(GOOD).hexdigest()
OTHER_DIGEST = "0" * 64


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


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
    with Server() as closed:
        address = f"{closed.address}/good.zip"
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


def test_a_download_says_how_far_it_is(
    server: Server, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    address, target = f"{server.address}/good.zip", folder / "corpus.zip"
    seen: list[JobStatus] = []
    fetch(address, target, sha256=None, size=None, mirror=None, show=seen.append)
    size = f"{target.stat().st_size / 1e6:,.1f} MB"
    assert (seen[-1].step, seen[-1].share) == (f"{size} of {size}", 1.0)
    assert seen[-1].remaining == 0
    shares = [status.share for status in seen]
    assert shares == sorted(shares)
    assert capfd.readouterr() == ("", "")


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


def test_addresses_are_tried_in_their_order(
    server: Server, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = ("missing.zip", "other/good.zip", "good.zip", "good.zip")
    addresses = [f"{server.address}/{name}" for name in names]
    receipt = fetch_first(addresses, folder / "corpus.zip", sha256=DIGEST, size=None, mirror=None)
    assert receipt == Receipt(addresses[1], len(GOOD), DIGEST)
    assert server.requests["/good.zip"] == 0
    assert [path.name for path in folder.iterdir()] == ["corpus.zip"]
    (message,) = caplog.messages
    assert message.startswith(f"{addresses[0]}: the server answered 404 (Not Found)")
    assert message.endswith("; trying the next address")


def test_another_digest_than_the_pin_counts_as_failed(
    server: Server, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for host, content in (("a", b"replaced"), ("b", GOOD)):
        (tmp_path / host).mkdir()
        (tmp_path / host / "corpus.gz").write_bytes(content)
    addresses = ["https://a/corpus.gz", "https://b/corpus.gz"]
    receipt = fetch_first(
        addresses, folder / "corpus.gz", sha256=DIGEST, size=None, mirror=tmp_path
    )
    assert receipt.address == addresses[1]
    assert "expected sha256" in caplog.text


def test_where_every_address_fails_the_last_one_is_the_error(
    server: Server, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    addresses = [f"{server.address}/{name}.zip" for name in ("missing", "forbidden")]
    with pytest.raises(UserError, match=r"forbidden\.zip: the server answered 403"):
        fetch_first(addresses, folder / "corpus.zip", sha256=None, size=None, mirror=None)
    assert "missing.zip" in caplog.text
    assert list(folder.iterdir()) == []
