"""One line at the edge of the window for what went wrong, or well; it replaces dialogs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import GRID, Role, theme

Tone = Literal["info", "good", "warning", "bad"]
MOST = 50  # messages kept: a fault in every paint event must not fill the memory
_ROLES: dict[Tone, Role] = {"info": "accent", "good": "good", "warning": "warning", "bad": "bad"}
_ICONS: dict[Tone, str] = {
    "info": "information-outline",
    "good": "check-circle-outline",
    "warning": "alert-outline",
    "bad": "alert-circle-outline",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence, its tone, more for those who ask, and buttons as (key, text)."""

    sentence: str
    tone: Tone = "bad"
    details: str = ""
    actions: tuple[tuple[str, str], ...] = ()


class Notice(QFrame):
    """Shows the newest message; closing it brings back the one before.

    Signals
    -------
    action : the key of the button pressed; its message is closed.
    """

    action = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("notice", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._messages: list[Message] = []
        self._buttons: list[QPushButton] = []
        self._icon = QLabel()
        self.sentence = QLabel()
        self.more = QLabel()
        self.details_button = QPushButton(self.tr("Details"))
        self.details = QPlainTextEdit()
        self.close_button = IconButton(
            "notice_close", "close", self.tr("Close this message (Escape)."), self.tr("Close this message")
        )
        self._actions = QHBoxLayout()
        self._set_up()
        self._assemble()
        theme.changed.connect(self._restyle)
        self.hide()

    @Slot(str)
    def show_message(
        self, sentence: str, tone: Tone = "bad", details: str = "", actions: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Show a message in front of those that are still open; the same one again changes nothing."""
        message = Message(sentence, tone, details, tuple(actions))
        if self._messages[-1:] == [message]:
            return  # a fault in every paint event must not close the details that are being read
        self._messages = [each for each in self._messages if each != message][-MOST + 1 :]
        self._messages.append(message)
        self._refresh()

    @Slot()
    def close_message(self) -> None:
        """Close the message in front."""
        if self._messages:
            self._messages.pop()
        self._refresh()

    @Slot(str)
    def withdraw(self, sentence: str) -> None:
        """Close the message of this sentence, wherever it stands; what it said is no longer so."""
        kept = [each for each in self._messages if each.sentence != sentence]
        if len(kept) < len(self._messages):
            self._messages = kept
            self._refresh()

    @Slot()
    def clear(self) -> None:
        """Close all messages."""
        self._messages.clear()
        self._refresh()

    def messages(self) -> tuple[Message, ...]:
        """The open messages, the newest last."""
        return tuple(self._messages)

    def _refresh(self) -> None:
        self.setVisible(bool(self._messages))
        if not self._messages:
            return
        message = self._messages[-1]
        self.sentence.setText(message.sentence)
        self.setAccessibleName(message.sentence)
        others = len(self._messages) - 1
        self.more.setText(self.tr("{count} more").format(count=others))
        self.more.setVisible(others > 0)
        self.details_button.setVisible(bool(message.details))
        self.details_button.setChecked(False)
        self.details.setPlainText(message.details)
        self._make_buttons(message)
        self._restyle()

    def _make_buttons(self, message: Message) -> None:
        for button in self._buttons:
            self._actions.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(key, text) for key, text in message.actions]
        for button in self._buttons:
            self._actions.addWidget(button)

    def _button(self, key: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"notice_action_{key}")
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setProperty("key", key)
        button.clicked.connect(self._take_action)
        return button

    @Slot()
    def _take_action(self) -> None:
        key = self.sender().property("key")
        self.close_message()
        self.action.emit(key)

    @Slot()
    def _restyle(self) -> None:
        if self._messages:
            tone = self._messages[-1].tone
            icon = drawn_icon(_ICONS[tone], theme.color(_ROLES[tone]))
            self._icon.setPixmap(icon.pixmap(QSize(20, 20)))
        self.update()

    def _set_up(self) -> None:
        self.sentence.setObjectName("notice_sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more.setObjectName("notice_more")
        self.more.setProperty("muted", True)
        self.details_button.setObjectName("notice_details_button")
        self.details_button.setProperty("link", True)
        self.details_button.setCheckable(True)
        self.details_button.setAccessibleName(self.tr("Details"))
        self.details_button.setToolTip(self.tr("Show what else is known, to copy it into a report."))
        self.details.setObjectName("notice_details")
        self.details.setAccessibleName(self.tr("Details"))
        self.details.setReadOnly(True)
        self.details.setFixedHeight(16 * GRID)
        self.details.setVisible(False)
        self.details_button.toggled.connect(self.details.setVisible)
        self.close_button.clicked.connect(self.close_message)

    def _assemble(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self._icon)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.more)
        line.addWidget(self.details_button)
        self._actions.setSpacing(GRID)
        line.addLayout(self._actions)
        line.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(line)
        column.addWidget(self.details)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_message()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._messages:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(_ROLES[self._messages[-1].tone]))
                painter.drawRoundedRect(4, GRID, 4, self.height() - 2 * GRID, 2, 2)
