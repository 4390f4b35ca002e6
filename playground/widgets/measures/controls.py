"""The small controls in the measures' header: scale, fit, and what leaves the panel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from playground.widgets.common.buttons import header_button
from playground.widgets.common.theme import GRID


class MeasuresControls(QWidget):
    """Log, Fit, and the menu behind "Save".

    Signals
    -------
    log_changed(bool), fit_requested(), image_requested(), table_requested()
    """

    log_changed = Signal(bool)
    fit_requested = Signal()
    image_requested = Signal()
    table_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log = header_button("measures_log", self.tr("Log"), self.tr("Draw the values on a logarithmic scale."))
        self.log.setCheckable(True)
        self.log.setChecked(True)
        self.fit = header_button(
            "measures_fit", self.tr("Fit"), self.tr("Show all steps, and follow them as they come.")
        )
        menu = QMenu(self)
        menu.addAction(self.tr("Picture (PNG)…"), self.image_requested.emit)
        menu.addAction(self.tr("Table (CSV)…"), self.table_requested.emit)
        self.more = header_button("measures_more", self.tr("Save"), self.tr("Save the picture or the numbers."), menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for part in (self.log, self.fit, self.more):
            row.addWidget(part)
        self.log.toggled.connect(self.log_changed)
        self.fit.clicked.connect(self.fit_requested)
