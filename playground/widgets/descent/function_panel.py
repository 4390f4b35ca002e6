"""The panel that says which function to go down, from where, and how far."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from playground.widgets.common.buttons import header_button
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField, CountField
from playground.widgets.common.panel import Panel
from playground.widgets.common.scrolled import scrolled
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.descent.formula_page import FormulaPage
from playground.widgets.descent.function_page import BowlPage, FunctionPage
from playground.widgets.descent.point_field import PointField
from playground.widgets.descent.regression_page import RegressionPage
from playground.widgets.descent.values import FunctionChoice, Plain, Point

MOST_STEPS = 1_000_000  # what a document holds


class FunctionPanel(Panel):
    """Shows "function", "start" and "steps" as the document writes them.

    Signals
    -------
    edited(str, object) : one of them after a committed edit.
    dragged(str, object) : one of them in the middle of a drag; what is undone is the whole drag.
    drag_ended : the drag is over.
    preset_chosen(str) : everything as in this preset.
    """

    edited = Signal(str, object)
    dragged = Signal(str, object)
    drag_ended = Signal()
    preset_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Function"), "descent_function", parent=parent)
        self._choices: dict[str, FunctionChoice] = {}
        self._shown: dict[str, Any] = {}
        self._remembered: dict[str, Plain] = {}
        self.menu = QMenu(self)
        tip = self.tr("Function, start and racers of the course's examples.")
        self.presets = header_button("descent_presets", self.tr("Presets"), tip, self.menu)
        self.function = ChoiceField()
        self.top = FieldGrid("function", columns=1)
        self.formula = WrappedLabel()
        self.own_formula = FormulaPage()
        self.regression = RegressionPage()
        self._pages: dict[str, FunctionPage] = {
            "bowl": BowlPage(),
            "formula": self.own_formula,
            "regression": self.regression,
        }
        self.remark = QLabel()
        self.start = PointField("start")
        self.steps = CountField(1, MOST_STEPS)
        self.bottom = FieldGrid("descent", columns=1)
        self._set_up()
        self._fill()
        self._connect()

    def set_functions(self, functions: Sequence[FunctionChoice]) -> None:
        """Offer these functions."""
        self._choices = {each.key: each for each in functions}
        self.function.set_choices([(each.key, each.title, each.tip) for each in functions])
        self._show_parts()

    def set_presets(self, presets: Sequence[tuple[str, str]]) -> None:
        """Offer these presets as (key, title)."""
        self.menu.clear()
        for key, title in presets:
            self.menu.addAction(title).triggered.connect(partial(self._choose_preset, key))
        self.presets.setVisible(bool(presets))

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values; what is the same as before keeps its texts, refused ones too. Nothing is reported."""
        changed = {key: value for key, value in values.items() if self._shown.get(key) != value}
        self._shown |= changed
        if "function" in changed:
            self._clear("function")
            self._show_function(changed["function"])
        if "start" in changed:
            self._clear("start")
            self.start.set_value(changed["start"])
        if "steps" in changed:
            self._clear("steps")
            self.steps.set_value(changed["steps"])

    def set_problem(self, key: str, sentence: str) -> None:
        """Say what is wrong at "function", "function.text" and the like, "start" or "steps"; empty clears it."""
        path, _, field = key.partition(".")
        page = self._page()
        if path in ("start", "steps"):
            self.bottom.set_problem(path, sentence)
        elif page is not None:
            page.set_problem(field, sentence)
        else:
            self.top.set_problem("function", sentence)

    def offer_correction(self, formula: str) -> None:
        """Offer to use this formula in place of the refused one; empty takes the offer back."""
        self.own_formula.offer_correction(formula)

    @Slot(str)
    def set_remark(self, sentence: str) -> None:
        """Say something about the function that is no fault; empty for nothing."""
        self.remark.setText(f"⚠ {sentence}" if sentence else "")
        self.remark.setVisible(bool(sentence))

    def set_names(self, names: tuple[str, str]) -> None:
        """What the two coordinates are called."""
        self.start.set_names(names)

    def set_lines(self, lines: tuple[Point, ...]) -> None:
        """Draw the racers' lines (w, b) over the points of a regression; cheap enough for every frame."""
        self.regression.pad.set_lines(lines)

    def _set_up(self) -> None:
        self.presets.setAccessibleName(self.tr("Presets"))
        self.presets.setVisible(False)
        self.function.setMaxVisibleItems(16)
        self.formula.setObjectName("function_formula")
        self.remark.setObjectName("function_remark")
        self.remark.setProperty("tone", "warning")
        self.remark.setWordWrap(True)
        self.remark.setVisible(False)
        tip = self.tr("The function of two numbers that the optimisers go down.")
        self.top.add("function", self.tr("Function"), self.function, tip)
        self.bottom.add("start", self.tr("Start"), self.start, self.tr("Where the race begins; a click in a view too."))
        self.bottom.add("steps", self.tr("Steps"), self.steps, self.tr("How many steps each optimiser makes."))

    def _fill(self) -> None:
        self.header.addWidget(self.presets)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (self.top, self.formula, *self._pages.values(), self.remark, self.bottom):
            column.addWidget(part)
        column.setStretchFactor(self.regression, 1)
        column.addStretch(0)
        self.body.addWidget(scrolled("function_area", content), 1)
        self._show_parts()

    def _connect(self) -> None:
        self.function.edited.connect(self._choose)
        for page in self._pages.values():
            page.edited.connect(self._report_function)
            page.dragged.connect(self._report_drag)
            page.drag_ended.connect(self.drag_ended)
        self.start.edited.connect(self._report_start)
        self.start.refused.connect(self._mark_start)
        self.steps.edited.connect(self._report_steps)

    def _page(self) -> FunctionPage | None:
        return self._pages.get(str(self.function.value()))

    def _show_function(self, function: Plain) -> None:
        kind = function["kind"]
        self.function.set_value(function["name"] if kind == "known" else kind)
        page = self._page()
        if page is not None:
            self._remembered[kind] = function
            page.show_value(function)
        self._show_parts()

    def _show_parts(self) -> None:
        shown = self._page()
        choice = self._choices.get(str(self.function.value()))
        self.formula.setText(choice.formula if choice is not None else "")
        self.formula.setVisible(bool(self.formula.text()))
        for page in self._pages.values():
            page.setVisible(page is shown)

    def _clear(self, path: str) -> None:
        if path != "function":
            self.bottom.set_problem(path, "")
            return
        self.top.clear_problems()
        self.offer_correction("")
        for page in self._pages.values():
            page.grid.clear_problems()

    @Slot(object)
    def _choose(self, key: str) -> None:
        if key not in self._pages:
            function = {"kind": "known", "name": key}
        elif key == "formula":
            function = self._remembered.get(key, self._pages[key].value())
        else:
            function = self._remembered.get(key, {"kind": key})  # the document knows how it begins
        self._clear("function")
        self._show_parts()
        self.edited.emit("function", function)

    @Slot(object)
    def _report_function(self, function: Plain) -> None:
        self._clear("function")
        self.edited.emit("function", function)

    @Slot(object)
    def _report_drag(self, function: Plain) -> None:
        self._clear("function")
        self.dragged.emit("function", function)

    @Slot(object)
    def _report_start(self, start: Point) -> None:
        self._clear("start")
        self.edited.emit("start", start)

    @Slot(str)
    def _mark_start(self, sentence: str) -> None:
        self.bottom.set_problem("start", sentence)

    @Slot(object)
    def _report_steps(self, steps: int) -> None:
        self._clear("steps")
        self.edited.emit("steps", steps)

    def _choose_preset(self, key: str, _checked: bool = False) -> None:
        self.preset_chosen.emit(key)
