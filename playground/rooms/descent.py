"""The Descent room: its panels, their controllers, and how they hear of each other."""

from PySide6.QtCore import QObject, Signal

from playground.controllers.basins import BasinsController
from playground.controllers.code import CodeController
from playground.controllers.curve import CurveController
from playground.controllers.descent_files import DescentFiles
from playground.controllers.descent_function import FunctionController
from playground.controllers.descent_questions import DescentQuestions
from playground.controllers.descent_race import RaceController
from playground.controllers.descent_step import StepController
from playground.controllers.descent_views import DescentViews
from playground.controllers.playback import PlaybackController
from playground.controllers.saver import Saver
from playground.jobs import Jobs
from playground.live_race import LiveRace
from playground.session import Session
from playground.widgets.basins.panel import BasinsPanel
from playground.widgets.common.panel import Panel
from playground.widgets.curve.panel import CurvePanel
from playground.widgets.descent.function_panel import FunctionPanel
from playground.widgets.descent.playback_panel import PlaybackPanel
from playground.widgets.descent.race_panel import RacePanel
from playground.widgets.descent.step_panel import StepPanel
from playground.widgets.measures.panel import MeasuresPanel
from playground.widgets.surface.contour_panel import ContourPanel
from playground.widgets.surface.surface_panel import SurfacePanel


class DescentRoom(QObject):
    """Made when one of its panels is first seen; `start` follows when PyTorch is loaded.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    told(str) : a line for the status bar.
    """

    problem_found = Signal(object)
    told = Signal(str)

    def __init__(self, session: Session, jobs: Jobs, saver: Saver, code: CodeController, parent: QObject) -> None:
        super().__init__(parent)
        self._make_panels()
        self._make_controllers(session, jobs, saver, code)
        self._connect()

    def start(self) -> None:
        """Compute what is shown first."""
        for controller in (self.questions, self.function, self.curves, self.racers):
            controller.start()

    def close(self) -> None:
        """Its jobs are the window's."""

    def _make_panels(self) -> None:
        self.surface = SurfacePanel()
        self.contours = ContourPanel()
        self.playback_panel = PlaybackPanel()
        self.measures = MeasuresPanel()
        self.function_panel = FunctionPanel()
        self.race_panel = RacePanel()
        self.step_panel = StepPanel()
        self.basins_panel = BasinsPanel()
        self.curve_panel = CurvePanel()
        self.panels: tuple[Panel, ...] = (  # as Tab goes through them
            self.function_panel, self.surface, self.playback_panel, self.contours, self.measures, self.race_panel,
            self.step_panel, self.basins_panel, self.curve_panel,
        )  # fmt: skip

    def _make_controllers(self, session: Session, jobs: Jobs, saver: Saver, code: CodeController) -> None:
        views = (self.surface, self.contours)
        self.race = LiveRace(jobs, self)
        self.questions = DescentQuestions(jobs, self)
        self.function = FunctionController(session, self.race, self.questions, self.function_panel, self)
        self.racers = RaceController(session, self.race, self.race_panel, self)
        self.playback = PlaybackController(self.race, self.playback_panel, self)
        self.views = DescentViews(session, self.race, self.racers, self.questions, views, self.measures, self)
        self.steps = StepController(self.race, self.questions, self.step_panel, views, self)
        self.basins = BasinsController(session, jobs, saver, self.basins_panel, self.contours, self)
        self.curves = CurveController(session, self.questions, code, self.curve_panel, self)
        self.files = DescentFiles(session, self.race, jobs, saver, code, views, self.measures, self)

    def _connect(self) -> None:
        for speaker in (self.questions, self.racers):
            speaker.problem_found.connect(self.problem_found)
        for watcher in (self.racers, self.views):
            self.function.surface_found.connect(watcher.show_surface)
        for chooser in (self.surface, self.contours, self.basins):
            chooser.start_chosen.connect(self.function.choose_start)
        for mover in (self.views.show_step, self.steps.show_step, self.function.show_step):
            self.playback.moved.connect(mover)
        self.files.drawn.connect(self.playback.tell_again)
        self.files.told.connect(self.told)
        self.measures.step_chosen.connect(self.playback.seek)
        self.measures.action_requested.connect(self.racers.start)
        self.steps.step_requested.connect(self.playback_panel.go_forward)
        for selecting in (self.steps.select, self.files.select):
            self.racers.selected.connect(selecting)
        for asker in (self.surface, self.contours, self.race_panel):
            asker.code_requested.connect(self.files.show_code)
