"""The filters of a layer as pictures."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.color_bar import ColorBar
from playground.widgets.common.color_scale import Scale, number
from playground.widgets.common.fields import CountField
from playground.widgets.common.theme import GRID
from playground.widgets.common.tiles import Tiles
from playground.widgets.layer.values import FilterSheet


class FiltersPage(QWidget):
    """Filters, the input channel they are seen on, and what the colours mean.

    Signals
    -------
    channel_chosen(int) : the user wants to see this input channel.
    """

    channel_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what = QLabel()
        self.what.setWordWrap(True)
        self.what.setProperty("muted", True)
        self.channel = CountField(0, 0)
        self.channel.setObjectName("layer_channel")
        self.channel.setAccessibleName(self.tr("Input channel"))
        self.channel.setToolTip(self.tr("Each filter has a picture for every input channel: weight[:, channel]."))
        self.channel.setPrefix(self.tr("channel "))
        self.channel.valueChanged.connect(self.channel_chosen)
        self.tiles = Tiles("layer_filters", self.tr("filter"))
        self.bar = ColorBar()
        self._assemble()

    def show_sheet(self, sheet: FilterSheet) -> None:
        """Show other filters."""
        coloured = sheet.images.ndim == 4
        scale = Scale.around_zero(sheet.limit)
        self.tiles.show_images(sheet.images, scale)
        self.bar.set_scale(None if coloured else scale)
        self.bar.setVisible(not coloured)
        self.channel.setVisible(not coloured and sheet.channels > 1)
        with QSignalBlocker(self.channel):
            self.channel.setRange(0, sheet.channels - 1)
            self.channel.setValue(sheet.channel)
        self.what.setText(self._description(sheet, coloured))

    def _description(self, sheet: FilterSheet, coloured: bool) -> str:
        shown, height, width = sheet.images.shape[:3]
        if sheet.neurons:
            text = self.tr("{count} neurons; each picture shows one neuron's weights, pixel by pixel, {size}")
        else:
            text = self.tr("{count} filters of {size}")
        text = text.format(count=f"{sheet.total:,}", size=f"{height} \N{MULTIPLICATION SIGN} {width}")
        if shown < sheet.total:
            text += self.tr("; the first {shown} are shown").format(shown=shown)
        if coloured:
            limit = number(sheet.limit)
            text += self.tr("; red, green and blue are the three input channels, grey is 0, full is ±{limit}").format(
                limit=limit
            )
        return text + "."

    def _assemble(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.what, 1)
        top.addWidget(self.channel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.tiles, 1)
        column.addWidget(self.bar)
