"""How long, how large, from which seed and where."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import CheckField, ChoiceField, CountField, Field, IntField
from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.theme import GRID
from playground.widgets.training.sections import SHARES, Section, Values


class RunSection(Section):
    """Batch size, epochs, seed, device and determinism."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.batch = CountField(1, 1_000_000)
        self.epochs = CountField(1, 100_000)
        self.seed = IntField(0, minimum=0, maximum=2**32 - 1, required=True)
        self.seed.set_value(0)
        self.device = ChoiceField()
        self.device.set_choices([("auto", self.tr("auto"), ""), ("cpu", "cpu", "")])
        self.deterministic = CheckField(self.tr("Deterministic"))
        self.new_seed = IconButton("run_new_seed", "dice-5-outline", self.tr("Draw a new seed."))
        self.new_seed.setFixedSize(3 * GRID, 3 * GRID)  # squeezed to nothing, its icon cannot be painted
        self._fields: dict[str, Field] = {
            "batch_size": self.batch,
            "epochs": self.epochs,
            "seed": self.seed,
            "device": self.device,
            "deterministic": self.deterministic,
        }
        self.grid = FieldGrid("run", shares=SHARES)
        self._fill()
        for field in self._fields.values():
            field.edited.connect(self._report)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices as (name in torch, title)."""
        self.device.set_choices([(name, title, name) for name, title in devices])

    def values(self) -> Values:
        return {f"training.{name}": field.value() for name, field in self._fields.items()}

    def show_values(self, values: Mapping[str, Any]) -> None:
        for name, field in self._fields.items():
            field.set_value(values[f"training.{name}"])

    def places(self) -> dict[str, tuple[FieldGrid, str]]:
        return {f"training.{name}": (self.grid, name) for name in self._fields if self.grid.editor(name)}

    def _fill(self) -> None:
        add = self.grid.add
        add("batch_size", self.tr("Batch"), self.batch, self.tr("How many samples a step sees (batch_size)."))
        add("epochs", self.tr("Epochs"), self.epochs, self.tr("How often the whole training set is gone through."))
        tip = self.tr("The number from which weights, order and dropout follow (torch.manual_seed).")
        add("seed", self.tr("Seed"), self._with_button(), tip)
        self.deterministic.setObjectName("run_deterministic")
        self.deterministic.setAccessibleName(self.tr("Deterministic"))
        tip = self.tr("Repeatable on a GPU too, at a price (torch.use_deterministic_algorithms).")
        self.deterministic.setToolTip(tip)
        self.grid.add_plain(self.deterministic)
        tip = self.tr("Where the tensors live: cpu, cuda:0, mps; auto takes CUDA where there is one.")
        add("device", self.tr("Device"), self.device, tip, wide=True)
        self.column.addWidget(self.grid)

    def _with_button(self) -> QWidget:
        both = QWidget()
        layout = QHBoxLayout(both)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.seed)
        layout.addWidget(self.new_seed)
        both.setFocusProxy(self.seed)
        self.seed.setMinimumWidth(48)
        self.seed.setObjectName("run_seed_number")
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.refused.connect(self._mark_seed)
        self.new_seed.clicked.connect(self._draw_seed)
        return both

    @Slot(str)
    def _mark_seed(self, sentence: str) -> None:
        self.grid.set_problem("seed", sentence)

    @Slot()
    def _draw_seed(self) -> None:
        self.seed.set_value(secrets.randbelow(100_000))  # short enough to read out to somebody
        self.edited.emit()
