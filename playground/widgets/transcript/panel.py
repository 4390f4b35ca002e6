"""The transcript panel: what the console ran and what clicks did, as PyTorch that can be saved and run again."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.common.program_text import ProgramText


class TranscriptPanel(Panel):
    """A script that grows at its end; it is followed there unless the user reads further up.

    Signals
    -------
    save_requested(str) : the user wants this script in a file.
    """

    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "transcript", parent=parent)
        self.title_label.setText(self.tr("Transcript"))
        self.setAccessibleName(self.tr("Transcript"))
        self._script = ""
        self.text = ProgramText("transcript_text", self.tr("Transcript"))
        self.empty = QLabel(
            self.tr("What you run in the console and what you click is written down here as PyTorch, line by line.")
        )
        self.copy = self._button("copy", self.tr("Copy"), self.tr("Copy the whole transcript."))
        self.save = self._button("save", self.tr("Save as…"), self.tr("Write it to a file that python runs."))
        self._pages = QStackedLayout()
        self._set_up()
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.set_script("")

    @Slot(str)
    def set_script(self, script: str) -> None:
        """Show the transcript so far; an empty one says what will be here."""
        bar = self.text.verticalScrollBar()
        place, follows = bar.value(), bar.value() >= bar.maximum()
        if script != self._script:
            self._take(script)
            bar.setValue(bar.maximum() if follows else place)
        self._pages.setCurrentWidget(self.text if script else self.empty)
        for button in (self.copy, self.save):
            button.setEnabled(bool(script))

    def _take(self, script: str) -> None:
        """Mostly it has only grown: what stands there already need not be coloured again."""
        if self._script and script.startswith(self._script):
            end = QTextCursor(self.text.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            end.insertText(script.removeprefix(self._script))
        else:
            self.text.setPlainText(script)
        self._script = script

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._script)

    @Slot()
    def _save(self) -> None:
        self.save_requested.emit(self._script)

    def _set_up(self) -> None:
        self.empty.setProperty("muted", True)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addLayout(self._pages, 1)
        for page in (self.text, self.empty):
            self._pages.addWidget(page)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"transcript_{name}")
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        self.header.addWidget(button)
        return button
