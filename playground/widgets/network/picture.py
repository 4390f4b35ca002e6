"""The picture of the network: blocks scaled by shape, shortcuts and branches drawn, selected together with the list."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.panel import Panel
from playground.widgets.network.picture_view import NetworkPicture
from playground.widgets.network.rows import INPUT_ID, NodeRow

_ROOM_FOR_LEGEND = 200  # pixels of height


class PicturePanel(Panel):
    """The picture with its buttons.

    Signals
    -------
    layer_selected : the id of the layer or block that was clicked.
    save_requested : "svg" or "png"; `picture.svg()` and `picture.image()` are what to save.
    """

    layer_selected = Signal(str)
    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Picture"), "network_picture", parent=parent)
        self.picture = NetworkPicture()
        self.legend = QLabel(self.tr("Width, thickness and depth show columns, channels and rows, on a log scale."))
        self.legend.setProperty("muted", True)
        self.legend.setWordWrap(True)
        self._add_buttons()
        self.body.addWidget(self.picture, 1)
        self.body.addWidget(self.legend)
        self.picture.layer_selected.connect(self.layer_selected)

    @Slot(object)
    def set_rows(self, rows: Sequence[NodeRow], input_shape: tuple[int, ...] = ()) -> None:
        """Draw these layers below the input."""
        text = " \u00d7 ".join(f"{size:,}" for size in input_shape)
        first = (NodeRow(INPUT_ID, self.tr("Input"), "input", text, shape=input_shape),) if input_shape else ()
        self.picture.set_rows((*first, *rows))

    @Slot(str)
    def select_layer(self, node_id: str) -> None:
        """Mark a layer without reporting it."""
        self.picture.select(node_id)

    @Slot()
    def fold_all(self) -> None:
        """Draw every block as one slab."""
        self.picture.fold_all()

    def _add_buttons(self) -> None:
        for name, icon, tip, slot in (
            ("fold", "unfold-less-horizontal", self.tr("Fold all blocks."), self.picture.fold_all),
            ("unfold", "unfold-more-horizontal", self.tr("Unfold all blocks."), self.picture.unfold_all),
            ("zoom_out", "minus", self.tr("Smaller (-)."), self.picture.zoom_out),
            ("zoom_in", "plus", self.tr("Larger (+)."), self.picture.zoom_in),
            ("fit", "fit-to-page-outline", self.tr("Show all of it (0)."), self.picture.fit),
        ):
            self._button(name, icon, tip).clicked.connect(slot)
        save = self._button("save", "download-outline", self.tr("Save the picture."))
        save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(save)
        menu.addAction(self.tr("As SVG…")).triggered.connect(self._save_svg)
        menu.addAction(self.tr("As PNG…")).triggered.connect(self._save_png)
        save.setMenu(menu)

    def _button(self, name: str, icon: str, tip: str) -> IconButton:
        button = IconButton(f"picture_{name}", icon, tip)
        self.header.addWidget(button)
        return button

    @Slot()
    def _save_svg(self) -> None:
        self.save_requested.emit("svg")

    @Slot()
    def _save_png(self) -> None:
        self.save_requested.emit("png")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low panel the picture needs the room of its legend."""
        self.legend.setVisible(event.size().height() >= _ROOM_FOR_LEGEND)
        super().resizeEvent(event)
