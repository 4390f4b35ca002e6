"""A pad on which the points of a regression are placed by hand."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.theme import GRID, RACERS, tabular, theme
from playground.widgets.common.ticks import linear_ticks, number
from playground.widgets.descent.values import Point

MOST_POINTS = 1000  # what a document holds

_REACH = 9.0  # pixels within which a press takes a point
_DOT = 4.5  # pixels of radius
_USUAL = QRectF(-3.0, -5.0, 6.0, 10.0)  # x from -3 to 3, y from -5 to 5
_LEFT, _BELOW = 30, 20  # pixels for the numbers of the axes
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class PointPad(QWidget):
    """A press on empty ground adds a point, a drag moves it, the right button or Delete removes it.

    The last point stays: a line through nothing has no loss.

    Signals
    -------
    edited : the points after one was added or removed, as a tuple of (x, y).
    dragged : the points after one was moved.
    drag_ended : the point was let go.
    """

    edited = Signal(object)
    dragged = Signal(object)
    drag_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[Point, ...] = ()
        self._lines: tuple[Point, ...] = ()
        self._range = _USUAL
        self._chosen = -1
        self._held = False
        self._moved = False
        self.setObjectName("point_pad")
        self.setAccessibleName(self.tr("Points of the regression"))
        self.setToolTip(self.tr("A click adds a point, a drag moves it, a right click or Delete removes it."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.setMinimumSize(20 * GRID, 16 * GRID)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def points(self) -> tuple[Point, ...]:
        """The points shown."""
        return self._points

    def set_points(self, points: tuple[Point, ...]) -> None:
        """Show these points; nothing is reported."""
        if points == self._points:
            return
        if len(points) != len(self._points):
            self._chosen = min(self._chosen, len(points) - 1)
        self._points = points
        if not self._held:
            self._range = _range_of(points)
        self.update()

    def set_lines(self, lines: tuple[Point, ...]) -> None:
        """Draw the line w·x + b for each (w, b), in the colours of the racers."""
        if lines != self._lines:
            self._lines = lines
            self.update()

    def place_of(self, point: Point) -> QPointF:
        """Where a point is drawn."""
        box, area = self._box(), self._range
        x = box.left() + (point[0] - area.left()) / area.width() * box.width()
        return QPointF(x, box.bottom() - (point[1] - area.top()) / area.height() * box.height())

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, GRID, -GRID // 2, -_BELOW)

    def _point_at(self, place: QPointF) -> Point:
        box, area = self._box(), self._range
        across = min(1.0, max(0.0, (place.x() - box.left()) / box.width()))
        up = min(1.0, max(0.0, (box.bottom() - place.y()) / box.height()))
        return round(area.left() + across * area.width(), 2), round(area.top() + up * area.height(), 2)

    def _near(self, place: QPointF) -> int:
        """The place in the list of the nearest point within reach, or -1."""
        far = [(self.place_of(point) - place).manhattanLength() for point in self._points]
        nearest = min(range(len(far)), key=far.__getitem__, default=-1)
        return nearest if nearest >= 0 and far[nearest] <= _REACH else -1

    def _add(self, place: QPointF) -> None:
        if len(self._points) < MOST_POINTS and self._box().adjusted(-2, -2, 2, 2).contains(place):
            self._points = (*self._points, self._point_at(place))
            self._chosen = len(self._points) - 1
            self._held = True
            self.edited.emit(self._points)

    def _remove(self, index: int) -> None:
        if len(self._points) > 1 and 0 <= index < len(self._points):
            self._points = self._points[:index] + self._points[index + 1 :]
            self._chosen = -1
            self.update()
            self.edited.emit(self._points)

    def _move(self, point: Point) -> None:
        if point != self._points[self._chosen]:
            self._points = (*self._points[: self._chosen], point, *self._points[self._chosen + 1 :])
            self._moved = True
            self.update()
            self.dragged.emit(self._points)

    def _nudge(self, key: Qt.Key) -> None:
        (across, up), (x, y) = _ARROWS[key], self._points[self._chosen]
        step_x, step_y = self._range.width() / 100, self._range.height() / 100
        self._move((round(x + across * step_x, 2), round(y + up * step_y, 2)))
        self._moved = False
        self.drag_ended.emit()

    def sizeHint(self) -> QSize:
        return QSize(34 * GRID, 21 * GRID)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = self._near(event.position())
        if event.button() == Qt.MouseButton.RightButton:
            self._remove(near)
        elif event.button() == Qt.MouseButton.LeftButton:
            if near >= 0:
                self._chosen, self._held = near, True
            else:
                self._add(event.position())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._move(self._point_at(event.position()))
        else:
            near = self._near(event.position()) >= 0
            self.setCursor(Qt.CursorShape.OpenHandCursor if near else Qt.CursorShape.CrossCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            self._held = False
            if self._moved:
                self._moved = False
                self.drag_ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = 0 <= self._chosen < len(self._points)
        if chosen and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove(self._chosen)
        elif chosen and event.key() in _ARROWS:
            self._nudge(Qt.Key(event.key()))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(tabular(self.font()))
            self._paint_axes(painter)
            painter.setClipRect(self._box().adjusted(-_DOT, -_DOT, _DOT, _DOT))
            self._paint_lines(painter)
            self._paint_points(painter)

    def _paint_axes(self, painter: QPainter) -> None:
        box, area = self._box(), self._range
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawRect(box)
        step, ticks = linear_ticks(area.left(), area.right(), 5)
        for x in ticks:
            spot = self.place_of((x, area.top()))
            painter.setPen(theme.color("muted"))
            across = QRectF(spot.x() - 24, box.bottom() + 2, 48, _BELOW - 2)
            painter.drawText(across, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, number(x, step))
        step, ticks = linear_ticks(area.top(), area.bottom(), 4)
        for y in ticks:
            spot = self.place_of((area.left(), y))
            painter.setPen(QPen(theme.color("raised"), 1))
            painter.drawLine(QPointF(box.left() + 1, spot.y()), QPointF(box.right() - 1, spot.y()))
            painter.setPen(theme.color("muted"))
            beside = QRectF(0, spot.y() - 10, _LEFT - 5, 20)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(y, step))

    def _paint_lines(self, painter: QPainter) -> None:
        left, right = self._range.left(), self._range.right()
        for racer, (slope, intercept) in enumerate(self._lines):
            ends = (slope * left + intercept, slope * right + intercept)
            if all(abs(y) < 1e6 for y in ends):  # a diverged line has no place on the pad
                painter.setPen(QPen(QColor(RACERS[racer % len(RACERS)]), 2))
                painter.drawLine(self.place_of((left, ends[0])), self.place_of((right, ends[1])))

    def _paint_points(self, painter: QPainter) -> None:
        for index, point in enumerate(self._points):
            chosen = index == self._chosen and self.hasFocus()
            painter.setPen(QPen(theme.color("text" if chosen else "surface"), 2 if chosen else 1))
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(self.place_of(point), _DOT + chosen, _DOT + chosen)


def _range_of(points: tuple[Point, ...]) -> QRectF:
    """The usual range, widened to hold every point with a margin."""
    area = QRectF(_USUAL)
    for x, y in points:
        area = area.united(QRectF(x - 0.1 * abs(x), y - 0.1 * abs(y), 0.2 * abs(x), 0.2 * abs(y)))
    return area
