"""An HTTP server on this machine that answers well or badly, one behaviour a file name."""

import io
import itertools
import os
import signal
import socket
import struct
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("fra.txt", "Go.\tVa !\n" * 20_000)
    return packed.getvalue()


GOOD = _zip()
PAGE = b"\xef\xbb\xbf\n <!DocType html><title>Moved</title>"


class Server(ThreadingHTTPServer):
    """Behaves as a path's last part says, whatever the folder; counts the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.stop = threading.Event()
        self.files: dict[str, bytes] = {}
        """What stands under further names."""

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
        name = PurePosixPath(self.path).name
        if name in self.server.files:
            self._answer(self.server.files[name])
        else:
            behaviour = name.split(".")[0].replace("-", "_")
            getattr(self, f"_{behaviour}")(self.server.requests[self.path])

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

    def _resets(self, attempt: int) -> None:
        self._answer(GOOD[: len(GOOD) // 2], length=len(GOOD))
        # Without lingering a closed connection is reset, not ended.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

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


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs in a thread of its own."""
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield running
        running.stop.set()
        running.shutdown()
