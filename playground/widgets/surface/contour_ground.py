"""What lies under the paths: values or basins as a picture, contour lines, and the field of small arrows."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

from playground.widgets.common.theme import theme
from playground.widgets.surface.content import Content, left_label
from playground.widgets.surface.contour_lines import contour_lines
from playground.widgets.surface.levels import colors
from playground.widgets.surface.strokes import field_strokes
from playground.widgets.surface.values import Floats, SurfaceMark


class SmoothImage(pg.ImageItem):
    """A picture between whose pixels colours are blended."""

    smooth = True

    def paint(self, painter: QPainter, *rest: object) -> None:
        """Paint it (pyqtgraph's hook)."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        super().paint(painter, *rest)


class Ground:
    """The items under the paths; drawn anew only when the function, the basins or the theme change."""

    def __init__(self, box: pg.ViewBox) -> None:
        self.picture = SmoothImage(axisOrder="row-major")
        self.contours = pg.PlotCurveItem(connect="pairs", antialias=True)
        self.field = pg.PlotCurveItem(connect="pairs", antialias=True)
        self.marks = pg.ScatterPlotItem(symbol="x", size=11)
        self.labels: list[pg.TextItem] = []
        self._box = box
        for depth, item in enumerate((self.picture, self.contours, self.field, self.marks)):
            item.setZValue(depth - 10)
            box.addItem(item, ignoreBounds=True)
        self.marks.setZValue(20)
        self.field.hide()
        for item in (self.contours, self.field):
            item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def draw(self, content: Content) -> None:
        """Draw the content's function, or its basins."""
        function, levels = content.function, content.levels
        assert function is not None
        assert levels is not None
        part = levels.part(function.value)
        self.picture.smooth = content.basins is None
        picture = colors(part) if content.basins is None else content.basins
        self.picture.setImage(picture, levels=(0, 255))
        self.picture.setRect(_pixels_around(function.x, function.y, picture.shape))
        pieces, _ = contour_lines(function.x, function.y, part, levels.contour_parts())
        _set_pieces(self.contours, pieces)
        self.contours.setPen(
            pg.mkPen(theme.color("ink", 0.45) if content.basins is None else theme.color("paper", 0.35))
        )
        _set_pieces(self.field, field_strokes(function.gradient_x, function.gradient_y, function.gradient))
        self.field.setPen(pg.mkPen(theme.color("ink", 0.8)))
        self._draw_marks(content)

    def _draw_marks(self, content: Content) -> None:
        assert content.function is not None
        marks = content.function.marks
        self.marks.setData([m.x for m in marks], [m.y for m in marks])
        self.marks.setPen(pg.mkPen(theme.color("paper"), width=1))
        self.marks.setBrush(theme.color("ink"))
        for label in self.labels:
            self._box.removeItem(label)
        on_left = left_label([m.x for m in marks], [m.label for m in marks])
        self.labels = [_label(m, on_left=index == on_left) for index, m in enumerate(marks) if m.label]
        for label in self.labels:
            self._box.addItem(label, ignoreBounds=True)


def _label(mark: SurfaceMark, *, on_left: bool) -> pg.TextItem:
    ground = theme.color("surface", 0.8)
    label = pg.TextItem(mark.label, color=theme.color("text"), fill=ground, anchor=(1.08 if on_left else -0.08, 0.5))
    label.setPos(mark.x, mark.y)
    label.setZValue(21)
    return label


def _set_pieces(item: pg.PlotCurveItem, pieces: Floats) -> None:
    flat = pieces.reshape(-1, 2)
    item.setData(flat[:, 0], flat[:, 1])


def _pixels_around(x: Floats, y: Floats, shape: tuple[int, ...]) -> QRectF:
    """The area of a picture whose outermost pixels have their middles on the domain's border."""
    width, height = (float(axis[-1] - axis[0]) for axis in (x, y))
    right, up = width / (shape[1] - 1), height / (shape[0] - 1)
    return QRectF(float(x[0]) - right / 2, float(y[0]) - up / 2, width + right, height + up)
