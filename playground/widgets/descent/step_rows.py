"""Lines of an explained step: what it is, the numbers right of it, the formula below; a mere symbol stands beside."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from playground.widgets.common.numbers import plain_number
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.descent.values import ExplanationLine

_WIDEST = "-0.000e-00"
_SYMBOL = 2  # characters of a formula that only names what the line is
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class StepRows(QWidget):
    """Two columns of numbers whose places stay while the numbers change; a single number stands below both."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._rows: list[_Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        width = QFontMetrics(tabular(self.font())).horizontalAdvance(_WIDEST)
        for column in (1, 2):
            self._grid.setColumnMinimumWidth(column, width)
        self._heads = (_label("muted"), _label("muted"))
        for column, head in enumerate(self._heads, 1):
            head.hide()
            self._grid.addWidget(head, 0, column, _RIGHT)

    def set_names(self, names: tuple[str, str]) -> None:
        """What the two columns are."""
        for head, name in zip(self._heads, names, strict=True):
            _write(head, name)

    def set_lines(self, lines: Sequence[ExplanationLine]) -> None:
        """Show these lines; cheap enough for every step of a playback."""
        while len(self._rows) < len(lines):
            self._rows.append(_Row(self._grid, 1 + 2 * len(self._rows)))
        for row, line in zip(self._rows, lines, strict=False):
            row.show_line(line)
        for row in self._rows[len(lines) :]:
            row.hide()

    def text(self, row: int) -> tuple[str, str, tuple[str, ...]]:
        """Label, formula and numbers of a line as shown."""
        return self._rows[row].text()


class _Row:
    """The labels of one line. Texts that stay are not set again: each one set lays the panel out anew."""

    def __init__(self, grid: QGridLayout, place: int) -> None:
        self._line: ExplanationLine | None = None
        self._label = WrappedLabel()
        self._values = (_label(), _label())
        self._alone = _label()
        self._formula = WrappedLabel("muted")
        for each in (self._label, *self._values, self._alone):
            each.setMinimumHeight(each.fontMetrics().height() + 6)  # a hat over a letter needs room too
        grid.addWidget(self._label, place, 0)
        for column, value in enumerate(self._values, 1):
            grid.addWidget(value, place, column, _RIGHT)
        grid.addWidget(self._alone, place, 1, 1, 2, _RIGHT)
        grid.addWidget(self._formula, place + 1, 0, 1, 3)

    def show_line(self, line: ExplanationLine) -> None:
        if line == self._line:
            return
        before, self._line = self._line, line
        if before is None or before.emphasised != line.emphasised:
            self._emphasise(line.emphasised)
        beside = len(line.formula) <= _SYMBOL
        _write(self._label, f"{line.label}  {line.formula}".rstrip() if beside else line.label)
        _write(self._formula, "" if beside else line.formula, line.formula)
        pair = line.values if len(line.values) == 2 else ()
        for label, value in zip(self._values, pair or (None, None), strict=True):
            _write_number(label, value, line)
        _write_number(self._alone, line.values[0] if len(line.values) == 1 else None, line)

    def hide(self) -> None:
        self._line = None
        for each in (self._label, self._formula, *self._values, self._alone):
            each.hide()

    def text(self) -> tuple[str, str, tuple[str, ...]]:
        values = tuple(each.text() for each in (*self._values, self._alone) if not each.isHidden())
        return self._label.text(), self._formula.text(), values

    def _emphasise(self, on: bool) -> None:
        for each in (self._label, *self._values, self._alone):
            font = each.font()
            font.setBold(on)
            each.setFont(font)


def _label(look: str = "") -> QLabel:
    label = QLabel()
    if look:
        label.setProperty(look, True)
    label.setFont(tabular(label.font()))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _write(label: QLabel, text: str, tip: str = "") -> None:
    if text != label.text():
        label.setText(text)
        label.setToolTip(tip)
    label.setVisible(bool(text))


def _write_number(label: QLabel, value: float | None, line: ExplanationLine) -> None:
    if value is None:
        _write(label, "")
        return
    text = f"{value:,.0f}" if line.is_count else plain_number(value)
    _write(label, f"+{text}" if line.emphasised and value > 0 else text, repr(float(value)))
