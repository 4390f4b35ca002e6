"""How values are spread: bars over an axis with numbers, zero marked, ends of a range shaded."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.widgets.common.color_scale import number
from playground.widgets.common.theme import GRID, Role, tabular, theme
from playground.widgets.layer.values import Spread


class HistogramPicture(QWidget):
    """Paints a spread in the colour of `role`, its name and its mean and deviation above it."""

    def __init__(self, name: str, title: str, role: Role = "accent", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._title = title
        self._role: Role = role
        self.spread: Spread | None = None
        self.shaded: tuple[tuple[float, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_spread(self, spread: Spread | None, shaded: tuple[tuple[float, float], ...] = ()) -> None:
        """Show another spread, with these spans of the axis shaded."""
        self.spread, self.shaded = spread, shaded
        self.setAccessibleDescription(self.summary())
        self.update()

    def summary(self) -> str:
        """Mean, deviation and what stands out."""
        found = self.spread
        if found is None:
            return ""
        text = self.tr("mean {mean}, std {std}").format(mean=number(found.mean), std=number(found.std))
        if found.zeros:
            text += self.tr(", {share} zero").format(share=f"{100 * found.zeros / max(found.total, 1):.3g} %")
        if found.not_finite:
            text += self.tr(", {count} not finite").format(count=f"{found.not_finite:,}")
        return text

    def sizeHint(self) -> QSize:
        """A comfortable histogram."""
        return QSize(30 * GRID, 12 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Title, some bars and the axis."""
        return QSize(18 * GRID, 9 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint title, bars and axis."""
        found = self.spread
        with QPainter(self) as painter:
            painter.setFont(tabular(self.font()))
            self._paint_title(painter)
            if found is None:
                return
            area = self._area()
            self._shade(painter, area, found)
            self._paint_bars(painter, area, found)
            self._paint_axis(painter, area, found)

    def event(self, event: QEvent) -> bool:
        """Tell how many values lie under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.spread is not None:
            text = self.describe(event.pos().x())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)

    def describe(self, x: int) -> str:
        """The bin at this pixel: from, to, how many."""
        area, found = self._area(), self.spread
        if found is None or not area.left() <= x < area.right():
            return ""
        i = int((x - area.left()) / area.width() * len(found.counts))
        text = self.tr("{count} of {total} from {low} to {high}")
        return text.format(
            count=f"{found.counts[i]:,}",
            total=f"{found.total:,}",
            low=number(found.edges[i], 4),
            high=number(found.edges[i + 1], 4),
        )

    def _area(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(0, line + 2, self.width(), self.height() - 2 * line - 6)

    def _paint_title(self, painter: QPainter) -> None:
        painter.setPen(theme.color("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self._title)
        taken = painter.fontMetrics().horizontalAdvance(self._title) + GRID
        painter.setPen(theme.color("muted"))
        room = self.rect().adjusted(taken, 0, 0, 0)
        text = painter.fontMetrics().elidedText(self.summary(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, text)

    def _shade(self, painter: QPainter, area: QRectF, found: Spread) -> None:
        for low, high in self.shaded:
            left, right = (min(max(self._x(area, found, at), area.left()), area.right()) for at in (low, high))
            painter.fillRect(QRectF(left, area.top(), right - left, area.height()), theme.color("warning", 0.22))

    def _paint_bars(self, painter: QPainter, area: QRectF, found: Spread) -> None:
        highest = max(int(found.counts.max()), 1)
        width = area.width() / len(found.counts)
        for i, count in enumerate(found.counts):
            height = area.height() * int(count) / highest
            if count:
                bar = QRectF(area.left() + i * width, area.bottom() - max(height, 1), max(width - 1, 1), max(height, 1))
                painter.fillRect(bar, theme.color(self._role))

    def _paint_axis(self, painter: QPainter, area: QRectF, found: Spread) -> None:
        painter.setPen(theme.color("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(theme.color("muted"))
        low, high = float(found.edges[0]), float(found.edges[-1])
        below = QRectF(0, area.bottom() + 2, self.width(), self.fontMetrics().height())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, number(low))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, number(high))
        if low < 0 < high:
            x = self._x(area, found, 0.0)
            painter.drawLine(int(x), int(area.top()), int(x), int(area.bottom()) + 3)
            if 5 * GRID < x < self.width() - 5 * GRID:
                painter.drawText(QRectF(x - 20, below.top(), 40, below.height()), Qt.AlignmentFlag.AlignHCenter, "0")

    def _x(self, area: QRectF, found: Spread, value: float) -> float:
        low, high = float(found.edges[0]), float(found.edges[-1])
        return area.left() + area.width() * (value - low) / ((high - low) or 1.0)
