"""How weights begin: the choice for one layer, and the draw of all."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.size_field import SizeField
from playground.widgets.common.theme import GRID

_LABELS = 120  # pixels of width


class WeightsSection(QWidget):
    """Initial weights of the selected layer, and the seed, "same again" and "new" for all of them.

    Signals
    -------
    init_edited : how the selected layer's weights are to be drawn.
    init_for_all_requested : the same for every layer.
    seed_edited : another seed.
    same_requested, new_requested : draw again with the same seed, or with a new one.
    """

    init_edited = Signal(str)
    init_for_all_requested = Signal(str)
    seed_edited = Signal(int)
    same_requested = Signal()
    new_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_weights")
        self.init = ChoiceField()
        self.hint = QLabel()
        self.for_all = QPushButton(self.tr("Use for all layers"))
        self.seed = SizeField(0, minimum=0, maximum=2**63 - 1)
        self.same = QPushButton(self.tr("Same weights again"))
        self.new = QPushButton(self.tr("New weights"))
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._one = FieldGrid("layer_init", columns=1, label_width=_LABELS)
        self._all = FieldGrid("layer_seed", columns=1, label_width=_LABELS)
        self._set_up()
        self._assemble()
        self.init.edited.connect(self._report_init)
        self.for_all.clicked.connect(self._report_for_all)
        self.seed.edited.connect(self._report_seed)
        self.same.clicked.connect(self.same_requested)
        self.new.clicked.connect(self.new_requested)

    def set_init(self, init: str) -> None:
        """Show how the selected layer begins; empty where there is nothing to draw."""
        if init:
            self.init.set_value(init)
        self._show_hint()
        for part in (self._one, self.hint, self.for_all):
            part.setVisible(bool(init))

    @Slot(int)
    def set_seed(self, seed: int) -> None:
        """Show the seed."""
        self.seed.set_value(seed)

    def _set_up(self) -> None:
        self.init.set_choices([(name, title, hint) for name, title, hint in self._choices()])
        tip = self.tr("How the weights are drawn before training; biases become 0. (torch.nn.init)")
        self._one.add("init", self.tr("Begin with"), self.init, tip)
        self._all.add(
            "seed", self.tr("Seed"), self.seed, self.tr("The same seed draws the same weights. (manual_seed)")
        )
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        self.hint.setObjectName("layer_init_hint")
        self.for_all.setProperty("link", True)
        self.for_all.setObjectName("layer_init_all")
        self.for_all.setToolTip(self.tr("Begin every layer that has weights in this way."))
        self.same.setObjectName("same_weights")
        self.same.setToolTip(self.tr("Draw the weights again with this seed: the untrained network, bit for bit."))
        self.new.setObjectName("new_weights")
        self.new.setToolTip(self.tr("Take another seed and draw anew."))

    def _assemble(self) -> None:
        heading = QLabel(self.tr("Initial weights"))
        heading.setProperty("heading", True)
        self._buttons.setSpacing(GRID)
        for button in (self.same, self.new):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._buttons.addWidget(button, button.sizeHint().width())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (heading, self._one, self.hint):
            column.addWidget(part)
        column.addWidget(self.for_all, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._all)
        column.addLayout(self._buttons)

    def _choices(self) -> tuple[tuple[str, str, str], ...]:
        kaiming = self.tr("Keeps the spread of values the same from layer to layer where ReLU follows.")
        xavier = self.tr("Keeps the spread of values the same from layer to layer where tanh or sigmoid follows.")
        zeros = self.tr(
            "With zeros all units of a layer give the same and get the same gradient: they stay copies of each other, "
            "and the network learns as little as with one unit a layer."
        )
        return (
            ("default", self.tr("PyTorch's default"), self.tr("What the class itself draws.")),
            ("kaiming_normal", self.tr("Kaiming, normal"), kaiming),
            ("kaiming_uniform", self.tr("Kaiming, uniform"), kaiming),
            ("xavier_normal", self.tr("Xavier, normal"), xavier),
            ("xavier_uniform", self.tr("Xavier, uniform"), xavier),
            ("normal", self.tr("Normal"), self.tr("The standard normal distribution: too wide for deep networks.")),
            ("zeros", self.tr("Zeros"), zeros),
        )

    def _show_hint(self) -> None:
        self.hint.setText(next((hint for name, _, hint in self._choices() if name == self.init.value()), ""))

    @Slot(object)
    def _report_init(self, init: str) -> None:
        self._show_hint()
        self.init_edited.emit(init)

    @Slot()
    def _report_for_all(self) -> None:
        self.init_for_all_requested.emit(str(self.init.value()))

    @Slot(object)
    def _report_seed(self, seed: int) -> None:
        self.seed_edited.emit(seed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The two buttons stand side by side where both can be read."""
        super().resizeEvent(event)
        room = self.same.sizeHint().width() + self.new.sizeHint().width() + GRID
        beside = event.size().width() >= room
        self._buttons.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
