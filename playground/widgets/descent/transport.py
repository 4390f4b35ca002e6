"""The five buttons that move a cursor: to the start, back, play, on, to the end."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import GRID, theme

_NAMED, _BARE = 11 * GRID, 4 * GRID + 4  # pixels of width, with and without a text


class Transport(QWidget):
    """Offers what is possible, and says what the user wants.

    Signals
    -------
    start_requested, back_requested, play_toggled, forward_requested, end_requested : that button was pressed.
    """

    start_requested = Signal()
    back_requested = Signal()
    play_toggled = Signal()
    forward_requested = Signal()
    end_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self.start = self._button("to_start", self.tr("To the start (Home)"))
        self.back = self._button("back", self.tr("One step back (Left)"))
        self.play = self._button("play", "")
        self.forward = self._button("forward", self.tr("One step on (Right)"))
        self.end = self._button("to_end", self.tr("To the last step computed (End)"))
        self._assemble()
        self.start.clicked.connect(self.start_requested)
        self.back.clicked.connect(self.back_requested)
        self.play.clicked.connect(self.play_toggled)
        self.forward.clicked.connect(self.forward_requested)
        self.end.clicked.connect(self.end_requested)
        theme.changed.connect(self._restyle)
        self._restyle()

    def offer(self, step: int, computed: int, total: int) -> None:
        """Enable what makes sense at a step."""
        before, after = step > 0, step < computed
        for button, possible in zip(self._buttons(), (before, before, total > 0, after, after), strict=True):
            if button.isEnabled() != possible:
                button.setEnabled(possible)

    def set_playing(self, playing: bool) -> None:
        """Make the primary button the one that stops, or the one that plays."""
        self._playing = playing
        self._restyle()

    def set_roomy(self, roomy: bool) -> None:
        """Name the single steps where there is room for it."""
        for button, text in ((self.back, self.tr("Back")), (self.forward, self.tr("Step"))):
            button.setText(text if roomy else "")
            button.setFixedWidth(_NAMED if roomy else _BARE)

    def _button(self, name: str, tip: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"playback_{name}")
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setFixedHeight(4 * GRID - 2)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        return button

    def _assemble(self) -> None:
        self.play.setProperty("primary", True)
        self.play.setFixedWidth(_NAMED)
        self.start.setFixedWidth(_BARE)
        self.end.setFixedWidth(_BARE)
        self.back.setAutoRepeat(True)
        self.forward.setAutoRepeat(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for button in self._buttons():
            row.addWidget(button)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.start, self.back, self.play, self.forward, self.end)

    @Slot()
    def _restyle(self) -> None:
        text, tip = self.tr("Play"), self.tr("Play the race from here (Space)")
        if self._playing:
            text, tip = self.tr("Pause"), self.tr("Stay at this step (Space)")
        self.play.setText(text)
        self.play.setAccessibleName(text)
        self.play.setToolTip(tip)
        middle = "pause" if self._playing else "play"
        names = ("skip-backward", "step-backward", middle, "step-forward", "skip-forward")
        for button, name in zip(self._buttons(), names, strict=True):
            ink = theme.color("on_accent" if button is self.play else "text")
            button.setIcon(drawn_icon(name, ink))
