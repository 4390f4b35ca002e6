"""The page of the memory picture: picture, address, and a window onto a long storage."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.scrolled import scrolled
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.inspector.index_sliders import IndexSliders
from playground.widgets.inspector.memory_places import lead_shape
from playground.widgets.inspector.memory_text import window_text
from playground.widgets.inspector.memory_view import MemoryView
from playground.widgets.inspector.values import MemoryPicture


class MemoryPage(QWidget):
    """Shows a storage and who reads it.

    Signals
    -------
    window_requested(int) : show the storage from this cell on.
    """

    window_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = MemoryView()
        self.lead = IndexSliders("inspector_slice")
        self.address = WrappedLabel()
        self.address.setObjectName("inspector_address")
        self.window_label = QLabel()
        self.window_label.setProperty("muted", True)
        self.window_label.setFont(tabular(self.font()))
        self.before = self._button("before", self.tr("Earlier cells"), self.tr("The cells before those shown."))
        self.after = self._button("after", self.tr("Later cells"), self.tr("The cells behind those shown."))
        self._window = QWidget()
        self._lay_out()
        self.view.told.connect(self.address.setText)
        self.lead.changed.connect(self._take_slice)
        self.before.clicked.connect(self._go_before)
        self.after.clicked.connect(self._go_after)

    def show_memory(self, picture: MemoryPicture) -> None:
        """Show another storage."""
        self.lead.set_shape(lead_shape(picture.placements[0]))
        self.view.show_memory(picture)
        self._window.setVisible(len(picture.values) < picture.total)
        self.window_label.setText(window_text(picture))
        self.before.setEnabled(picture.first > 0)
        self.after.setEnabled(picture.first + len(picture.values) < picture.total)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._window)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for widget in (self.before, self.window_label, self.after):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.lead)
        column.addWidget(self.address)
        column.addWidget(scrolled("inspector_memory_scroll", self.view), 1)
        column.addWidget(self._window)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"inspector_memory_{name}")
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        return button

    @Slot()
    def _take_slice(self) -> None:
        self.view.set_lead(self.lead.index)

    @Slot()
    def _go_before(self) -> None:
        picture = self.view.picture
        if picture is not None:
            self.window_requested.emit(max(0, picture.first - len(picture.values)))

    @Slot()
    def _go_after(self) -> None:
        picture = self.view.picture
        if picture is not None:
            self.window_requested.emit(picture.first + len(picture.values))
