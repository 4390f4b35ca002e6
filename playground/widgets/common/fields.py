"""The editors forms are made of: each has `value()`, a silent `set_value()` and one signal for a committed edit."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget

from playground.widgets.common.theme import tabular


def number_text(value: object) -> str:
    """A number as people write it: 0.01, 1e-5, 20 (never 20.0), and None as "none"."""
    if value is None:
        return "none"
    text = re.sub(r"e([+-]?)0*(\d)", r"e\1\2", repr(value)).replace("e+", "e")
    return text.removesuffix(".0")


def set_wrong(editor: QWidget, wrong: bool) -> None:
    """Mark or unmark an editor as holding something wrong; the style sheet reads the property."""
    if bool(editor.property("wrong")) == wrong:
        return
    editor.setProperty("wrong", wrong)
    editor.style().unpolish(editor)
    editor.style().polish(editor)


class TextField(QLineEdit):
    """One line of text. An empty field stands for its default, shown as a placeholder; Escape takes an edit back.

    Signals
    -------
    edited : a new value was committed with Return or by leaving the field.
    refused : why the committed text does not fit; empty once it does.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, default: object = "", *, required: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default = default
        self._required = required
        self._value = default
        self._is_wrong = False
        self.setFont(tabular(self.font()))
        self.setPlaceholderText(self.tr("needed") if required else self.written(default))
        self.editingFinished.connect(self._commit)

    def value(self) -> object:
        """The last value that fitted."""
        return self._value

    def is_wrong(self) -> bool:
        """Whether the text now in the field was refused."""
        return self._is_wrong

    @Slot(object)
    def set_value(self, value: object) -> None:
        """Show a value without reporting it."""
        self._value = value
        shown = self._shown()
        if shown != self.text():
            self.setText(shown)
        self._accept()

    def parsed(self, text: str) -> object:
        """The value a text stands for; a ValueError carries the sentence for the user."""
        return text

    def written(self, value: object) -> str:
        """How a value is shown."""
        return str(value)

    @Slot()
    def _commit(self) -> None:
        text = self.text().strip()
        try:
            value = self.parsed(text) if text else self._when_empty()
        except ValueError as error:
            self._refuse(str(error))
            return
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.edited.emit(value)

    def _shown(self) -> str:
        """The text of the last value that fitted."""
        return "" if self._value == self._default and not self._required else self.written(self._value)

    def _when_empty(self) -> object:
        if self._required:
            raise ValueError(self.tr("A value is needed here."))
        return self._default

    def _refuse(self, sentence: str) -> None:
        self._is_wrong = True
        set_wrong(self, True)
        self.refused.emit(sentence)

    def _accept(self) -> None:
        if self._is_wrong:
            self._is_wrong = False
            set_wrong(self, False)
            self.refused.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self.written(self._value):
            self.set_value(self._value)
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Once committed, an edit is the document's to undo; before, the field takes the typing back."""
        if self.text() == self._shown() and _asks_undo(event):
            event.ignore()
            return False
        return super().event(event)


