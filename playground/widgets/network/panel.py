"""The network panel: presets to choose from, the tree of layers, what they add up to."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHeaderView, QLabel, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.network.model import Column, NetworkModel
from playground.widgets.network.rows import NodeRow
from playground.widgets.network.share_bar import ShareBar

_ROOM_FOR_SHARE = 352  # pixels of width below which the layers' names need the room more


class NetworkPanel(Panel):
    """Shows a network layer by layer.

    Signals
    -------
    preset_chosen : the name of the preset the user wants.
    layer_selected : the id of the layer now selected ("input" for the input, empty for none).
    """

    preset_chosen = Signal(str)
    layer_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Network"), "network_panel", shows_code=True, parent=parent)
        self._selected = ""
        self.presets = QComboBox()
        self.model = NetworkModel()
        self.tree = QTreeView()
        self.problem = QLabel()
        self.summary = QLabel()
        self._pages = QStackedWidget()
        self._set_up_presets()
        self._set_up_tree()
        self._set_up_labels()
        self._assemble_body()
        self.presets.activated.connect(self._choose)
        self.tree.selectionModel().currentRowChanged.connect(self._select)
        self._show_page()

    def set_presets(self, presets: Sequence[tuple[str, str, str]]) -> None:
        """Offer presets as (name, title, summary); an empty name makes a heading of its title."""
        current = self.presets.currentData()
        with QSignalBlocker(self.presets):
            self.presets.clear()
            for name, title, summary in presets:
                self._add_preset(name, title, summary)
        self.set_current_preset(current or "")

    @Slot(str)
    def set_current_preset(self, name: str) -> None:
        """Show which preset the document is; an empty name for none."""
        self.presets.setCurrentIndex(self.presets.findData(name) if name else -1)
        tip = self.presets.itemData(self.presets.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        self.presets.setToolTip(tip or self.tr("Start from a network that works, with its data and training."))

    @Slot(object)
    def set_rows(self, rows: Sequence[NodeRow], input_shape: str = "") -> None:
        """Show these layers; what was selected and folded stays so."""
        self.model.set_rows(rows, input_shape if rows else "")
        self._show_page()
        self._show_problem()

    @Slot(str, str)
    def set_summary(self, text: str, tone: str = "") -> None:
        """Say below the tree what the layers add up to; tone is good, warning, bad or empty."""
        self.summary.setText(text)
        self._set_tone(tone)

    @Slot(str)
    def select_layer(self, node_id: str) -> None:
        """Select a layer, unfolding what holds it."""
        index = self.model.index_of(node_id)
        if index.isValid():
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)

    def _add_preset(self, name: str, title: str, summary: str) -> None:
        self.presets.addItem(title if name else title.upper(), name)
        index = self.presets.count() - 1
        self.presets.setItemData(index, summary, Qt.ItemDataRole.ToolTipRole)
        if not name:
            self.presets.model().item(index).setEnabled(False)  # type: ignore[attr-defined]

    def _set_up_presets(self) -> None:
        self.presets.setObjectName("network_presets")
        self.presets.setAccessibleName(self.tr("Preset"))
        self.presets.setPlaceholderText(self.tr("Choose a preset"))
        self.presets.setMaxVisibleItems(20)
        self.presets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.presets.setFixedHeight(28)

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setObjectName("network_tree")
        tree.setAccessibleName(self.tr("Layers"))
        tree.setModel(self.model)
        tree.setItemDelegateForColumn(Column.SHARE, ShareBar(tree))
        tree.setFont(tabular(tree.font()))
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setIndentation(2 * GRID)
        tree.setRootIsDecorated(False)
        tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._set_up_header(tree.header())

    def _set_up_header(self, header: QHeaderView) -> None:
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(4 * GRID)
        header.setSectionResizeMode(Column.LAYER, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.OUTPUT, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.PARAMETERS, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.SHARE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(Column.SHARE, 6 * GRID)

    def _set_up_labels(self) -> None:
        for label, name in ((self.problem, "network_problem"), (self.summary, "network_summary")):
            label.setObjectName(name)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem.setProperty("tone", "bad")
        self.problem.setVisible(False)
        self.summary.setFont(tabular(self.summary.font()))
        self.summary.setProperty("muted", True)

    def _assemble_body(self) -> None:
        self._pages.addWidget(self._invitation())
        self._pages.addWidget(self.tree)
        self.body.addWidget(self.presets)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.summary)

    def _invitation(self) -> QWidget:
        text = self.tr("Choose a preset above: its layers appear here, each with its output shape and parameters.")
        label = QLabel(text)
        label.setObjectName("network_invitation")
        label.setProperty("muted", True)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(3 * GRID, GRID, 3 * GRID, GRID)
        layout.addWidget(label)
        return page

    def _show_page(self) -> None:
        self._pages.setCurrentIndex(1 if self.model.rowCount() else 0)
        nested = any(self.model.rowCount(self.model.index(row, 0)) for row in range(self.model.rowCount()))
        self.tree.setRootIsDecorated(nested)

    def _show_problem(self) -> None:
        wrong = self.model.problems()
        chosen = [row for row in wrong if row.id == self._selected] or wrong
        self.problem.setVisible(bool(chosen))
        self.problem.setText(f"⚠ {chosen[0].problem}" if chosen else "")

    def _set_tone(self, tone: str) -> None:
        self.summary.setProperty("tone", tone)
        self.summary.setProperty("muted", not tone)
        self.summary.style().unpolish(self.summary)
        self.summary.style().polish(self.summary)

    @Slot(int)
    def _choose(self, index: int) -> None:
        name = self.presets.itemData(index)
        if name:
            self.set_current_preset(name)
            self.preset_chosen.emit(name)

    @Slot(QModelIndex, QModelIndex)
    def _select(self, current: QModelIndex, _previous: QModelIndex) -> None:
        selected = self.model.row_at(current).id if current.isValid() else ""
        if selected != self._selected:
            self._selected = selected
            self._show_problem()
            self.layer_selected.emit(selected)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.tree.setColumnHidden(Column.SHARE, event.size().width() < _ROOM_FOR_SHARE)
        super().resizeEvent(event)
