"""What the tests of the window share: a program that is shown, warm and closed in order, small documents, waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog

from playground.app import make_application
from playground.engine.data.spec import Points
from playground.engine.document import Document, replace
from playground.engine.network.sequence import layer, sequence
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec, TrainingSpec
from playground.main_window import MainWindow
from playground.program import Program

PATIENCE_MS = 60_000

SMALL = Document(
    title="Two clouds",
    data=Points(samples=200, test=100),
    network=sequence(layer("Linear", in_features=2, out_features=2)),
    training=TrainingSpec(optimizer=OptimizerSpec(args=Args(lr=0.5)), batch_size=20, epochs=3, device="cpu"),
)
STEPS = 3 * 10  # 200 samples in batches of 20, three times
LONG = replace(replace(SMALL, "training.batch_size", 1), "training.epochs", 100_000)
"""Goes on until somebody stops it: nobody waits for its end."""


@contextmanager
def shown_program(home: Path) -> Iterator[Program]:
    """A program as a fresh user meets it, with PyTorch loaded; closed in order afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCH_PLAYGROUND_DATA", str(home / "data"))
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(home / "config"))
        make_application()
        program = Program()
        program.show()
        wait_until(lambda: program.window.device_label.text() != "", "PyTorch to be loaded")
        try:
            yield program
        finally:
            end_run(program)
            program.session.undo_stack.setClean()
            program.window.close()
            program.window.deleteLater()
            QTest.qWait(0)


def start_over(program: Program, document: Document = SMALL) -> None:
    """The window with another document, at rest, nothing said."""
    end_run(program)
    program.session.start_over(document)
    program.window.notice.clear()


def end_run(program: Program) -> None:
    """Stop a run that goes on, and wait for its end."""
    program.run.stop()
    wait_until(lambda: not program.jobs.is_running("training"), "the run to end")


def train(program: Program, document: Document = SMALL) -> None:
    """Train a document to its end with a click."""
    start_over(program, document)
    click(program.window, "training_primary")
    wait_until(lambda: program.run.state in ("finished", "failed"), "the run to end")


def wait_until(condition, what: str) -> None:
    """Wait with the window alive; say what for when it does not come."""
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not condition():
        assert not deadline.hasExpired(), f"waited in vain for {what}"
        # An event loop of our own: what an override raises inside QTest.qWait comes out there, not at the hook.
        loop = QEventLoop()
        QTimer.singleShot(5, loop.quit)
        loop.exec()


def click(window: MainWindow, name: str) -> None:
    """Press a button by its object name, with the mouse."""
    QTest.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def button(window: MainWindow, name: str) -> QAbstractButton:
    """The button of that object name."""
    found = window.findChild(QAbstractButton, name)
    assert found is not None, f"there is no button {name}"
    return found


def sentences(program: Program) -> list[str]:
    """What the notices that are open say."""
    return [message.sentence for message in program.window.notice.messages()]


def answer_dialogs(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    """Let every file dialog be answered with this path; an empty one means that the user gave up."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))


def application() -> QApplication:
    """The application."""
    return make_application()
