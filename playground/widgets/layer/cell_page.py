"""How one value of a convolution's output comes about, number by number."""

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.widgets.common.color_bar import ColorBar
from playground.widgets.common.color_scale import Scale, number
from playground.widgets.common.fields import CountField
from playground.widgets.common.matrix_picture import MatrixPicture
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.layer.values import Arithmetic

_WIDE_FROM = 520  # pixels: from here on window, filter and products stand side by side


class CellPage(QWidget):
    """Input with the window, output with the chosen value; window times filter gives products, and their sum.

    Signals
    -------
    cell_chosen(int, int, int) : channel, row and column of the output the user wants to see.
    """

    cell_chosen = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Arithmetic | None = None
        self.input_channel = self._spin("layer_cell_input", self.tr("input channel "), self.tr("Channel of the input."))
        self.output_channel = self._spin(
            "layer_cell_output", self.tr("output channel "), self.tr("Channel of the output: which filter is applied.")
        )
        names = ("input", "output", "window", "filter", "products")
        self.pictures = {
            name: MatrixPicture(f"layer_cell_{name}_picture", keeps_aspect=name in ("input", "output"))
            for name in names
        }
        titles = (self.tr("Window"), self.tr("\N{MULTIPLICATION SIGN} Filter"), self.tr("= Products"))
        self.titles = {name: QLabel(title) for name, title in zip(names[2:], titles, strict=True)}
        self.sums = QLabel()
        self.sums.setObjectName("layer_cell_sum")
        self.sums.setWordWrap(True)
        self.sums.setFont(tabular(self.font()))
        self.sums.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = ColorBar(self.tr("filter"))
        self.pictures["output"].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pictures["output"].chosen.connect(self._choose)
        self.pictures["input"].chosen.connect(self._choose_by_input)
        self.input_channel.valueChanged.connect(self._show_channel)
        self.output_channel.valueChanged.connect(self._choose_channel)
        self._assemble()

    def show_arithmetic(self, found: Arithmetic) -> None:
        """Show how another value comes about."""
        self._shown = found
        channel, row, column = found.place
        with QSignalBlocker(self.output_channel), QSignalBlocker(self.input_channel):
            self.output_channel.setRange(0, found.shape[0] - 1)
            self.output_channel.setValue(channel)
            first = found.first_channel
            self.input_channel.setRange(first, first + len(found.input) - 1)
        output = self.pictures["output"]
        output.show_values(found.outputs, Scale.of(found.outputs))
        output.set_mark(QRect(column, row, 1, 1))
        self._show_channel()

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002
        """Three in a row where there is room, else the products below."""
        self._arrange()

    @Slot()
    def _show_channel(self) -> None:
        """Show the numbers of the chosen input channel."""
        found = self._shown
        if found is None:
            return
        i = self.input_channel.value() - found.first_channel
        picture = self.pictures["input"]
        picture.show_values(found.input[i], Scale.of(found.input[i]))
        rows, columns = found.rows, found.columns
        picture.set_mark(QRect(columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1))
        products = found.window[i] * found.filter[i] + 0.0  # no minus before a zero
        self.pictures["window"].show_values(found.window[i], Scale.of(found.input[i]))
        scale = Scale.around_zero(float(abs(found.filter).max()))
        self.pictures["filter"].show_values(found.filter[i], scale)
        self.pictures["products"].show_values(products, Scale.around_zero(float(abs(products).max())))
        self.bar.set_scale(scale)
        self.sums.setText(self._sum_text(found, i))

    def _sum_text(self, found: Arithmetic, i: int) -> str:
        parts = (found.window.astype(float) * found.filter).sum(axis=(1, 2))
        count = found.filter[0].size
        channel = self.tr("channel {channel}: the {count} products sum to {part}")
        lines = [channel.format(channel=found.first_channel + i, count=count, part=number(parts[i], 6))]
        bias = self.tr("no bias") if found.bias is None else self.tr("bias {bias}").format(bias=number(found.bias, 6))
        whole = self.tr("all {channels} channels {sum}, {bias}: together {total}")
        lines.append(
            whole.format(channels=len(parts), sum=number(parts.sum(), 6), bias=bias, total=number(found.total, 6))
        )
        channel_, row, column = found.place
        given = self.tr("the layer gave output[{channel}, {row}, {column}] = {output} (summed in float32)")
        lines.append(given.format(channel=channel_, row=row, column=column, output=number(found.output, 6)))
        return "\n".join(lines)

    @Slot(int, int)
    def _choose(self, row: int, column: int) -> None:
        if self._shown is not None:
            self.cell_chosen.emit(self._shown.place[0], row, column)

    @Slot(int, int)
    def _choose_by_input(self, row: int, column: int) -> None:
        """The output whose window begins nearest to where the present one would have to be moved."""
        found = self._shown
        if found is None:
            return
        height, width = found.outputs.shape
        rows, columns = found.input.shape[1:]
        self.cell_chosen.emit(found.place[0], row * height // rows, column * width // columns)

    @Slot(int)
    def _choose_channel(self, channel: int) -> None:
        if self._shown is not None:
            self.cell_chosen.emit(channel, *self._shown.place[1:])

    def _assemble(self) -> None:
        self._is_wide: bool | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(self._grid, 1)
        column.addWidget(self.sums)
        column.addWidget(self.bar)
        for title in self.titles.values():
            title.setProperty("muted", True)
        self._arrange()

    def _arrange(self) -> None:
        """Above input and output, below the three steps; six columns, so that halves and thirds both fit."""
        grid, pictures = self._grid, self.pictures
        wide = self.width() >= _WIDE_FROM
        if wide == self._is_wide:
            return
        self._is_wide = wide
        for i, (spin, name) in enumerate(((self.input_channel, "input"), (self.output_channel, "output"))):
            grid.addWidget(spin, 0, 3 * i, 1, 3)
            grid.addWidget(pictures[name], 1, 3 * i, 1, 3)
        for i, name in enumerate(self.titles):
            if wide:
                row, at, span = 2, 2 * i, 2
            else:
                row, at, span = (2, 3 * i, 3) if i < 2 else (4, 0, 6)
            grid.addWidget(self.titles[name], row, at, 1, span)
            grid.addWidget(pictures[name], row + 1, at, 1, span)
        for at in range(6):
            grid.setColumnStretch(at, 1)
        for row, stretch in ((1, 4 if wide else 3), (3, 3), (5, 0 if wide else 3)):
            grid.setRowStretch(row, stretch)

    def _spin(self, name: str, prefix: str, tool_tip: str) -> CountField:
        spin = CountField(0, 0)
        spin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        spin.setMaximumWidth(20 * GRID)
        spin.setObjectName(name)
        spin.setPrefix(prefix)
        spin.setAccessibleName(tool_tip)
        spin.setToolTip(tool_tip)
        return spin
