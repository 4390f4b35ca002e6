"""Every test starts as a fresh user and leaves no thread behind."""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


# Qt warns when it has to choose this folder itself, and a warning of Qt fails a test.
_runtime = tempfile.TemporaryDirectory(prefix="playground-runtime-")
os.environ.setdefault("XDG_RUNTIME_DIR", _runtime.name)


def pytest_configure() -> None:
    """Ctrl+C interrupts here too: what a shell starts in the background begins with it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def fresh_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, data and caches in an empty folder of this test's own."""
    home = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("TORCH_PLAYGROUND_DATA", str(home / "data"))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        # QSettings reads the environment once in a process, so a new folder has to be said.
        for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(form, QSettings.Scope.UserScope, str(home / "config"))
    return home


@pytest.fixture(autouse=True)
def pointer_out_of_the_way() -> None:
    """No test begins with the pointer over its widgets: what lies below it looks different."""
    if "PySide6.QtGui" in sys.modules:
        from PySide6.QtGui import QCursor, QGuiApplication

        if QGuiApplication.instance() is not None:
            QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())


@pytest.fixture(autouse=True)
def no_thread_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test after which a QThread it started, or a Python thread that keeps the process alive, still runs."""
    before = set(threading.enumerate())
    started = _qthreads_started(monkeypatch)
    yield
    running = [repr(thread) for thread in started if _is_running(thread)]
    running += [repr(thread) for thread in set(threading.enumerate()) - before if not thread.daemon]
    if running:
        pytest.fail(f"still running after the test: {', '.join(running)}")


def _qthreads_started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    started: list[object] = []
    if "PySide6.QtCore" not in sys.modules:
        return started
    from PySide6.QtCore import QThread

    start = QThread.start

    def recorded(thread: QThread, *arguments: object) -> None:
        started.append(thread)
        start(thread, *arguments)

    monkeypatch.setattr(QThread, "start", recorded)
    return started


def _is_running(thread: object) -> bool:
    import shiboken6

    return shiboken6.isValid(thread) and thread.isRunning()  # type: ignore[attr-defined]
