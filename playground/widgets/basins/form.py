"""The basins' settings: optimiser and rate in sight, the rest folded away."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.basins.rate import RateRow
from playground.widgets.common.argument_grid import ArgumentGrid
from playground.widgets.common.choices import Choice
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField, CountField
from playground.widgets.common.fold import Fold
from playground.widgets.common.theme import GRID

SIDES = (64, 128, 256, 512, 1024)
_LABELS = 72  # pixels
_MOST_STEPS = 100_000


class BasinsForm(QWidget):
    """What to compute; a path is "optimizer", "side" or "steps".

    Signals
    -------
    edited(str, object) : path and new value; of "optimizer" a dict with "name" and "args".
    dragged(str, object) : the same while the rate's slider moves: such edits belong together.
    """

    edited = Signal(str, object)
    dragged = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, Choice] = {}
        self._remembered: dict[str, dict[str, Any]] = {}
        self._shown = ""
        self.name = ChoiceField()
        self.name.setMaxVisibleItems(16)
        self.rate = RateRow("basins_rate")
        self.side = ChoiceField()
        self.side.set_choices(
            [(n, f"{n} \N{MULTIPLICATION SIGN} {n}", self.tr("{n} starts").format(n=f"{n**2:,}")) for n in SIDES]
        )
        self.steps = CountField(1, _MOST_STEPS)
        self.grid = FieldGrid("basins_form", columns=1, label_width=_LABELS)
        self.more = FieldGrid("basins_form_more", columns=2, label_width=_LABELS // 2)
        self.arguments = ArgumentGrid("basins_argument", ())
        self._folded = QVBoxLayout()
        self.fold = Fold("basins_fold", self.tr("Starts, steps and more"), self.tr("How fine, how long, and the rest."))
        self._lay_out()
        self._connect()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these optimisers; one that is refused is there, disabled, and its tip says why."""
        self._choices = {choice.name: choice for choice in choices}
        self.name.set_choices([(each.name, each.name, each.refused or each.summary) for each in choices])
        model = self.name.model()
        assert isinstance(model, QStandardItemModel)
        for row, choice in enumerate(choices):
            model.item(row).setEnabled(not choice.refused)
        self._shown = ""

    def show_values(self, optimizer: Mapping[str, Any], side: int, steps: int) -> None:
        """Show these settings without reporting them."""
        name, args = str(optimizer["name"]), dict(optimizer["args"])
        self.name.set_value(name)
        self._show_arguments(name)
        self.rate.set_value(float(args.pop("lr", self._default_rate(name))))
        self.arguments.set_values(args)
        self.side.set_value(side)
        self.steps.set_value(steps)

    def optimizer(self) -> dict[str, Any]:
        """The optimiser as it stands."""
        return {"name": self.name.value(), "args": {"lr": self.rate.value()} | self.arguments.values()}

    def _lay_out(self) -> None:
        self.grid.add("optimizer", self.tr("Optimiser"), self.name, self.tr("The update rule (torch.optim)."))
        self.grid.add("rate", self.tr("Rate"), self.rate, self.tr("The learning rate (lr); drag and watch."))
        self.more.add("side", self.tr("Starts"), self.side, self.tr("How many starts on each side of the picture."))
        self.more.add("steps", self.tr("Steps"), self.steps, self.tr("How many steps every start gets."))
        content = QWidget()
        content.setLayout(self._folded)
        self._folded.setContentsMargins(0, 0, 0, 0)
        self._folded.setSpacing(GRID)
        self._folded.addWidget(self.more)
        self._folded.addWidget(self.arguments)
        self.fold.set_content(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.grid)
        column.addWidget(self.fold)

    def _connect(self) -> None:
        self.name.edited.connect(self._switch)
        self.rate.edited.connect(self._report)
        self.rate.dragged.connect(self._report_drag)
        self.rate.refused.connect(self._mark_rate)
        self.side.edited.connect(self._report_side)
        self.steps.edited.connect(self._report_steps)

    @Slot(object)
    def _switch(self, name: str) -> None:
        self._remembered[self._shown] = {"lr": self.rate.value()} | self.arguments.values()
        args = dict(self._remembered.get(name) or {"lr": self._default_rate(name)})
        self._show_arguments(name)
        self.rate.set_value(float(args.pop("lr")))
        self.arguments.set_values(args)
        self._report()

    @Slot()
    def _report(self) -> None:
        self.edited.emit("optimizer", self.optimizer())

    @Slot()
    def _report_drag(self) -> None:
        self.dragged.emit("optimizer", self.optimizer())

    @Slot(object)
    def _report_side(self, side: int) -> None:
        self.edited.emit("side", side)

    @Slot(object)
    def _report_steps(self, steps: int) -> None:
        self.edited.emit("steps", steps)

    @Slot(str)
    def _mark_rate(self, sentence: str) -> None:
        self.grid.set_problem("rate", sentence)

    def _show_arguments(self, name: str) -> None:
        if name == self._shown:
            return
        self._shown = name
        arguments = self._choices.get(name, Choice(name)).arguments
        others = tuple(argument for argument in arguments if argument.name != "lr")
        old, self.arguments = self.arguments, ArgumentGrid("basins_argument", others)
        self.arguments.edited.connect(self._report)
        self._folded.replaceWidget(old, self.arguments)
        self.arguments.show()
        with QSignalBlocker(old):
            old.hide()
            old.deleteLater()

    def _default_rate(self, name: str) -> float:
        arguments = self._choices.get(name, Choice(name)).arguments
        return next((float(each.default) for each in arguments if each.name == "lr"), 0.01)  # type: ignore[arg-type]
