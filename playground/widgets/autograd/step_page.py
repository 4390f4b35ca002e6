"""One node's turn: its rule with numbers, what came in, what goes out, what gathers, and the chain so far."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QVBoxLayout, QWidget

from playground.widgets.autograd import rule_text
from playground.widgets.autograd.array_table import ArrayTable
from playground.widgets.autograd.rule_text import shape_text
from playground.widgets.autograd.values import ArrayValues, OutgoingValues, StepValues
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.common.wrapped_label import WrappedLabel

_TABLES_ACROSS = 2


class StepPage(QWidget):
    """Text rows and small tables; a click on a number that goes out asks for its rule.

    Signals
    -------
    element_requested : which outgoing gradient (input number), and which number of it (tuple of int).
    """

    element_requested = Signal(int, tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.title.setProperty("heading", True)
        self.title.setFont(tabular(self.title.font()))
        self.rule = WrappedLabel()
        self.referee = WrappedLabel("muted")
        self.gathered = WrappedLabel()
        self.chain = WrappedLabel("muted")
        self.hooks = WrappedLabel("muted")
        for name in ("title", "rule", "referee", "gathered", "chain", "hooks"):
            getattr(self, name).setObjectName(f"autograd_{name}")
        self._shown: list[ArrayTable] = []
        self._tables = QGridLayout()
        self._tables.setHorizontalSpacing(3 * GRID)
        self._tables.setVerticalSpacing(GRID)
        self._tables.setColumnStretch(_TABLES_ACROSS, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID // 2)
        for part in (self.title, self.hooks, self.rule, self.referee, self.gathered):
            column.addWidget(part)
        column.addLayout(self._tables)
        column.addWidget(self.chain)
        column.addStretch(1)

    def set_step(self, step: StepValues, titles: Mapping[int, str]) -> None:
        """Show a turn; `titles` are what the nodes are called."""
        turn = self.tr("Turn {position:,} of {total:,}: {title}")
        self.title.setText(turn.format(position=step.position, total=step.total, title=step.title))
        rule = step.rule
        _write(self.rule, rule_text.rule_line(rule) if rule else "")
        _write(self.referee, rule_text.rule_referee(rule) if rule else "")
        _write(self.gathered, "\n".join(map(rule_text.accumulation_line, step.accumulated)))
        _write(self.chain, rule_text.chain_line(step))
        _write(self.hooks, rule_text.hook_line(step))
        self._show_tables(step, titles)

    def tables(self) -> list[ArrayTable]:
        """The tables as shown, what came in first."""
        return list(self._shown)

    def _show_tables(self, step: StepValues, titles: Mapping[int, str]) -> None:
        empty(self._tables)
        several = len(step.incoming) > 1
        came = [(i, values) for i, values in enumerate(step.incoming) if values is not None]
        tables = [(self._came(i if several else None, values), ArrayTable(values)) for i, values in came]
        tables += [(self._went(out, titles.get(out.node, "")), self._outgoing(out, step)) for out in step.outgoing]
        for number, (text, table) in enumerate(tables):
            block = _block(text, table)
            self._tables.addWidget(block, *divmod(number, _TABLES_ACROSS), Qt.AlignmentFlag.AlignTop)
        self._shown = [table for _, table in tables]

    def _outgoing(self, out: OutgoingValues, step: StepValues) -> ArrayTable:
        """A table whose numbers ask for their rule; the one explained is marked."""
        rule = step.rule
        table = ArrayTable(out.gradient, rule.element if rule and rule.input == out.index else None)
        table.setCursor(Qt.CursorShape.PointingHandCursor)
        table.element_clicked.connect(partial(self.element_requested.emit, out.index))
        return table

    def _went(self, out: OutgoingValues, title: str) -> str:
        text = self.tr("out to {title} (input {index}) · {shape}")
        text = text.format(title=title, index=out.index, shape=shape_text(out.gradient.shape))
        if out.summed_from is None:
            return text
        return text + self.tr(", summed from {shape}").format(shape=shape_text(out.summed_from))

    def _came(self, result: int | None, values: ArrayValues) -> str:
        if result is None:
            return self.tr("g, what came in · {shape}").format(shape=shape_text(values.shape))
        return self.tr("g for result {result} · {shape}").format(result=result, shape=shape_text(values.shape))


def empty(layout: QLayout) -> None:
    """Take all widgets out of a layout and let them go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _block(text: str, table: ArrayTable) -> QWidget:
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID // 4)
    for line in (text, table.note()):
        if line:
            label = QLabel(line)
            label.setProperty("muted", True)
            column.addWidget(label)
    column.insertWidget(1, table)
    return block


def _write(label: QLabel, text: str) -> None:
    if text != label.text():
        label.setText(text)
    label.setVisible(bool(text))
