"""A window with program text to read, find in, copy and save."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from playground.widgets.common.buttons import text_button
from playground.widgets.common.fields import set_wrong
from playground.widgets.common.program_text import ProgramText
from playground.widgets.common.theme import GRID

PIECE = 100_000  # characters that are laid out at once


class FindField(QLineEdit):
    """The line to find text with.

    Signals
    -------
    sought : Return (False) or Shift+Return (True, backwards).
    closed : Escape.
    """

    sought = Signal(bool)
    closed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sought.emit(event.modifiers() == Qt.KeyboardModifier.ShiftModifier)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class CodeView(QDialog):
    """Shows the plain PyTorch program; stays open beside the main window.

    Signals
    -------
    save_requested : the user wants this text in a file.
    notebook_requested : the user wants the same program as a notebook.
    form_chosen : the user wants the program in this form, one of `set_forms`.
    """

    save_requested = Signal(str)
    notebook_requested = Signal()
    form_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code_view")
        self.setModal(False)
        self.heading = QLabel()
        self.heading.setProperty("heading", True)
        self.text = ProgramText("code_text", self.tr("Program"))
        self.form = QComboBox()
        self.find_field = FindField()
        self.status = QLabel()
        self._whole = ""
        self._filled = 0
        self._filling = QTimer(self, interval=0)
        self._filling.timeout.connect(self._fill)
        self.copy = text_button("code_copy", self.tr("Copy"), self.tr("Copy the whole program."))
        self.save = text_button(
            "code_save", self.tr("Save as…"), self.tr("Write the program to a file that python runs.")
        )
        self.notebook = text_button("code_notebook", self.tr("Notebook…"), self.tr("Write it as a Jupyter notebook."))
        self.notebook.hide()
        self._set_up_find()
        self._assemble()
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.notebook.clicked.connect(self.notebook_requested)
        self.form.activated.connect(self._choose_form)
        self.resize(90 * GRID, 90 * GRID)

    @property
    def is_program(self) -> bool:
        """Whether it shows a program, not another text."""
        return self.text.highlighter.document() is not None

    @Slot(str, str)
    def set_code(self, title: str, text: str) -> None:
        """Show a program. The place in the text stays, so that it can be watched while settings change."""
        if not self.is_program:
            self.text.highlighter.setDocument(self.text.document())
        self._show(title, text)
        self.save.setToolTip(self.tr("Write the program to a file that python runs."))
        lines = f"{len(text.splitlines()):,}"
        self.status.setText(self.tr("{lines} lines · runs without the playground").format(lines=lines))

    @Slot(str, str)
    def set_text(self, title: str, text: str) -> None:
        """Show what is no program, such as output."""
        self.set_forms(())
        self.offer_notebook(False)
        self.text.highlighter.setDocument(None)  # over millions of characters it would take minutes
        self._show(title, text)
        self.save.setToolTip(self.tr("Write the text to a file."))
        self.status.setText(self.tr("{lines} lines").format(lines=f"{len(text.splitlines()):,}"))

    def _show(self, title: str, text: str) -> None:
        self.setWindowTitle(title)
        self.heading.setText(title)
        if text == self._whole:
            return
        bar = self.text.verticalScrollBar()
        place = bar.value()
        self._whole = text
        self.text.setPlainText(text[:PIECE])
        self._filled = PIECE
        self._filling.start()
        bar.setValue(place)

    @Slot()
    def _fill(self) -> None:
        """A piece more of a long text, which would hold the window for seconds as a whole."""
        piece = self._whole[self._filled : self._filled + PIECE]
        if not piece:
            self._filling.stop()
            return
        self._filled += PIECE
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)

    def set_forms(self, forms: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """Offer to write the program in several forms, as (name, title); none for a program that has but one."""
        self.form.clear()
        for name, title in forms:
            self.form.addItem(title, name)
        self.form.setCurrentIndex(self.form.findData(chosen))
        self.form.setVisible(bool(forms))

    def offer_notebook(self, offered: bool) -> None:
        """Whether this program can be had as a notebook too."""
        self.notebook.setVisible(offered)

    @Slot()
    def show_find(self) -> None:
        """Open the line to find text with."""
        self.find_field.setVisible(True)
        self.find_field.setFocus()
        self.find_field.selectAll()

    @Slot()
    def find_next(self) -> None:
        """Go to the next place of the sought text, from the top again after the last."""
        self._find()

    @Slot(bool)
    def _find(self, back: bool = False) -> None:
        sought = self.find_field.text()
        flags = QTextDocument.FindFlag.FindBackward if back else QTextDocument.FindFlag(0)
        found = not sought or self.text.find(sought, flags)
        if not found:
            self.text.moveCursor(QTextCursor.MoveOperation.End if back else QTextCursor.MoveOperation.Start)
            found = self.text.find(sought, flags)
        set_wrong(self.find_field, not found)

    @Slot()
    def _close_find(self) -> None:
        self.find_field.setVisible(False)
        self.text.setFocus()

    @Slot()
    def _find_typed(self) -> None:
        cursor = self.text.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self.text.setTextCursor(cursor)
        self._find()

    @Slot()
    def _choose_form(self) -> None:
        self.form_chosen.emit(str(self.form.currentData()))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._whole)
        self.status.setText(self.tr("Copied."))

    @Slot()
    def _save(self) -> None:
        self.save_requested.emit(self._whole)

    def _set_up_find(self) -> None:
        field = self.find_field
        field.setObjectName("code_find")
        field.setAccessibleName(self.tr("Find"))
        field.setPlaceholderText(self.tr("Find"))
        field.setToolTip(self.tr("Return finds the next place, Shift+Return the one before, Escape closes this line."))
        field.setVisible(False)
        field.textChanged.connect(self._find_typed)
        field.sought.connect(self._find)
        field.closed.connect(self._close_find)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.show_find)
        QShortcut(QKeySequence(QKeySequence.StandardKey.FindNext), self, self.find_next)

    def _assemble(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        self.form.setObjectName("code_form")
        self.form.setAccessibleName(self.tr("Form of the network"))
        self.form.setToolTip(self.tr("Write the network as an nn.Sequential, or as a class with a forward."))
        self.form.hide()
        top.addWidget(self.heading, 1)
        top.addWidget(self.form)
        top.addWidget(self.copy)
        top.addWidget(self.save)
        top.addWidget(self.notebook)
        self.status.setProperty("muted", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.find_field)
        column.addWidget(self.text, 1)
        column.addWidget(self.status)
