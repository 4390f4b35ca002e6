"""What leaves the Descent room: pictures, tables, animations and the program of the race."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from playground.controllers.code import CodeController
from playground.controllers.saver import Saver, csv_table, png
from playground.engine.descent.facts import axis_names
from playground.engine.descent.table import path_table
from playground.engine.document import Document
from playground.engine.export.animation import save
from playground.jobs import Jobs, Watcher
from playground.live_race import LiveRace
from playground.session import Session
from playground.widgets.measures.panel import MeasuresPanel
from playground.widgets.surface.contour_panel import ContourPanel
from playground.widgets.surface.surface_panel import SurfacePanel

JOB = "animation"
FRAMES = 100
FRAME_SECONDS = 0.05

View = SurfacePanel | ContourPanel


class DescentFiles(QObject):
    """Asks where each goes, and writes it; an animation is drawn frame by frame, so that the window stays alive.

    Signals
    -------
    drawn() : an animation has moved its view through the race, which now wants the cursor's step again.
    told(str) : something goes on that takes a while.
    """

    drawn = Signal()
    told = Signal(str)

    def __init__(
        self,
        session: Session,
        race: LiveRace,
        jobs: Jobs,
        saver: Saver,
        code: CodeController,
        views: tuple[SurfacePanel, ContourPanel],
        measures: MeasuresPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._race = race
        self._jobs = jobs
        self._saver = saver
        self._code = code
        self._measures = measures
        self._frames: list[NDArray[np.uint8]] = []
        self._steps: list[int] = []
        self._view: View = views[0]
        self._path = Path()
        self._racer = 0
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._draw_frame)
        for view in views:
            view.save_image_requested.connect(self.save_image)
            view.save_animation_requested.connect(self.save_animation)
            view.save_path_requested.connect(self.save_path)
        measures.save_image_requested.connect(self.save_plot)
        measures.save_table_requested.connect(self.save_table)

    @Slot()
    def show_code(self) -> None:
        """The plain program of the race."""
        self._code.write(self.tr("A race of optimisers"), _script)

    @Slot()
    def save_image(self) -> None:
        """Ask where to, and write the view that asked as a PNG."""
        view = self.sender()
        assert isinstance(view, SurfacePanel | ContourPanel)
        name = f"{view.objectName()}.png"
        self._saver.save(view, self.tr("Save the view"), name, _PNG, lambda: png(view.image()))

    @Slot()
    def save_plot(self) -> None:
        """Ask where to, and write the plot of measures as a PNG."""
        panel = self._measures
        self._saver.save(panel, self.tr("Save the plot"), "race.png", _PNG, lambda: png(panel.image()))

    @Slot()
    def save_table(self) -> None:
        """Ask where to, and write every racer's measures as CSV."""
        title, kinds = self.tr("Save the measures"), self.tr("Table (*.csv)")
        self._saver.save(self._measures, title, "race.csv", kinds, lambda: csv_table(self._measures.table()))

    @Slot(int)
    def select(self, racer: int) -> None:
        """Save this racer's path from now on."""
        self._racer = racer

    @Slot()
    def save_path(self) -> None:
        """Ask where to, and write the selected racer's path as CSV, the optimiser's own numbers included."""
        spec = self._race.spec
        if spec is None or self._racer >= len(self._race.traces):
            return
        trace, names = self._race.traces[self._racer], axis_names(spec.function)
        title, kinds = self.tr("Save the path"), self.tr("Table (*.csv)")
        self._saver.save(self._measures, title, "path.csv", kinds, lambda: path_table(trace, names).encode())

    @Slot()
    def save_animation(self) -> None:
        """Ask where to, and draw the race as the view that asked shows it, `FRAMES` pictures at most."""
        view = self.sender()
        assert isinstance(view, SurfacePanel | ContourPanel)
        kinds = self.tr("Animation (*.gif *.apng)")
        path = self._saver.ask(view, self.tr("Save the race as an animation"), f"{view.objectName()}.gif", kinds)
        if path is None or self._turn.isActive():
            return
        last = self._race.computed
        self._view, self._path, self._frames = view, path, []
        self._steps = sorted({round(step) for step in np.linspace(0, last, min(FRAMES, last + 1))})
        self.told.emit(self.tr("Drawing {count} pictures of the race").format(count=len(self._steps)))
        self._turn.start()

    @Slot()
    def _draw_frame(self) -> None:
        step = self._steps[len(self._frames)]
        self._view.set_step(step)
        self._frames.append(pixels(self._view.image(1.0)))
        if len(self._frames) == len(self._steps):
            self._turn.stop()
            self.drawn.emit()
            watcher = Watcher(completed=self._tell, failed=self._saver.problem_found.emit)
            self._jobs.start(JOB, _saving(self._frames, self._path), watcher=watcher)
            self._frames = []

    @Slot(object)
    def _tell(self, path: object) -> None:
        self._saver.saved.emit(str(path))


_PNG = "PNG (*.png)"


def pixels(image: QImage) -> NDArray[np.uint8]:
    """A picture as an array [H, W, 3]."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(plain.constBits(), np.uint8)
    rows: NDArray[np.uint8] = flat.reshape(plain.height(), plain.bytesPerLine())[:, : 4 * plain.width()]
    return rows.reshape(plain.height(), plain.width(), 4)[..., :3].copy()


def _saving(frames: list[NDArray[np.uint8]], path: Path) -> Callable[[], Generator[Any, None, Path]]:
    def job() -> Generator[Any, None, Path]:
        yield
        save(frames, path, FRAME_SECONDS)
        return path

    return job


def _script(document: Document) -> str:
    from playground.engine.scripts.descent import script  # imports torch, so on the job's own thread

    return script(document.descent)
