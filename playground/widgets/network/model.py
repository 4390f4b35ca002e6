"""The network as a Qt tree: what its cells show, and what can be dragged where."""

import json
from collections.abc import Iterable, Sequence
from enum import IntEnum

from PySide6.QtCore import QMimeData, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFont

from playground.widgets.common.theme import theme
from playground.widgets.network.marks import block_icon, fresh_icon, frozen_icon, off_icon, problem_icon
from playground.widgets.network.numbers import count_text, short
from playground.widgets.network.places import drop_place, holds_layers
from playground.widgets.network.rows import INPUT_ID, PART, NodeRow, walk
from playground.widgets.network.tree_model import COLUMNS, Index, TreeModel

SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2
IDS_MIME = "application/x-playground-layers"
KIND_MIME = "application/x-playground-kind"
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns, from the left."""

    LAYER = 0
    OUTPUT = 1
    PARAMETERS = 2
    SHARE = 3
    FLOPS = 4
    FLOPS_SHARE = 5


class NetworkModel(TreeModel):
    """Rows as cells. A drop changes nothing here: it becomes a wish.

    Signals
    -------
    followed : other rows are shown now.
    kind_dropped, ids_dropped, text_dropped : what was dropped, and the Place.
    """

    followed = Signal()
    kind_dropped = Signal(str, object)
    ids_dropped = Signal(object, object)
    text_dropped = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._largest = (0.0, 0.0)
        theme.changed.connect(self._restyle)

    def set_rows(self, rows: Sequence[NodeRow], input_shape: str = "") -> None:
        """Show these layers; with `input_shape`, a first row shows what goes in."""
        first = (NodeRow(INPUT_ID, self.tr("Input"), "input", input_shape),) if input_shape else ()
        before, self._largest = self._largest, _largest_shares(rows)
        self.follow((*first, *rows))
        if before != self._largest:
            self._restyle()
        self.followed.emit()

    def problems(self) -> list[NodeRow]:
        """The rows with a problem, from the top."""
        return [row for row in self.rows() if row.problem]

    def outermost(self, indexes: Iterable[Index]) -> list[str]:
        """The ids of the layers among these, from the top, without those inside another one of them."""
        chosen = {index.internalId() for index in indexes}
        return [
            self.row_at(index).id
            for index in self.indexes()
            if index.internalId() in chosen and self._is_layer(index) and not self._is_inside(index, chosen)
        ]

    def _is_layer(self, index: Index) -> bool:
        row = self.row_at(index)
        return row.kind != PART and row.id != INPUT_ID

    @staticmethod
    def _is_inside(index: Index, chosen: set[int]) -> bool:
        above = index.parent()
        while above.isValid():
            if above.internalId() in chosen:
                return True
            above = above.parent()
        return False

    @Slot()
    def _restyle(self) -> None:
        for index in self.indexes():
            self.dataChanged.emit(index, index.siblingAtColumn(COLUMNS - 1))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings()[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._header_tips()[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._node(index).row, Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == SHARE_ROLE:
            return self._bar(row, column)
        if role == ID_ROLE:
            return row.id
        return self._look(row, column, role)

    def _bar(self, row: NodeRow, column: Column) -> float | None:
        """How long the bar is: the one with the most fills its cell, so that small shares can be told apart."""
        most, flops_most = self._largest
        if column == Column.SHARE and row.parameters and most:
            return min(1.0, row.share / most)
        if column == Column.FLOPS_SHARE and row.flops and flops_most:
            return min(1.0, row.flops_share / flops_most)
        return None

    def _look(self, row: NodeRow, column: Column, role: int) -> object:
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.problem or self._tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return _foreground(row, column)
        if column == Column.LAYER and role == Qt.ItemDataRole.DecorationRole:
            return _icon(row)
        return _off_font() if column == Column.LAYER and role == Qt.ItemDataRole.FontRole and not row.enabled else None

    def _tip(self, row: NodeRow, column: Column) -> str:
        if column == Column.SHARE and row.parameters:
            return self.tr("{percent} of all parameters").format(percent=f"{row.share:.1%}")
        if column in (Column.FLOPS, Column.FLOPS_SHARE) and row.flops is not None:
            return self.tr("{count} FLOPs a sample, {percent} of those counted").format(
                count=f"{row.flops:,}", percent=f"{row.flops_share:.1%}"
            )
        return " · ".join([row.label, *self._state(row)]) if column == Column.LAYER else ""

    def _spoken(self, row: NodeRow, column: Column) -> str | None:
        if column in (Column.SHARE, Column.FLOPS_SHARE):
            return self._tip(row, column)
        return ", ".join([row.label, *self._state(row), row.problem]).rstrip(", ") if column == Column.LAYER else None

    def _state(self, row: NodeRow) -> list[str]:
        states = (
            (not row.enabled, self.tr("switched off")),
            (row.frozen, self.tr("frozen: it does not learn")),
            (row.fresh, self.tr("its weights began anew when the network was changed")),
        )
        return [text for holds, text in states if holds]

    def _headings(self) -> tuple[str, ...]:
        return (self.tr("Layer"), self.tr("Output"), self.tr("Params"), self.tr("Share"), self.tr("FLOPs"), "")

    def _header_tips(self) -> tuple[str, ...]:
        flops = self.tr("2 x the multiply-adds of matrix products and convolutions, for one sample.")
        return (
            self.tr("The layers in the order in which the data passes them."),
            self.tr("The shape of one sample after the layer, without the batch."),
            self.tr("How many numbers the layer learns: weights and biases."),
            self.tr("The layer's share of all parameters; the one with the most has a full bar."),
            flops,
            self.tr("The layer's share of all FLOPs that are counted; the one with the most has a full bar."),
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self._is_layer(index):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsDropEnabled if holds_layers(self, index) else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [IDS_MIME, KIND_MIME, "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        mime.setData(IDS_MIME, json.dumps(self.outermost(indexes)).encode())
        return mime

    def canDropMimeData(self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index) -> bool:
        if data.hasUrls() or not any(data.hasFormat(each) for each in self.mimeTypes()):
            return False
        return not data.hasFormat(IDS_MIME) or self._may_move(_ids(data), parent.sibling(parent.row(), 0))

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        place = drop_place(self, row, parent.sibling(parent.row(), 0))
        if data.hasFormat(IDS_MIME):
            self.ids_dropped.emit(_ids(data), place)
        elif data.hasFormat(KIND_MIME):
            self.kind_dropped.emit(bytes(data.data(KIND_MIME).data()).decode(), place)
        else:
            self.text_dropped.emit(data.text(), place)
        return True

    def _may_move(self, ids: Sequence[str], target: Index) -> bool:
        """A block cannot go into itself, and what comes from another window is not known here."""
        indexes = [self.index_of(each) for each in ids]
        chosen = {index.internalId() for index in indexes}
        into_itself = target.isValid() and (target.internalId() in chosen or self._is_inside(target, chosen))
        return bool(indexes) and all(index.isValid() for index in indexes) and not into_itself


def _ids(data: QMimeData) -> tuple[str, ...]:
    return tuple(json.loads(bytes(data.data(IDS_MIME).data())))


def _text(row: NodeRow, column: Column) -> str:
    if column == Column.LAYER:
        return row.label
    if column == Column.OUTPUT:
        return row.output
    if column == Column.PARAMETERS and row.parameters:
        return count_text(row.parameters)
    return short(row.flops) if column == Column.FLOPS and row.flops else ""


def _largest_shares(rows: Sequence[NodeRow]) -> tuple[float, float]:
    every = list(walk(rows))
    return max((row.share for row in every), default=0.0), max((row.flops_share for row in every), default=0.0)


def _alignment(column: int) -> Qt.AlignmentFlag:
    return RIGHT if column in (Column.PARAMETERS, Column.FLOPS) else LEFT


def _foreground(row: NodeRow, column: Column) -> object:
    if row.problem:
        return theme.color("bad")
    if column == Column.OUTPUT or row.kind in ("input", PART) or not row.enabled:
        return theme.color("muted")
    return theme.color("text")


def _icon(row: NodeRow) -> object:
    if row.problem:
        return problem_icon()
    if not row.enabled:
        return off_icon()
    if row.frozen:
        return frozen_icon()
    if row.fresh:
        return fresh_icon()
    return block_icon(row.kind)


def _off_font() -> QFont:
    font = QFont()
    font.setStrikeOut(True)
    return font
