"""The form that says what to train on, with which loss, how, for how long and where."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.widgets.common.choices import Choice
from playground.widgets.common.theme import GRID
from playground.widgets.training.data_section import DataSection
from playground.widgets.training.optimizer_section import OptimizerSection
from playground.widgets.training.run_section import RunSection
from playground.widgets.training.schedule_section import ScheduleSection
from playground.widgets.training.sections import LossSection, Section, Values

STRUCTS = ("training.loss", "training.optimizer")  # values at these paths are reported field by field


class TrainingForm(QWidget):
    """Values at dotted paths of the document, shown and edited.

    Signals
    -------
    edited : a value was committed: its path in the document and the new plain value. Where two fields of one struct
        change together (another optimiser and its arguments), the struct's path and a dict.
    learning_rate_changed : a new rate for the run under way.
    """

    edited = Signal(str, object)
    learning_rate_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = DataSection()
        self.loss = LossSection()
        self.optimizer = OptimizerSection()
        self.schedule = ScheduleSection()
        self.run = RunSection()
        self._sections: tuple[Section, ...] = (self.data, self.loss, self.optimizer, self.schedule, self.run)
        self._hint = QLabel(self.tr("Locked while the run is active; the learning rate can change at any time."))
        self._hint.setProperty("muted", True)
        self._hint.setWordWrap(True)
        self._hint.setVisible(False)
        self._assemble()
        self._known: Values = self._collect()
        self.optimizer.rate_edited.connect(self.learning_rate_changed)

    def set_catalogue(self, optimizers: Sequence[Choice], schedules: Sequence[Choice]) -> None:
        """Offer these optimisers and schedules with their arguments."""
        self.optimizer.set_choices(optimizers)
        self.schedule.set_choices(schedules)
        self._known = self._collect()

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices as (name in torch, title)."""
        self.run.set_devices(devices)

    def values(self) -> Values:
        """Every value by its dotted path."""
        return dict(self._known)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values, and leave the others; nothing is reported."""
        self._known = self._known | _by_field(values)
        self._show()

    def set_problem(self, path: str, sentence: str) -> None:
        """Say at the field of a path what is wrong with it; an empty sentence clears that."""
        places = {each: place for section in self._sections for each, place in section.places().items()}
        while path not in places and "." in path:
            path = path.rpartition(".")[0]
        grid, name = places.get(path, (self.data.grid, "name"))
        grid.set_problem(name, sentence)
        if sentence and grid is self.optimizer.arguments:
            self.optimizer.fold.open()
        if sentence and grid is self.schedule.arguments:
            self.schedule.fold.open()

    def clear_problems(self) -> None:
        """Take all sentences away, except about texts that no field can take."""
        grids = {id(grid): grid for section in self._sections for grid, _ in section.places().values()}
        for grid in grids.values():
            grid.clear_problems()

    def set_active(self, active: bool) -> None:
        """Lock everything but the learning rate while a run is active."""
        self._hint.setVisible(active)
        for section in self._sections:
            section.set_locked(active)
        if not active:
            self._show()

    def set_learning_rate(self, rate: float) -> None:
        """Show the rate of the run under way; the document's comes back when the run ends."""
        if not self.optimizer.rate.number.hasFocus():
            self.optimizer.rate.set_value(rate)

    def _assemble(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._hint)
        for section in self._sections:
            layout.addWidget(section)
            section.edited.connect(self._compare)
        layout.addStretch(1)

    def _collect(self) -> Values:
        return {path: value for section in self._sections for path, value in section.values().items()}

    def _show(self) -> None:
        for section in self._sections:
            section.show_values(self._known)
        self.schedule.set_learning_rate(self._known["training.optimizer.args"].get("lr", 0.01))

    @Slot()
    def _compare(self) -> None:
        new = self._collect()
        changed = {path: value for path, value in new.items() if value != self._known[path]}
        self._known = new
        self.schedule.set_learning_rate(new["training.optimizer.args"].get("lr", 0.01))
        for path, value in _joined(changed).items():
            self.edited.emit(path, value)


def _by_field(values: Mapping[str, Any]) -> Values:
    """The values with every struct taken apart, and arguments as plain dicts."""
    flat: Values = {}
    for path, value in values.items():
        if path in STRUCTS:
            flat |= {f"{path}.{name}": part for name, part in value.items()}
        else:
            flat[path] = value
    return {path: dict(value) if isinstance(value, Mapping) else value for path, value in flat.items()}


def _joined(changed: Values) -> Values:
    """The changes, with several fields of one struct as one change of the struct."""
    joined = dict(changed)
    for struct in STRUCTS:
        parts = [path for path in changed if path.startswith(f"{struct}.")]
        if len(parts) > 1:
            joined[struct] = {path.rpartition(".")[2]: joined.pop(path) for path in parts}
    return joined
