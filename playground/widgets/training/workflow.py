"""The usual workflow as a strip, with the step under way marked, and where the time of a training step goes."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID, tabular, theme

PHASES = ("data", "preprocessing", "model", "loss", "train", "validate")
DONE = "done"
_DOT = 5.0
_TOP = 10.0


class PhaseStrip(QWidget):
    """Six dots on a line: ticked when done, ringed while under way, hollow before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_phases")
        self._current = ""
        self._titles = {
            "data": self.tr("data"),
            "preprocessing": self.tr("prepare"),
            "model": self.tr("model"),
            "loss": self.tr("loss"),
            "train": self.tr("train"),
            "validate": self.tr("validate"),
        }
        self.setToolTip(self.tr("The usual workflow: data, preprocessing, model, loss, train, validate."))
        theme.changed.connect(self.update)
        self.set_phase("")

    def set_phase(self, name: str) -> None:
        """Mark the phase under way; "done" marks all as done, an empty name none."""
        self._current = name
        title = self._titles.get(name, self.tr("everything is done") if name == DONE else self.tr("nothing"))
        self.setAccessibleName(self.tr("Workflow, under way: {phase}").format(phase=title))
        self.update()

    def phase(self) -> str:
        """The phase under way."""
        return self._current

    def sizeHint(self) -> QSize:
        return QSize(320, round(_TOP + _DOT + GRID / 2 + self.fontMetrics().height()))

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            centres = self._centres()
            current = PHASES.index(self._current) if self._current in PHASES else -1
            current = len(PHASES) if self._current == DONE else current
            self._paint_line(painter, centres, current)
            for index, (phase, x) in enumerate(zip(PHASES, centres, strict=True)):
                self._paint_dot(painter, x, index - current if current >= 0 else 1)
                self._paint_title(painter, self._titles[phase], x, index == current)

    def _centres(self) -> list[float]:
        # The outer titles touch the edges, so that the strip is as wide as the fields below it.
        metrics = QFontMetricsF(self._bold())
        first, last = (metrics.horizontalAdvance(self._titles[phase]) / 2 for phase in (PHASES[0], PHASES[-1]))
        left, right = max(first, _DOT + 2), self.width() - max(last, _DOT + 2)
        return [left + (right - left) * index / (len(PHASES) - 1) for index in range(len(PHASES))]

    def _paint_line(self, painter: QPainter, centres: list[float], current: int) -> None:
        painter.setPen(QPen(theme.color("line"), 2))
        painter.drawLine(QPointF(centres[0], _TOP), QPointF(centres[-1], _TOP))
        if current > 0:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawLine(QPointF(centres[0], _TOP), QPointF(centres[min(current, len(centres) - 1)], _TOP))

    def _paint_dot(self, painter: QPainter, x: float, distance: int) -> None:
        done, under_way = distance < 0, distance == 0
        color = theme.color("accent" if done or under_way else "line")
        radius = _DOT + 2 if under_way else _DOT
        painter.setPen(QPen(color, 2))
        painter.setBrush(color if done else theme.color("surface"))
        painter.drawEllipse(QPointF(x, _TOP), radius, radius)
        if done:
            _paint_tick(painter, x, theme.color("on_accent"))
        if under_way:
            painter.setBrush(color)
            painter.drawEllipse(QPointF(x, _TOP), 2.0, 2.0)

    def _paint_title(self, painter: QPainter, title: str, x: float, strong: bool) -> None:
        painter.setFont(self._bold() if strong else self.font())
        painter.setPen(theme.color("text" if strong else "muted"))
        width, top = 120.0, _TOP + _DOT + GRID / 2
        left = min(max(0.0, x - width / 2), self.width() - width)
        centred = abs(left + width / 2 - x) < 0.5
        if not centred:
            half = QFontMetricsF(painter.font()).horizontalAdvance(title) / 2
            left = x - half
        align = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, top, width, self.height() - top), align | Qt.AlignmentFlag.AlignTop, title)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font


class Workflow(QWidget):
    """The strip, and below it the milliseconds of forward, loss, backward and update."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_workflow")
        self.strip = PhaseStrip()
        self._numbers: list[QLabel] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.strip)
        self._times = QWidget()
        self._step_parts(QGridLayout(self._times))
        column.addWidget(self._times)
        self.set_step_times(None)

    def set_phase(self, name: str) -> None:
        """Mark the phase under way (one of PHASES); an empty name marks none."""
        self.strip.set_phase(name)

    def set_step_times(self, milliseconds: tuple[float, float, float, float] | None) -> None:
        """Show what forward, loss, backward and update of one step took; None where nobody knows."""
        for label, value in zip(self._numbers, milliseconds or (None,) * 4, strict=True):
            label.setText("—" if value is None else self.tr("{time} ms").format(time=_three_digits(value)))

    def show_times(self, shown: bool) -> None:
        """Keep or drop the times, where room is scarce."""
        self._times.setVisible(shown)

    def _step_parts(self, grid: QGridLayout) -> None:
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(0)
        parts = (
            (self.tr("forward"), self.tr("output = net(x)")),
            (self.tr("loss"), self.tr("loss = loss_fn(output, y)")),
            (self.tr("backward"), self.tr("loss.backward()")),
            (self.tr("update"), self.tr("optimizer.step(); optimizer.zero_grad()")),
        )
        for column, (title, code) in enumerate(parts):
            grid.setColumnStretch(column, 1)
            name, number = QLabel(title), QLabel()
            name.setProperty("muted", True)
            number.setFont(tabular(number.font()))
            number.setObjectName(f"training_time_{column}")
            number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            number.setAccessibleName(title)
            for label in (name, number):
                label.setToolTip(code)
            grid.addWidget(name, 0, column)
            grid.addWidget(number, 1, column)
            self._numbers.append(number)


def _three_digits(value: float) -> str:
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _paint_tick(painter: QPainter, x: float, color: QColor) -> None:
    painter.setPen(QPen(color, 1.5))
    painter.drawPolyline([QPointF(x - 2.5, _TOP), QPointF(x - 0.7, _TOP + 2), QPointF(x + 2.7, _TOP - 2)])
