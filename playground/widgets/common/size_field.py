"""A field for the sizes layers have: one whole number, or one for each dimension, with arrows that step."""

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.fields import TextField, number_text
from playground.widgets.common.icon_button import IconButton

_ARROWS = 18  # pixels of width
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
_BETWEEN = re.compile(r"[\s,;\u00d7x()\[\]\uff0c\uff08\uff09]+")  # full-width commas and brackets too


class SizeField(TextField):
    """A whole number such as 3, or where `most` allows it several such as 3, 5; some fields also take a word.

    Up, Down, the arrows and, while the field has the focus, the wheel step it; every step is one edit.
    """

    def __init__(
        self,
        default: object = None,
        *,
        most: int | None = 1,
        least: int = 1,
        minimum: float | None = None,
        maximum: float | None = None,
        words: tuple[str, ...] = (),
        may_be_none: bool = False,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`least` is how many numbers make more than one: both of a pair; `most` None allows any count."""
        self._counts = (least, most)
        self._range = (minimum, maximum)
        self._words = words
        self._may_be_none = may_be_none
        super().__init__(default, required=required, parent=parent)
        self._arrows = _Arrows(self)
        self._arrows.stepped.connect(self.step)
        self.setTextMargins(0, 0, _ARROWS - 4, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def written(self, value: object) -> str:
        if isinstance(value, tuple | list):
            return ", ".join(map(number_text, value))
        return value if isinstance(value, str) else number_text(value)

    def parsed(self, text: str) -> object:
        if text.lower() in self._words:
            return text.lower()
        single = self._counts[1] == 1  # there a comma parts thousands
        parts = [text.replace(",", "")] if single else [part for part in _BETWEEN.split(text) if part]
        numbers = tuple(self._part(part, text) for part in parts)
        if len(numbers) == 1:
            return numbers[0]
        least, most = self._counts
        if len(numbers) < least or (most is not None and len(numbers) > most):
            raise ValueError(self._expected(text))
        return numbers

    @Slot(int)
    def step(self, by: int) -> None:
        """Add to the number, or to each of several, as far as the range goes."""
        self._commit()
        if self.is_wrong():
            return
        value = self.value()
        numbers = value if isinstance(value, tuple) else (value,)
        stepped = tuple(self._stepped(number, by) for number in numbers)
        self.setText(self.written(stepped if isinstance(value, tuple) else stepped[0]))
        self._commit()

    def _part(self, part: str, text: str) -> int | None:
        if part.lower() == "none" and self._may_be_none:
            return None
        try:
            number = int(part.replace("_", ""))
        except ValueError:
            raise ValueError(self._expected(text)) from None
        return self._within(number)

    def _within(self, number: int) -> int:
        minimum, maximum = self._range
        if minimum is not None and number < minimum:
            raise ValueError(self.tr("The least that fits here is {least}.").format(least=number_text(minimum)))
        if maximum is not None and number > maximum:
            raise ValueError(self.tr("The most that fits here is {most}.").format(most=number_text(maximum)))
        return number

    def _stepped(self, number: object, by: int) -> int:
        minimum, maximum = self._range
        least = int(minimum or 0)
        if not isinstance(number, int):
            return least
        number += by
        number = number if minimum is None else max(least, number)
        return number if maximum is None else min(int(maximum), number)

    def _expected(self, text: str) -> str:
        wanted = [self.tr("a whole number")]
        if self._counts[1] != 1:
            count = self._counts[1]
            wanted.append(self.tr("{count} numbers such as 3, 5").format(count=count) if count else self.tr("several"))
        wanted += self._words
        return self.tr("“{text}” does not fit here; write {wanted}.").format(
            text=text, wanted=self.tr(" or ").join(wanted)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _STEPS.get(Qt.Key(event.key()))
        if by is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.step(by)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if self.hasFocus() and turned:
            self.step(1 if turned > 0 else -1)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrows.setGeometry(self.width() - _ARROWS - 1, 2, _ARROWS, self.height() - 4)


class _Arrows(QWidget):
    """Two small arrows above each other.

    Signals
    -------
    stepped : up (1) or down (-1).
    """

    stepped = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._up = self._button("up", self.tr("One more"))
        self._down = self._button("down", self.tr("One less"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._up)
        column.addWidget(self._down)
        self._up.clicked.connect(self._step_up)
        self._down.clicked.connect(self._step_down)

    def _button(self, way: str, tip: str) -> IconButton:
        button = IconButton(f"size_{way}", f"chevron-{way}", tip)
        button.setAutoRepeat(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setFixedSize(_ARROWS, 12)
        button.setStyleSheet("padding: 0")
        return button

    @Slot()
    def _step_up(self) -> None:
        self.stepped.emit(1)

    @Slot()
    def _step_down(self) -> None:
        self.stepped.emit(-1)
