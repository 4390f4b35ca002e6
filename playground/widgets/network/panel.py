"""The network panel: presets and templates, the palette, the tree of layers, what is wrong, what they add up to."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QToolButton,
    QWidget,
)

from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.network.doctor import DoctorStrip
from playground.widgets.network.palette import Palette
from playground.widgets.network.rows import Hint, NodeRow, PaletteEntry, Repair
from playground.widgets.network.tree import LayerTree

_ROOM_BESIDE = 620  # pixels of width from which the palette stands beside the tree


class NetworkPanel(Panel):
    """Shows and edits a network layer by layer. Every edit is a wish; the panel shows what it is told.

    Signals
    -------
    preset_chosen, template_chosen : the name of a whole experiment, or of a network alone.
    layer_selected : the id of the layer now selected ("input" for the input, empty for none).
    selection_changed(ids) : all layers that are selected.
    edit_requested : the id of the layer whose arguments the user wants to edit.
    insert_requested(kind, parent, slot, index), paste_requested(text, parent, slot, index) : something new.
    move_requested(ids, parent, slot, index) : `index` counts the sequence as it is before the move.
    remove_requested(ids), duplicate_requested(ids), copy_requested(ids) : what the names say.
    enabled_toggled(ids, on), frozen_toggled(ids, on) : the state the user wants.
    wrap_requested(ids, kind), unwrap_requested(id) : kind is residual, branches or repeat.
    branch_requested(id, number), branch_removed(id, number) : another branch of a block, or one less.
    repair_chosen(index), fix_chosen(index) : which of the repairs, or of the hints, to apply.
    own_requested : the user wants to write a layer.
    """

    preset_chosen = Signal(str)
    template_chosen = Signal(str)
    layer_selected = Signal(str)
    selection_changed = Signal(object)
    edit_requested = Signal(str)
    insert_requested = Signal(str, str, str, int)
    paste_requested = Signal(str, str, str, int)
    move_requested = Signal(object, str, str, int)
    remove_requested = Signal(object)
    duplicate_requested = Signal(object)
    copy_requested = Signal(object)
    enabled_toggled = Signal(object, bool)
    frozen_toggled = Signal(object, bool)
    wrap_requested = Signal(object, str)
    unwrap_requested = Signal(str)
    branch_requested = Signal(str, int)
    branch_removed = Signal(str, int)
    repair_chosen = Signal(int)
    fix_chosen = Signal(int)
    own_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Network"), "network_panel", shows_code=True, parent=parent)
        self._selected = ""
        self.presets = QComboBox()
        self.add_button = QPushButton(self.tr("+ Layer"))
        self.templates_button = IconButton(
            "network_templates",
            "view-grid-plus-outline",
            self.tr("Replace only the network, and keep data and training."),
            self.tr("Start from a template"),
        )
        self.templates = QMenu(self.templates_button)
        self.tree = LayerTree()
        self.model = self.tree.layers
        self.palette_list = Palette()
        self.doctor = DoctorStrip()
        self.problem = self.doctor.sentence
        self.summary = QLabel()
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._set_up_head()
        self._set_up_summary()
        self._assemble_body()
        self._connect()

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

    def set_templates(self, templates: Sequence[tuple[str, str, str]]) -> None:
        """Offer networks without data and training, as (name, title, summary)."""
        self.templates.clear()
        self.templates.addSection(self.tr("Only the network of"))
        for name, title, summary in templates:
            action = self.templates.addAction(title)
            action.setObjectName(f"template_{name}")
            action.setToolTip(summary)
            action.triggered.connect(partial(self.template_chosen.emit, name))
        self.templates_button.setEnabled(bool(templates))

    def set_palette_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Offer these layers and blocks to add."""
        self.palette_list.set_entries(entries)

    @Slot(object)
    def set_rows(self, rows: Sequence[NodeRow], input_shape: str = "") -> None:
        """Show these layers; what was selected and folded stays so."""
        self.model.set_rows(rows, input_shape)
        self._show_problem()

    @Slot(str, str)
    def set_summary(self, text: str, tone: str = "") -> None:
        """Say below the tree what the layers add up to; tone is good, warning, bad or empty."""
        self.summary.setText(text)
        self.summary.setProperty("tone", tone)
        self.summary.setProperty("muted", not tone)
        self.summary.style().unpolish(self.summary)
        self.summary.style().polish(self.summary)

    @Slot(object)
    def set_repairs(self, repairs: Sequence[Repair]) -> None:
        """Offer what would mend the network."""
        self.doctor.set_repairs(repairs)

    @Slot(object)
    def set_hints(self, hints: Sequence[Hint]) -> None:
        """Say what runs but is probably not meant."""
        self.doctor.set_hints(hints)

    @Slot(str)
    def select_layer(self, node_id: str) -> None:
        """Select a layer, unfolding what holds it."""
        self.tree.select(node_id)

    @Slot(str)
    def unfold(self, node_id: str) -> None:
        """Show what is in a block."""
        self.tree.expand(self.model.index_of(node_id))

    @Slot()
    def open_palette(self) -> None:
        """Show the palette and take the keyboard for a search."""
        self.add_button.setChecked(True)
        self.palette_list.begin()

    def _add_preset(self, name: str, title: str, summary: str) -> None:
        self.presets.addItem(title if name else title.upper(), name)
        index = self.presets.count() - 1
        self.presets.setItemData(index, summary, Qt.ItemDataRole.ToolTipRole)
        if not name:
            self.presets.model().item(index).setEnabled(False)  # type: ignore[attr-defined]

    def _set_up_head(self) -> None:
        self.presets.setObjectName("network_presets")
        self.presets.setAccessibleName(self.tr("Preset"))
        self.presets.setPlaceholderText(self.tr("Choose a preset"))
        self.presets.setMaxVisibleItems(20)
        self.presets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add_button.setObjectName("network_add")
        self.add_button.setCheckable(True)
        self.add_button.setToolTip(self.tr("Show the layers that can be added (Insert)."))
        self.templates.setToolTipsVisible(True)
        self.templates_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.templates_button.setMenu(self.templates)
        self.templates_button.setEnabled(False)
        for part in (self.presets, self.add_button, self.templates_button):
            part.setFixedHeight(28)

    def _set_up_summary(self) -> None:
        self.summary.setObjectName("network_summary")
        self.summary.setWordWrap(True)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary.setFont(tabular(self.summary.font()))
        self.summary.setProperty("muted", True)

    def _assemble_body(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID // 2)
        head.addWidget(self.presets, 1)
        head.addWidget(self.add_button)
        head.addWidget(self.templates_button)
        self._split.addWidget(self.palette_list)
        self._split.addWidget(self.tree)
        self._split.setStretchFactor(1, 1)
        self._split.setChildrenCollapsible(False)
        self.tree.setMinimumHeight(12 * GRID)
        self.palette_list.setMinimumHeight(14 * GRID)
        self.palette_list.hide()
        self.body.addLayout(head)
        self.body.addWidget(self._split, 1)
        self.body.addWidget(self.doctor)
        self.body.addWidget(self.summary)

    def _connect(self) -> None:
        self.presets.activated.connect(self._choose)
        self.add_button.toggled.connect(self.palette_list.setVisible)
        self.add_button.clicked.connect(self._begin_search)
        self.palette_list.chosen.connect(self.tree.insert)
        self.palette_list.own_requested.connect(self.own_requested)
        self.palette_list.dismissed.connect(self._close_palette)
        self.tree.layer_selected.connect(self._select)
        self.tree.add_requested.connect(self.open_palette)
        self.doctor.repair_chosen.connect(self.repair_chosen)
        self.doctor.fix_chosen.connect(self.fix_chosen)
        self.doctor.layer_requested.connect(self.select_layer)
        for name in (
            "selection_changed", "edit_requested", "insert_requested", "paste_requested", "move_requested",
            "remove_requested", "duplicate_requested", "copy_requested", "enabled_toggled", "frozen_toggled",
            "wrap_requested", "unwrap_requested", "branch_requested", "branch_removed",
        ):  # fmt: skip
            getattr(self.tree, name).connect(getattr(self, name))

    def _show_problem(self) -> None:
        wrong = self.model.problems()
        chosen = [row for row in wrong if row.id == self._selected] or wrong
        first = chosen[0] if chosen else NodeRow("", "")
        self.doctor.set_problem(first.problem, "" if first.id == self._selected else first.id)

    @Slot(int)
    def _choose(self, index: int) -> None:
        name = self.presets.itemData(index)
        if name:
            self.set_current_preset(name)
            self.preset_chosen.emit(name)

    @Slot(str)
    def _select(self, selected: str) -> None:
        self._selected = selected
        self._show_problem()
        self.layer_selected.emit(selected)

    @Slot(bool)
    def _begin_search(self, shown: bool) -> None:
        if shown:
            self.palette_list.begin()

    @Slot()
    def _close_palette(self) -> None:
        self.add_button.setChecked(False)
        self.tree.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= _ROOM_BESIDE
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        self.doctor.set_limit(max(6 * GRID, event.size().height() * 2 // 5))
        super().resizeEvent(event)
