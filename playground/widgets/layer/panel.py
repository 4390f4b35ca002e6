"""The layer panel: what one layer has learned and what it does with a sample, while training runs."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedLayout, QTabBar, QWidget

from playground.widgets.common.elided_label import ElidedLabel
from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID
from playground.widgets.layer.activations_page import ActivationsPage
from playground.widgets.layer.cell_page import CellPage
from playground.widgets.layer.filters_page import FiltersPage
from playground.widgets.layer.values import ActivationSheet, Arithmetic, FilterSheet, ParameterSheet
from playground.widgets.layer.weights_page import WeightsPage

VIEWS = ("filters", "weights", "activations", "cell")
_WITH_SAMPLE = ("activations", "cell")


class LayerPanel(Panel):
    """Shows one layer through one of four views.

    Signals
    -------
    view_chosen(str) : "filters", "weights", "activations" or "cell".
    channel_chosen(int) : show the filters on this input channel.
    parameter_chosen(str) : show this parameter.
    sample_chosen(str) : send this sample through the net; one of the keys of `set_samples`.
    mode_chosen(bool) : let the layers behave as in training.
    copy_chosen(int) : show this copy of a repeated layer.
    cell_chosen(int, int, int) : show how this value (channel, row, column) of the output comes about.
    visibility_changed(bool) : the panel came into sight, or went out of it.
    """

    view_chosen = Signal(str)
    channel_chosen = Signal(int)
    parameter_chosen = Signal(str)
    sample_chosen = Signal(str)
    mode_chosen = Signal(bool)
    copy_chosen = Signal(int)
    cell_chosen = Signal(int, int, int)
    visibility_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "layer_panel", parent=parent)
        self.title_label.setText(self.tr("Layer"))
        self.setAccessibleName(self.tr("Layer"))
        self.layer = ElidedLabel()
        self.layer.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.header.addWidget(self.layer)
        self.copies = _combo("layer_copy", self.tr("Which copy of a repeated layer is shown."))
        self.copies.setVisible(False)
        self.header.addWidget(self.copies)
        self.tabs = self._make_tabs()
        self.sample = _combo("layer_sample", self.tr("Which sample is sent through the network."))
        self.mode = _combo("layer_mode", self._mode_tip())
        self.mode.addItem("eval", False)
        self.mode.addItem("train", True)
        self.filters, self.weights = FiltersPage(), WeightsPage()
        self.activations, self.cell = ActivationsPage(), CellPage()
        self.pages = (self.filters, self.weights, self.activations, self.cell)
        self.invitation = Invitation("layer", "", "", "")
        self.caption = QLabel()
        self.caption.setObjectName("layer_caption")
        self.caption.setProperty("muted", True)
        self.caption.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def view(self) -> str:
        """The chosen view."""
        return VIEWS[self.tabs.currentIndex()]

    def set_layer(self, title: str) -> None:
        """Name the layer that is looked at."""
        self.layer.say(title)

    def set_copies(self, count: int, chosen: int) -> None:
        """Offer the copies of a repeated layer."""
        with QSignalBlocker(self.copies):
            self.copies.clear()
            for i in range(count):
                self.copies.addItem(self.tr("copy {number} of {count}").format(number=i + 1, count=count), i)
            self.copies.setCurrentIndex(min(chosen, count - 1))
        self.copies.setVisible(count > 1)

    def set_samples(self, samples: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer samples: key and name of each."""
        with QSignalBlocker(self.sample):
            self.sample.clear()
            for key, name in samples:
                self.sample.addItem(name, key)
            self.sample.setCurrentIndex(max(self.sample.findData(chosen), 0))

    def choose_view(self, view: str) -> None:
        """Turn to a view, as the user would."""
        self.tabs.setCurrentIndex(VIEWS.index(view))

    def turn_to(self, view: str) -> None:
        """Turn to a view that nobody chose: nothing is told."""
        with QSignalBlocker(self.tabs):
            self.choose_view(view)
        self._choices.setVisible(view in _WITH_SAMPLE)

    def show_filters(self, sheet: FilterSheet) -> None:
        """Show filters."""
        self.filters.show_sheet(sheet)
        self._turn_to(self.filters)

    def show_weights(self, sheet: ParameterSheet) -> None:
        """Show a parameter and its gradient."""
        self.weights.show_sheet(sheet)
        self._turn_to(self.weights)

    def show_activations(self, sheet: ActivationSheet) -> None:
        """Show what the layer gives."""
        self.activations.show_sheet(sheet)
        self._turn_to(self.activations)

    def show_cell(self, found: Arithmetic) -> None:
        """Show how one value comes about."""
        self.cell.show_arithmetic(found)
        self._turn_to(self.cell)

    def show_message(self, text: str) -> None:
        """Show nothing, and say why."""
        self.invitation.invite(text, None)
        self._stack.setCurrentWidget(self.invitation)

    def set_caption(self, text: str) -> None:
        """Say which state of the net this is."""
        self.caption.setText(text)
        self.caption.setVisible(bool(text))

    def clear(self) -> None:
        """Show no layer, and say how one gets here."""
        self.set_layer("")
        self.set_copies(1, 0)
        self.set_caption("")
        self.show_message(
            self.tr("Select a layer of the network: its filters, weights and activations appear here, while it trains.")
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        self.visibility_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody looks any more."""
        super().hideEvent(event)
        self.visibility_changed.emit(False)

    def _turn_to(self, page: QWidget) -> None:
        if page is self.pages[self.tabs.currentIndex()]:
            self._stack.setCurrentWidget(page)

    def _make_tabs(self) -> QTabBar:
        tabs = QTabBar()
        tabs.setObjectName("layer_views")
        tabs.setAccessibleName(self.tr("What is shown of the layer"))
        tabs.setDrawBase(False)
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(False)
        tips = (
            (self.tr("Filters"), self.tr("What the layer looks for: its filters as pictures.")),
            (self.tr("Weights"), self.tr("The layer's parameters and their gradients.")),
            (self.tr("Activations"), self.tr("What the layer gives for one sample.")),
            (self.tr("Cell"), self.tr("How one value of a convolution's output comes about, number by number.")),
        )
        for name, tip in tips:
            tabs.setTabToolTip(tabs.addTab(name), tip)
        return tabs

    def _mode_tip(self) -> str:
        return self.tr(
            "net.eval() or net.train(): whether dropout drops, and whether batch norm takes the batch's statistics."
        )

    def _lay_out(self) -> None:
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.sample, 1)
        row.addWidget(self.mode)
        self._choices.setVisible(False)
        self._stack = QStackedLayout()
        self.body.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._choices)
        self.body.addLayout(self._stack, 1)
        for page in (self.invitation, *self.pages):
            self._stack.addWidget(page)
        self.body.addWidget(self.caption)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_view)
        self.copies.currentIndexChanged.connect(self.copy_chosen)
        self.sample.currentIndexChanged.connect(self._on_sample)
        self.mode.currentIndexChanged.connect(self._on_mode)
        self.filters.channel_chosen.connect(self.channel_chosen)
        self.weights.parameter_chosen.connect(self.parameter_chosen)
        self.cell.cell_chosen.connect(self.cell_chosen)
        self.activations.cell_chosen.connect(self._on_cell)

    @Slot()
    def _on_view(self) -> None:
        self._choices.setVisible(self.view in _WITH_SAMPLE)
        self.view_chosen.emit(self.view)

    @Slot()
    def _on_sample(self) -> None:
        self.sample_chosen.emit(str(self.sample.currentData()))

    @Slot()
    def _on_mode(self) -> None:
        self.mode_chosen.emit(bool(self.mode.currentData()))

    @Slot(int, int, int)
    def _on_cell(self, channel: int, row: int, column: int) -> None:
        self.cell_chosen.emit(channel, row, column)
        self.choose_view("cell")


def _combo(name: str, tool_tip: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(tool_tip)
    combo.setToolTip(tool_tip)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo
