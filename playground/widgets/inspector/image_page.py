"""The page of pictures: a tensor read as one image, as channels or as a batch."""

import math

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.widgets.common.color_bar import ColorBar
from playground.widgets.common.color_scale import Scale
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.common.tiles import Tiles
from playground.widgets.inspector.values import Gallery
from playground.widgets.inspector.wording import DOT, shape_text

_LARGEST = 420  # pixels a picture is wide at most


class ImagePage(QWidget):
    """Grey or coloured pictures; numbers within 0 to 1 or 0 to 255 keep that range, others are stretched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gallery: Gallery | None = None
        self.tiles = Tiles("inspector_images", self.tr("picture"), largest=_LARGEST)
        self.bar = ColorBar()
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setFont(tabular(self.font()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part, stretch in ((self.tiles, 1), (self.bar, 0), (self.note, 0)):
            column.addWidget(part, stretch)

    def show_gallery(self, gallery: Gallery) -> None:
        """Show other pictures."""
        self.gallery = gallery
        scale = scale_of(gallery.low, gallery.high)
        self.tiles.show_images(gallery.images, scale)
        self.bar.set_scale(scale)
        self.bar.setVisible(gallery.images.ndim == 3)
        self.note.setText(DOT.join(part for part in self._parts(gallery, scale) if part))

    def _parts(self, gallery: Gallery, scale: Scale) -> tuple[str, ...]:
        meanings = {
            "picture": self.tr("one grey picture [H, W]"),
            "channels": self.tr("the channels of [C, H, W], each grey"),
            "colour": self.tr("one colour picture [3, H, W]"),
            "batch": self.tr("a batch [N, C, H, W]"),
        }
        shown = len(gallery.images)
        first = self.tr("the first {shown} of {total}").format(shown=shown, total=f"{gallery.total:,}")
        thinned = self.tr("sampled: every {step}. pixel").format(step=gallery.step)
        shades = self.tr("black {low:.4g}, full {high:.4g}").format(low=scale.low, high=scale.high)
        return (
            meanings[gallery.meaning],
            shape_text(gallery.size),
            first if shown < gallery.total else "",
            thinned if gallery.step > 1 else "",
            shades if gallery.images.ndim == 4 else "",
        )


def scale_of(low: float, high: float) -> Scale:
    """0 to 1 or 0 to 255 where the numbers lie within and use most of it, else what they span."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return Scale(0.0, 1.0, gray=True)
    for most in (1.0, 255.0):
        if low >= 0 and most / 4 <= high <= most:
            return Scale(0.0, most, gray=True)
    return Scale(low, high, gray=True)
