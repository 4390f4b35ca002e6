"""The report of imported weights: what fits, what does not and why, and what to do about it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from playground.widgets.common.buttons import text_button
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.weights.lists import TensorLists
from playground.widgets.weights.values import WeightsReport


class WeightsDialog(QDialog):
    """Stays open beside the main window until something is decided.

    Signals
    -------
    use_requested() : fill in what fits.
    open_requested() : open the file with the network that it names.
    """

    use_requested = Signal()
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("weights_report")
        self.setModal(False)
        self.heading = WrappedLabel("heading")
        self.sentence = WrappedLabel()
        self.lists = TensorLists()
        self.consequence = WrappedLabel("muted")
        self.cancel = text_button("weights_cancel", self.tr("Cancel"), self.tr("Leave everything as it is."))
        self.open_whole = text_button(
            "weights_open", self.tr("Open its own network"), self.tr("Open the experiment that the file came from.")
        )
        self.use = text_button(
            "weights_use", self.tr("Use what matches"), self.tr("Copy the tensors that fit into the network.")
        )
        self.use.setProperty("primary", True)
        self.use.setDefault(True)
        self._assemble()
        self.cancel.clicked.connect(self.reject)
        self.open_whole.clicked.connect(self._open)
        self.use.clicked.connect(self._use)
        self.resize(90 * GRID, 64 * GRID)

    @Slot(object)
    def show_report(self, report: WeightsReport) -> None:
        """Show how a file fits, and ask."""
        self.setWindowTitle(self.tr("Import weights"))
        self.heading.setText(self.tr("Weights of {file}").format(file=report.file))
        self.sentence.setText(" ".join((report.sentence, *report.notes)))
        self.lists.show_report(report)
        self.consequence.setText(self._what_follows(report))
        self.consequence.setVisible(bool(self.consequence.text()))
        self.use.setText(self.tr("Use these names") if report.is_renamed else self.tr("Use what matches"))
        self.use.setAccessibleName(self.use.text())
        self.use.setEnabled(bool(report.fitting))
        self.open_whole.setVisible(report.has_network)
        self.show()
        self.raise_()
        self.activateWindow()
        (self.use if self.use.isEnabled() else self.cancel).setFocus()

    def _what_follows(self, report: WeightsReport) -> str:
        if not report.fitting or not report.lacking:
            return ""
        text = self.tr("What is lacking keeps the values that seed {seed} draws, as before the first step of a run.")
        return text.format(seed=report.seed)

    @Slot()
    def _use(self) -> None:
        self.accept()
        self.use_requested.emit()

    @Slot()
    def _open(self) -> None:
        self.accept()
        self.open_requested.emit()

    def _assemble(self) -> None:
        self.heading.setObjectName("weights_heading")
        self.sentence.setObjectName("weights_sentence")
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addStretch(1)
        for button in (self.cancel, self.open_whole, self.use):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.heading)
        column.addWidget(self.sentence)
        column.addWidget(self.lists, 1)
        column.addWidget(self.consequence)
        column.addLayout(row)
