"""A small table of a tensor's first values, coloured by sign and size."""

from math import isfinite

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QGuiApplication, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.widgets.autograd.rule_text import shape_text
from playground.widgets.autograd.values import ArrayValues
from playground.widgets.common.numbers import plain_number
from playground.widgets.common.theme import GRID, blend, tabular, theme

_ROWS, _COLUMNS = 4, 6
_CELL_HEIGHT = 22


class ArrayTable(QWidget):
    """The last two dimensions at the beginning of the others; cells can be clicked and all values copied.

    Signals
    -------
    element_clicked : the place of a number in the tensor, a tuple of int.
    """

    element_clicked = Signal(tuple)

    def __init__(
        self, values: ArrayValues, marked: tuple[int, ...] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.values = values
        self._marked = marked
        self._block, self._begin = _window(values.array, marked)
        self._cells = [[_text(value) for value in row] for row in self._block]
        self._weights = _weights(self._block)
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Values"))
        self.setAccessibleDescription("; ".join(", ".join(row) for row in self._cells))
        copy = QAction(self.tr("Copy all values"), self)
        copy.triggered.connect(self._copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        theme.changed.connect(self.update)

    def texts(self) -> list[list[str]]:
        """The numbers as shown."""
        return [list(row) for row in self._cells]

    def note(self) -> str:
        """What is not shown; empty where all is."""
        rows, columns = self._block.shape
        if rows * columns == int(np.prod(self.values.shape, dtype=np.int64)):
            return ""
        text = self.tr("{shown} of {whole}")
        return text.format(shown=shape_text((rows, columns)), whole=shape_text(self.values.shape))

    def sizeHint(self) -> QSize:
        """Room for all cells."""
        rows, columns = self._block.shape
        return QSize(columns * self._cell_width() + 1, rows * _CELL_HEIGHT + 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the cells."""
        with QPainter(self) as painter:
            painter.setFont(self.font())
            for row, texts in enumerate(self._cells):
                for column, text in enumerate(texts):
                    self._paint_cell(painter, row, column, text)

    def _paint_cell(self, painter: QPainter, row: int, column: int, text: str) -> None:
        width = self._cell_width()
        box = QRectF(column * width, row * _CELL_HEIGHT, width, _CELL_HEIGHT).adjusted(0.5, 0.5, 0.5, 0.5)
        painter.setPen(theme.color("line"))
        painter.setBrush(_ground(self._weights[row][column]))
        painter.drawRect(box)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        if self._place(row, column) == self._marked:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))

    def _cell_width(self) -> int:
        texts = [text for row in self._cells for text in row]
        return max((self.fontMetrics().horizontalAdvance(text) for text in texts), default=0) + 2 * GRID

    def _cell(self, at: QPoint) -> tuple[int, int] | None:
        row, column = at.y() // _CELL_HEIGHT, at.x() // self._cell_width()
        inside = 0 <= row < self._block.shape[0] and 0 <= column < self._block.shape[1]
        return (row, column) if inside else None

    def _place(self, row: int, column: int) -> tuple[int, ...]:
        """Where a cell stands in the tensor."""
        dims = len(self.values.shape)
        first = self._begin[-2:] if dims > 1 else (0, *self._begin)
        if dims == 0:
            return ()
        return (*self._begin[:-2], first[0] + row, first[1] + column)[-dims:]

    @Slot()
    def _copy(self) -> None:
        table = self.values.array.reshape(-1, self.values.array.shape[-1] if self.values.array.ndim else 1)
        rows = ("\t".join(str(value) for value in row) for row in table.tolist())
        QGuiApplication.clipboard().setText("\n".join(rows))

    def event(self, event: QHelpEvent) -> bool:  # type: ignore[override]
        """Tell place and all digits of the number under the pointer."""
        if event.type() == QHelpEvent.Type.ToolTip:
            cell = self._cell(event.pos())
            text = f"{list(self._place(*cell))}: {self._block[cell].item()!r}" if cell else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.element_clicked.emit(self._place(*cell))


def _window(array: np.ndarray, marked: tuple[int, ...] | None) -> tuple[np.ndarray, tuple[int, ...]]:
    """A few rows and columns, around the marked number if there is one; and where they begin."""
    at = marked if marked is not None and all(m < n for m, n in zip(marked, array.shape, strict=True)) else ()
    at = at or (0,) * array.ndim
    sizes = array.shape
    begin = list(at)
    for dim, most in ((array.ndim - 2, _ROWS), (array.ndim - 1, _COLUMNS)):
        if dim >= 0:
            begin[dim] = max(0, min(at[dim] - most // 2, sizes[dim] - most))
    plane = array[tuple(begin[:-2])] if array.ndim > 2 else np.atleast_2d(array)
    row, column = ([0, 0, *begin])[-2:] if array.ndim else (0, 0)
    return plane[row : row + _ROWS, column : column + _COLUMNS], tuple(begin)


def _text(value: np.generic) -> str:
    plain = value.item()
    return plain_number(plain) if isinstance(plain, float) and isfinite(plain) else str(plain)


def _weights(block: np.ndarray) -> list[list[float]]:
    """Each number as a part of the largest magnitude; NaN stays."""
    real = np.abs(block) if np.iscomplexobj(block) else block.astype(np.float64)
    largest = np.max(np.abs(real[np.isfinite(real)]), initial=0.0)
    weights: list[list[float]] = (real / (largest or 1.0)).tolist()
    return weights


def _ground(weight: float) -> QColor:
    surface = theme.color("surface")
    if not isfinite(weight):
        return blend(theme.color("bad"), surface, 0.45)
    return blend(theme.color("validation" if weight > 0 else "train"), surface, 0.34 * abs(weight))
