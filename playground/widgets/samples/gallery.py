"""Images in rows, each with its label below; a mistake has a frame and says "5 → 6"."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.widgets.common.theme import GRID, tabular, theme
from playground.widgets.samples.page import ImagePage

_SMALL, _LARGE = 56, 84  # pixels an image is wide, about, in a low and in a high gallery
_LARGE_FROM = 320  # pixels of height


@dataclass(frozen=True, slots=True)
class Tiling:
    """How many tiles fit, how large they are, and how far apart."""

    columns: int
    rows: int
    size: int
    caption: int
    gap: float

    @staticmethod
    def of(area: QSize, image_width: int, caption: int) -> "Tiling":
        """Tiles at a whole multiple of the image's pixels where it is small, spread over the full width."""
        target = _LARGE if area.height() >= _LARGE_FROM else _SMALL
        size = max(1, round(target / image_width)) * image_width if image_width <= target else target
        columns = max(1, (area.width() + GRID) // (size + GRID))
        rows = max(1, (area.height() + GRID) // (size + caption + GRID))
        gap = (area.width() - columns * size) / (columns - 1) if columns > 1 else 0.0
        return Tiling(columns, rows, size, caption, gap)

    @property
    def capacity(self) -> int:
        """How many tiles fit."""
        return self.columns * self.rows

    def tile(self, i: int) -> QRect:
        """Where image `i` is painted."""
        row, column = divmod(i, self.columns)
        left, top = round(column * (self.size + self.gap)), row * (self.size + self.caption + GRID)
        return QRect(left, top + 2, self.size, self.size)


class Gallery(QWidget):
    """Paints a page of images.

    Signals
    -------
    selected(int) : the number in the split of the image clicked or reached by the arrow keys.
    capacity_changed(int) : another number of images fits.
    turned(int) : the wheel or a page key asks for the next (1) or the previous (-1) page.
    """

    selected = Signal(int)
    capacity_changed = Signal(int)
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(2 * _SMALL, _SMALL + 3 * GRID)
        self._page: ImagePage | None = None
        self._pictures: list[QImage] = []
        self._current = -1
        self._wheel = 0
        self._tiling = Tiling.of(self.size(), 28, self._caption_height())
        theme.changed.connect(self.update)

    @property
    def page(self) -> ImagePage | None:
        """What is shown."""
        return self._page

    @property
    def capacity(self) -> int:
        """How many images fit."""
        return self._tiling.capacity

    @property
    def shown(self) -> int:
        """How many images are painted."""
        return min(len(self._pictures), self.capacity)

    def show_page(self, page: ImagePage | None) -> None:
        """Show other images."""
        self._page = page
        self._pictures = page.pictures() if page is not None else []
        self._current = -1
        self._retile()
        self.update()

    def tile_rect(self, i: int) -> QRect:
        """Where image `i` of the page is painted."""
        return self._tiling.tile(i)

    def describe(self, i: int) -> str:
        """Number, label and the three likeliest classes of image `i` of the page."""
        if self._page is None:
            return ""
        lines = [
            self.tr("image {index}: {label}").format(index=f"{self._page.index(i):,}", label=self._page.caption(i))
        ]
        lines += [f"{name}   {100 * probability:.1f} %" for name, probability in self._page.best_guesses(i)]
        return "\n".join(lines)

    def sizeHint(self) -> QSize:
        """Two rows of ten."""
        return QSize(10 * (_SMALL + GRID), 2 * (_SMALL + 3 * GRID))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the tiles anew."""
        super().resizeEvent(event)
        self._retile()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint every tile that fits."""
        with QPainter(self) as painter:
            painter.setFont(tabular(self.font()))
            for i in range(self.shown):
                self._paint_tile(painter, i)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the image under the pointer."""
        i = self._at(event.position().toPoint())
        if i is not None:
            self._select(i)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows select, page keys turn."""
        columns = self._tiling.columns
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        turns = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key = Qt.Key(event.key())
        if key in turns:
            self.turned.emit(turns[key])
        elif key in moves and self.shown:
            self._select(min(max(self._current + moves[key], 0), self.shown - 1))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn a page for each notch."""
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / 120)
        self._wheel -= notches * 120
        if notches:
            self.turned.emit(-1 if notches > 0 else 1)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Tell about the image under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            i = self._at(event.pos())
            if i is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.describe(i), self, self._tiling.tile(i))
            return True
        return super().event(event)

    def _paint_tile(self, painter: QPainter, i: int) -> None:
        page, tile = self._page, self._tiling.tile(i)
        if page is None:
            return
        picture = self._pictures[i]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.width() > tile.width())
        painter.drawImage(tile, picture)
        wrong = page.is_mistake(i)
        self._paint_frame(painter, tile, i, wrong)
        painter.setPen(theme.color("bad" if wrong else "muted"))
        room = tile.width() + int(min(self._tiling.gap, 2 * GRID)) - 4
        text = self._caption(painter.fontMetrics(), i, room)
        width = painter.fontMetrics().horizontalAdvance(text) + 1
        left = min(max(tile.center().x() - width // 2, 0), self.width() - width)
        painter.drawText(
            QRect(left, tile.bottom() + 2, width, self._tiling.caption), Qt.AlignmentFlag.AlignCenter, text
        )

    def _caption(self, metrics: QFontMetrics, i: int, room: int) -> str:
        """The caption; of a mistake that is too long, what the image was taken for."""
        if self._page is None:
            return ""
        caption = self._page.caption(i)
        if (
            metrics.horizontalAdvance(caption) > room
            and self._page.predictions is not None
            and self._page.is_mistake(i)
        ):
            caption = f"→ {self._page.predictions[i]}"
        return metrics.elidedText(caption, Qt.TextElideMode.ElideRight, room)

    def _paint_frame(self, painter: QPainter, tile: QRect, i: int, wrong: bool) -> None:
        if not wrong and i != self._current:
            return
        color = theme.color("accent" if i == self._current else "bad")
        painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(tile.adjusted(1, 1, -1, -1))

    def _at(self, position: QPoint) -> int | None:
        reach = QRect(0, 0, self._tiling.size, self._tiling.size + self._tiling.caption)
        for i in range(self.shown):
            if reach.translated(self._tiling.tile(i).topLeft()).contains(position):
                return i
        return None

    def _select(self, i: int) -> None:
        self._current = i
        self.setAccessibleDescription(self.describe(i))
        self.update()
        if self._page is not None:
            self.selected.emit(self._page.index(i))

    def _retile(self) -> None:
        before = self.capacity
        width = self._pictures[0].width() if self._pictures else 28
        self._tiling = Tiling.of(self.size(), width, self._caption_height())
        if self.capacity != before:
            self.capacity_changed.emit(self.capacity)

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 2
