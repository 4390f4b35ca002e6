"""The picture of one operation with its sentence above and what is said of the lit cell below."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.operations.canvas import ScrolledCanvas
from playground.widgets.operations.values import OperationValues


class PicturePage(QWidget):
    """What was typed, sentence, picture, readout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = WrappedLabel("heading")
        self.heading.setObjectName("operations_heading")
        self.sentence = WrappedLabel()
        self.sentence.setObjectName("operations_sentence")
        self.value = WrappedLabel()
        self.value.setObjectName("operations_value")
        self.picture = ScrolledCanvas()
        self.readout = WrappedLabel("muted")
        self.readout.setObjectName("operations_readout")
        self.picture.canvas.pointed.connect(self._say)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.heading)
        column.addWidget(self.sentence)
        column.addWidget(self.value)
        column.addSpacing(GRID // 2)
        column.addWidget(self.picture, 1)
        column.addWidget(self.readout)

    def show_values(self, values: OperationValues) -> None:
        """Show an operation, or why it cannot be done."""
        self.heading.setText(values.text)
        self.sentence.setProperty("tone", "bad" if values.problem else "")
        self.sentence.style().polish(self.sentence)
        text = values.problem or values.sentence
        self.sentence.setText(text)
        self.sentence.setVisible(bool(text))
        self.value.setText(self.tr("It gives {value}").format(value=values.value))
        self.value.setVisible(bool(values.value))
        self.picture.show_values(values)
        self._say("")

    def _say(self, text: str) -> None:
        values = self.picture.canvas.values
        if not text and values is not None and values.parts:
            text = self.tr("Point at a cell: the cells that belong to it light up. A click keeps them lit.")
        self.readout.setText(text)
