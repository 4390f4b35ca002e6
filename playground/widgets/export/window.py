"""The export window: first what is to leave, then the proof of each file."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from playground.widgets.common.buttons import text_button
from playground.widgets.common.scrolled import scrolled
from playground.widgets.common.tab_order import in_order
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.export.card_row import CardRow
from playground.widgets.export.form import ExportForm
from playground.widgets.export.proof_list import ProofList
from playground.widgets.export.values import FormatChoice, ProofValues, Refusals, SourceChoice, Stage


class ExportWindow(QDialog):
    """Stays open beside the main window; closing it does not end an export under way.

    Signals
    -------
    wished(object) : the settings are now those of this `Wish`.
    browse_requested(str) : the user wants another folder than this one.
    export_requested(object) : make this `Wish`.
    cancel_requested() : end the export under way.
    folder_requested(str) : the user wants to see the folder of this file.
    """

    wished = Signal(object)
    browse_requested = Signal(str)
    export_requested = Signal(object)
    cancel_requested = Signal()
    folder_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_window")
        self.setWindowTitle(self.tr("Export"))
        self.setModal(False)
        self._choices: dict[str, FormatChoice] = {}
        self._running = False
        self._obstacle = self._under_way = ""
        self.form = ExportForm()
        self.proofs = ProofList()
        self.card = CardRow()
        self.message = WrappedLabel()
        self.bar = QProgressBar()
        self.line = WrappedLabel("muted")
        self.turn = text_button("export_turn", "", "")
        tip = self.tr("End the export; what is not finished leaves no file.")
        self.cancel = text_button("export_cancel", self.tr("Cancel"), tip)
        self.export = text_button("export_start", self.tr("Export"), "")
        self._proof_area = scrolled("export_proofs", self.proofs)
        self._pages = QStackedWidget()
        self._assemble()
        self._connect()
        self._refresh()

    @property
    def is_running(self) -> bool:
        """Whether an export is under way."""
        return self._running

    @property
    def shows_proofs(self) -> bool:
        """Whether the proofs are in front, and not the settings."""
        return self._pages.currentIndex() == 1

    def set_formats(self, choices: Sequence[FormatChoice], ticked: Sequence[str]) -> None:
        """Offer these formats, once; `ticked` are chosen at first."""
        self._choices = {choice.name: choice for choice in choices}
        self.form.set_formats(choices, ticked)

    def set_sources(self, sources: Sequence[SourceChoice], *, anew: bool = False) -> None:
        """Offer these nets; `anew`: the first is chosen."""
        self.form.set_sources(sources, anew=anew)

    def set_refusals(self, refusals: Refusals) -> None:
        """Disable what the net does not allow."""
        self.form.set_refusals(refusals)

    def set_target(self, folder: str, name: str) -> None:
        """Show this folder and file name without reporting them."""
        self.form.set_target(folder, name)

    def say_target(self, sentence: str, obstacle: str = "") -> None:
        """Say what will be written; `obstacle` says why nothing can be."""
        self.form.say_target(sentence)
        self._obstacle = obstacle
        self._refresh()

    @Slot(str)
    def show_message(self, sentence: str) -> None:
        """Say what is wrong; an empty sentence clears that."""
        self.message.setText(f"⚠ {sentence}" if sentence else "")
        self.message.setVisible(bool(sentence))

    def begin(self, formats: Sequence[str]) -> None:
        """An export of these formats is under way."""
        self.show_message("")
        self.proofs.begin([self._choices[name] for name in formats])
        in_order(*self.proofs.stops(), self.card.open, self.card.button, self.turn, self.cancel, self.export)
        self._show_share(0.0)
        self._running = True
        self._pages.setCurrentIndex(1)
        self._refresh()
        self.cancel.setFocus()  # else a key would press what Qt chooses

    def set_stage(self, name: str, stage: Stage, fraction: float) -> None:
        """Show how far a format is, and with it the whole export (0 to 1)."""
        self.proofs.set_stage(name, stage)
        if stage == "reading":
            self._under_way = name
            QTimer.singleShot(0, self._scroll)  # when the proof before has got its room
        self._show_share(fraction)

    def set_proof(self, proof: ProofValues) -> None:
        """Show the proof of a format."""
        self.proofs.set_proof(proof)
        self._refresh()

    def set_unmade(self, name: str, sentence: str) -> None:
        """Say why a format could not be made; the others go on."""
        self.proofs.set_unmade(name, sentence)
        self._refresh()

    def end(self) -> None:
        """The export is over; what was not finished was cancelled."""
        self._end("cancelled")

    def fail(self, sentence: str) -> None:
        """The export ended too early, as this says."""
        self.show_message(sentence)
        self._end("unmade")

    def summary(self) -> str:
        """How many formats ended in which way."""
        total = len(self.proofs.cards)
        counts = (
            (self.tr("{count} of {total} passed"), self.proofs.count("passed"), True),
            (self.tr("{count} failed"), self.proofs.count("failed"), False),
            (self.tr("{count} not made"), self.proofs.count("unmade"), False),
            (self.tr("{count} cancelled"), self.proofs.count("cancelled"), False),
        )
        return " · ".join(text.format(count=count, total=total) for text, count, always in counts if count or always)

    @Slot()
    def show_settings(self) -> None:
        """Bring the settings to the front."""
        self._pages.setCurrentIndex(0)
        self._refresh()

    @Slot()
    def _turn(self) -> None:
        self._pages.setCurrentIndex(0 if self.shows_proofs else 1)
        self._refresh()

    @Slot()
    def _scroll(self) -> None:
        card = self.proofs.cards.get(self._under_way)
        if card is not None:
            self._proof_area.ensureWidgetVisible(card)

    def _show_share(self, fraction: float) -> None:
        """Until the first part is over nobody can say how long it takes: the bar then only moves."""
        self.bar.setRange(0, 1000 if fraction else 0)
        self.bar.setValue(round(1000 * fraction))

    @Slot()
    def _export(self) -> None:
        self.export_requested.emit(self.form.wish())

    @Slot()
    def _refresh(self) -> None:
        proofs = self.shows_proofs
        self.turn.setText(self.tr("Back") if proofs else self.tr("Show proof"))
        self.turn.setToolTip(
            self.tr("Back to what leaves, and where to.") if proofs else self.tr("The export made last, or under way.")
        )
        self.turn.setAccessibleName(self.turn.text())
        self.turn.setVisible(proofs or bool(self.proofs.cards))
        self.cancel.setVisible(self._running)
        self.bar.setVisible(self._running)
        self.export.setVisible(not proofs)
        why = self.tr("An export is under way.") if self._running else self._obstacle
        self.export.setEnabled(not why)
        self.export.setToolTip(why or self.tr("Write the files, load each again in a clean process, and compare."))
        self.line.setText(self.summary() if proofs else why)

    def _end(self, stage: Stage) -> None:
        self.proofs.end(stage)
        self._running = False
        if self.cancel.hasFocus():
            self.turn.setFocus()
        self._refresh()

    def _assemble(self) -> None:
        self.message.setObjectName("export_message")
        self.message.setProperty("tone", "bad")
        self.message.hide()
        self.export.setProperty("primary", True)
        self.export.setDefault(True)
        for button in (self.turn, self.cancel):
            button.setAutoDefault(True)  # Return presses them where they have the focus
        for area in (scrolled("export_settings", self.form), self._proof_area):
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._pages.addWidget(area)
        self.bar.setObjectName("export_progress")
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        bottom.addWidget(self.line, 1)
        for button in (self.turn, self.cancel, self.export):
            bottom.addWidget(button)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, GRID, 0)
        below.setSpacing(2 * GRID)
        for widget in (self.card, self.message, self.bar):
            below.addWidget(widget)
        below.addLayout(bottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, GRID, 2 * GRID)  # a page's scroll bar stands in the margin
        column.setSpacing(2 * GRID)
        column.addWidget(self._pages, 1)
        column.addLayout(below)
        self.setMinimumSize(60 * GRID, 50 * GRID)
        self.resize(84 * GRID, 76 * GRID)

    def _connect(self) -> None:
        self.form.wished.connect(self.wished)
        self.form.browse_requested.connect(self.browse_requested)
        self.proofs.folder_requested.connect(self.folder_requested)
        self.turn.clicked.connect(self._turn)
        self.cancel.clicked.connect(self.cancel_requested)
        self.export.clicked.connect(self._export)
