"""The catalogue: groups of operations with one line each, narrowed down by a search field."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.widgets.common.theme import GRID, blend, theme
from playground.widgets.operations.matching import best, matching
from playground.widgets.operations.values import CatalogueEntry

_ENTRY = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class CatalogueList(QWidget):
    """A search field above the groups: type, walk with the arrows, Enter explains, Ctrl+Enter runs.

    Signals
    -------
    chosen(object) : the CatalogueEntry that is looked at; None where nothing fits.
    explained : Enter or a double-click on it.
    run : Ctrl+Enter on it.
    """

    chosen = Signal(object)
    explained = Signal()
    run = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = _Search()
        self.list = _Entries()
        self.none = QLabel()
        self._entries: tuple[CatalogueEntry, ...] = ()
        self._set_up()
        self.search.textChanged.connect(self._filter)
        for part in (self.search, self.list):
            part.explained.connect(self._explain)
            part.run.connect(self.run)
        self.search.stepped.connect(self._step)
        self.list.currentItemChanged.connect(self._tell)
        self.list.itemDoubleClicked.connect(self._explain)
        theme.changed.connect(self.list.viewport().update)

    @property
    def current(self) -> CatalogueEntry | None:
        """The entry that is looked at."""
        return _entry(self.list.currentItem())

    def set_entries(self, entries: Sequence[CatalogueEntry]) -> None:
        """Offer these, in the order of their groups."""
        self._entries = tuple(entries)
        self.list.clear()
        for name in dict.fromkeys(entry.group for entry in entries):
            group = QTreeWidgetItem([name])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.addChildren([_item(entry) for entry in entries if entry.group == name])
            self.list.addTopLevelItem(group)
        self._filter()

    def choose(self, name: str) -> None:
        """Look at an entry by its name; one that the search hides is brought back."""
        found = [item for item in self._items() if item.text(0) == name]
        if found and found[0].isHidden():
            self.search.clear()
        if found:
            self.list.setCurrentItem(found[0])

    def shown(self) -> list[str]:
        """The names that are offered now."""
        return [item.text(0) for item in self._items() if not item.isHidden()]

    def _set_up(self) -> None:
        self.search.setObjectName("operations_search")
        self.search.setAccessibleName(self.tr("Find an operation"))
        self.search.setPlaceholderText(self.tr("Find an operation"))
        self.search.setToolTip(self.tr("Type what you look for. Enter explains its example, Ctrl+Enter runs it."))
        self.search.setClearButtonEnabled(True)
        self.list.setObjectName("operations_list")
        self.list.setAccessibleName(self.tr("Operations"))
        self.none.setProperty("muted", True)
        self.none.setWordWrap(True)
        self.none.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.search)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)

    def _items(self) -> list[QTreeWidgetItem]:
        return [item for group in _members(self.list.invisibleRootItem()) for item in _members(group)]

    @Slot()
    def _filter(self) -> None:
        text = self.search.text()
        found = matching(self._entries, text)
        names = {entry.name for entry in found}
        for group in _members(self.list.invisibleRootItem()):
            for item in _members(group):
                item.setHidden(item.text(0) not in names)
            group.setHidden(all(item.isHidden() for item in _members(group)))
            group.setExpanded(True)
        self.none.setText(self.tr("No operation is found for “{text}”.").format(text=text.strip()))
        self.none.setVisible(bool(text.strip()) and not found)
        first = best(found, text) if text.strip() else None
        if first is not None:
            self.choose(first.name)

    @Slot(int)
    def _step(self, by: int) -> None:
        shown = [item for item in self._items() if not item.isHidden()]
        current = self.list.currentItem()
        if shown:
            position = shown.index(current) + by if current in shown else 0
            self.list.setCurrentItem(shown[max(0, min(position, len(shown) - 1))])

    @Slot()
    def _explain(self) -> None:
        if self.current is not None:
            self.explained.emit()

    @Slot()
    def _tell(self) -> None:
        self.chosen.emit(self.current)


class _Search(QLineEdit):
    """Up and Down walk through the list below, so that a search needs one hand."""

    stepped = Signal(int)
    explained = Signal()
    run = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            _enter(event, self)
        else:
            super().keyPressEvent(event)


class _Entries(QTreeWidget):
    explained = Signal()
    run = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_TwoLines(self))
        self.viewport().setAutoFillBackground(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            _enter(event, self)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())  # the entry below grows with its example


class _TwoLines(QStyledItemDelegate):
    """A name with its summary below, muted; a group as a quiet heading."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        line = option.fontMetrics.height()
        return QSize(10 * GRID, 2 * line + GRID if index.data(_ENTRY) else line + 2 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        entry = index.data(_ENTRY)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        font = QFont(option.font)
        if chosen:
            painter.fillRect(rect, theme.color("accent"))
        if entry is None:
            font.setWeight(QFont.Weight.DemiBold)
            _write(
                painter, rect.adjusted(GRID // 2, GRID, -GRID // 2, 0), index.data(), font, muted=True, chosen=chosen
            )
        else:
            upper = rect.adjusted(GRID, GRID // 2, -GRID // 2, -rect.height() // 2)
            lower = rect.adjusted(GRID, rect.height() // 2, -GRID // 2, -GRID // 2)
            _write(painter, upper, entry.name, font, muted=False, chosen=chosen)
            _write(painter, lower, entry.summary, font, muted=True, chosen=chosen)
        painter.restore()


def _write(painter: QPainter, rect: QRect, text: str, font: QFont, *, muted: bool, chosen: bool) -> None:
    color = theme.color("muted" if muted else "text")
    if chosen:
        color = blend(theme.color("on_accent"), theme.color("accent"), 0.85 if muted else 1.0)
    painter.setFont(font)
    painter.setPen(color)
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, elided)


def _enter(event: QKeyEvent, part: _Search | _Entries) -> None:
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        part.run.emit()
    else:
        part.explained.emit()


def _members(group: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    rows = (group.child(row) for row in range(group.childCount()))
    return [row for row in rows if row is not None]


def _item(entry: CatalogueEntry) -> QTreeWidgetItem:
    item = QTreeWidgetItem([entry.name])
    item.setData(0, _ENTRY, entry)
    item.setToolTip(0, f"{entry.signature}\n{entry.summary}")
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren)
    return item


def _entry(item: QTreeWidgetItem | None) -> CatalogueEntry | None:
    entry = item.data(0, _ENTRY) if item is not None else None
    return entry if isinstance(entry, CatalogueEntry) else None
