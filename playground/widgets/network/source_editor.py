"""The text of a layer written in Python: read it, trust it, change it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID
from playground.widgets.network.details import SourceText


class SourceEditor(QWidget):
    """A small editor. Nothing in it runs before it is trusted, and a changed text is a new text.

    Signals
    -------
    edited(name, text) : use this text.
    trust_requested(name) : the text shown, unchanged, may run on this machine.
    """

    edited = Signal(str, str)
    trust_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_source")
        self._source = SourceText("", "", trusted=True)
        self.text = _Text()
        self.note = QLabel()
        self.apply = QPushButton(self.tr("Use this text"))
        self.trust = QPushButton(self.tr("Trust this code"))
        self._set_up()
        self._assemble()
        self.text.textChanged.connect(self._refresh)
        self.text.finished.connect(self._finish)
        self.apply.clicked.connect(self._report_edit)
        self.trust.clicked.connect(self._report_trust)
        self._refresh()

    def set_source(self, source: SourceText | None) -> None:
        """Show a text; one that is being changed is kept while its layer is the same."""
        before, self._source = self._source, source or SourceText("", "", trusted=True)
        is_kept = before.name == self._source.name and before.text == self._source.text
        if not is_kept:
            self.text.setPlainText(self._source.text)
        self._refresh()

    def _set_up(self) -> None:
        self.text.setObjectName("layer_source_text")
        self.text.setAccessibleName(self.tr("The layer's class in Python"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabStopDistance(4 * self.text.fontMetrics().horizontalAdvance(" "))
        self.text.setMinimumHeight(30 * GRID)
        self.text.setToolTip(self.tr("Tab indents; Ctrl+Return uses the text, Escape leaves it."))
        self.note.setWordWrap(True)
        self.note.setProperty("muted", True)
        self.apply.setObjectName("source_apply")
        self.apply.setToolTip(self.tr("Keep this text in the document, and run it: you wrote it."))
        self.trust.setObjectName("source_trust")
        self.trust.setToolTip(self.tr("Let exactly this text run on this machine; any change needs trust again."))

    def _assemble(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.trust)
        buttons.addWidget(self.apply)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.text)
        column.addWidget(self.note)
        column.addLayout(buttons)

    @Slot()
    def _refresh(self) -> None:
        changed = self.text.toPlainText() != self._source.text
        self.apply.setEnabled(changed)
        if self._source.trusted and self.window().focusWidget() is self.trust:
            self.text.setFocus()  # or the focus would go to whatever comes next
        self.trust.setVisible(not self._source.trusted)
        self.trust.setEnabled(not changed)
        waits = self.tr("It can do whatever you can do on this machine. Read it; it runs only after you trust it.")
        self.note.setText("" if self._source.trusted else waits)
        self.note.setVisible(not self._source.trusted)

    @Slot(bool)
    def _finish(self, used: bool) -> None:
        if used and self.apply.isEnabled():
            self._report_edit()
        elif not used:
            (self.trust if self.trust.isVisible() else self.apply).setFocus()

    @Slot()
    def _report_edit(self) -> None:
        self.edited.emit(self._source.name, self.text.toPlainText())

    @Slot()
    def _report_trust(self) -> None:
        self.trust_requested.emit(self._source.name)


class _Text(QPlainTextEdit):
    """Indents with spaces, and can be left by keyboard.

    Signals
    -------
    finished : True to use the text, False to leave it.
    """

    finished = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self.insertPlainText("    ")
        elif event.key() == Qt.Key.Key_Escape:
            self.finished.emit(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers():
            self.finished.emit(True)
        else:
            super().keyPressEvent(event)
