"""The form of one racer: optimiser, rate, other arguments, schedule, own start."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.choices import Choice, starting_arguments
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.learning_rate import LearningRateField
from playground.widgets.common.theme import GRID
from playground.widgets.descent.argument_fold import ArgumentFold
from playground.widgets.descent.own_start import OwnStart
from playground.widgets.descent.values import Plain, RacerValues, racer

_PER_STEP: dict[str, dict[str, object]] = {
    "StepLR": {"step_size": 50},
    "MultiStepLR": {"milestones": (100, 200)},
    "ExponentialLR": {"gamma": 0.99},
    "CosineAnnealingWarmRestarts": {"T_0": 100},
}
"""Lengths that suit a schedule which moves on after every step, where the usual ones count epochs."""


class RacerForm(QWidget):
    """Shows one racer and says what it is to become.

    Signals
    -------
    edited : the whole racer as the document writes it, after a committed edit.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._optimizers: dict[str, Choice] = {}
        self._schedules: dict[str, Choice] = {}
        self._remembered: dict[str, dict[str, object]] = {}
        self._shown = ""
        self.optimizer = ChoiceField()
        self.rate = LearningRateField()
        self.schedule = ChoiceField()
        self.start = OwnStart("racer_start")
        self.top = FieldGrid("racer", columns=1)
        self.arguments = ArgumentFold("racer_more", self.tr("The optimiser's other arguments."), leave_out="lr")
        self.middle = FieldGrid("racer_plan", columns=1)
        self.schedule_arguments = ArgumentFold("racer_schedule_more", self.tr("The schedule's arguments."))
        self.bottom = FieldGrid("racer_place", columns=1)
        self._fill()
        self._connect()
        self.set_choices((), ())

    def set_choices(self, optimizers: Sequence[Choice], schedules: Sequence[Choice]) -> None:
        """Offer these optimisers and schedules; the refused ones are shown and cannot be chosen."""
        self._optimizers = {each.name: each for each in optimizers}
        self._schedules = {each.name: each for each in schedules}
        _offer(self.optimizer, [], optimizers)
        _offer(self.schedule, [(None, self.tr("none"), self.tr("The learning rate stays."))], schedules)

    def show_racer(self, values: RacerValues, *, other: bool) -> None:
        """Show a racer without reporting it; `other` forgets what the one before had."""
        if other:
            self._remembered.clear()
        self.optimizer.set_value(values.optimizer)
        self._show_optimizer(values.optimizer, dict(values.args))
        self._show_schedule(None if values.schedule is None else dict(values.schedule))
        self.start.set_value(values.start)

    def first_racer(self, optimizer: str) -> Plain:
        """A racer with this optimiser and nothing else set."""
        return racer(optimizer, {"lr": self._default_rate(optimizer)})

    def values(self) -> Plain:
        """The racer as the document writes it."""
        name = self.schedule.value()
        schedule = None if name is None else {"name": name, "args": self.schedule_arguments.values()}
        return racer(self._shown, self._args(), schedule, self.start.value())

    def set_problem(self, key: str, sentence: str) -> None:
        """Say at "lr", an argument, "schedule", "schedule.gamma" and the like, or "start" what is wrong."""
        if key == "lr":
            self.top.set_problem("lr", sentence)
        elif key == "start":
            self.bottom.set_problem("start", sentence)
        elif key.partition(".")[0] == "schedule":
            if not self.schedule_arguments.set_problem(key.partition(".")[2], sentence):
                self.middle.set_problem("schedule", sentence)
        elif not self.arguments.set_problem(key, sentence):
            self.top.set_problem("optimizer", sentence)

    def clear_problems(self) -> None:
        """Take all sentences away, except about texts that no field can take."""
        for grid in (self.top, self.middle, self.bottom, self.arguments.grid, self.schedule_arguments.grid):
            grid.clear_problems()

    def _fill(self) -> None:
        self.optimizer.setMaxVisibleItems(16)
        self.schedule.setMaxVisibleItems(16)
        self.top.add("optimizer", self.tr("Optimiser"), self.optimizer, self.tr("The update rule (torch.optim)."))
        self.top.add("lr", self.tr("Rate"), self.rate, self.tr("The learning rate (lr) of the first step."))
        tip = self.tr("How the learning rate moves from step to step (torch.optim.lr_scheduler).")
        self.middle.add("schedule", self.tr("Schedule"), self.schedule, tip)
        tip = self.tr("Where this racer begins; switched off, it begins where all do.")
        self.bottom.add("start", self.tr("Own start"), self.start, tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (self.top, self.arguments, self.middle, self.schedule_arguments, self.bottom):
            column.addWidget(part)

    def _connect(self) -> None:
        self.optimizer.edited.connect(self._switch_optimizer)
        self.rate.edited.connect(self._report)
        self.rate.refused.connect(self._mark_rate)
        self.arguments.edited.connect(self._report)
        self.schedule.edited.connect(self._switch_schedule)
        self.schedule_arguments.edited.connect(self._report)
        self.start.edited.connect(self._report)
        self.start.refused.connect(self._mark_start)

    def _args(self) -> dict[str, object]:
        return {"lr": self.rate.value()} | self.arguments.values()

    def _show_optimizer(self, name: str, args: dict[str, object]) -> None:
        self._shown = name
        self.rate.set_value(args.pop("lr", self._default_rate(name)))
        self.arguments.show_choice(self._optimizers.get(name, Choice(name)), args)

    def _show_schedule(self, schedule: Plain | None) -> None:
        name = None if schedule is None else schedule["name"]
        self.schedule.set_value(name)
        choice = Choice("") if name is None else self._schedules.get(name, Choice(name))
        self.schedule_arguments.show_choice(choice, (schedule or {}).get("args", {}))

    def _default_rate(self, name: str) -> float:
        arguments = self._optimizers.get(name, Choice(name)).arguments
        return next((float(each.default) for each in arguments if each.name == "lr"), 0.01)  # type: ignore[arg-type]

    @Slot(object)
    def _switch_optimizer(self, name: str) -> None:
        self._remembered[self._shown] = self._args()
        self._show_optimizer(name, dict(self._remembered.get(name, {})))
        self._report()

    @Slot(object)
    def _switch_schedule(self, name: str | None) -> None:
        args = {} if name is None else starting_arguments(name, self.rate.value()) | _PER_STEP.get(name, {})
        self._show_schedule(None if name is None else {"name": name, "args": args})
        if name is not None:
            self.schedule_arguments.open()
        self._report()

    @Slot(str)
    def _mark_rate(self, sentence: str) -> None:
        self.top.set_problem("lr", sentence)

    @Slot(str)
    def _mark_start(self, sentence: str) -> None:
        self.bottom.set_problem("start", sentence)

    @Slot()
    @Slot(object)
    def _report(self, _value: object = None) -> None:
        self.edited.emit(self.values())


def _offer(field: ChoiceField, first: list[tuple[object, str, str]], choices: Sequence[Choice]) -> None:
    offers = [(each.name, each.title or each.name, each.refused or each.summary) for each in choices]
    field.set_choices([*first, *offers])
    model = field.model()
    if isinstance(model, QStandardItemModel):
        for row, choice in enumerate(choices, len(first)):
            model.item(row).setEnabled(not choice.refused)
