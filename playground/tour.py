"""A tour of the real window: its main jobs done with real clicks, a picture at each stage."""

import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from playground.app import make_application
from playground.engine import presets
from playground.engine.document import get
from playground.engine.problems import Problem
from playground.garbage import collected_here
from playground.program import Program
from playground.rooms.descent import DescentRoom
from playground.widgets.common.theme import theme

SIZE = (1600, 1000)
SMALL = (1024, 700)
PATIENCE_S = 600
PRESET = "mnist-mlp"
RACE_STEP = 30
CELLS = (
    "a = torch.arange(12.).view(3, 4)\nb = a.t()",
    "w = torch.tensor([1., 2., 3.], requires_grad=True)\nL = -torch.log(F.softmax(w, dim=0)[1])",
    "L",
)


class StageFailed(Exception):
    """What a stage waited for did not come."""


def main(out: Path) -> int:
    """Drive the window through every stage; 0 where all of them worked, 1 where one did not."""
    out.mkdir(parents=True, exist_ok=True)
    application = make_application()  # before any timer is started
    with _fresh_user(), collected_here():
        tour = Tour(out)
        try:
            tour.run()
        except StageFailed as failure:
            sys.stderr.write(f"tour: {failure}\n")
            tour.picture("failed")
            return 1
        finally:
            tour.end()
            application.processEvents()
    return 0


