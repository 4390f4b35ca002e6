"""The view of the picture: fold, select, and walk along the layers."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from playground.widgets.common.theme import theme
from playground.widgets.common.zoom_view import ZoomView
from playground.widgets.network.layout import arrange
from playground.widgets.network.picture_items import RowItem, SlabItem, WireItem, fill
from playground.widgets.network.rows import PART, NodeRow, walk

_MANY = 60  # layers from which blocks begin folded
_MARGIN = 16


class NetworkPicture(ZoomView):
    """A drawing to zoom and pan; arrows select, a double-click folds a block or unfolds it.

    Signals
    -------
    layer_selected : the id of the layer or block that was clicked.
    """

    layer_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("NetworkPicture", "Network"), parent)
        self._rows: tuple[NodeRow, ...] = ()
        self._folded: frozenset[str] = frozenset()
        self._blocks: frozenset[str] = frozenset()
        self._selected = ""
        self.setObjectName("network_picture_view")
        self.setAccessibleName(self.tr("Picture of the network"))
        self.drawing.selectionChanged.connect(self._report_selection)
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
        blocked = self.drawing.blockSignals(True)
        self.drawing.clearSelection()
        item = self._item(node_id) or self._item(self._folded_around(node_id))
        if item is not None:
            item.setSelected(True)
            self.ensureVisible(item, 20, 20)
        self.drawing.blockSignals(blocked)
        self.viewport().update()

    @Slot()
    def fold_all(self) -> None:
        """Draw every block as one slab."""
        self._fold(self._blocks)

    @Slot()
    def unfold_all(self) -> None:
        """Draw every layer."""
        self._fold(frozenset())

    def items_of_rows(self) -> list[RowItem]:
        """What can be selected, from the top."""
        slabs = [item for item in self.drawing.items() if isinstance(item, RowItem)]
        return sorted(slabs, key=lambda item: (item.y(), item.x()))

    def _draw(self) -> None:
        blocked = self.drawing.blockSignals(True)
        self.drawing.clear()
        drawing = arrange(self._rows, self._folded)
        fill(self.drawing, drawing.slabs, drawing.frames, drawing.joints, drawing.wires)
        area = self.drawing.itemsBoundingRect()
        self.drawing.setSceneRect(area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self.drawing.blockSignals(blocked)
        self.refit()
        self.select(self._selected)

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

    @Slot()
    def _report_selection(self) -> None:
        chosen = self.drawing.selectedItems()
        item = chosen[0] if chosen else None
        if isinstance(item, RowItem) and item.row.id != self._selected:
            self._selected = item.row.id
            self.layer_selected.emit(item.row.id)

    @Slot()
    def _restyle(self) -> None:
        for item in self.drawing.items():
            if isinstance(item, WireItem):
                item.restyle()
        self.drawing.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if isinstance(item, RowItem) and item.row.id in self._blocks:
            self._fold(self._folded ^ {item.row.id})
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
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
