"""Downloads that can be stopped at any moment and give the whole, checked file or nothing."""

import hashlib
import queue
import threading
import time
import urllib.request
from collections.abc import Generator, Sequence
from http.client import HTTPException

from playground.engine.files import reason
from playground.engine.problems import Problem, Stopped
from playground.engine.training.events import Preparing

STALL_SECONDS = 20.0
MAX_BYTES = 2**30

_CHUNK = 2**16
_POLL_SECONDS = 0.05


def check_stop(stop: threading.Event | None) -> None:
    """Raise `Stopped` when the user has asked for it."""
    if stop is not None and stop.is_set():
        raise Stopped


def download(
    name: str, urls: Sequence[str], md5: str, stop: threading.Event | None = None
) -> Generator[Preparing, None, bytes]:
    """Bring one file, trying each address in turn, and check it. Nothing is written to the disk.

    Returns
    -------
    bytes
        The whole file, whose MD5 is the one asked for.

    Raises
    ------
    Problem
        `data-download` when no address gave the file.
    Stopped
        Within a tenth of a second after `stop` is set, even while the network hangs.
    """
    failures = []
    for url in urls:
        transfer = _Transfer(url)
        try:
            content = yield from _received(name, transfer, stop)
            found = hashlib.md5(content, usedforsecurity=False).hexdigest()
            if found == md5:
                return content
            failures.append(f"{len(content):,} bytes came, whose MD5 is {found} instead of {md5}")
        except (OSError, HTTPException, ValueError) as error:
            failures.append(_sentence(error))
        finally:
            transfer.abandoned.set()
    raise Problem("data-download", name=name, url=" and ".join(urls), detail="; ".join(failures))


class _Transfer:
    """Reads an address in a thread of its own, so that a hanging network never holds up the job.

    `parts` receives the total length (None if not told), then the chunks, then None; or an exception at any point.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.parts: queue.Queue[int | bytes | BaseException | None] = queue.Queue(maxsize=16)
        self.abandoned = threading.Event()
        threading.Thread(target=self._read, name="download", daemon=True).start()

    def next(self, stop: threading.Event | None) -> int | bytes | None:
        """The next part, as soon as it is there."""
        while True:
            check_stop(stop)
            try:
                part = self.parts.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(part, BaseException):
                raise part
            return part

    def _read(self) -> None:
        try:
            request = urllib.request.Request(self.url, headers={"User-Agent": "torch-playground"})
            with urllib.request.urlopen(request, timeout=STALL_SECONDS) as response:
                self._put(response.length)
                while chunk := response.read1(_CHUNK):
                    if not self._put(chunk):
                        return
            self._put(None)
        except Exception as error:  # raised again where the job waits for the next part
            self._put(error)

    def _put(self, part: int | bytes | BaseException | None) -> bool:
        """Hand over one part; False once nobody wants it."""
        while not self.abandoned.is_set():
            try:
                self.parts.put(part, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False


def _received(name: str, transfer: _Transfer, stop: threading.Event | None) -> Generator[Preparing, None, bytes]:
    content, told = bytearray(), 0.0
    yield Preparing("data", None, f"{name}: asking {transfer.url}")
    total = transfer.next(stop)
    length = total if isinstance(total, int) else None
    while isinstance(chunk := transfer.next(stop), bytes):
        content += chunk
        if len(content) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES:,} bytes came")
        if time.monotonic() - told > _POLL_SECONDS:
            told = time.monotonic()
            yield _progress(name, len(content), length)
    if length is not None and len(content) < length:
        raise ValueError(f"it ended after {len(content):,} of {length:,} bytes")
    yield _progress(name, len(content), length)
    return bytes(content)


def _progress(name: str, received: int, length: int | None) -> Preparing:
    if not length:
        return Preparing("data", None, f"{name}: {received / 1e6:.1f} MB")
    return Preparing("data", received / length, f"{name}: {received / 1e6:.1f} of {length / 1e6:.1f} MB")


def _sentence(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing came for {STALL_SECONDS:g} seconds"
    return reason(error)
