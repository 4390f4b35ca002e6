"""The formats on offer, each with a box to tick and what it is for."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.widgets.common.fields import CheckField
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.export.values import FormatChoice


class FormatList(QWidget):
    """A row a format. One that cannot hold the net is there, disabled, and says why.

    Signals
    -------
    edited() : another choice.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_formats")
        self._choices: tuple[FormatChoice, ...] = ()
        self.boxes: dict[str, CheckField] = {}
        self._lines: dict[str, WrappedLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 1)

    def set_choices(self, choices: Sequence[FormatChoice], ticked: Sequence[str]) -> None:
        """Offer these formats, once; `ticked` are chosen at first."""
        self._choices = tuple(choices)
        for row, choice in enumerate(choices):
            title = self.tr("{title} (legacy)").format(title=choice.title) if choice.is_legacy else choice.title
            box = self.boxes[choice.name] = CheckField(title)
            box.setObjectName(f"export_format_{choice.name}")
            box.setAccessibleDescription(choice.summary)
            box.set_value(choice.name in ticked)
            box.edited.connect(self._report)
            line = self._lines[choice.name] = WrappedLabel("muted")
            self._grid.addWidget(box, row, 0)
            self._grid.addWidget(line, row, 1)
        self.set_refusals({})

    def set_refusals(self, sentences: Mapping[str, str]) -> None:
        """Disable the formats that are named here, each with its sentence; the others can be chosen."""
        for choice in self._choices:
            refused = sentences.get(choice.name, "")
            box, line = self.boxes[choice.name], self._lines[choice.name]
            box.setEnabled(not refused)
            line.setText(f"⚠ {refused}" if refused else choice.summary)
            for each in (box, line):
                each.setToolTip(refused or choice.summary)

    def chosen(self) -> tuple[FormatChoice, ...]:
        """The formats ticked and possible, in the order of the list."""
        return tuple(choice for choice in self._choices if self._is_chosen(choice.name))

    def _is_chosen(self, name: str) -> bool:
        return self.boxes[name].isEnabledTo(self) and self.boxes[name].value()

    @Slot()
    def _report(self) -> None:
        self.edited.emit()
