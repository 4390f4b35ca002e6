"""One format of an export: how far it is, and then its proof."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from playground.widgets.common.buttons import text_button
from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import GRID, Role, theme
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.export.values import ProofValues, Stage
from playground.widgets.export.wording import facts, report

_ICON = 18  # pixels
_LABELS = 88  # pixels of width
_SIGNS: dict[Stage, tuple[str, Role]] = {
    "waiting": ("timer-sand-empty", "muted"),
    "reading": ("progress-clock", "accent"),
    "converting": ("progress-clock", "accent"),
    "proving": ("progress-clock", "accent"),
    "passed": ("check-circle-outline", "good"),
    "failed": ("close-circle-outline", "bad"),
    "unmade": ("alert-circle-outline", "bad"),
    "cancelled": ("cancel", "muted"),
}


class ProofCard(QFrame):
    """A sign and a word, and what was measured when it is over.

    Signals
    -------
    folder_requested(str) : the user wants to see the folder of this file.
    """

    folder_requested = Signal(str)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"export_card_{name}")
        self.setProperty("card", "whole")
        self._title = title
        self._proof: ProofValues | None = None
        self._stage: Stage = "waiting"
        self._icon = QLabel()
        self.word = QLabel()
        self.detail = WrappedLabel()
        self.path = QLineEdit()
        self.notes = WrappedLabel("muted")
        self.copy = text_button(f"export_card_{name}_copy", self.tr("Copy"), self.tr("Copy the proof as text."))
        tip = self.tr("Open the folder of this file.")
        self.show_folder = text_button(f"export_card_{name}_folder", self.tr("Show folder"), tip)
        self._facts = QGridLayout()
        self._assemble()
        self.copy.clicked.connect(self._copy)
        self.show_folder.clicked.connect(self._request_folder)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self._stage

    @property
    def proof(self) -> ProofValues | None:
        """What is shown, once it is there."""
        return self._proof

    def set_stage(self, stage: Stage) -> None:
        """Show how far it is."""
        self._stage = stage
        self._restyle()

    def set_proof(self, proof: ProofValues) -> None:
        """Show what was measured."""
        self._proof = proof
        self._say("" if proof.passed else proof.detail)
        self.path.setText(proof.path)
        self.path.setToolTip(proof.path)
        self.path.setCursorPosition(0)
        for row, (name, line) in enumerate(facts(proof), start=1):
            self._facts.addWidget(_muted(name), row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(WrappedLabel("", line), row, 1)
        self.notes.setText("\n".join(f"• {note}" for note in proof.notes))
        self.notes.setVisible(bool(proof.notes))
        self._body.show()
        self.copy.show()
        self.show_folder.show()
        self.set_stage("passed" if proof.passed else "failed")

    def set_unmade(self, sentence: str) -> None:
        """Say why there is no file."""
        self._say(sentence)
        self.set_stage("unmade")

    def verdict(self) -> str:
        """The stage in a word or two."""
        return {
            "waiting": self.tr("waiting"),
            "reading": self.tr("reading the net"),
            "converting": self.tr("converting"),
            "proving": self.tr("proving"),
            "passed": self.tr("proof passed"),
            "failed": self.tr("proof failed, kept as .failed"),
            "unmade": self.tr("not made"),
            "cancelled": self.tr("cancelled, nothing written"),
        }[self._stage]

    def text(self) -> str:
        """The proof as text."""
        return report(self._title, self.verdict(), self._proof) if self._proof is not None else ""

    def _say(self, sentence: str) -> None:
        self.detail.setText(sentence)
        self.detail.setVisible(bool(sentence))

    @Slot()
    def _restyle(self) -> None:
        icon, role = _SIGNS[self._stage]
        self._icon.setPixmap(drawn_icon(icon, theme.color(role)).pixmap(_ICON))
        self.word.setText(self.verdict())
        self.setAccessibleName(f"{self._title}: {self.verdict()}")
        self.word.setProperty("tone", role if role in ("good", "bad") else "")
        self.word.setProperty("muted", role == "muted")
        self.word.style().unpolish(self.word)
        self.word.style().polish(self.word)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def _request_folder(self) -> None:
        if self._proof is not None:
            self.folder_requested.emit(self._proof.path)

    def _assemble(self) -> None:
        heading = QLabel(self._title)
        heading.setProperty("heading", True)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        for widget in (self._icon, heading, self.word):
            top.addWidget(widget)
        top.addStretch(1)
        for button in (self.copy, self.show_folder):
            button.setProperty("link", True)
            button.hide()
            top.addWidget(button)
        self.detail.setProperty("tone", "bad")
        self.detail.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID + GRID // 2, 2 * GRID, GRID + GRID // 2)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.detail)
        column.addWidget(self._make_body())

    def _make_body(self) -> QWidget:
        self.path.setReadOnly(True)
        self.path.setProperty("bare", True)
        self.path.setTextMargins(-2, 0, 0, 0)  # Qt keeps that much free itself, and the lines below begin further left
        self.path.setAccessibleName(self.tr("Path of the file"))
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setHorizontalSpacing(GRID)
        self._facts.setVerticalSpacing(GRID // 2)
        self._facts.setColumnMinimumWidth(0, _LABELS)
        self._facts.setColumnStretch(1, 1)
        self._facts.addWidget(_muted(self.tr("File")), 0, 0)
        self._facts.addWidget(self.path, 0, 1)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(GRID)
        body.addLayout(self._facts)
        body.addWidget(self.notes)
        self._body.hide()
        return self._body


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    return label
