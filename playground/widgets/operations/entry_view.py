"""One entry of the catalogue: how it is written, what it does, and an example to explain or to run."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QKeyEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from playground.widgets.common.python_highlighter import PythonHighlighter
from playground.widgets.common.theme import GRID, theme
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.operations.example_steps import first_result, step_at
from playground.widgets.operations.values import CatalogueEntry

_MOST_LINES = 9  # of an example are shown at once


class EntryView(QWidget):
    """The example's lines can be explained one by one: the line of the cursor is marked.

    Signals
    -------
    explain_requested(str, str) : explain an expression (second) after these lines (first), apart from the console.
    run_requested(str) : put the example into the console.
    """

    explain_requested = Signal(str, str)
    run_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.signature = WrappedLabel("heading")
        self.signature.setObjectName("operations_signature")
        self.summary = WrappedLabel("muted")
        self.example = _Example()
        self._highlighter = PythonHighlighter(self.example.document())
        self.explain = self._button(
            "explain_line", self.tr("Explain line"), self.tr("Picture the marked line (Enter).")
        )
        self.run = self._button("run", self.tr("Run"), self.tr("Put the example into the console (Ctrl+Enter)."))
        self._assemble()
        self.example.cursorPositionChanged.connect(self._mark)
        self.example.explained.connect(self.explain_line)
        self.example.run.connect(self.run_example)
        self.explain.clicked.connect(self.explain_line)
        self.run.clicked.connect(self.run_example)
        theme.changed.connect(self._mark)

    def show_entry(self, entry: CatalogueEntry) -> None:
        """Show an entry, its first expression marked."""
        self.signature.setText(entry.signature)
        self.summary.setText(entry.summary)
        step = first_result(entry.example)
        with QSignalBlocker(self.example):
            self.example.setPlainText(entry.example)
            self.example.moveCursor(QTextCursor.MoveOperation.Start)
            block = self.example.document().findBlockByNumber(step.first if step else 0)
            self.example.setTextCursor(QTextCursor(block))
        self.example.updateGeometry()
        self._mark()

    @Slot()
    def explain_line(self) -> None:
        """Ask for the picture of the marked line."""
        step = step_at(self.example.toPlainText(), self.example.textCursor().blockNumber())
        if step is not None:
            self.explain_requested.emit(step.setup, step.expression)

    @Slot()
    def run_example(self) -> None:
        """Ask to put the whole example into the console."""
        if self.example.toPlainText():
            self.run_requested.emit(self.example.toPlainText())

    @Slot()
    def _mark(self) -> None:
        """Mark the line that would be explained."""
        step = step_at(self.example.toPlainText(), self.example.textCursor().blockNumber())
        self.explain.setEnabled(step is not None)
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.example.document().findBlockByNumber(step.first if step else 0))
        mark.cursor = cursor
        mark.format.setBackground(theme.color("accent", 0.16))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        self.example.setExtraSelections([mark] if step else [])

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"operations_{name}")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _assemble(self) -> None:
        self.example.setObjectName("operations_example")
        self.example.setAccessibleName(self.tr("Example"))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.explain)
        row.addWidget(self.run)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID // 2, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.signature)
        column.addWidget(self.summary)
        column.addWidget(self.example, 1)
        column.addLayout(row)


class _Example(QPlainTextEdit):
    """Python to read; Enter and Ctrl+Enter are wishes."""

    explained = Signal()
    run = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(30 * GRID, self._height(min(self.document().blockCount(), _MOST_LINES)))

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * GRID, self._height(min(self.document().blockCount(), 3)))

    def _height(self, lines: int) -> int:
        return lines * self.fontMetrics().lineSpacing() + 4 * GRID + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.run.emit()
        else:
            self.explained.emit()
