"""The program: it makes session, jobs, run, window and controllers, joins them, and takes them apart in order."""

import gc
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QMessageBox

from playground import __version__
from playground.controllers.code import CodeController
from playground.controllers.digits import DigitController
from playground.controllers.export import ExportController
from playground.controllers.files import FIRST_PRESET, FileController
from playground.controllers.layer import LayerController
from playground.controllers.machine import MachineController
from playground.controllers.network import NetworkController
from playground.controllers.network_editing import NetworkEditing
from playground.controllers.network_swap import NetworkSwap
from playground.controllers.picture import PictureController
from playground.controllers.plots import PlotController
from playground.controllers.samples import SamplesController
from playground.controllers.saver import Saver
from playground.controllers.status import StatusController
from playground.controllers.training import TrainingController
from playground.controllers.weights_import import SUFFIXES, WeightsImportController
from playground.engine import presets
from playground.engine.problems import Problem
from playground.engine.warm_up import Warm, Warming
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.loading import load
from playground.main_window import MainWindow
from playground.rooms import NEED_TORCH, Room, make_room
from playground.session import Session, left_behind, recover
from playground.settings import Settings
from playground.widgets.command_palette.command_palette import Command
from playground.widgets.common.messages import sentence
from playground.widgets.common.theme import Choice, theme

FIRST_SIZE = QSize(1600, 1000)
FRAME = QSize(16, 48)  # pixels that title bar and borders may take
THEMES: tuple[Choice, ...] = ("system", "light", "dark")


