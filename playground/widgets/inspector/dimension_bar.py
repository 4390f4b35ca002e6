"""Which two dimensions are seen, and where in the others."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID
from playground.widgets.inspector.index_sliders import IndexSliders


class DimensionBar(QWidget):
    """Two choices, and a slider for every dimension that is not seen; nothing for vectors.

    Signals
    -------
    changed() : other numbers are to be seen; read `options`.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._shape: tuple[int, ...] = ()
        self.rows_choice = self._choice("rows", self.tr("Which dimension goes down."))
        self.columns_choice = self._choice("columns", self.tr("Which dimension goes across."))
        self.sliders = IndexSliders(f"{name}_dim")
        self.sliders.changed.connect(self.changed)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        for text, choice in ((self.tr("down"), self.rows_choice), (self.tr("across"), self.columns_choice)):
            label = QLabel(text)
            label.setProperty("muted", True)
            top.addWidget(label)
            top.addWidget(choice)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(top)
        column.addWidget(self.sliders)
        self.hide()

    @property
    def rows(self) -> int | None:
        """The dimension that goes down; None for what has fewer than two."""
        return int(self.rows_choice.currentData()) if len(self._shape) > 1 else None

    @property
    def columns(self) -> int | None:
        """The dimension that goes across; None for a scalar."""
        if len(self._shape) > 1:
            return int(self.columns_choice.currentData())
        return 0 if self._shape else None

    @property
    def options(self) -> dict[str, object]:
        """What to ask for: rows, columns and fixed, an index for every dimension (0 for the two that are seen)."""
        shown = {self.rows, self.columns}
        fixed = tuple(0 if dim in shown else place for dim, place in enumerate(self.sliders.index))
        return {"rows": self.rows, "columns": self.columns, "fixed": fixed}

    def set_shape(self, shape: tuple[int, ...]) -> None:
        """Offer the dimensions of another tensor; the same shape leaves everything as it was chosen."""
        if shape == self._shape:
            return
        self._shape = shape
        for choice, chosen in ((self.rows_choice, len(shape) - 2), (self.columns_choice, len(shape) - 1)):
            self._fill(choice, chosen)
        self.sliders.set_shape(shape)
        self.setVisible(len(shape) > 1)
        self._show_sliders()

    def _choice(self, name: str, tip: str) -> QComboBox:
        choice = QComboBox()
        choice.setObjectName(f"{self._name}_{name}")
        choice.setAccessibleName(tip)
        choice.setToolTip(tip)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        choice.activated.connect(self._choose)
        return choice

    def _fill(self, choice: QComboBox, chosen: int) -> None:
        with QSignalBlocker(choice):
            choice.clear()
            for dim, size in enumerate(self._shape):
                choice.addItem(self.tr("dim {dim} ({size})").format(dim=dim, size=f"{size:,}"), dim)
            choice.setCurrentIndex(max(chosen, 0))

    @Slot()
    def _choose(self) -> None:
        """A dimension cannot go both ways: the other choice takes what is free."""
        if self.rows == self.columns:
            other = self.columns_choice if self.sender() is self.rows_choice else self.rows_choice
            free = next(dim for dim in reversed(range(len(self._shape))) if dim != self.rows)
            with QSignalBlocker(other):
                other.setCurrentIndex(free)
        self._show_sliders()
        self.changed.emit()

    def _show_sliders(self) -> None:
        shown = {self.rows, self.columns}
        self.sliders.show_only([dim for dim in range(len(self._shape)) if dim not in shown])
