"""The field that finds nodes."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from playground.widgets.common.theme import GRID, tabular


class SearchField(QWidget):
    """A field with the count of what was found at its right.

    Signals
    -------
    sought : the text, at every change.
    walked : 1 for the next hit (Return, Down), -1 for the one before (Shift+Return, Up).
    """

    sought = Signal(str)
    walked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Line(self)
        self.field.setObjectName("autograd_search")
        self.field.setPlaceholderText(self.tr("find…"))
        self.field.setAccessibleName(self.tr("Find nodes"))
        self.field.setToolTip(
            self.tr("Find nodes by operation, name or module (Ctrl+F). Return goes to the next one, Escape ends.")
        )
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(15 * GRID)
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self.count.setFont(tabular(self.count.font()))
        self.count.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.count)
        row.addWidget(self.field)
        self.field.textChanged.connect(self.sought)
        self.field.walked.connect(self.walked)
        self.setFocusProxy(self.field)

    def set_found(self, count: int, number: int = 0) -> None:
        """How many nodes hold the text, and which one of them is selected."""
        some = self.tr("{number} of {count}").format(number=number, count=count)
        self.count.setText(some if number else self.tr("none") if not count else f"{count:,}")
        self.count.setVisible(bool(self.field.text().strip()))

    @Slot()
    def begin(self) -> None:
        """Be ready for typing."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()


class _Line(QLineEdit):
    """Return and the arrows walk."""

    walked = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.walked.emit(-1 if back else 1)
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.walked.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Escape:
                self.clear()
            case _:
                super().keyPressEvent(event)
