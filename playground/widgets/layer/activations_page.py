"""What a layer gives for one sample."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.widgets.common.color_bar import ColorBar
from playground.widgets.common.color_scale import Scale
from playground.widgets.common.matrix_picture import MatrixPicture
from playground.widgets.common.theme import GRID
from playground.widgets.common.tiles import Tiles
from playground.widgets.layer.channel_statistics import StatisticsPicture
from playground.widgets.layer.histogram import HistogramPicture
from playground.widgets.layer.values import ActivationSheet

NEAR_END = 0.05
_UNBOUNDED = 16_777_215  # Qt's largest size


class ActivationsPage(QWidget):
    """Channels as pictures or a vector as a row, their spread, and what the layer's kind adds to it.

    Signals
    -------
    cell_chosen(int, int, int) : channel, row and column of a convolution's output that was clicked.
    """

    cell_chosen = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what = _muted()
        self.tiles = Tiles("layer_activations", self.tr("channel"))
        self.tiles.chosen.connect(self._choose)
        self.row = MatrixPicture("layer_activation_row", keeps_aspect=False)
        self.row.setMaximumHeight(6 * GRID)
        self.bar = ColorBar()
        self.kept_title = _muted()
        self.kept = Tiles("layer_kept", self.tr("kept by dropout, channel"))
        self.statistics = StatisticsPicture()
        self.notes = _muted()
        self.histogram = HistogramPicture("layer_activation_histogram", self.tr("Values"), "test")
        self._has_cells = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part, stretch in (
            (self.what, 0), (self.tiles, 3), (self.row, 0), (self.bar, 0), (self.kept_title, 0), (self.kept, 2),
            (self.statistics, 1), (self.notes, 0), (self.histogram, 1),
        ):  # fmt: skip
            column.addWidget(part, stretch)
        for part in (self.row, self.kept_title, self.kept, self.statistics, self.notes):
            part.hide()  # what only some layers have takes no room of the others

    def show_sheet(self, sheet: ActivationSheet) -> None:
        """Show another output."""
        scale = Scale.of(sheet.images)
        is_row = sheet.images.shape[0] == sheet.images.shape[1] == 1
        self.tiles.setVisible(not is_row)
        self.row.setVisible(is_row)
        self.histogram.setMaximumHeight(_UNBOUNDED if is_row else 18 * GRID)
        if is_row:
            self.row.show_values(sheet.images[0], scale)
        else:
            self.tiles.show_images(sheet.images, scale)
        self.bar.set_scale(scale)
        self._has_cells = sheet.has_cells
        self._show_kept(sheet)
        self.statistics.show_statistics(sheet.statistics)
        self.histogram.show_spread(sheet.spread, _shaded(sheet))
        self.what.setText(self._description(sheet))
        self.notes.setText(self._notes(sheet))
        self.notes.setVisible(bool(self.notes.text()))

    def _show_kept(self, sheet: ActivationSheet) -> None:
        self.kept.setVisible(sheet.kept is not None)
        self.kept_title.setVisible(sheet.kept is not None)
        if sheet.kept is None:
            return
        self.kept.show_images(sheet.kept, Scale(0.0, 1.0))
        text = self.tr("Dropout's mask: {kept} of {total} pass (bright), the others are 0 (dark).")
        self.kept_title.setText(text.format(kept=f"{int(sheet.kept.sum()):,}", total=f"{sheet.kept.size:,}"))

    def _description(self, sheet: ActivationSheet) -> str:
        text = self.tr("Output {shape}").format(
            shape=" \N{MULTIPLICATION SIGN} ".join(f"{size:,}" for size in sheet.shape)
        )
        if len(sheet.shape) == 3 and sheet.shape[0] > len(sheet.images):
            text += self.tr(", the first {shown} channels").format(shown=len(sheet.images))
        if sheet.has_cells:
            text += self.tr(". Click a value to see how it comes about")
        return text + "."

    def _notes(self, sheet: ActivationSheet) -> str:
        notes = []
        if sheet.saturated is not None:
            text = self.tr("Saturated (shaded): {share} lie within 5 % of an end, where the slope is nearly 0.")
            notes.append(text.format(share=_percent(sheet.saturated)))
        if sheet.silent is not None:
            notes.append(self.tr("Silent: {share} are 0 for this sample.").format(share=_percent(sheet.silent)))
        if sheet.dead is not None:
            text = self.tr("Dead: {share} are 0 for all of {batch} samples.")
            notes.append(text.format(share=_percent(sheet.dead), batch=sheet.batch))
        return " ".join(notes)

    @Slot(int, int, int)
    def _choose(self, channel: int, row: int, column: int) -> None:
        if self._has_cells:
            self.tiles.set_current(channel)
            self.cell_chosen.emit(channel, row, column)


def _shaded(sheet: ActivationSheet) -> tuple[tuple[float, float], ...]:
    if sheet.ends is None:
        return ()
    low, high = sheet.ends
    margin = NEAR_END * (high - low)
    return (low, low + margin), (high - margin, high)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _muted() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label
