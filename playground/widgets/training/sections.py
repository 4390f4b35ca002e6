"""The parts of the training form. Each turns a few fields into values at dotted paths of the document, and back."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.theme import GRID

Values = dict[str, Any]
SHARES, BARE_SHARES = (5, 4), (3, 2)  # of the width: words stand in the first column, numbers in the second


class Section(QWidget):
    """Base of a part of the form.

    Signals
    -------
    edited : something was committed; the form compares `values()` with what it knew.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)

    def values(self) -> Values:
        """The values by dotted path."""
        raise NotImplementedError

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show the values of this section's paths without reporting them."""
        raise NotImplementedError

    def places(self) -> dict[str, tuple[FieldGrid, str]]:
        """Where a problem with a dotted path is to be marked."""
        raise NotImplementedError

    def set_locked(self, locked: bool) -> None:
        """Take no edits while a run is active."""
        self.setEnabled(not locked)

    @Slot(object)
    def _report(self, _value: object) -> None:
        self.edited.emit()


class LossSection(Section):
    """The loss and how it is reduced over a batch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ChoiceField()
        self.name.set_choices(self._losses())
        self.reduction = ChoiceField()
        self._offer_reductions()
        self.grid = FieldGrid("loss", shares=BARE_SHARES, bare_second=True)
        self.grid.add("name", self.tr("Loss"), self.name, self.tr("What is minimised (torch.nn.functional)."))
        self.grid.add(
            "reduction",
            self.tr("Reduction"),
            self.reduction,
            self.tr("How the losses of a batch become one number (reduction)."),
        )
        self.column.addWidget(self.grid)
        self.name.edited.connect(self._take_name)
        self.reduction.edited.connect(self._report)

    def values(self) -> Values:
        return {"training.loss.name": self.name.value(), "training.loss.reduction": self.reduction.value()}

    def show_values(self, values: Mapping[str, Any]) -> None:
        self.name.set_value(values["training.loss.name"])
        self._offer_reductions()
        self.reduction.set_value(values["training.loss.reduction"])

    def places(self) -> dict[str, tuple[FieldGrid, str]]:
        return {
            "training.loss": (self.grid, "name"),
            "training.loss.name": (self.grid, "name"),
            "training.loss.reduction": (self.grid, "reduction"),
        }

    @Slot(object)
    def _take_name(self, _name: object) -> None:
        self._offer_reductions()
        self.edited.emit()

    def _offer_reductions(self) -> None:
        names = ["mean", "sum", *(["batchmean"] if self.name.value() == "kl_div" else [])]
        self.reduction.set_choices([(name, name, "") for name in names])

    def _losses(self) -> list[tuple[object, str, str]]:
        return [
            ("cross_entropy", self.tr("Cross entropy"), self.tr("cross_entropy: logits against class labels.")),
            ("nll", self.tr("NLL"), self.tr("nll_loss: log-probabilities (after LogSoftmax) against labels.")),
            ("mse", self.tr("MSE"), self.tr("mse_loss: squared difference, for classes from one-hot targets.")),
            ("l1", self.tr("L1"), self.tr("l1_loss: absolute difference, for classes from one-hot targets.")),
            ("kl_div", self.tr("KL divergence"), self.tr("kl_div: log-probabilities against one-hot targets.")),
            (
                "bce_with_logits",
                self.tr("BCE with logits"),
                self.tr("binary_cross_entropy_with_logits: logits against one-hot targets."),
            ),
        ]
