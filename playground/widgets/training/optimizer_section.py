"""The optimiser, its learning rate, and its other arguments folded away."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.widgets.common.argument_grid import ArgumentGrid
from playground.widgets.common.choices import Choice
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.fold import Fold
from playground.widgets.common.learning_rate import LearningRateField
from playground.widgets.training.sections import SHARES, Section, Values


class OptimizerSection(Section):
    """Any optimiser handed in; switching back to one brings its arguments back.

    Signals
    -------
    rate_edited : a learning rate was committed while the section is locked.
    """

    rate_edited = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, Choice] = {}
        self._remembered: dict[str, dict[str, Any]] = {}
        self._shown = "SGD"
        self._locked = False
        self.name = ChoiceField()
        self.name.setMaxVisibleItems(16)
        self.rate = LearningRateField()
        self.grid = FieldGrid("optimizer", shares=SHARES)
        self.grid.add("name", self.tr("Optimiser"), self.name, self.tr("The update rule (torch.optim)."), wide=True)
        self.grid.add("lr", self.tr("Rate"), self.rate, self.tr("The learning rate (lr) of the first step."))
        self.fold = Fold("optimizer_more", self.tr("More"), self.tr("The optimiser's other arguments."), apart=True)
        self.arguments = ArgumentGrid("optimizer_argument", ())
        self.fold.set_content(self.arguments)
        self.grid.add_plain(self.fold.button)
        self.column.addWidget(self.grid)
        self.column.addWidget(self.fold)
        self.name.edited.connect(self._switch)
        self.rate.edited.connect(self._take_rate)
        self.rate.refused.connect(self._mark_rate)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these optimisers."""
        values = self.values()
        self._choices = {choice.name: choice for choice in choices}
        self.name.set_choices([(each.name, each.name, each.refused or each.summary) for each in choices])
        self._shown = ""
        self.show_values(values)

    def values(self) -> Values:
        args = {"lr": self.rate.value()} | self.arguments.values()
        return {"training.optimizer.name": self._shown, "training.optimizer.args": args}

    def show_values(self, values: Mapping[str, Any]) -> None:
        name, args = values["training.optimizer.name"], dict(values["training.optimizer.args"])
        self.name.set_value(name)
        self._show_arguments(name)
        self.rate.set_value(args.pop("lr", self._default_rate(name)))
        self.arguments.set_values(args)
        self._name_fold()

    def places(self) -> dict[str, tuple[FieldGrid, str]]:
        named: dict[str, tuple[FieldGrid, str]] = {
            f"training.optimizer.args.{argument.name}": (self.arguments, argument.name)
            for argument in self._others(self._shown)
        }
        return named | {
            "training.optimizer": (self.grid, "name"),
            "training.optimizer.name": (self.grid, "name"),
            "training.optimizer.args": (self.grid, "name"),
            "training.optimizer.args.lr": (self.grid, "lr"),
        }

    def set_locked(self, locked: bool) -> None:
        self._locked = locked
        self.name.setEnabled(not locked)
        self.arguments.setEnabled(not locked)

    @Slot(object)
    def _switch(self, name: str) -> None:
        self._remembered[self._shown] = self.values()["training.optimizer.args"]
        args = self._remembered.get(name) or {"lr": self._default_rate(name)}
        self.show_values({"training.optimizer.name": name, "training.optimizer.args": args})
        self.edited.emit()

    @Slot(object)
    def _take_rate(self, rate: float) -> None:
        if self._locked:
            self.rate_edited.emit(rate)
        else:
            self.edited.emit()

    @Slot(str)
    def _mark_rate(self, sentence: str) -> None:
        self.grid.set_problem("lr", sentence)

    @Slot()
    def _take_argument(self) -> None:
        self._name_fold()
        self.edited.emit()

    def _show_arguments(self, name: str) -> None:
        if name == self._shown:
            return
        self._shown = name
        self.arguments = ArgumentGrid("optimizer_argument", self._others(name))
        self.arguments.setEnabled(not self._locked)
        self.arguments.edited.connect(self._take_argument)
        self.fold.set_content(self.arguments)

    def _name_fold(self) -> None:
        changed = len(self.arguments.values())
        text = self.tr("More of {name}").format(name=self._shown)
        self.fold.set_text(self.tr("{text} · {changed} set").format(text=text, changed=changed) if changed else text)

    def _others(self, name: str) -> tuple[Any, ...]:
        choice = self._choices.get(name, Choice(name))
        return tuple(argument for argument in choice.arguments if argument.name != "lr")

    def _default_rate(self, name: str) -> float:
        arguments = self._choices.get(name, Choice(name)).arguments
        return next((float(each.default) for each in arguments if each.name == "lr"), 0.01)  # type: ignore[arg-type]
