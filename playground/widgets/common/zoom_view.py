"""A drawing that is zoomed, panned, fitted into its panel, and written out as a picture."""

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from playground.widgets.common.theme import theme

READABLE = 0.6  # the smallest scale that a drawing begins with
_LEAST, _MOST = 0.02, 8.0
_LONGEST = 16_000  # pixels of a picture's side: beyond, QPainter refuses


class ZoomView(QGraphicsView):
    """Wheel or + and - zoom, dragging pans, 0 fits. Subclasses fill `drawing` and then call `refit`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = QGraphicsScene(self)  # a child, so that it says nothing more once the view is gone
        self.setScene(self.drawing)
        self._title = title
        self._fits = True
        self._least = READABLE
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.drawing.setFont(self.font())

    @Slot()
    def fit(self) -> None:
        """Show the whole drawing, never larger than drawn, and keep it so while the panel changes its size."""
        self._fits, self._least = True, 0.0
        self._scale_to(self._least)

    @Slot()
    def refit(self) -> None:
        """After a change of the drawing: as much of it as is readable, or all of it after `fit`, unless zoomed."""
        if self._fits:
            self._scale_to(self._least)

    def begin(self) -> None:
        """Before another drawing is filled in: forget how the one before was zoomed."""
        self._fits, self._least = True, READABLE

    @Slot()
    def zoom_in(self) -> None:
        """Larger."""
        self._zoom(1.25)

    @Slot()
    def zoom_out(self) -> None:
        """Smaller."""
        self._zoom(0.8)

    def image(self, scale: float = 2.0) -> QImage:
        """The whole drawing with its ground, `scale` pixels for each of the drawing's, fewer where it is huge."""
        area = self.drawing.sceneRect()
        scale = min(scale, _LONGEST / max(area.width(), area.height(), 1.0))
        image = QImage((area.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32)
        image.fill(theme.color("surface"))
        with QPainter(image) as painter:
            self._render(painter, QRectF(image.rect()))
        return image

    def svg(self) -> bytes:
        """The whole drawing as SVG."""
        area = self.drawing.sceneRect()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(area.size().toSize())
        generator.setViewBox(QRect(0, 0, round(area.width()), round(area.height())))
        generator.setResolution(96)
        generator.setTitle(self._title)
        with QPainter(generator) as painter:
            target = QRectF(0, 0, area.width(), area.height())
            painter.fillRect(target, theme.color("surface"))
            self._render(painter, target)
        return bytes(buffer.data().data())

    def start(self) -> QPointF:
        """What a drawing too large for its panel shows first: its top."""
        area = self.drawing.sceneRect()
        return QPointF(area.center().x(), area.top())

    def _render(self, painter: QPainter, target: QRectF) -> None:
        blocked = self.drawing.blockSignals(True)
        chosen = self.drawing.selectedItems()
        for item in chosen:  # a mark of selection is not part of the drawing
            item.setSelected(False)
        self.drawing.render(painter, target, self.drawing.sceneRect())
        for item in chosen:
            item.setSelected(True)
        self.drawing.blockSignals(blocked)

    def _scale_to(self, least: float) -> None:
        """As much as has room at a scale of at least `least`."""
        area, room = self.drawing.sceneRect(), self.viewport().size()
        if not area.isEmpty():
            scale = max(least, min(1.0, (room.width() - 4) / area.width(), (room.height() - 4) / area.height()), _LEAST)
            self.resetTransform()
            self.scale(scale, scale)
            self.centerOn(self.start())

    def _zoom(self, factor: float) -> None:
        scale = self.transform().m11() * factor
        if _LEAST <= scale <= _MOST:
            self._fits = False
            self.scale(factor, factor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self._zoom(1.15 if turned > 0 else 1 / 1.15)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_out()
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()
