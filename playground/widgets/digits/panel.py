"""Draw a digit: the pad, what the network sees of it, and its answer."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.digits.bars import ProbabilityBars
from playground.widgets.digits.canvas import BRUSH, DigitCanvas
from playground.widgets.digits.pixels import PixelView

Floats = NDArray[np.floating]

_LEAST_PAD = 120
_SIDE_BY_SIDE = 520  # pixels of width from which the answer stands beside the pad
_ANSWER_SCALE = 3.2


class DigitPanel(Panel):
    """The pad and the answer, one above the other or, where it is wide, side by side.

    Signals
    -------
    ink_changed(object), stroke_finished(object), image_dropped(str), image_pasted(object) : as DigitCanvas.
    model_chosen(str) : the key of the model that shall answer.
    """

    ink_changed = Signal(object)
    stroke_finished = Signal(object)
    image_dropped = Signal(str)
    image_pasted = Signal(object)
    model_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "digit_pad", shows_code=True, parent=parent)
        self.title_label.setText(self.tr("Draw a digit"))
        self.setAccessibleName(self.tr("Draw a digit"))
        self.canvas = DigitCanvas()
        self.undo = self._button("undo", self.tr("Undo"), self.tr("Take the last stroke back."))
        self.wipe = self._button("clear", self.tr("Clear"), self.tr("Wipe the pad."))
        self.brush = self._make_brush()
        self.model = self._make_model()
        self.input = PixelView()
        self.answer = QLabel()
        self.confidence = QLabel()
        self.message = QLabel()
        self.bars = ProbabilityBars()
        self._style_labels()
        self._lay_out()
        self._connect()
        self.clear_answer()
        self._on_history()

    def set_models(self, models: list[tuple[str, str]]) -> None:
        """Offer models as (key, title); the one chosen stays chosen where it is still there."""
        self.model.blockSignals(True)
        chosen = self.model.currentData()
        self.model.clear()
        for key, title in models:
            self.model.addItem(title, key)
        self.model.setCurrentIndex(max(self.model.findData(chosen), 0))
        self.model.blockSignals(False)

    def choose_model(self, key: str) -> None:
        """Show which model answers, without asking for it."""
        self.model.blockSignals(True)
        self.model.setCurrentIndex(self.model.findData(key))
        self.model.blockSignals(False)

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """Name the classes of the model that answers."""
        self.bars.set_names(labels)

    def show_input(self, pixels: Floats) -> None:
        """Show what the network sees, [28, 28]."""
        self.input.show_pixels(pixels)

    def show_prediction(self, probabilities: Floats, digit: str, milliseconds: float) -> None:
        """Show an answer and how long it took."""
        self.message.hide()
        self.answer.setText(digit)
        self.answer.show()
        share = 100 * float(np.max(probabilities))
        self.confidence.setText(f"{share:.1f} % · {milliseconds:.1f} ms")
        self.bars.show_values(probabilities)

    def show_message(self, text: str) -> None:
        """Say something in the place of the answer; an empty text says nothing."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def clear_answer(self) -> None:
        """Forget the answer; the pad stays."""
        self.input.show_pixels(None)
        self.answer.clear()
        self.answer.hide()
        self.confidence.setText(self.tr("The answer appears here."))
        self.bars.show_values(None)
        self.show_message("")

    def clear(self) -> None:
        """Wipe the pad and forget the answer."""
        self.canvas.clear()
        self.clear_answer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the answer beside the pad where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE
        self._halves.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._halves.setStretch(0, 3 if wide else 0)
        self._halves.setStretch(1, 2 if wide else 1)
        inner = self.contentsRect().width() - 4 * GRID
        self.canvas.setMaximumHeight(max(round(0.6 * inner) if wide else inner, _LEAST_PAD))

    def _lay_out(self) -> None:
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(2 * GRID)
        self._halves.addLayout(self._pad_half(), 3)
        self._halves.addLayout(self._answer_half(), 2)
        self.body.addLayout(self._halves, 1)

    def _pad_half(self) -> QVBoxLayout:
        tools = QHBoxLayout()
        tools.setSpacing(GRID)
        for part in (self.undo, self.wipe, self.brush):
            tools.addWidget(part, 1)
        half = QVBoxLayout()
        half.setSpacing(GRID)
        half.addWidget(self.canvas, 1)
        half.addLayout(tools)
        half.addStretch(0)
        return half

    def _answer_half(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.answer)
        words.addWidget(self.confidence)
        words.addSpacing(GRID // 2)
        words.addWidget(self.model)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addWidget(self.input)
        top.addLayout(words, 1)
        half = QVBoxLayout()
        half.setSpacing(GRID)
        half.addLayout(top)
        half.addWidget(self.message)
        half.addWidget(self.bars, 1)
        return half

    def _connect(self) -> None:
        self.canvas.ink_changed.connect(self.ink_changed)
        self.canvas.stroke_finished.connect(self.stroke_finished)
        self.canvas.image_dropped.connect(self.image_dropped)
        self.canvas.image_pasted.connect(self.image_pasted)
        self.canvas.history_changed.connect(self._on_history)
        self.undo.clicked.connect(self.canvas.undo)
        self.wipe.clicked.connect(self.clear)
        self.brush.valueChanged.connect(self._on_brush)
        self.model.currentIndexChanged.connect(self._on_model)

    def _on_history(self) -> None:
        self.undo.setEnabled(self.canvas.can_undo)
        self.wipe.setEnabled(not self.canvas.is_blank)
        if self.canvas.is_blank:
            self.clear_answer()

    def _on_brush(self, percent: int) -> None:
        self.canvas.brush = percent / 100

    def _on_model(self) -> None:
        self.model_chosen.emit(str(self.model.currentData()))

    def _style_labels(self) -> None:
        font = QFont(tabular(self.font()))
        font.setPointSizeF(font.pointSizeF() * _ANSWER_SCALE)
        font.setBold(True)
        self.answer.setFont(font)
        self.answer.setMinimumHeight(QFontMetrics(font).capHeight() + GRID)
        self.answer.setObjectName("digit_answer")
        self.answer.setAccessibleName(self.tr("The network's answer"))
        self.confidence.setProperty("muted", True)
        self.confidence.setFont(tabular(self.font()))
        self.confidence.setObjectName("digit_confidence")
        self.confidence.setToolTip(self.tr("The answer's probability, and how long the network took for it."))
        self.confidence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setProperty("muted", True)
        self.message.setWordWrap(True)
        self.message.setObjectName("digit_message")

    def _button(self, part: str, text: str, tool_tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"digit_{part}")
        button.setAccessibleName(tool_tip)
        button.setToolTip(tool_tip)
        return button

    def _make_brush(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(4, 16)
        slider.setValue(round(100 * BRUSH))
        slider.setObjectName("digit_brush")
        slider.setAccessibleName(self.tr("Brush width"))
        slider.setToolTip(self.tr("How wide the brush is."))
        return slider

    def _make_model(self) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName("digit_model")
        combo.setAccessibleName(self.tr("The model that answers"))
        combo.setToolTip(self.tr("Which model answers: the one in training, or the one that came with the playground."))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        return combo
