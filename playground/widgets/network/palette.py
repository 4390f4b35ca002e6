"""The palette: every layer and block that can be added, searched by a few letters."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID, theme
from playground.widgets.network.marks import swatch
from playground.widgets.network.model import KIND_MIME
from playground.widgets.network.rows import PaletteEntry

_KIND = Qt.ItemDataRole.UserRole
_SOUGHT = Qt.ItemDataRole.UserRole + 1


class Palette(QWidget):
    """A search field above groups of layers; Enter, a double-click or a drag adds one.

    Signals
    -------
    chosen : the kind to add.
    own_requested : the user wants to write a layer.
    dismissed : Escape was pressed.
    """

    chosen = Signal(str)
    own_requested = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_palette")
        self.search = _Search()
        self.list = _Entries()
        self.own = QPushButton(self.tr("Write your own layer…"))
        self._set_up()
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._choose)
        self.search.stepped.connect(self._step)
        self.search.left.connect(self.dismissed)
        self.list.itemActivated.connect(self._activate)
        self.own.clicked.connect(self.own_requested)
        theme.changed.connect(self._restyle)

    def set_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Offer these, in the order of their groups."""
        self.list.clear()
        titles = self._titles()
        for name in dict.fromkeys(entry.group for entry in entries):
            group = QTreeWidgetItem([titles.get(name, name)])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.addChildren([_item(entry, titles.get(name, name)) for entry in entries if entry.group == name])
            self.list.addTopLevelItem(group)
        self._restyle()
        self._filter()

    @Slot()
    def begin(self) -> None:
        """Take the keyboard for a new search."""
        self.search.selectAll()
        self.search.setFocus()

    def _set_up(self) -> None:
        self.search.setObjectName("palette_search")
        self.search.setAccessibleName(self.tr("Find a layer"))
        self.search.setPlaceholderText(self.tr("Find a layer, such as conv or pool"))
        self.search.setClearButtonEnabled(True)
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName(self.tr("Layers to add"))
        self.own.setObjectName("palette_own")
        self.own.setProperty("link", True)
        self.own.setToolTip(self.tr("Define a class in Python; it becomes a layer of this list."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.own, 0, Qt.AlignmentFlag.AlignLeft)

    def _titles(self) -> dict[str, str]:
        return {
            "linear": self.tr("Linear"),
            "convolution": self.tr("Convolution"),
            "pooling": self.tr("Pooling"),
            "activation": self.tr("Activation"),
            "normalisation": self.tr("Normalisation"),
            "dropout": self.tr("Dropout"),
            "shape": self.tr("Shape"),
            "blocks": self.tr("Blocks"),
            "own": self.tr("Your own"),
        }

    def _groups(self) -> list[QTreeWidgetItem]:
        return _members(self.list.invisibleRootItem())

    def _shown(self) -> list[QTreeWidgetItem]:
        return [item for group in self._groups() for item in _members(group) if not item.isHidden()]

    @Slot()
    def _filter(self) -> None:
        words = self.search.text().lower().split()
        for group in self._groups():
            for item in _members(group):
                item.setHidden(not all(word in item.data(0, _SOUGHT) for word in words))
            group.setHidden(all(item.isHidden() for item in _members(group)))
            group.setExpanded(True)
        self._make_current(_best(self._shown(), self.search.text()))

    @Slot(int)
    def _step(self, by: int) -> None:
        shown = self._shown()
        current = self.list.currentItem()
        if shown:
            position = shown.index(current) + by if current in shown else 0
            self._make_current(shown[max(0, min(position, len(shown) - 1))])

    def _make_current(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            self.list.setCurrentIndex(QModelIndex())
        else:
            self.list.setCurrentItem(item)

    @Slot()
    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._activate(item)

    @Slot(QTreeWidgetItem)
    def _activate(self, item: QTreeWidgetItem) -> None:
        kind = item.data(0, _KIND)
        if kind and not item.isHidden():
            self.chosen.emit(kind)

    @Slot()
    def _restyle(self) -> None:
        for group in self._groups():
            group.setForeground(0, theme.color("muted"))


class _Search(QLineEdit):
    """Up and Down go to the list below, so that a search needs one hand.

    Signals
    -------
    stepped : 1 for down, -1 for up.
    left : Escape was pressed.
    """

    stepped = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _Entries(QTreeWidget):
    """The groups; what is dragged from here is a kind of layer."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(GRID)
        self.setUniformRowHeights(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QTreeWidget.DragDropMode.DragOnly)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction  # moving would take the layer out of the palette

    def mimeTypes(self) -> list[str]:
        return [KIND_MIME]

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        mime = QMimeData()
        kinds = [item.data(0, _KIND) for item in items]
        if kinds and kinds[0]:
            mime.setData(KIND_MIME, kinds[0].encode())
        return mime


def _members(group: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    rows = (group.child(row) for row in range(group.childCount()))
    return [row for row in rows if row is not None]


def _item(entry: PaletteEntry, group: str) -> QTreeWidgetItem:
    title = entry.title or entry.kind
    item = QTreeWidgetItem([title])
    item.setIcon(0, swatch(entry.kind))
    item.setToolTip(0, entry.summary)
    item.setData(0, _KIND, entry.kind)
    item.setData(0, _SOUGHT, f"{title} {entry.kind} {group}".lower())
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
    item.setFlags(flags | Qt.ItemFlag.ItemNeverHasChildren)
    return item


def _best(shown: Sequence[QTreeWidgetItem], text: str) -> QTreeWidgetItem | None:
    """The first whose name is or begins with what is sought, else the first."""
    sought = text.strip().lower()
    ranked = sorted(
        shown, key=lambda item: (item.text(0).lower() != sought, not item.text(0).lower().startswith(sought))
    )
    return ranked[0] if ranked else None
