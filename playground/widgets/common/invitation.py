"""What an empty panel shows: one line saying what will be here, and the button that gets there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID


class Invitation(QWidget):
    """A muted sentence with a button below, centred.

    Signals
    -------
    accepted : the button was pressed.
    """

    accepted = Signal()

    def __init__(self, name: str, sentence: str, action: str, tool_tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(sentence)
        self.sentence.setProperty("muted", True)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = QPushButton(action)
        self.button.setObjectName(f"{name}_start")
        self.button.setAccessibleName(tool_tip)
        self.button.setToolTip(tool_tip)
        self.button.clicked.connect(self.accepted)
        layout = self._column = QVBoxLayout(self)
        layout.setSpacing(GRID + GRID // 2)
        layout.addStretch(1)
        layout.addWidget(self.sentence)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def offer(self, name: str, action: str, tool_tip: str) -> QPushButton:
        """Another way there, as one more button below."""
        button = QPushButton(action)
        button.setObjectName(name)
        button.setAccessibleName(tool_tip)
        button.setToolTip(tool_tip)
        self._column.insertWidget(self._column.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    def invite(self, sentence: str, action: str | None) -> None:
        """Say something else; without an action there is no button."""
        self.sentence.setText(sentence)
        self.button.setVisible(action is not None)
        if action is not None:
            self.button.setText(action)
