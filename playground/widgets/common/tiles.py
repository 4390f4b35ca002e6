"""Many small pictures in rows: filters, or the channels of an output."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from playground.widgets.common.color_scale import Floats, Scale, coloured_filter, coloured_image, number
from playground.widgets.common.theme import GRID, theme

_SMALLEST, _LARGEST = 36, 120  # pixels a tile is wide
_GAP = GRID // 2


class Tiles(QScrollArea):
    """Tiles as large as all of them fit, or scrolled where they would become too small.

    Signals
    -------
    chosen(int, int, int) : tile, row and column under a click.
    """

    chosen = Signal(int, int, int)

    def __init__(self, name: str, what: str, parent: QWidget | None = None, *, largest: int = _LARGEST) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_SMALLEST + GRID)
        self.sheet = _Sheet(what, largest)
        self.sheet.chosen.connect(self.chosen)
        self.setWidget(self.sheet)
        for ground in (self.viewport(), self.sheet):
            ground.setAutoFillBackground(False)

    def show_images(self, images: Floats, scale: Scale) -> None:
        """Show images [n, h, w] or [n, h, w, 3]; on a diverging scale the latter are filters over colours."""
        self.sheet.show_images(images, scale)
        self._fit()

    def set_current(self, tile: int) -> None:
        """Frame one tile; -1 none."""
        self.sheet.set_current(tile)

    def sizeHint(self) -> QSize:
        """Some rows."""
        return QSize(30 * GRID, 18 * GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.sheet.fit(self.viewport().size())


class _Sheet(QWidget):
    chosen = Signal(int, int, int)

    def __init__(self, what: str, largest: int) -> None:
        super().__init__()
        self._what = what
        self._largest = largest
        self._images: Floats | None = None
        self._scale = Scale(0.0, 1.0)
        self._pictures: list[QImage] = []
        self._columns, self._tile = 1, QSize(_SMALLEST, _SMALLEST)
        self._current = -1
        theme.changed.connect(self._repaint)

    def show_images(self, images: Floats, scale: Scale) -> None:
        self._images, self._scale = images, scale
        self._repaint()

    def set_current(self, tile: int) -> None:
        self._current = tile
        self.update()

    def fit(self, room: QSize) -> None:
        """The largest tiles with which all fit into `room`; the smallest ones, and a higher sheet, where none do."""
        count = len(self._pictures)
        if not count or room.width() < _SMALLEST:
            return
        height, width = self._pictures[0].height(), self._pictures[0].width()
        for across in range(self._largest, _SMALLEST - 1, -1):
            columns = max((room.width() + _GAP) // (across + _GAP), 1)
            down = max(round(across * height / width), 4)
            rows = -(-count // columns)
            if rows * (down + _GAP) <= room.height():
                break
        self._columns, self._tile = columns, QSize(across, down)
        self.setMinimumHeight(rows * (down + _GAP))
        self.update()

    def tile_rect(self, i: int) -> QRect:
        """Where tile `i` is painted."""
        row, column = divmod(i, self._columns)
        at = QPoint(column * (self._tile.width() + _GAP), row * (self._tile.height() + _GAP))
        return QRect(at, self._tile)

    def describe(self, i: int, row: int, column: int) -> str:
        """Which tile, and the number at this place of it."""
        assert self._images is not None
        value = self._images[i, row, column]
        if value.ndim:
            text = ", ".join(f"{name} {number(float(part), 4)}" for name, part in zip("RGB", value, strict=True))
        else:
            text = number(float(value), 5)
        place = self.tr("{what} {tile}, row {row}, column {column}: {value}")
        return place.format(what=self._what, tile=i, row=row, column=column, value=text)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for i, picture in enumerate(self._pictures):
                tile = self.tile_rect(i)
                if not tile.intersects(event.rect()):
                    continue
                shrinks = picture.width() > tile.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
                painter.drawImage(tile, picture)
                painter.setPen(theme.color("accent" if i == self._current else "line"))
                painter.drawRect(tile.adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position().toPoint())
        if place is not None:
            self.chosen.emit(*place)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place(event.pos())
            if place is not None:
                QToolTip.showText(event.globalPos(), self.describe(*place), self)
                return True
        return super().event(event)

    def _place(self, position: QPoint) -> tuple[int, int, int] | None:
        for i, picture in enumerate(self._pictures):
            tile = self.tile_rect(i)
            if tile.contains(position):
                within = position - tile.topLeft()
                row, column = (
                    within.y() * picture.height() // tile.height(),
                    within.x() * picture.width() // tile.width(),
                )
                return i, row, column
        return None

    def _repaint(self) -> None:
        images = self._images
        if images is None:
            return
        if images.ndim == 4:
            self._pictures = [self._coloured(image) for image in images]
        else:
            self._pictures = [self._scale.picture(image) for image in images]
        self.update()

    def _coloured(self, image: Floats) -> QImage:
        return coloured_filter(image, self._scale.high) if self._scale.diverging else coloured_image(image, self._scale)
