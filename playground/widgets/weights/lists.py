"""Tensors in three lists below each other: those that fit, those that are lacking, those left over."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from playground.widgets.common.theme import Role, tabular, theme
from playground.widgets.weights.values import Shape, TensorRow, WeightsReport

NAME, WANTED, SOURCE, FOUND = range(4)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TONES: dict[str, Role] = {"✓": "good", "!": "warning", "○": "muted"}


class TensorLists(QTreeWidget):
    """Each list under its title, which folds it; empty ones are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("weights_lists")
        self.setAccessibleName(self.tr("Tensors of the network and of the file"))
        self._groups: list[tuple[Role, QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.setHeaderLabels(
            [self.tr("In the network"), self.tr("Shape"), self.tr("In the file"), self.tr("Shape there")]
        )
        self.setFont(tabular(self.font()))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        header = self.header()
        header.setStretchLastSection(False)
        for column in (NAME, SOURCE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column in (WANTED, FOUND):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            self.headerItem().setTextAlignment(column, _RIGHT)
        theme.changed.connect(self._restyle)

    def show_report(self, report: WeightsReport) -> None:
        """Show the lists of a report; what needs a look is open, what fits is open where nothing does."""
        self._groups.clear()
        self.clear()
        fits = self.tr("Fit under other names") if report.is_renamed else self.tr("Fit")
        self._add("!", self.tr("Lacking in the file, or of another shape"), report.lacking)
        self._add("○", self.tr("In the file, without a place in the network"), report.left)
        self._add("✓", fits, report.fitting)
        if report.is_renamed:
            self.expandAll()
        self._restyle()

    def titles(self) -> list[str]:
        """The titles of the lists, from the top."""
        return [group.text(NAME) for _, group, _ in self._groups]

    def rows(self, index: int) -> list[tuple[str, ...]]:
        """The texts of a list's rows."""
        return [tuple(item.text(column) for column in range(4)) for item in self._groups[index][2]]

    def _add(self, sign: str, title: str, rows: Sequence[TensorRow]) -> None:
        if not rows:
            return
        group = QTreeWidgetItem([f"{sign} {title} ({len(rows):,})"])
        items = [self._item(row) for row in rows]
        group.addChildren(items)
        self.addTopLevelItem(group)
        group.setFirstColumnSpanned(True)
        group.setExpanded(sign != "✓")
        self._groups.append((_TONES[sign], group, items))

    def _item(self, row: TensorRow) -> QTreeWidgetItem:
        item = QTreeWidgetItem([row.name, self._shape(row.wanted), row.source, self._shape(row.found)])
        for column in (NAME, SOURCE):
            item.setToolTip(column, item.text(column))
        for column in (WANTED, FOUND):
            item.setTextAlignment(column, _RIGHT)
        return item

    def _shape(self, shape: Shape | None) -> str:
        if shape is None:
            return ""
        return " \u00d7 ".join(f"{size:,}" for size in shape) or self.tr("scalar")

    @Slot()
    def _restyle(self) -> None:
        muted = QBrush(theme.color("muted"))
        for tone, group, items in self._groups:
            group.setForeground(NAME, QBrush(theme.color(tone)))
            for item in items:
                item.setForeground(WANTED, muted)
                item.setForeground(FOUND, muted)
