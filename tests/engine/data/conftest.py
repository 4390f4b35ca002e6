"""A mirror on the loopback address that serves good files, wrong bytes, half files, nothing, or hangs."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from playground.engine.data import sets


class Mirror:
    """`files` by path are served whole; `cut` paths end halfway; `stalled` paths hang halfway until `release`."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}/"
        self.files: dict[str, bytes] = {}
        self.cut: set[str] = set()
        self.stalled: set[str] = set()
        self.asked: list[str] = []
        self.stalling = threading.Event()
        self.release = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    mirror: Mirror

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.mirror.asked.append(self.path)
        content = self.mirror.files.get(self.path.lstrip("/"))
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if name in self.mirror.stalled | self.mirror.cut:
            self.wfile.write(content[: len(content) // 2])
            if name in self.mirror.stalled:
                self.mirror.stalling.set()
                self.mirror.release.wait(30)
            return
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """A running mirror with no files yet."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.mirror = Mirror(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield handler.mirror
    handler.mirror.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _fresh(tmp_path, monkeypatch) -> Iterator[None]:
    """An empty data folder and no data set in memory."""
    monkeypatch.setenv("TORCH_PLAYGROUND_DATA", str(tmp_path / "data"))
    sets.forget()
    yield
    sets.forget()
