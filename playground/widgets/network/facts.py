"""The numbers of one layer, each of which can be copied."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.numbers import memory
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.network.details import Facts

_LABELS = 120  # pixels of width
_NOTHING = "\N{EN DASH}"


class FactsGrid(QWidget):
    """The formula with its numbers, and names with values below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_facts")
        self.heading = QLabel(self.tr("What comes out"))
        self.heading.setProperty("heading", True)
        self.formula = QLabel()
        self._values: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self._assemble()

    def set_facts(self, facts: Facts | None, formula: str = "") -> None:
        """Show these numbers; without them only the formula."""
        self.formula.setText(formula)
        self.formula.setVisible(bool(formula))
        texts = self._texts(facts) if facts else {}
        for name, label in self._values.items():
            label.setText(texts.get(name, _NOTHING))

    def text(self, name: str) -> str:
        """The value shown under a name such as `parameters`."""
        return self._values[name].text()

    def _texts(self, facts: Facts) -> dict[str, str]:
        always = {"parameters": self._parameters(facts), "names": ", ".join(facts.names) or _NOTHING}
        if not facts.output:  # the data does not get here, so nothing else is known
            return always
        field = facts.receptive_field
        batch = self.tr("{size} for a batch of {count}").format(
            size=memory(facts.memory), count=f"{facts.batch_size:,}"
        )
        return always | {
            "output": f"N \u00d7 {facts.output}",
            "values": f"{facts.values:,}",
            "flops": self.tr("not counted") if facts.flops is None else f"{facts.flops:,}",
            "field": _NOTHING if field is None else f"{field:,} \u00d7 {field:,}",
            "memory": batch,
        }

    def _parameters(self, facts: Facts) -> str:
        count = facts.weights + facts.biases
        if not count:
            return self.tr("none") if facts.output else _NOTHING
        text = self.tr("{all} = {weights} weights + {biases} biases") if facts.biases else self.tr("{all} (no biases)")
        return text.format(all=f"{count:,}", weights=f"{facts.weights:,}", biases=f"{facts.biases:,}")

    def _assemble(self) -> None:
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnMinimumWidth(0, _LABELS)
        self._grid.setColumnStretch(1, 1)
        for row, (name, title, tip) in enumerate(self._rows()):
            self._add(row, name, title, tip)
        self.formula.setObjectName("layer_formula")
        self.formula.setWordWrap(True)
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.formula.setFont(tabular(self.formula.font()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.heading)
        column.addWidget(self.formula)
        column.addLayout(self._grid)

    def _rows(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("output", self.tr("Output"), self.tr("The shape with the batch: N is the number of samples.")),
            ("values", self.tr("Values a sample"), self.tr("How many numbers leave the layer for one sample.")),
            ("parameters", self.tr("Parameters"), self.tr("What the layer learns.")),
            (
                "flops",
                self.tr("FLOPs a sample"),
                self.tr("2 \u00d7 the multiply-adds of matrix products and convolutions."),
            ),
            ("field", self.tr("Receptive field"), self.tr("The window of the input that one output value can see.")),
            ("memory", self.tr("Memory"), self.tr("What the outputs of one batch take while the gradient waits.")),
            ("names", self.tr("In state_dict"), self.tr("What its weights' names begin with in net.state_dict().")),
        )

    def _add(self, row: int, name: str, title: str, tip: str) -> None:
        label, value = QLabel(title), QLabel(_NOTHING)
        label.setProperty("muted", True)
        value.setObjectName(f"layer_fact_{name}")
        value.setAccessibleName(title)
        value.setFont(tabular(value.font()))
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for each in (label, value):
            each.setToolTip(tip)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label, row, 0, top)
        self._grid.addWidget(value, row, 1, top)
        self._values[name] = value
