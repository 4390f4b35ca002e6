"""The small controls in a curve panel's header: scale, smoothing, fit, and what leaves the panel."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QWidget

from playground.widgets.common.buttons import header_button
from playground.widgets.common.theme import GRID, tabular

_CHOICES = (0.0, 0.5, 0.9, 0.97, 0.99)


class CurveControls(QWidget):
    """Log, smoothing, Fit and the menu behind "Save".

    Signals
    -------
    log_changed(bool), smoothing_changed(float), fit_requested(), image_requested(), table_requested()
    """

    log_changed = Signal(bool)
    smoothing_changed = Signal(float)
    fit_requested = Signal()
    image_requested = Signal()
    table_requested = Signal()

    def __init__(self, name: str, smoothing: float, *, offers_log: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.log = header_button(f"{name}_log", self.tr("Log"), self.tr("Draw the values on a logarithmic scale."))
        self.log.setCheckable(True)
        if not offers_log:
            self.log.hide()
        self.slider = self._make_slider()
        self.weight = QLabel()
        self.weight.setProperty("muted", True)
        self.weight.setFont(tabular(self.font()))
        self.weight.setMinimumWidth(
            QFontMetrics(self.weight.font()).horizontalAdvance(self.tr("smooth {weight}").format(weight="0.00")) + 2
        )
        self.fit = header_button(
            f"{name}_fit", self.tr("Fit"), self.tr("Show the whole run, and follow it as it grows.")
        )
        self._smoothings = QActionGroup(self)
        tip = self.tr("Save the picture or the numbers; choose the smoothing.")
        self.more = header_button(f"{name}_more", self.tr("Save"), tip, self._make_menu())
        self._assemble()
        self._connect()
        self.slider.setValue(round(100 * smoothing))

    @property
    def smoothing(self) -> float:
        """The chosen weight of the past."""
        return self.slider.value() / 100

    def set_compact(self, on: bool) -> None:
        """Hide the slider where there is no room; the menu still has the choice."""
        self.slider.setVisible(not on)
        self.weight.setVisible(not on)

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 99)
        slider.setPageStep(10)
        slider.setFixedWidth(9 * GRID)
        slider.setObjectName(f"{self._name}_smoothing")
        slider.setAccessibleName(self.tr("Smoothing"))
        slider.setToolTip(
            self.tr("Smoothing: how much of the moving average is past; the curve as recorded stays behind it.")
        )
        return slider

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("Picture (PNG)…"), self.image_requested.emit)
        menu.addAction(self.tr("Table (CSV)…"), self.table_requested.emit)
        choices = menu.addMenu(self.tr("Smoothing"))
        for weight in _CHOICES:
            action = QAction(f"{weight:.2f}" if weight else self.tr("None"), self, checkable=True)
            action.setData(weight)
            self._smoothings.addAction(action)
            choices.addAction(action)
        return menu

    def _assemble(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for part in (self.slider, self.weight, self.log, self.fit, self.more):
            layout.addWidget(part)
        layout.insertSpacing(2, GRID // 2)

    def _connect(self) -> None:
        self.log.toggled.connect(self.log_changed)
        self.fit.clicked.connect(self.fit_requested)
        self.slider.valueChanged.connect(self._on_slider)
        self._smoothings.triggered.connect(self._on_choice)

    def _on_slider(self, value: int) -> None:
        self.weight.setText(self.tr("smooth {weight}").format(weight=f"{value / 100:.2f}"))
        for action in self._smoothings.actions():
            action.setChecked(round(100 * action.data()) == value)
        self.smoothing_changed.emit(value / 100)

    def _on_choice(self, action: QAction) -> None:
        self.slider.setValue(round(100 * action.data()))

    def minimumSizeHint(self) -> QSize:
        """Room for the buttons alone: a panel too narrow for the slider folds it away."""
        size = super().minimumSizeHint()
        foldable = [part for part in (self.slider, self.weight) if not part.isHidden()]
        return size - QSize(sum(part.minimumWidth() + GRID // 2 for part in foldable), 0)
