"""The panel with a function of one number, its derivative, and the tangent at the pointer."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, Role, tabular, theme
from playground.widgets.curve.form import CurveForm
from playground.widgets.curve.plot import CurvePlot
from playground.widgets.curve.values import CurveChoice, CurveValues

_NAMES = ("x", "f", "f\N{PRIME}")


class CurvePanel(Panel):
    """Activations, losses and one's own formula, each with its derivative.

    Signals
    -------
    edited(object) : another curve as a plain dict: {"kind": "activation", "name"}, {"kind": "loss", "name", "target"}
        or {"kind": "formula", "text"}.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Activations and losses"), "curve", shows_code=True, parent=parent)
        self._values: CurveValues | None = None
        self.form = CurveForm()
        self.formula = QLabel()
        self.legend = QLabel()
        self.readout = QLabel()
        self.plot = CurvePlot()
        self._lay_out()
        self.form.edited.connect(self._on_edited)
        self.plot.moved.connect(self._read)
        theme.changed.connect(self._restyle)
        self._read()

    def set_choices(self, choices: Sequence[CurveChoice]) -> None:
        """Offer these curves."""
        self.form.set_choices(choices)
        self._name_axis()

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show which curve is chosen without reporting it: a dict as `edited` tells it."""
        self.form.show_values(values)
        self._name_axis()

    def set_curve(self, values: CurveValues) -> None:
        """Show a curve; what was wrong with the formula is over."""
        self._values = values
        self.form.set_problem("")
        self.formula.setText(values.formula)
        self.plot.show_curve(values)
        self.plot.setAccessibleName(values.title)
        self._restyle()
        self._read()

    def set_problem(self, sentence: str) -> None:
        """Say below the formula what is wrong with it; the curve stays."""
        self.form.set_problem(sentence)

    def _lay_out(self) -> None:
        self.plot.setObjectName("curve_plot")
        self.formula.setObjectName("curve_formula_text")
        self.readout.setObjectName("curve_readout")
        self.legend.setObjectName("curve_legend")
        self.legend.setToolTip(self.tr("Saturated: the slope is so small that hardly any gradient gets through."))
        self.formula.setText(self.tr("The curve appears once PyTorch is loaded."))
        self.formula.setWordWrap(True)
        self.legend.setWordWrap(True)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setFont(tabular(self.readout.font()))
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        for label in (self.formula, self.readout):
            label.setTextInteractionFlags(selectable)
        self.formula.setProperty("muted", True)
        self.body.addWidget(self.form)
        self.body.addWidget(self.formula)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self.readout)
        self.setMinimumSize(34 * GRID, 30 * GRID)

    def _name_axis(self) -> None:
        kind = self.form.values()["kind"]
        self.plot.set_x_name(self.tr("prediction") if kind == "loss" else self.tr("x"))

    @Slot(object)
    def _on_edited(self, values: dict[str, Any]) -> None:
        self._name_axis()
        self.edited.emit(values)

    @Slot()
    def _read(self) -> None:
        sample = self.plot.sample()
        if sample is None or self._values is None:
            self.readout.setText("")
            return
        found = (self._values.x[sample], self._values.value[sample], self._values.slope[sample])
        texts = (_number(float(each)) for each in found)
        self.readout.setText("     ".join(f"{name} = {text}" for name, text in zip(_NAMES, texts, strict=True)))

    @Slot()
    def _restyle(self) -> None:
        self.plot.restyle()
        entries = [
            _entry("━", "train", f"{_NAMES[1]}(x)"),
            _entry("━", "validation", f"{_NAMES[2]}(x)"),
            _entry("╌", "text", self.tr("tangent")),
        ]
        if self._values is not None and self._values.saturated.any():
            entries.append(_entry("▒", "warning", self.tr("saturated")))
        self.legend.setText("&nbsp;&nbsp; ".join(entries))


def _entry(mark: str, role: Role, text: str) -> str:
    return f'<span style="color:{theme.color(role).name()}">{mark}</span>&nbsp;{text.replace(" ", "&nbsp;")}'


def _number(value: float) -> str:
    """Four decimals as far as they tell something, with a true minus sign; a dash for no number."""
    if not isfinite(value):
        return "—"
    text = f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e4 else f"{value:.3e}"
    return text.replace("-", "\N{MINUS SIGN}")
