"""The panel of the race: who runs, how each does, and the form of the selected one."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.choices import Choice
from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.scrolled import scrolled
from playground.widgets.common.theme import GRID
from playground.widgets.descent.racer_form import RacerForm
from playground.widgets.descent.standings_model import StandingsModel
from playground.widgets.descent.standings_table import StandingsTable
from playground.widgets.descent.values import MOST_RACERS, Plain, Point, RacerValues, Standing


class RacePanel(Panel):
    """Racers are known by their place, which is also their colour.

    Signals
    -------
    edited(int, dict) : what a racer is to become, as the document writes it.
    added(dict) : a racer for the end of the list.
    removed(int) : a racer is to go.
    selected(int) : the user selected another one; `set_selected` does not report.
    """

    edited = Signal(int, object)
    added = Signal(object)
    removed = Signal(int)
    selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Race"), "descent_race", shows_code=True, parent=parent)
        self._racers: tuple[RacerValues, ...] = ()
        self._problems: dict[int, dict[str, str]] = {}
        self._selected = -1
        self.standings = StandingsModel(self)
        self.table = StandingsTable(self.standings)
        self.form = RacerForm()
        self.add_button = QPushButton(self.tr("+ Optimiser"))
        self.menu = QMenu(self)
        self.invitation = Invitation(
            "descent_race",
            self.tr("The optimisers of the race appear here, each with its path and numbers."),
            self.tr("Add an optimiser"),
            self.tr("Choose the first optimiser of the race."),
        )
        self._set_up()
        self._fill()
        self._connect()
        self.set_racers(())

    @property
    def place(self) -> int:
        """Which racer the form shows; -1 without any."""
        return self._selected

    def set_choices(self, optimizers: Sequence[Choice], schedules: Sequence[Choice]) -> None:
        """Offer these optimisers and schedules; the refused ones with their reason."""
        self.form.set_choices(optimizers, schedules)
        self._fill_menu(optimizers)
        self._show_selected(other=True)

    def set_racers(self, racers: tuple[RacerValues, ...]) -> None:
        """Show these racers; what is the same as before keeps its fields, texts and sentences."""
        before, self._racers = self._racers, racers
        self._forget_problems(before)
        self.standings.set_racers(racers)
        full = len(racers) >= MOST_RACERS
        self.add_button.setEnabled(not full)
        self.add_button.setToolTip(self._add_tip(full))
        self.table.setVisible(bool(racers))
        self.form.setVisible(bool(racers))
        self.invitation.setVisible(not racers)
        if len(racers) != len(before):
            self.set_selected(min(max(self._selected, 0), len(racers) - 1))
        elif racers and racers[self._selected] != before[self._selected]:
            self._show_selected(other=False)

    def set_selected(self, place: int) -> None:
        """Show the form of another racer."""
        if not -1 <= place < len(self._racers):
            return
        self._selected = place
        self.table.select(place)
        self._show_selected(other=True)

    def set_standings(self, standings: tuple[Standing, ...]) -> None:
        """How the racers do at the step shown, in the racers' order; cheap enough for every frame."""
        self.standings.set_standings(standings)

    def set_problem(self, place: int, key: str, sentence: str) -> None:
        """Say what is wrong with a racer: at "lr", an argument, "schedule", "schedule.gamma", "start" or "optimizer".

        The racer's next edit takes all its sentences away; an empty sentence takes away this one.
        """
        problems = self._problems.setdefault(place, {})
        problems[key] = sentence
        self.standings.set_problem(place, next((each for each in problems.values() if each), ""))
        if place == self._selected:
            self.form.set_problem(key, sentence)

    def set_start(self, start: Point, names: tuple[str, str] = ("x", "y")) -> None:
        """Where all begin that have no start of their own, and what the coordinates are called."""
        self.form.start.set_race_start(start)
        self.form.start.point.set_names(names)

    def _set_up(self) -> None:
        self.add_button.setObjectName("race_add")
        self.add_button.setAccessibleName(self.tr("Add an optimiser to the race"))
        self.add_button.setProperty("link", True)
        self.menu.setToolTipsVisible(True)
        self.table.setToolTip(self.tr("Up and Down select, Delete removes, Ctrl+D duplicates."))

    def _fill(self) -> None:
        self.header.addWidget(self.add_button)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + GRID // 2)
        column.addWidget(self.table)
        column.addWidget(self.form)
        column.addWidget(self.invitation, 1)
        column.addStretch(0)
        self.body.addWidget(scrolled("race_area", content), 1)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self._open_menu)
        self.invitation.accepted.connect(self._open_menu)
        self.table.row_selected.connect(self._select)
        self.table.removal_requested.connect(self.remove)
        self.table.copy_requested.connect(self.duplicate)
        self.form.edited.connect(self._report)

    def _fill_menu(self, optimizers: Sequence[Choice]) -> None:
        self.menu.clear()
        for choice in optimizers:
            action = self.menu.addAction(choice.title or choice.name)
            action.setToolTip(choice.refused or choice.summary)
            action.setEnabled(not choice.refused)
            action.triggered.connect(partial(self._add, choice.name))

    def _forget_problems(self, before: tuple[RacerValues, ...]) -> None:
        """What was wrong with racers that are others now is not any more."""
        if len(before) != len(self._racers):
            self._problems.clear()
            return
        for place in [each for each in self._problems if self._racers[each] != before[each]]:
            del self._problems[place]
            self.standings.set_problem(place, "")

    def _show_selected(self, *, other: bool) -> None:
        if not 0 <= self._selected < len(self._racers):
            return
        self.form.clear_problems()
        self.form.show_racer(self._racers[self._selected], other=other)
        for key, sentence in self._problems.get(self._selected, {}).items():
            self.form.set_problem(key, sentence)

    def _add_tip(self, full: bool) -> str:
        if full:
            return self.tr("A race has {most} optimisers at most; remove one first.").format(most=MOST_RACERS)
        return self.tr("Add an optimiser to the race.")

    @Slot()
    def _open_menu(self) -> None:
        self.menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    @Slot()
    def duplicate(self) -> None:
        """Ask for a copy of the selected racer."""
        if self._racers and len(self._racers) < MOST_RACERS:
            self.added.emit(self._racers[self._selected].plain())

    @Slot()
    def remove(self) -> None:
        """Ask for the selected racer to go."""
        if self._racers:
            self.removed.emit(self._selected)

    def _add(self, optimizer: str, _checked: bool = False) -> None:
        self.added.emit(self.form.first_racer(optimizer))

    @Slot(int)
    def _select(self, place: int) -> None:
        self._selected = place
        self._show_selected(other=True)
        self.selected.emit(place)

    @Slot(object)
    def _report(self, values: Plain) -> None:
        place = self._selected
        if self._problems.pop(place, None):
            self.form.clear_problems()
            self.standings.set_problem(place, "")
        self.edited.emit(place, values)
