"""The arguments of whatever was chosen, folded away."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.widgets.common.argument_grid import ArgumentGrid
from playground.widgets.common.choices import Choice
from playground.widgets.common.fold import Fold

_LABELS = 112  # pixels of width


class ArgumentFold(Fold):
    """Fields for the arguments of one choice after another; the line says how many are set.

    Signals
    -------
    edited : an argument was committed.
    """

    edited = Signal()

    def __init__(self, name: str, tip: str, *, leave_out: str = "", parent: QWidget | None = None) -> None:
        """`leave_out` is an argument that has a field elsewhere."""
        super().__init__(name, "", tip, parent=parent)
        self._grid_name = f"{name}_argument"
        self._leave_out = leave_out
        self._choice = Choice("")
        self._replace_grid()

    def show_choice(self, choice: Choice, values: Mapping[str, object]) -> None:
        """Show these values of a choice's arguments without reporting them; the same choice keeps its fields."""
        if choice != self._choice:
            self._choice = choice
            self._replace_grid()
        self.grid.set_values(values)
        self._name()

    def values(self) -> dict[str, object]:
        """What differs from the defaults."""
        return self.grid.values()

    def set_problem(self, argument: str, sentence: str) -> bool:
        """Say at an argument what is wrong with it; False where it has no field here."""
        if self.grid.editor(argument) is None:
            return False
        self.grid.set_problem(argument, sentence)
        if sentence:
            self.open()
        return True

    def _replace_grid(self) -> None:
        arguments = tuple(each for each in self._choice.arguments if each.name != self._leave_out)
        self.grid = ArgumentGrid(self._grid_name, arguments, label_width=_LABELS)
        self.grid.edited.connect(self._report)
        self.set_content(self.grid)
        self.setVisible(bool(arguments))

    def _name(self) -> None:
        title = self._choice.title or self._choice.name
        changed = sum(self.grid.editor(name) is not None for name in self.values())
        text = self.tr("More of {name}").format(name=title)
        self.set_text(self.tr("{text} · {changed} set").format(text=text, changed=changed) if changed else text)

    @Slot()
    def _report(self) -> None:
        self._name()
        self.edited.emit()
