"""The drawing surface of the contours: values, lines, field, paths and arrows, with zoom, pan and a start to drag."""

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from playground.widgets.common.axis import TickAxis
from playground.widgets.common.theme import theme
from playground.widgets.surface.content import Content, Part
from playground.widgets.surface.contour_ground import Ground
from playground.widgets.surface.contour_strokes import Strokes
from playground.widgets.surface.rounding import rounded

_PAN, _ZOOM = 0.1, 0.8
_MARGIN = 0.02


class PlaneBox(pg.ViewBox):
    """Says where it was clicked.

    Signals
    -------
    clicked(QPointF), double_clicked() : with the left button, in the function's own units.
    """

    clicked = Signal(object)
    double_clicked = Signal()

    def mouseClickEvent(self, ev: MouseClickEvent) -> None:
        """Tell a click (pyqtgraph's hook)."""
        if ev.button() != Qt.MouseButton.LeftButton:
            return
        ev.accept()
        if ev.double():
            self.double_clicked.emit()
        else:
            self.clicked.emit(self.mapSceneToView(ev.scenePos()))


class ContourView(pg.PlotWidget):
    """Draws a Content.

    Signals
    -------
    start_chosen(float, float) : a click, or the start's mark while it is dragged.
    pointer_moved(float, float), pointer_left() : what the pointer is over.
    """

    start_chosen = Signal(float, float)
    pointer_moved = Signal(float, float)
    pointer_left = Signal()

    def __init__(self, content: Content) -> None:
        self.axes = {"left": TickAxis("left", "y"), "bottom": TickAxis("bottom", "x")}
        self._box = PlaneBox(lockAspect=True)
        super().__init__(viewBox=self._box, axisItems=self.axes)
        self._content = content
        self._domain: tuple[float, float, float, float] | None = None
        self._start_before: tuple[float, float] | None = None
        self._ground = Ground(self._box)
        self._strokes = Strokes(self._box)
        self.start = pg.TargetItem(size=15, symbol="crosshair", movable=True)
        self.start.setZValue(30)
        self._box.addItem(self.start, ignoreBounds=True)
        self._assemble()

    @property
    def shown(self) -> QRectF:
        """The part of the plane in view."""
        return QRectF(self._box.viewRect())

    def refresh(self, parts: set[Part]) -> None:
        """Draw anew what changed."""
        content = self._content
        if parts & {"style"}:
            self._restyle()
        if content.function is None:
            return
        if "function" in parts:
            self._name_axes(content.function.names)
            if content.function.domain != self._domain:
                self._domain = content.function.domain
                self.show_all()
        if parts & {"function", "style", "basins"}:
            self._ground.draw(content)
        if parts & {"start", "function"}:
            self._place_start()
        self._strokes.draw(content)

    def show_all(self) -> None:
        """Bring the whole domain into view."""
        if self._content.function is not None:
            left, right, bottom, top = self._content.function.domain
            self._box.setRange(QRectF(left, bottom, right - left, top - bottom), padding=_MARGIN)

    def show_field(self, on: bool) -> None:
        """Show or hide the arrows downhill."""
        self._ground.field.setVisible(on)

    def render_onto(self, painter: QPainter, size: QSize, scale: float) -> None:
        """Paint the view with `scale` pixels a point."""
        self._strokes.draw(self._content, scale)
        self.render(painter, QRectF(0, 0, size.width(), size.height()))
        self._strokes.draw(self._content)

    def pixel_of(self, x: float, y: float) -> QPointF:
        """The viewport's pixel of a point of the plane."""
        return QPointF(self.mapFromScene(self._box.mapViewToScene(QPointF(x, y))))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the pointer."""
        super().mouseMoveEvent(event)
        scene = self.mapToScene(event.position().toPoint())
        if self._box.sceneBoundingRect().contains(scene):
            at = self._box.mapSceneToView(scene)
            self.pointer_moved.emit(at.x(), at.y())
        else:
            self.pointer_left.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over nothing."""
        super().leaveEvent(event)
        self.pointer_left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, plus and minus zoom, Home shows everything."""
        shown = self.shown
        right, up = _PAN * shown.width(), _PAN * shown.height()
        moves = {
            Qt.Key.Key_Left: (-right, 0.0),
            Qt.Key.Key_Right: (right, 0.0),
            Qt.Key.Key_Up: (0.0, up),
            Qt.Key.Key_Down: (0.0, -up),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self._box.translateBy(moves[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1 / _ZOOM if key == Qt.Key.Key_Minus else _ZOOM
            self._box.scaleBy((factor, factor))
        elif key == Qt.Key.Key_Home:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _assemble(self) -> None:
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0)
        self.viewport().setMouseTracking(True)
        self.axes["left"].setGrid(False)
        self.axes["left"].setStyle(tickLength=4)
        self.axes["left"].setWidth(52)
        self._box.clicked.connect(self._on_click)
        self._box.double_clicked.connect(self._on_double_click)
        self._box.sigRangeChanged.connect(self._on_range)
        self._box.sigResized.connect(self._on_range)
        self.start.sigPositionChanged.connect(self._on_start_moved)
        self._restyle()

    def _restyle(self) -> None:
        self.setBackground(theme.color("surface"))
        for axis in self.axes.values():
            axis.restyle()
        self.start.setPen(pg.mkPen(theme.color("ink"), width=2))
        self.start.setHoverPen(pg.mkPen(theme.color("ink"), width=3))
        self.start.setBrush(theme.color("paper", 0.45))
        self.start.setHoverBrush(theme.color("paper", 0.7))

    def _name_axes(self, names: tuple[str, str]) -> None:
        for side, name in zip(("bottom", "left"), names, strict=True):
            self.axes[side].set_name(name)
            self.axes[side].restyle()

    def _place_start(self) -> None:
        start = self._content.start
        self.start.setVisible(start is not None)
        if start is not None and not self.start.moving:
            self.start.blockSignals(True)
            self.start.setPos(*start)
            self.start.blockSignals(False)

    def _on_click(self, at: QPointF) -> None:
        self._start_before = self._content.start
        self._choose(at.x(), at.y())

    def _on_double_click(self) -> None:
        """A double click only resets the view: what its first half did is taken back."""
        if self._start_before is not None:
            self.start_chosen.emit(*self._start_before)
        self.show_all()

    def _on_start_moved(self) -> None:
        at = self.start.pos()
        if np.isfinite([at.x(), at.y()]).all():
            self._choose(at.x(), at.y())

    def _choose(self, x: float, y: float) -> None:
        if self._content.function is not None:
            left, right, bottom, top = self._content.function.domain
            width, height = (float(side) for side in self._box.viewPixelSize())
            self.start_chosen.emit(rounded(x, width, left, right), rounded(y, height, bottom, top))

    def _on_range(self) -> None:
        if self._content.function is not None:
            self._strokes.draw(self._content)
