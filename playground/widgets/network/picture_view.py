"""The view of the picture: zoom, pan, fold, select, and the picture as a file."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from playground.widgets.common.theme import theme
from playground.widgets.network.layout import arrange
from playground.widgets.network.picture_items import RowItem, SlabItem, WireItem, fill
from playground.widgets.network.rows import PART, NodeRow, walk

_MANY = 60  # layers from which blocks begin folded
_MARGIN = 16
_READABLE = 0.6  # the smallest scale that a picture begins with


class NetworkPicture(QGraphicsView):
    """Wheel or + and - zoom, dragging pans, 0 fits, arrows select, a double-click folds a block or unfolds it.

    Signals
    -------
    layer_selected : the id of the layer or block that was clicked.
    """

    layer_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing_scene = QGraphicsScene(self)  # a child, so that it says nothing more once the view is gone
        self.setScene(self._drawing_scene)
        self._rows: tuple[NodeRow, ...] = ()
        self._folded: frozenset[str] = frozenset()
        self._blocks: frozenset[str] = frozenset()
        self._fits = True
        self._selected = ""
        self.setObjectName("network_picture_view")
        self.setAccessibleName(self.tr("Picture of the network"))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self._drawing_scene.setFont(self.font())
        self._drawing_scene.selectionChanged.connect(self._report_selection)
        theme.changed.connect(self._restyle)

    def set_rows(self, rows: Sequence[NodeRow]) -> None:
        """Draw these layers; blocks that were folded stay so, and so does what was selected."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        every = list(walk(self._rows))
        blocks = frozenset(row.id for row in every if row.kind != PART and (row.slot or row.children))
        new = blocks - self._blocks
        layers = sum(1 for row in every if row.kind != PART and not row.children)
        self._folded = (self._folded & blocks) | (new if layers > _MANY else frozenset())
        self._blocks = blocks
        self._draw()

    @Slot(str)
    def select(self, node_id: str) -> None:
        """Mark a layer; inside a folded block, the block. Reports nothing."""
        self._selected = node_id
        blocked = self._drawing_scene.blockSignals(True)
        self._drawing_scene.clearSelection()
        item = self._item(node_id) or self._item(self._folded_around(node_id))
        if item is not None:
            item.setSelected(True)
            self.ensureVisible(item, 20, 20)
        self._drawing_scene.blockSignals(blocked)
        self.viewport().update()

    @Slot()
    def fold_all(self) -> None:
        """Draw every block as one slab."""
        self._fold(self._blocks)

    @Slot()
    def unfold_all(self) -> None:
        """Draw every layer."""
        self._fold(frozenset())

    @Slot()
    def fit(self) -> None:
        """Show the whole picture, never larger than drawn, and keep it so while the panel changes its size."""
        self._fits = True
        self._scale_to(0.0)

    @Slot()
    def zoom_in(self) -> None:
        """Larger."""
        self._zoom(1.25)

    @Slot()
    def zoom_out(self) -> None:
        """Smaller."""
        self._zoom(0.8)

    def image(self, scale: float = 2.0) -> QImage:
        """The whole picture with its ground, `scale` pixels for each of the drawing's."""
        area = self._drawing_scene.sceneRect()
        image = QImage((area.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32)
        image.fill(theme.color("surface"))
        with QPainter(image) as painter:
            self._render(painter, QRectF(image.rect()))
        return image

    def svg(self) -> bytes:
        """The whole picture as SVG."""
        area = self._drawing_scene.sceneRect()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(area.size().toSize())
        generator.setViewBox(QRect(0, 0, round(area.width()), round(area.height())))
        generator.setResolution(96)
        generator.setTitle(self.tr("Network"))
        with QPainter(generator) as painter:
            target = QRectF(0, 0, area.width(), area.height())
            painter.fillRect(target, theme.color("surface"))
            self._render(painter, target)
        return bytes(buffer.data().data())

    def items_of_rows(self) -> list[RowItem]:
        """What can be selected, from the top."""
        slabs = [item for item in self._drawing_scene.items() if isinstance(item, RowItem)]
        return sorted(slabs, key=lambda item: (item.y(), item.x()))

    def _render(self, painter: QPainter, target: QRectF) -> None:
        blocked = self._drawing_scene.blockSignals(True)
        chosen = self._drawing_scene.selectedItems()
        for item in chosen:  # a mark of selection is not part of the network
            item.setSelected(False)
        self._drawing_scene.render(painter, target, self._drawing_scene.sceneRect())
        for item in chosen:
            item.setSelected(True)
        self._drawing_scene.blockSignals(blocked)

    def _draw(self) -> None:
        blocked = self._drawing_scene.blockSignals(True)
        self._drawing_scene.clear()
        drawing = arrange(self._rows, self._folded)
        fill(self._drawing_scene, drawing.slabs, drawing.frames, drawing.joints, drawing.wires)
        area = self._drawing_scene.itemsBoundingRect()
        self._drawing_scene.setSceneRect(area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self._drawing_scene.blockSignals(blocked)
        if self._fits:
            self._scale_to(_READABLE)
        self.select(self._selected)

    def _scale_to(self, least: float) -> None:
        """As much as has room at a scale of at least `least`, from the top."""
        area, room = self._drawing_scene.sceneRect(), self.viewport().size()
        if not area.isEmpty():
            scale = max(least, min(1.0, (room.width() - 4) / area.width(), (room.height() - 4) / area.height()))
            self.resetTransform()
            self.scale(scale, scale)
            self.centerOn(area.center().x(), area.top())

    def _fold(self, blocks: frozenset[str]) -> None:
        self._folded = blocks
        self._draw()

    def _item(self, node_id: str) -> RowItem | None:
        found = [item for item in self.items_of_rows() if item.row.id == node_id]
        return found[0] if node_id and found else None

    def _folded_around(self, node_id: str) -> str:
        for row in walk(self._rows):
            if row.id in self._folded and any(each.id == node_id for each in walk(row.children)):
                return row.id
        return ""

    def _zoom(self, factor: float) -> None:
        scale = self.transform().m11() * factor
        if 0.05 <= scale <= 8:
            self._fits = False
            self.scale(factor, factor)

    @Slot()
    def _report_selection(self) -> None:
        chosen = self._drawing_scene.selectedItems()
        item = chosen[0] if chosen else None
        if isinstance(item, RowItem) and item.row.id != self._selected:
            self._selected = item.row.id
            self.layer_selected.emit(item.row.id)

    @Slot()
    def _restyle(self) -> None:
        for item in self._drawing_scene.items():
            if isinstance(item, WireItem):
                item.restyle()
        self._drawing_scene.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if isinstance(item, RowItem) and item.row.id in self._blocks:
            self._fold(self._folded ^ {item.row.id})
        else:
            super().mouseDoubleClickEvent(event)

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
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        items = [item for item in self.items_of_rows() if isinstance(item, SlabItem)]
        now = [number for number, item in enumerate(items) if item.isSelected()]
        if items:
            wanted = items[max(0, min(len(items) - 1, now[0] + by if now else 0))]
            self.select(wanted.row.id)
            self.layer_selected.emit(wanted.row.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self._scale_to(_READABLE)