class Tour:
    """The stages, in order; each leaves a picture."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._program = Program()
        self._window = self._program.window
        self._told: list[str] = []
        self._program.files.told.connect(self._told.append)

    def run(self) -> None:
        """Every stage."""
        stages: tuple[Callable[[], QWidget | None], ...] = (
            self.first_paint, self.training, self.gallery, self.digit, self.dark, self.notice, self.small, self.network,
            self.misfit, self.descent, self.basins, self.tensors, self.export, self.saving,
        )  # fmt: skip
        for number, stage in enumerate(stages):
            name = stage.__name__.replace("_", "-")
            self.picture(f"{number}-{name}", stage())
            sys.stdout.write(f"{name}: {self._out / f'{number}-{name}.png'}\n")

    def end(self) -> None:
        """Close the window without questions."""
        self._program.session.undo_stack.setClean()
        self._window.close()

    def picture(self, name: str, window: QWidget | None = None) -> None:
        """The whole window as it is now, or another one."""
        _let_pass(100)  # so that what was just asked for is painted
        (window or self._window).grab().save(str(self._out / f"{name}.png"))

    def first_paint(self) -> None:
        """The window is there before PyTorch is."""
        theme.choose("light")
        self._program.show()
        self._window.resize(*SIZE)
        self._wait("the window to be shown", QTest.qWaitForWindowExposed, self._window)

    def training(self) -> None:
        """Train a preset to the end with a click on Train."""
        self._wait_until("PyTorch to be loaded", lambda: "cpu" in self._window.device_label.text())
        self._program.editing.choose_preset(PRESET)
        self._click("training_primary")
        self._wait_until("the first epoch", lambda: bool(self._program.run.history.epochs))
        self.picture("1-under-way")
        self._wait_until("the run to end", lambda: self._program.run.state in ("finished", "failed"))
        epochs = get(presets.preset(PRESET), "training.epochs")
        self._demand("every epoch was trained", len(self._program.run.history.epochs) == epochs)

    def gallery(self) -> None:
        """The test images the net gets wrong."""
        samples = self._window.samples
        samples.split.setCurrentIndex(samples.split.findData("test"))
        self._wait_until("the mistakes to be known", samples.filter.isEnabled)
        samples.filter.setCurrentIndex(samples.filter.findData("mistakes"))
        self._wait_until("the mistakes to be shown", self._shows_only_mistakes)

    def digit(self) -> None:
        """Draw a three and have it read."""
        self._draw(_three())
        self._wait_until("the drawing to be read as 3", lambda: self._window.digits.answer.text() == "3")

    def dark(self) -> None:
        """The same in dark colours."""
        self._window.actions_table["theme_dark"].trigger()

    def notice(self) -> None:
        """A document that cannot be opened is said in one line, and nothing is lost."""
        broken = self._out / "broken.playground"
        broken.write_text('{"format": 1, "training": {"epochs": "many"}}', encoding="utf-8")
        before = self._program.session.document
        self._program.files.open_path(broken)
        broken.unlink()
        self._demand("a notice is shown", self._window.notice.isVisible())
        self._demand("the document stays", self._program.session.document == before)

    def small(self) -> None:
        """The window small, and light again."""
        self._window.notice.clear()
        self._window.actions_table["theme_light"].trigger()
        self._window.resize(*SMALL)

    def network(self) -> None:
        """A convolutional net in the workspace where networks are made, its first layer selected."""
        self._window.resize(*SIZE)
        self._window.workspaces.switch("network")
        self._program.editing.choose_preset("lenet5")
        self._wait_until("its shapes", lambda: self._analysed("lenet5"))
        self._window.network.select_layer("conv1")
        self._wait_until("the layer's numbers", self._window.layer_form.facts.isVisible)

    def misfit(self) -> None:
        """A layer taken away: the misfit is said at its layer, and repairs are offered and one is applied."""
        self._window.network.select_layer("flatten1")
        QTest.keyClick(self._window.network.tree, Qt.Key.Key_Delete)
        self._wait_until("repairs", lambda: bool(self._repairs()))
        self.picture("8-repairs")
        self._window.network.repair_chosen.emit(0)
        self._wait_until("a network that fits", lambda: self._analysed("") and not self._repairs())

    def descent(self) -> None:
        """Three optimisers race down Himmelblau's function, seen in the middle with the step explained."""
        self._window.workspaces.switch("descent")
        room = self._descent_room()
        self._wait_until("the race to end", lambda: room.race.seconds is not None)
        self._wait_until("the surface", lambda: room.function.surface is not None)
        room.step_panel.arrows.setChecked(True)
        room.playback.seek(RACE_STEP)
        self._wait_until("the step to be explained", lambda: str(RACE_STEP) in room.step_panel.title.text())

    def basins(self) -> None:
        """Which minimum every start reaches, also in dark colours under the contours."""
        self._window.actions_table["theme_dark"].trigger()
        room = self._descent_room()
        dock = self._window.docks["basins"]
        dock.show()
        dock.raise_()
        room.basins_panel.compute_requested.emit()
        self._wait_until("the basins", lambda: not self._program.jobs.is_running("basins"))
        self._demand("there is a picture of them", room.basins_panel.image() is not None)
        self._click("basins_underlay")
        self.picture("10-basins-in-dark")
        self._window.actions_table["theme_light"].trigger()

    def tensors(self) -> None:
        """A loss typed into the console: its variables, its memory, and backward through its graph."""
        self._window.workspaces.switch("tensors")
        self._wait_until("the room", lambda: "tensors" in self._program.rooms)
        from playground.rooms.tensors import TensorsRoom  # imports torch

        room = self._program.rooms["tensors"]
        assert isinstance(room, TensorsRoom)
        for cell in CELLS:
            room.console.run_cell(cell)
            self._wait_until("the cell", lambda: cell in room.console.engine.transcript.script())  # noqa: B023
        self._wait_until("the graph", lambda: room.autograd.name == "L" and bool(room.autograd_panel.view.graph.nodes))
        for turn in range(1, 5):
            room.autograd_panel.step_requested.emit()
            self._wait_until("a turn", room.autograd_panel.pages.step.isVisible)
            _let_pass(50 * turn)
        room.inspector.show_expression("b")
        self._wait_until("the memory picture", lambda: room.inspector.expression == "b")

    def export(self) -> QWidget:
        """The trained net leaves in two formats, each loaded again in a clean process and compared."""
        self._window.actions_table["export"].trigger()
        view = self._program.export.view
        folder = self._out / "export"
        folder.mkdir(exist_ok=True)
        view.form.folder.setText(str(folder.absolute()))
        self._wait_until("the formats", lambda: not self._program.jobs.is_running("export-formats"))
        self._click("export_start")
        self._wait_until("the exports", lambda: not view.is_running)
        self._demand(f"both proofs passed: {view.summary()}", view.proofs.count("passed") == 2)
        return view

    def saving(self) -> None:
        """Save the document and the model, and open both again."""
        self._program.export.hide()
        self._window.workspaces.switch("train")
        document, model = self._out / "tour.playground", self._out / "tour.safetensors"
        shown = self._program.session.document
        self._program.session.save(document)
        self._program.files.save_model_to(model)
        self._wait_until("the model to be saved", model.exists)
        try:
            self._program.session.open(document)
        except Problem as problem:
            raise StageFailed(problem.sentence) from problem
        self._demand("the document comes back as it was", self._program.session.document == shown)
        self._told.clear()
        self._program.files.open_path(model)
        self._wait_until("the model to be opened", lambda: bool(self._told))

    def _descent_room(self) -> DescentRoom:
        room = self._program.rooms["descent"]
        assert isinstance(room, DescentRoom)
        return room

    def _shows_only_mistakes(self) -> bool:
        page = self._window.samples.gallery.page
        return page is not None and len(page) > 0 and all(page.is_mistake(index) for index in range(len(page)))

    def _analysed(self, preset: str) -> bool:
        """Whether the analysis of the document, which is that preset, is there and finds no problem."""
        analysis = self._program.network.analysis
        network = self._program.session.document.network
        is_it = not preset or network == presets.preset(preset).network
        return (
            is_it and analysis is not None and analysis.problem is None and len(analysis.layers) == len(network.layers)
        )

    def _repairs(self) -> Sequence[object]:
        advice = self._program.network.advice
        is_new = advice is not None and advice.question.document == self._program.session.document
        return advice.repairs if advice is not None and is_new else ()

    def _click(self, name: str) -> None:
        button = self._window.findChild(QAbstractButton, name)
        if button is None:
            raise StageFailed(f"there is no button {name}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _draw(self, strokes: list[tuple[float, float]]) -> None:
        canvas = self._window.digits.canvas
        square = canvas.square()
        corner, side = square.topLeft(), square.width()
        points = [(corner + QPointF(x * side, y * side)).toPoint() for x, y in strokes]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(canvas, point)
            QApplication.processEvents()
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=points[-1])

    def _wait(self, what: str, wait: Callable[[QWidget, int], bool], widget: QWidget) -> None:
        self._demand(what, wait(widget, 10_000))

    def _wait_until(self, what: str, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise StageFailed(f"waited {PATIENCE_S} s in vain for {what}")
            _let_pass(20)

    def _demand(self, what: str, holds: bool) -> None:
        if not holds:
            raise StageFailed(f"it is not so that {what}")


def _let_pass(milliseconds: int) -> None:
    """Handle events for a while. QTest.qWait would hold Python's lock all the time, and every worker stand still."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _three() -> list[tuple[float, float]]:
    """A three as a hand draws it, in fractions of the pad."""
    upper = [(0.48 + 0.17 * math.cos(a), 0.33 + 0.15 * math.sin(a)) for a in _arc(-2.6, 1.4)]
    lower = [(0.48 + 0.2 * math.cos(a), 0.65 + 0.17 * math.sin(a)) for a in _arc(-1.4, 2.6)]
    return [*upper, *lower]


def _arc(start: float, end: float, count: int = 16) -> list[float]:
    return [start + (end - start) * index / (count - 1) for index in range(count)]


@contextmanager
def _fresh_user() -> Iterator[None]:
    """Settings and data of nobody, so that the tour neither shows nor changes the user's."""
    names = ("TORCH_PLAYGROUND_DATA", "XDG_CONFIG_HOME")
    before = {name: os.environ.get(name) for name in names}
    with tempfile.TemporaryDirectory(prefix="playground-tour-") as folder:
        os.environ.update({name: str(Path(folder) / name.lower()) for name in names})
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
