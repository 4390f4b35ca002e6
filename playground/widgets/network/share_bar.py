"""The cells of the tree: rows of one height, and the share of a layer in all parameters or FLOPs as a small bar."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from playground.widgets.common.theme import GRID, theme
from playground.widgets.network.model import SHARE_ROLE

_HEIGHT = 6.0


class LayerRow(QStyledItemDelegate):
    """A cell of one height, whatever signs its row has and whichever columns are shown."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, 3 * GRID))


class ShareBar(LayerRow):
    """A bar as long as the share; nothing where there is none."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        share = index.data(SHARE_ROLE)
        if share is None:
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_bar(painter, QRectF(option.rect), float(share), selected)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(6 * GRID, 0))

    def _paint_bar(self, painter: QPainter, cell: QRectF, share: float, selected: bool) -> None:
        groove = QRectF(cell.left() + 6, cell.center().y() - _HEIGHT / 2, cell.width() - 12, _HEIGHT)
        bar = QRectF(groove)
        bar.setWidth(max(2.0, groove.width() * share))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("on_accent", 0.3) if selected else theme.color("raised"))
        painter.drawRoundedRect(groove, 3, 3)
        painter.setBrush(theme.color("on_accent" if selected else "accent"))
        painter.drawRoundedRect(bar, min(3.0, bar.width() / 2), 3)
        painter.restore()
