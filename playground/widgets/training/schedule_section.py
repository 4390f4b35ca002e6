"""How the learning rate moves during a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from playground.widgets.common.argument_grid import ArgumentGrid
from playground.widgets.common.arguments import Argument
from playground.widgets.common.choices import Choice, starting_arguments, usual_step
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.fold import Fold
from playground.widgets.training.sections import BARE_SHARES, Section, Values

PATH = "training.schedule"


class ScheduleSection(Section):
    """No schedule, or one of those handed in with its arguments."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, Choice] = {}
        self._shown: str | None = None
        self._rate = 0.01
        self.name = ChoiceField()
        self.name.setMaxVisibleItems(16)
        self.every = ChoiceField()
        self.every.set_choices([("epoch", self.tr("every epoch"), ""), ("step", self.tr("every step"), "")])
        self.grid = FieldGrid("schedule", shares=BARE_SHARES, bare_second=True)
        tip = self.tr("How the learning rate moves during the run (torch.optim.lr_scheduler).")
        self.grid.add("name", self.tr("Schedule"), self.name, tip)
        tip = self.tr("When the schedule moves on (scheduler.step): after every epoch or every batch.")
        self.grid.add("every", self.tr("Every"), self.every, tip)
        self.fold = Fold("schedule_more", "", self.tr("The schedule's arguments."))
        self.arguments = ArgumentGrid("schedule_argument", ())
        self.fold.set_content(self.arguments)
        self.column.addWidget(self.grid)
        self.column.addWidget(self.fold)
        self.set_choices(())
        self.name.edited.connect(self._switch)
        self.every.edited.connect(self._report)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these schedules."""
        values = self.values()
        self._choices = {choice.name: choice for choice in choices}
        offers = [(each.name, each.name, each.refused or each.summary) for each in choices]
        self.name.set_choices([(None, self.tr("none"), self.tr("The learning rate stays.")), *offers])
        self._shown = ""
        self.show_values(values)

    def set_learning_rate(self, rate: float) -> None:
        """The rate from which first values of a new schedule follow."""
        self._rate = rate

    def values(self) -> Values:
        if self._shown is None:
            return {PATH: None}
        return {PATH: {"name": self._shown, "args": self.arguments.values(), "every": self.every.value()}}

    def show_values(self, values: Mapping[str, Any]) -> None:
        schedule = values[PATH]
        name = None if schedule is None else schedule["name"]
        self.name.set_value(name)
        self._show_arguments(name)
        self.every.setEnabled(schedule is not None)
        if schedule is not None:
            self.every.set_value(schedule.get("every", "epoch"))
            self.arguments.set_values(dict(schedule.get("args", {})))

    def places(self) -> dict[str, tuple[FieldGrid, str]]:
        named: dict[str, tuple[FieldGrid, str]] = {
            f"{PATH}.args.{argument.name}": (self.arguments, argument.name)
            for argument in self._arguments_of(self._shown)
        }
        return named | {PATH: (self.grid, "name"), f"{PATH}.every": (self.grid, "every")}

    @Slot(object)
    def _switch(self, name: str | None) -> None:
        schedule = None
        if name is not None:
            schedule = {"name": name, "args": starting_arguments(name, self._rate), "every": usual_step(name)}
        self.show_values({PATH: schedule})
        if name is not None:
            self.fold.open()
        self.edited.emit()

    def _show_arguments(self, name: str | None) -> None:
        if name == self._shown:
            return
        self._shown = name
        self.arguments = ArgumentGrid("schedule_argument", self._arguments_of(name))
        self.arguments.edited.connect(self.edited)
        self.fold.set_content(self.arguments)
        self.fold.set_text(self.tr("More of {name}").format(name=name))
        self.fold.setVisible(name is not None)

    def _arguments_of(self, name: str | None) -> tuple[Argument, ...]:
        return () if not name else self._choices.get(name, Choice(name)).arguments
