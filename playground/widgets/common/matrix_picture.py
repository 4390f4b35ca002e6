"""One matrix as a picture: coloured cells with their numbers where they fit, one of them to be chosen."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.widgets.common.color_scale import Floats, Scale, number, on_top
from playground.widgets.common.theme import GRID, tabular, theme

_LARGEST = 46  # pixels a cell is wide and high at most
_SMALLEST_FONT = 7.0  # points


class MatrixPicture(QWidget):
    """Paints values [h, w]; `keeps_aspect` draws square cells, else they fill the widget.

    Signals
    -------
    chosen(int, int) : row and column of the cell clicked or reached by the arrow keys.
    pointed(int, int) : row and column of the cell under the pointer, where mouse tracking is on.
    """

    chosen = Signal(int, int)
    pointed = Signal(int, int)

    def __init__(self, name: str, *, keeps_aspect: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.keeps_aspect = keeps_aspect
        self._values: Floats = np.zeros((0, 0), np.float32)
        self._scale = Scale(0.0, 1.0)
        self._block = (1, 1)
        self._mark: QRect | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def values(self) -> Floats:
        """What is shown [h, w]."""
        return self._values

    @property
    def mark(self) -> QRect | None:
        """The cells with a frame around them."""
        return self._mark

    def show_values(self, values: Floats, scale: Scale, *, block: tuple[int, int] = (1, 1)) -> None:
        """Show other values; each stands for a `block` of rows and columns."""
        self._values, self._scale, self._block = np.asarray(values), scale, block
        self.update()

    def set_mark(self, mark: QRect | None) -> None:
        """Frame some cells: columns as x, rows as y; they may reach beyond the picture."""
        self._mark = mark
        self.update()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        area, (height, width) = self._area(), self._values.shape
        cell = QRectF(0, 0, area.width() / width, area.height() / height)
        return cell.translated(area.left() + column * cell.width(), area.top() + row * cell.height())

    def sizeHint(self) -> QSize:
        """A comfortable picture."""
        return QSize(20 * GRID, 14 * GRID)

    def minimumSizeHint(self) -> QSize:
        """The smallest useful picture."""
        return QSize(10 * GRID, 4 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint cells, numbers and frame."""
        if not self._values.size:
            return
        with QPainter(self) as painter:
            area = self._area()
            shrinks = area.width() < self._values.shape[1] or area.height() < self._values.shape[0]
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
            painter.drawImage(area, self._scale.picture(self._values))
            self._paint_numbers(painter)
            painter.setPen(theme.color("line"))
            painter.drawRect(area)
            if self._mark is not None:
                self._paint_mark(painter, self._mark, area)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the pointer."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.chosen.emit(*cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self.pointed.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose the next cell."""
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self._mark is None:
            super().keyPressEvent(event)
            return
        height, width = self._values.shape
        row, column = self._mark.top() + step[0], self._mark.left() + step[1]
        self.chosen.emit(min(max(row, 0), height - 1), min(max(column, 0), width - 1))

    def event(self, event: QEvent) -> bool:
        """Tell the number under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(event.pos())
            if cell is not None:
                QToolTip.showText(event.globalPos(), self.describe(*cell), self)
                return True
        return super().event(event)

    def describe(self, row: int, column: int) -> str:
        """Place and value of a cell."""
        value = number(float(self._values[row, column]), 6)
        if self._block == (1, 1):
            return self.tr("row {row}, column {column}: {value}").format(row=row, column=column, value=value)
        (rows, columns), text = (
            self._block,
            self.tr("rows from {row}, columns from {column}: furthest from 0 is {value}"),
        )
        return text.format(row=row * rows, column=column * columns, value=value)

    def _area(self) -> QRect:
        """Where the picture is painted: as large as fits, centred."""
        height, width = self._values.shape
        room = self.rect().adjusted(0, 0, -1, -1)
        if not self.keeps_aspect:
            return QRect(room.topLeft(), QSize(room.width(), min(room.height(), max(height * _LARGEST, 3 * GRID))))
        size = min(room.width() / width, room.height() / height, _LARGEST)
        drawn = QSize(round(width * size), round(height * size))
        return QRect(QPoint((room.width() - drawn.width()) // 2, 0), drawn)

    def _cell_at(self, position: QPoint) -> tuple[int, int] | None:
        if not self._values.size or not self._area().contains(position):
            return None
        area, (height, width) = self._area(), self._values.shape
        row = (position.y() - area.top()) * height // max(area.height(), 1)
        column = (position.x() - area.left()) * width // max(area.width(), 1)
        return min(row, height - 1), min(column, width - 1)

    def _paint_numbers(self, painter: QPainter) -> None:
        """The numbers, as exactly as all of them fit; none where not even two digits do."""
        height, width = self._values.shape
        cell = self.cell_rect(0, 0)
        if height * width > 400 or cell.height() < 11 or cell.width() < 18:
            return
        painter.setFont(self._small_font())
        room = cell.width() - 4
        for decimals in (3, 2, 1):
            texts = [[_fixed(float(value), decimals) for value in row] for row in self._values]
            if max(painter.fontMetrics().horizontalAdvance(text) for row in texts for text in row) <= room:
                self._write(painter, texts)
                return

    def _write(self, painter: QPainter, texts: list[list[str]]) -> None:
        colors = self._scale.colors(self._values)
        for row, line in enumerate(texts):
            for column, text in enumerate(line):
                painter.setPen(on_top(QColor(*(int(part) for part in colors[row, column]))))
                painter.drawText(self.cell_rect(row, column), Qt.AlignmentFlag.AlignCenter, text)

    def _small_font(self) -> QFont:
        font = tabular(self.font())
        font.setPointSizeF(max(_SMALLEST_FONT, font.pointSizeF() * 0.8))
        return font

    def _paint_mark(self, painter: QPainter, mark: QRect, area: QRect) -> None:
        """A frame in two tones, to be seen on every colour; what reaches beyond the picture is cut off."""
        first = self.cell_rect(mark.top(), mark.left())
        last = self.cell_rect(mark.bottom(), mark.right())
        frame = first.united(last).intersected(QRectF(area))
        for color, width in ((theme.color("surface"), 4), (theme.color("accent"), 2)):
            painter.setPen(QPen(color, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(frame)


def _fixed(value: float, decimals: int) -> str:
    """As short as a cell allows: no leading zero."""
    text = f"{value:.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    return text.replace("0.", ".", 1) if abs(value) < 1 and float(f"{value:.{decimals}f}") else text
