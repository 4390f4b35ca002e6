"""A slider over a history of which a part is there, like the bar under a film that is still loading."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QWidget

from playground.widgets.common.theme import GRID, blend, theme

_KNOB = 7.0  # pixels of radius
_BAR = 4.0  # pixels of height


class HistorySlider(QSlider):
    """Played, computed and still missing steps on one bar; a press anywhere goes there.

    Signals
    -------
    moved : where the user wants to be; what is shown changes only by `set_step`.
    """

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._computed = 0
        self.setRange(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(12 * GRID)
        self.setFixedHeight(3 * GRID)
        self.actionTriggered.connect(self._report_action)
        theme.changed.connect(self.update)

    @Slot(int)
    def set_computed(self, computed: int) -> None:
        """How far the lighter bar goes."""
        if computed != self._computed:
            self._computed = computed
            self.update()

    @Slot(int)
    def set_step(self, step: int) -> None:
        """Where the knob stands."""
        if not self.isSliderDown():
            self.setValue(step)

    def place_of(self, step: int) -> float:
        """The x of a step, in pixels."""
        share = step / self.maximum() if self.maximum() else 0.0
        return _KNOB + share * (self.width() - 2 * _KNOB)

    def _step_at(self, x: float) -> int:
        share = (x - _KNOB) / max(1.0, self.width() - 2 * _KNOB)
        return round(min(1.0, max(0.0, share)) * self.maximum())

    def _bar_to(self, x: float) -> QRectF:
        return QRectF(_KNOB, (self.height() - _BAR) / 2, x - _KNOB, _BAR)

    @Slot()
    def _report_action(self) -> None:
        # A key or the wheel: Qt takes over as value what stands here when this returns.
        self.setSliderPosition(min(self.sliderPosition(), self._computed))
        self.moved.emit(self.sliderPosition())

    def _drag_to(self, x: float) -> None:
        self.setValue(min(self._step_at(x), self._computed))
        self.moved.emit(self.value())

    def sizeHint(self) -> QSize:
        return QSize(40 * GRID, 3 * GRID)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        surface, accent = theme.color("surface"), theme.color("accent" if self.isEnabled() else "muted")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for end, color in (
                (self.width() - _KNOB, theme.color("raised")),
                (self.place_of(self._computed), blend(accent, surface, 0.35)),
                (self.place_of(self.value()), accent),
            ):
                painter.setBrush(color)
                painter.drawRoundedRect(self._bar_to(end), _BAR / 2, _BAR / 2)
            painter.setBrush(accent)
            painter.setPen(QPen(theme.color("text"), 1.5) if self.hasFocus() else QPen(surface, 1))
            painter.drawEllipse(QPointF(self.place_of(self.value()), self.height() / 2), _KNOB - 1, _KNOB - 1)
