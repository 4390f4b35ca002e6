"""The model card: the button that has it written, how far it is, and where it lies then."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from playground.widgets.common.buttons import text_button
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel


class CardRow(QWidget):
    """One button, and a line that comes with the first card.

    Signals
    -------
    requested(), cancel_requested() : the button, before a card is under way and while it is.
    open_requested(str) : the user wants to see the card at this path.
    """

    requested = Signal()
    cancel_requested = Signal()
    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self._path = self._obstacle = ""
        self.label = QLabel(self.tr("Model card"))
        self.line = WrappedLabel("muted")
        self.open = text_button("export_card_open", self.tr("Open"), self.tr("Show the card in the browser."))
        self.button = text_button("export_card", "", "")
        self._assemble()
        self.open.clicked.connect(self._open)
        self.button.clicked.connect(self._press)
        self.set_idle()

    def set_obstacle(self, sentence: str) -> None:
        """Say why no card can be written; an empty sentence where one can."""
        self._obstacle = sentence
        if not self._running:
            self._name_as_idle()

    def set_progress(self, fraction: float) -> None:
        """A card is under way, from 0 to 1."""
        self._running = True
        self.button.setEnabled(True)
        self._say(self.tr("writing it, {share:.0f} %").format(share=100 * fraction), "")
        self._name(self.tr("Cancel card"), self.tr("End the card; no file is left."))

    @Slot()
    def set_idle(self) -> None:
        """No card is under way."""
        self._running = False
        self._say(self.tr("one HTML file that tells everything about this net and its run"), "")
        self._name_as_idle()

    def set_written(self, path: str) -> None:
        """The card is there."""
        self.set_idle()
        self._say(path, path)

    def _say(self, text: str, path: str) -> None:
        self._path = path
        self.line.setText(text)
        self.open.setVisible(bool(path))

    def _name_as_idle(self) -> None:
        tip = self._obstacle or self.tr("Network, settings, curves, results, samples, and these exports.")
        self._name(self.tr("Write…"), tip)
        self.button.setEnabled(not self._obstacle)

    def _name(self, text: str, tip: str) -> None:
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self.button.setToolTip(tip)

    @Slot()
    def _press(self) -> None:
        (self.cancel_requested if self._running else self.requested).emit()

    @Slot()
    def _open(self) -> None:
        self.open_requested.emit(self._path)

    def _assemble(self) -> None:
        self.open.setProperty("link", True)
        self.label.setProperty("muted", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.label)
        row.addWidget(self.line, 1)
        row.addWidget(self.open)
        row.addWidget(self.button)
