"""From numbers to colours: viridis for values, blue over nothing to orange for what has a sign."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from playground.widgets.common.theme import theme

STEPS = 255  # odd, so that zero has a colour of its own
Floats = NDArray[np.floating]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Scale:
    """The colours of the numbers from `low` to `high`; a diverging scale has zero in its middle."""

    low: float
    high: float
    diverging: bool = False
    gray: bool = False

    @staticmethod
    def around_zero(limit: float) -> "Scale":
        """From -limit to limit."""
        return Scale(-limit, limit, diverging=True)

    @staticmethod
    def of(values: Floats) -> "Scale":
        """From the smallest to the largest finite value."""
        finite = values[np.isfinite(values)]
        return Scale(float(finite.min()), float(finite.max())) if finite.size else Scale(0.0, 1.0)

    @staticmethod
    def fitting(values: Floats) -> "Scale":
        """Around zero where the finite values have both signs, else from the smallest to the largest."""
        found = Scale.of(values)
        return Scale.around_zero(max(-found.low, found.high)) if found.low < 0 < found.high else found

    def colors(self, values: Floats) -> Bytes:
        """Colours uint8 [..., 3]; what is not finite gets that of trouble."""
        span = (self.high - self.low) or 1.0
        part = np.clip((np.nan_to_num(values, nan=self.low) - self.low) / span, 0, 1)
        if self.high == self.low and self.diverging:
            part = np.full_like(part, 0.5)
        painted: Bytes = self._table()[np.rint(part * (STEPS - 1)).astype(int)]
        bad = ~np.isfinite(values)
        if bad.any():
            painted[bad] = _rgb(theme.color("bad"))
        return painted

    def picture(self, values: Floats) -> QImage:
        """Values [h, w] as a picture of as many pixels."""
        return to_image(self.colors(values))

    def _table(self) -> Bytes:
        import pyqtgraph as pg  # half a second: the first picture can wait for it, the window cannot

        if self.gray:
            return np.repeat(np.linspace(0, 255, STEPS).astype(np.uint8)[:, None], 3, axis=1)
        if not self.diverging:
            table: Bytes = pg.colormap.get("viridis").getLookupTable(0.0, 1.0, STEPS)[:, :3]
            return table
        colors = [theme.color(role) for role in ("train", "surface", "validation")]
        return pg.ColorMap([0.0, 0.5, 1.0], colors).getLookupTable(0.0, 1.0, STEPS)[:, :3]  # type: ignore[no-any-return]


def to_image(colors: Bytes) -> QImage:
    """Colours [h, w, 3] as a picture."""
    data = np.ascontiguousarray(colors)
    height, width = data.shape[:2]
    return QImage(data.data, width, height, data.strides[0], QImage.Format.Format_RGB888).copy()


def coloured_filter(image: Floats, limit: float) -> QImage:
    """A filter [h, w, 3] over the three colours of a picture: zero is grey, `limit` full colour."""
    part = np.clip(0.5 + 0.5 * image / (limit or 1.0), 0, 1)
    return to_image(np.rint(255 * part).astype(np.uint8))


def coloured_image(image: Floats, scale: Scale) -> QImage:
    """Red, green and blue [h, w, 3], each black at the low end of the scale and full at its high end."""
    part = np.clip((np.nan_to_num(image, nan=scale.low) - scale.low) / ((scale.high - scale.low) or 1.0), 0, 1)
    return to_image(np.rint(255 * part).astype(np.uint8))


def on_top(color: QColor) -> QColor:
    """Black or white, whichever can be read on `color`."""
    bright = 0.299 * color.red() + 0.587 * color.green() + 0.114 * color.blue()
    return QColor("#101218" if bright > 140 else "#ffffff")


def number(value: float, digits: int = 3) -> str:
    """A number with a true minus sign."""
    return f"{value:.{digits}g}".replace("-", "\N{MINUS SIGN}")


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
