"""Which curve: a choice under headings, and the target or the formula where there is one."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField, FloatField, TextField
from playground.widgets.common.theme import GRID
from playground.widgets.curve.values import CurveChoice

_LABELS = 72  # pixels
_FIRST_FORMULA = "x**3 - 3*x"
_LONGEST = 500


class CurveForm(QWidget):
    """The choice of a curve as a plain dict with "kind" and what belongs to that kind.

    Signals
    -------
    edited(object) : {"kind": "activation", "name"}, {"kind": "loss", "name", "target"} or {"kind": "formula", "text"}.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve = ChoiceField()
        self.curve.setMaxVisibleItems(20)
        self.target = FloatField(1.0)
        self.true_class = ChoiceField()
        self.true_class.set_choices([(0.0, "0", ""), (1.0, "1", "")])
        self.formula = TextField(_FIRST_FORMULA, required=True)
        self.formula.setMaxLength(_LONGEST)
        self.formula.set_value(_FIRST_FORMULA)
        self._rows = {name: FieldGrid(f"curve_{name}", columns=1, label_width=_LABELS) for name in self._editors()}
        self._lay_out()
        for editor in self._editors().values():
            editor.edited.connect(self._report)
        self._show_rows()

    def set_choices(self, choices: Sequence[CurveChoice]) -> None:
        """Offer these curves, each group under its heading."""
        shown = self.values() if self.curve.count() else None
        with QSignalBlocker(self.curve):
            self.curve.set_choices([(f"{each.kind}:{each.name}", each.title, "") for each in choices])
            self._insert_headings(choices)
            if shown is not None:
                self.show_values(shown)
            elif self.curve.count() > 1:
                self.curve.setCurrentIndex(1)  # below the first heading
        self._show_rows()

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show this curve without reporting it."""
        self.curve.set_value(f"{values['kind']}:{values.get('name', '')}")
        if values["kind"] == "formula":
            self.formula.set_value(values["text"])
        elif values["kind"] == "loss" and values["name"] == "cross_entropy":
            self.true_class.set_value(float(values["target"]))
        elif values["kind"] == "loss":
            self.target.set_value(float(values["target"]))
        self._show_rows()

    def values(self) -> dict[str, Any]:
        """The curve chosen."""
        kind, _, name = str(self.curve.value()).partition(":")
        if kind == "formula":
            return {"kind": kind, "text": str(self.formula.value())}
        if kind == "loss":
            target = self.true_class.value() if name == "cross_entropy" else self.target.value()
            return {"kind": kind, "name": name, "target": float(target)}  # type: ignore[arg-type]
        return {"kind": kind, "name": name}

    def set_problem(self, sentence: str) -> None:
        """Say below the formula what is wrong with it; an empty sentence clears that."""
        self._rows["formula"].set_problem("formula", sentence)

    def _editors(self) -> dict[str, ChoiceField | TextField]:
        return {"curve": self.curve, "target": self.target, "class": self.true_class, "formula": self.formula}

    def _lay_out(self) -> None:
        texts = {
            "curve": (self.tr("Function"), self.tr("The function of one number that is drawn.")),
            "target": (self.tr("Target"), self.tr("The value the prediction is compared with.")),
            "class": (self.tr("True class"), self.tr("Which of two classes is the right one.")),
            "formula": (
                self.tr("f(x)"),
                self.tr("Your own formula in x, with torch's functions: sin, exp, tanh, relu."),
            ),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for name, editor in self._editors().items():
            self._rows[name].add(name, texts[name][0], editor, texts[name][1])
            column.addWidget(self._rows[name])

    def _insert_headings(self, choices: Sequence[CurveChoice]) -> None:
        model = self.curve.model()
        assert isinstance(model, QStandardItemModel)
        groups = [choice.group for choice in choices]
        for place in reversed(range(len(groups))):
            if place == 0 or groups[place] != groups[place - 1]:
                self.curve.insertItem(place, groups[place])
                model.item(place).setEnabled(False)

    def _show_rows(self) -> None:
        kind, _, name = str(self.curve.value()).partition(":")
        is_class = name == "cross_entropy"
        self._rows["target"].setVisible(kind == "loss" and not is_class)
        self._rows["class"].setVisible(kind == "loss" and is_class)
        self._rows["formula"].setVisible(kind == "formula")

    @Slot()
    def _report(self) -> None:
        self._show_rows()
        self.edited.emit(self.values())