class FloatField(TextField):
    """A number, plain or scientific: 0.001, 1e-3."""

    def __init__(
        self,
        default: float | None = None,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._range = (minimum, maximum)
        super().__init__(default, required=required, parent=parent)

    def written(self, value: object) -> str:
        return number_text(value)

    def parsed(self, text: str) -> object:
        try:
            number = self._number(text)
        except (ValueError, OverflowError):
            raise ValueError(self._expected(text)) from None
        return self._within(number)

    def _number(self, text: str) -> float:
        number = float(text)
        if number - number != 0:  # infinite or not a number
            raise ValueError
        return number

    def _expected(self, text: str) -> str:
        return self.tr("“{text}” is not a number; write one such as 0.01 or 1e-3.").format(text=text)

    def _within(self, number: float) -> float:
        minimum, maximum = self._range
        if minimum is not None and number < minimum:
            raise ValueError(self.tr("The least that fits here is {least}.").format(least=number_text(minimum)))
        if maximum is not None and number > maximum:
            raise ValueError(self.tr("The most that fits here is {most}.").format(most=number_text(maximum)))
        return number


class IntField(FloatField):
    """A whole number of any size; empty for the default, which may be none."""

    def _number(self, text: str) -> float:
        return int(text.replace(",", "").replace("_", ""))

    def _expected(self, text: str) -> str:
        return self.tr("“{text}” is not a whole number.").format(text=text)


class NumbersField(TextField):
    """Several numbers with commas between, as many as `count` says (any number of them for None)."""

    def __init__(
        self,
        default: Sequence[float | None] | None = None,
        *,
        whole: bool = False,
        count: int | None = None,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._kind = int if whole else float
        self._count = count
        super().__init__(None if default is None else tuple(default), required=required, parent=parent)

    def written(self, value: object) -> str:
        return ", ".join(map(number_text, value)) if isinstance(value, tuple | list) else number_text(value)

    def parsed(self, text: str) -> object:
        parts = [part for part in re.split(r"[\s,;()\[\]]+", text) if part]
        try:
            numbers = tuple(None if part.lower() == "none" else self._kind(part) for part in parts)
        except ValueError:
            raise ValueError(self.tr("Write numbers with commas between them, such as 0.9, 0.999.")) from None
        if not numbers or (self._count is not None and len(numbers) != self._count):
            raise ValueError(self.tr("Write {count} numbers with commas between them.").format(count=self._count or 1))
        return numbers


class CountField(QSpinBox):
    """A count with arrows. The wheel turns it only while it has the focus, so that a form scrolls safely.

    Signals
    -------
    edited : a new value was committed.
    """

    edited = Signal(object)

    def __init__(self, minimum: int, maximum: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(minimum, maximum)
        self.setKeyboardTracking(False)
        self.setGroupSeparatorShown(True)
        self.lineEdit().setTextMargins(6, 0, 0, 0)  # a style sheet's padding does not reach inside a spin box
        self.setFont(tabular(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._report)

    @Slot(object)
    def set_value(self, value: object) -> None:
        """Show a value without reporting it."""
        with QSignalBlocker(self):
            self.setValue(int(value))  # type: ignore[call-overload]

    @Slot(int)
    def _report(self, value: int) -> None:
        self.edited.emit(value)

    def event(self, event: QEvent) -> bool:
        """As in `TextField`."""
        if self.cleanText() == self.textFromValue(self.value()) and _asks_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(QComboBox):
    """One of several values, each with a title and perhaps a tip.

    Signals
    -------
    edited : the user chose another value.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.currentIndexChanged.connect(self._report)

    def set_choices(self, choices: Sequence[tuple[object, str, str]]) -> None:
        """Offer these (value, title, tip), keeping the current value where it is among them."""
        current = self.value()
        with QSignalBlocker(self):
            self.clear()
            for value, title, tip in choices:
                self._offer(value, title, tip)
            index = self._index(current)
            if index >= 0:
                self.setCurrentIndex(index)

    def value(self) -> object:
        """The value chosen."""
        return self.currentData()

    @Slot(object)
    def set_value(self, value: object) -> None:
        """Show a value without reporting it; one that is not offered is added and says so."""
        with QSignalBlocker(self):
            if self._index(value) < 0:
                self._offer(value, self.tr("{value} (not here)").format(value=value), "")
            self.setCurrentIndex(self._index(value))

    def _offer(self, value: object, title: str, tip: str) -> None:
        self.addItem(title, value)
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _index(self, value: object) -> int:
        return next((index for index in range(self.count()) if self.itemData(index) == value), -1)

    @Slot(int)
    def _report(self, index: int) -> None:
        if index >= 0:
            self.edited.emit(self.itemData(index))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class CheckField(QCheckBox):
    """Yes or no.

    Signals
    -------
    edited : the user switched it.
    """

    edited = Signal(object)

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.toggled.connect(self._report)

    def value(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    @Slot(object)
    def set_value(self, value: object) -> None:
        """Show a value without reporting it."""
        with QSignalBlocker(self):
            self.setChecked(bool(value))

    @Slot(bool)
    def _report(self, value: bool) -> None:
        self.edited.emit(value)


Field = TextField | CountField | ChoiceField | CheckField


def _asks_undo(event: QEvent) -> bool:
    """Whether an editor is asked if it claims Ctrl+Z or Ctrl+Y from the window."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