class Program(QObject):
    """One window with everything behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        theme.choose(self.settings.theme)
        self.jobs = Jobs(self)
        self.session = Session(presets.preset(FIRST_PRESET), self)
        self.run = LiveRun(self.jobs, self)
        self.window = MainWindow(self.settings)
        self._is_warm = False
        self.rooms: dict[str, Room] = {}
        self._awaited_rooms: set[str] = set()
        self._make_controllers()
        self._connect_problems()
        self._connect_actions()
        self._connect_edges()

    def show(self, file: Path | None = None) -> None:
        """Show the window as it was left, and open a file in it."""
        geometry = self.settings.geometry
        if geometry is None or not self.window.restoreGeometry(geometry):
            self.window.resize(FIRST_SIZE.boundedTo(self.window.screen().availableSize() - FRAME))
        self.window.workspaces.switch(self.settings.workspace or "train")
        if not self.window.workspaces.current:
            self.window.workspaces.switch("train")
        self.window.show()
        if file is not None:
            self.files.open_path(file)

    def close(self) -> None:
        """Remember where everything is, stop every job (a run keeps its checkpoint) and wait for it."""
        self.window.workspaces.keep()
        self.settings.geometry = self.window.saveGeometry()
        self.export.hide()
        self.window.hide()  # torch may be half imported, or a long batch under way: nobody should watch us wait
        self.jobs.stop_all()
        self.export.close()
        for room in self.rooms.values():
            room.close()
        gc.unfreeze()
        self.session.close()

    def _make_controllers(self) -> None:
        window = self.window
        self.saver = Saver(self)
        self.status = StatusController(self.session, self.run, window)
        self.files = FileController(self.session, self.run, self.jobs, self.settings, window)
        self.weights = WeightsImportController(self.session, self.run, self.jobs, self.settings, window)
        self.network = NetworkController(
            self.session, self.jobs, window.network, window.layer_form, window.picture, self
        )
        self.picture = PictureController(window.picture, self)
        self.editing = NetworkEditing(self.session, self.run, self.network, window.network, window.layer_form, self)
        self.swap = NetworkSwap(self.session, self.run, self)
        self.layer = LayerController(
            self.session, self.run, self.jobs, window.layer, window.samples, window.digits, self
        )
        self.training = TrainingController(self.session, self.run, window.training, self)
        self.loss = PlotController(self.run, self.saver, window.loss, "loss", self)
        self.accuracy = PlotController(self.run, self.saver, window.accuracy, "accuracy", self)
        self.samples = SamplesController(self.session, self.run, self.jobs, window.samples, self)
        self.digits = DigitController(self.run, self.jobs, window.digits, self)
        self.machine = MachineController(self.jobs, window.machine, self)
        self.code = CodeController(self.session, self.jobs, self.saver, window)
        self.export = ExportController(self.session, self.run, self.jobs, self.settings, window)

        self.network.selected.connect(self.layer.select_layer)
        self.swap.began_anew.connect(self.network.mark_fresh)
        for follow in (self.layer.refresh, self.swap.hand_over, self.export.refit):
            self.editing.trusted.connect(follow)

    def _connect_problems(self) -> None:
        speakers: tuple[Any, ...] = (
            self.files, self.network, self.editing, self.layer, self.training, self.samples, self.digits,
            self.machine, self.code, self.picture, self.saver, self.export, self.weights,
        )  # fmt: skip
        for speaker in speakers:
            speaker.problem_found.connect(self.status.show_problem)
        self.run.failed.connect(self.status.show_problem)
        for speaker in (self.export, self.weights):
            speaker.problem_over.connect(self.status.forget_problem)
        for saver in (self.saver, self.picture):
            saver.saved.connect(self._tell_saved)
        for teller in (self.files, self.editing, self.swap, self.export, self.weights):
            teller.told.connect(self.status.tell)
        self.files.damaged.connect(self._offer_backup)

    def _connect_actions(self) -> None:
        act = self.window.actions_table
        slots = {
            "new": self.files.new, "open": self.files.open, "save": self.files.save, "save_as": self.files.save_as,
            "open_model": self.files.open_model, "save_model": self.files.save_model, "quit": self.window.close,
            "show_code": self.code.show, "palette": self._find_command, "train": self.training.toggle,
            "step_batch": self.training.step_batch, "step_epoch": self.training.step_epoch, "stop": self.run.stop,
            "measure": self._measure, "about": self._tell_about, "reset_layout": self.window.workspaces.reset,
            "full_screen": self._toggle_full_screen, "export": self.export.show, "import_weights": self.weights.choose,
            "model_card": self.export.ask_for_card,
        }  # fmt: skip
        for name, slot in slots.items():
            act[name].triggered.connect(slot)
        self._connect_themes()
        self._connect_workspaces()
        self._add_undo()
        self._show_recent()
        self.files.recent_changed.connect(self._show_recent)

    def _connect_themes(self) -> None:
        group = QActionGroup(self)
        for choice in THEMES:
            action = self.window.actions_table[f"theme_{choice}"]
            action.setChecked(choice == self.settings.theme)
            action.triggered.connect(partial(self._choose_theme, choice))
            group.addAction(action)

    def _connect_workspaces(self) -> None:
        for button in self.window.rail.buttons:
            action = self.window.actions_table[f"workspace_{button.name}"]
            action.triggered.connect(partial(self.window.workspaces.switch, button.name))

    def _add_undo(self) -> None:
        stack, menu = self.session.undo_stack, self.window.menus["edit"]
        for action, keys in (
            (stack.createUndoAction(self, self.tr("Undo")), "Ctrl+Z"),
            (stack.createRedoAction(self, self.tr("Redo")), "Ctrl+Shift+Z"),
        ):
            action.setShortcut(keys)
            menu.addAction(action)

    def _connect_edges(self) -> None:
        window = self.window
        window.may_close = self._may_close
        window.painted.connect(self._warm_up, Qt.ConnectionType.QueuedConnection)  # when the picture is out
        window.file_dropped.connect(self._open_dropped)
        window.room_wanted.connect(self._open_room)
        window.digits.image_dropped.connect(self._open_dropped)
        window.rail.selected.connect(window.workspaces.switch)
        window.workspaces.switched.connect(window.rail.set_current)
        window.rail.settings_requested.connect(self._show_settings)
        window.command_palette.chosen.connect(self._do_command)
        window.notice.action.connect(self._answer_notice)
        for panel in (window.network, window.training, window.loss, window.accuracy, window.digits):
            panel.code_requested.connect(self.code.show)
        window.training.controls.export_requested.connect(self.export.show)
        self.export.under_way.connect(self.status.show_work)
        window.work.clicked.connect(self.export.show)
        for plot in (window.loss, window.accuracy):
            plot.action_requested.connect(self.training.train)

    @Slot()
    def _show_recent(self) -> None:
        menu = self.window.recent_menu
        menu.clear()
        for path in self.settings.recent_files:
            action = menu.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(partial(self.files.open_path, path))
        menu.setEnabled(not menu.isEmpty())

    @Slot()
    def _warm_up(self) -> None:
        self.status.show_standing(self.tr("Loading PyTorch"))
        self._offer_recovery()
        self.jobs.start("warm-up", load, watcher=Watcher(self._show_warming, self._start_warm, self._fail_cold))

    @Slot(list)
    def _show_warming(self, events: list[Warming]) -> None:
        self.status.show_standing(self.tr("Loading {what}").format(what=events[-1].what))

    @Slot(object)
    def _start_warm(self, warm: Warm) -> None:
        gc.freeze()  # torch's modules stay; no later collection need look through them
        pairs = list(zip(warm.devices, warm.names, strict=True))
        auto = ("auto", self.tr("automatic: {device}").format(device=pairs[min(1, len(pairs) - 1)][0]))
        self.window.training.form.set_devices([auto, *pairs])
        name, title = pairs[1] if len(pairs) > 1 else pairs[0]
        self.status.show_device(f"{name}  {title}")
        if not self.run.is_active:
            self.status.show_standing(self.tr("Ready"))
        self.status.tell(self.tr("PyTorch {version} is ready").format(version=warm.version))
        for controller in (self.network, self.samples, self.digits, self.layer):
            controller.start()
        self._is_warm = True
        for room in self.rooms.values():
            room.start()
        for name in self._awaited_rooms:
            self._open_room(name)

    @Slot(str)
    def _open_room(self, name: str) -> None:
        if name in self.rooms:
            return
        if name in NEED_TORCH and not self._is_warm:
            self._awaited_rooms.add(name)
            return
        room = make_room(name, self.session, self.run, self.jobs, self.saver, self.code, self)
        room.problem_found.connect(self.status.show_problem)
        room.told.connect(self.status.tell)
        self.rooms[name] = room
        self.window.hold(room.panels)
        if self._is_warm:
            room.start()

    @Slot(object)
    def _fail_cold(self, problem: Problem) -> None:
        self.status.show_standing(self.tr("PyTorch could not be loaded"))
        self.status.show_problem(problem)

    def _offer_recovery(self) -> None:
        if left_behind():
            self.window.notice.show_message(
                self.tr("The last session ended before its changes were saved."),
                "warning",
                "",
                (("recover", self.tr("Recover them")), ("forget", self.tr("Forget them"))),
            )

    @Slot(object)
    def _offer_backup(self, problem: Problem) -> None:
        action = ("backup", self.tr("Open the version before"))
        self.window.notice.show_message(sentence(problem.code, problem.fields), "bad", problem.details, (action,))

    @Slot(str)
    def _answer_notice(self, key: str) -> None:
        if key == "backup":
            self.files.open_backup()
            return
        found = left_behind()
        if key == "recover" and found:
            try:
                self.session.replace_document(recover(found[0]), self.tr("recovery"))
            except Problem as problem:
                self.status.show_problem(problem)
        for path in found[1:] if key == "recover" else found:
            path.unlink(missing_ok=True)

    def _may_close(self) -> bool:
        if not self.files.may_leave():
            return False
        self.session.forget_autosave()
        self.close()
        return True

    @Slot(str)
    def _open_dropped(self, name: str) -> None:
        path = Path(name)
        if path.suffix in (".playground", ".json", ".safetensors"):
            self.files.open_path(path)
        elif path.suffix in SUFFIXES:
            self.weights.read(path)
        else:
            self.digits.open_image(name)

    def _choose_theme(self, choice: Choice) -> None:
        self.settings.theme = choice
        theme.choose(choice)

    @Slot()
    def _show_settings(self) -> None:
        menu = QMenu(self.window)
        for choice in THEMES:
            menu.addAction(self.window.actions_table[f"theme_{choice}"])
        menu.addSeparator()
        menu.addAction(self.window.actions_table["reset_layout"])
        button = self.window.rail.settings
        menu.popup(button.mapToGlobal(button.rect().topRight()))

    @Slot()
    def _find_command(self) -> None:
        commands = [
            Command(action.objectName(), action.text().replace("&", ""), action.shortcut().toString())
            for action in self.window.actions_table.all()
            if action.isEnabled()
        ]
        named = [Command(f"preset:{name}", self.tr("Preset: ") + presets.title(name)) for name in presets.names()]
        self.window.command_palette.offer([*commands, *named])

    @Slot(str)
    def _do_command(self, key: str) -> None:
        if key.startswith("preset:"):
            self.editing.choose_preset(key.removeprefix("preset:"))
        else:
            self.window.actions_table[key.removeprefix("action_")].trigger()

    @Slot()
    def _measure(self) -> None:
        dock = self.window.docks["devices_panel"]
        dock.show()
        dock.raise_()
        self.machine.measure()

    @Slot(bool)
    def _toggle_full_screen(self, on: bool) -> None:
        if on:
            self.window.showFullScreen()
        else:
            self.window.showNormal()

    @Slot(str)
    def _tell_saved(self, name: str) -> None:
        self.status.tell(self.tr("Saved {name}").format(name=Path(name).name))

    @Slot()
    def _tell_about(self) -> None:
        text = self.tr("PyTorch Playground {version}\nA first PyTorch course, alive in one window.")
        QMessageBox.about(self.window, self.tr("About"), text.format(version=__version__))
