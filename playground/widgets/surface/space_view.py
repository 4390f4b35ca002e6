"""The 3-D view: draws the scene, and lets it be turned, moved, zoomed and clicked. Imports pyqtgraph.opengl."""

from math import radians, tan
from time import perf_counter

import numpy as np
from OpenGL import GL, error
from pyqtgraph.opengl.GLViewWidget import GLViewMixin
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMatrix4x4,
    QMouseEvent,
    QOpenGLContext,
    QPainter,
    QPaintEvent,
    QVector3D,
    QVector4D,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from playground.widgets.common.theme import theme
from playground.widgets.surface.content import Content, Part
from playground.widgets.surface.graphics import FINE, QUICK, Canvas, Graphics, NoOpenGL
from playground.widgets.surface.rounding import rounded
from playground.widgets.surface.scene import Scene
from playground.widgets.surface.space_axes import SpaceAxes
from playground.widgets.surface.space_marks import paint_marks
from playground.widgets.surface.values import Floats

_ELEVATION, _AZIMUTH, _DISTANCE = 60.0, -30.0, 5.5
_CENTER = (0.0, 0.0, 0.05)
_OPENING = 36.0  # degrees, of the shorter side
_NEAREST, _FARTHEST = 1.2, 20.0
_TURN = 5.0  # degrees for a key
_ZOOM = 0.85
_STILL = 4  # pixels a click may move
_REST_MS = 150
_FAST_MS = 12.0  # where a fine picture takes no longer, there is no need for quick ones


class SpaceView(GLViewMixin, QWidget):
    """The surface in space. Drag turns, wheel zooms, middle or Ctrl drag moves, click chooses a start.

    Signals
    -------
    start_chosen(float, float) : a click hit the surface, or the floor, there.
    pointer_moved(float, float) : the pointer is over this point of the surface.
    pointer_left() : the pointer is over nothing.
    failed(str) : OpenGL gave up; why.
    """

    start_chosen = Signal(float, float)
    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    failed = Signal(str)

    def __init__(self, graphics: Graphics, content: Content, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graphics, self._content = graphics, content
        self._fine, self._quick = Canvas(graphics, FINE), Canvas(graphics, QUICK)
        self._fine_ms = float("inf")
        self.drawing_ms = 0
        self._scene = Scene()
        self._axes = SpaceAxes(self)
        self._picture: QImage | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._refine)
        self._pressed: QPointF | None = None
        self._dragged = False
        for item in self._scene.items():
            self.addItem(item)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(120, 120)
        self.look_from_start()

    def look_from_start(self) -> None:
        """Elevation 60 and azimuth -30, everything in sight."""
        self._look(_ELEVATION, _AZIMUTH)

    def look_from_top(self) -> None:
        """Straight down, x to the right and y up."""
        self._look(90.0, -90.0)

    def refresh(self, parts: set[Part]) -> None:
        """Draw anew what changed."""
        if self._content.function is None:
            return
        if parts & {"function", "style"} or self._scene.relief is None:
            self.setBackgroundColor(theme.color("surface"))
            self._scene.build_surface(self._content)
        elif "basins" in parts:
            self._scene.paint_surface(self._content.basins)
        self._scene.lay_paths(self._content)
        self.update()

    def render_onto(self, painter: QPainter, size: QSize, scale: float) -> None:
        """Paint the view as if it were of this size, with `scale` pixels a point."""
        self._paint(painter, QRectF(0, 0, size.width(), size.height()), self._render(self._fine, size, scale))

    def project(self, points: Floats, size: QRectF) -> Floats:
        """Points of space [n, 3] as pixels [n, 2] of a view of this size."""
        matrix = np.array(self._matrix(size.size().toSize()).data()).reshape(4, 4).T
        clip = np.column_stack([points, np.ones(len(points))]) @ matrix.T
        flat = clip[:, :2] / clip[:, 3:]
        return np.stack([(flat[:, 0] + 1) / 2 * size.width(), (1 - flat[:, 1]) / 2 * size.height()], axis=1)

    def eye(self) -> Floats:
        """Where the camera is in space [3]."""
        at = self.cameraPosition()
        return np.array([at.x(), at.y(), at.z()])

    def pick(self, place: QPointF) -> tuple[float, float] | None:
        """The function's point under a pixel: on the surface, else on the floor."""
        relief = self._scene.relief
        if relief is None or self.width() == 0:
            return None
        back, possible = self._matrix(self.size()).inverted()
        x, y = 2 * place.x() / self.width() - 1, 1 - 2 * place.y() / self.height()
        ends = [back.map(QVector4D(x, y, depth, 1)).toVector3DAffine() for depth in (-1, 1)]
        near, far = (np.array([end.x(), end.y(), end.z()]) for end in ends)
        hit = relief.hit(near, far) if possible else None
        return relief.from_plane(*hit) if hit is not None else None

    def isValid(self) -> bool:
        """Items have nothing to prepare before they are painted (pyqtgraph's question)."""
        return False

    def context(self) -> QOpenGLContext:
        """The shared context (pyqtgraph's question)."""
        return self._graphics.context

    def update(self, *region: object) -> None:
        """Draw the scene anew at the next paint event (pyqtgraph's items call this)."""
        self._picture = None
        super().update(*region)

    def projectionMatrix(self, region: tuple[int, int, int, int], viewport: tuple[int, int, int, int]) -> QMatrix4x4:  # noqa: ARG002
        """A perspective that keeps the shorter side's opening (pyqtgraph's hook)."""
        width, height = viewport[2], viewport[3]
        half = tan(radians(_OPENING) / 2) / min(width, height)
        matrix = QMatrix4x4()
        near = self.opts["distance"] * 0.05
        right, top = near * half * width, near * half * height
        matrix.frustum(-right, right, -top, top, near, self.opts["distance"] + 10)
        return matrix

    def drawItemTree(self, item: object = None, useItemNames: bool = False) -> None:  # noqa: ARG002, N803
        """Paint all items; unlike pyqtgraph's own, let an error of OpenGL be known."""
        for each in self._scene.items():
            each.paint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag or a click."""
        super().mousePressEvent(event)
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn or move the view; with no button down, say what is under the pointer."""
        if event.buttons() == Qt.MouseButton.NoButton:
            self._tell_pointer(event.position())
            return
        if self._pressed is not None and not self._dragged:
            self._dragged = (event.position() - self._pressed).manhattanLength() > _STILL
        if self._dragged:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a drag chooses a start."""
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None and not self._dragged:
            self._choose(event.position())
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click is none of its own."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        self._zoom(0.999 ** (event.angleDelta().y() or event.angleDelta().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows turn, plus and minus zoom, Home goes back to the first view."""
        turns = {
            Qt.Key.Key_Left: (-_TURN, 0.0),
            Qt.Key.Key_Right: (_TURN, 0.0),
            Qt.Key.Key_Up: (0.0, _TURN),
            Qt.Key.Key_Down: (0.0, -_TURN),
        }
        key = Qt.Key(event.key())
        if key in turns:
            self.orbit(*turns[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(1 / _ZOOM if key == Qt.Key.Key_Minus else _ZOOM)
        elif key == Qt.Key.Key_Home:
            self.look_from_start()
        else:
            QWidget.keyPressEvent(self, event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Nothing goes on turning."""
        QWidget.keyReleaseEvent(self, event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over nothing."""
        super().leaveEvent(event)
        self.pointer_left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The scene as last drawn, and the axes over it."""
        with QPainter(self) as painter:
            if self._scene.relief is None:
                return
            try:
                picture = self._picture or self._render_timed()
            except (NoOpenGL, error.Error) as problem:
                self.failed.emit(str(problem))
                return
            self._picture = picture
            self._paint(painter, QRectF(self.rect()), picture)

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002
        """Another picture."""
        self._picture = None

    def _paint(self, painter: QPainter, area: QRectF, picture: QImage) -> None:
        painter.drawImage(area, picture)
        self._axes.paint(painter, area, self._content)
        if self._scene.relief is not None:
            paint_marks(painter, area, self, self._scene.relief, self._content)

    def _render_timed(self) -> QImage:
        began = perf_counter()
        picture = self._render_quickly()
        self.drawing_ms = round(1000 * (perf_counter() - began))
        return picture

    def _render_quickly(self) -> QImage:
        """While things move, without smooth edges where these take too long; they follow at rest."""
        if self._fine_ms <= _FAST_MS:
            return self._render_finely()
        self._rest.start()
        return self._render(self._quick, self.size(), self.devicePixelRatioF())

    def _render_finely(self) -> QImage:
        began = perf_counter()
        picture = self._render(self._fine, self.size(), self.devicePixelRatioF())
        self._fine_ms = 1000 * (perf_counter() - began)
        return picture

    def _refine(self) -> None:
        """At rest: the same picture with smooth edges."""
        if not self.isVisible() or self._scene.relief is None:
            return
        try:
            self._picture = self._render_finely()
        except (NoOpenGL, error.Error) as problem:
            self.failed.emit(str(problem))
        QWidget.update(self)

    def _render(self, canvas: Canvas, size: QSize, scale: float) -> QImage:
        pixels = (size * scale).expandedTo(QSize(1, 1))
        self._scene.set_scale(scale)
        canvas.begin(pixels)
        GL.glViewport(0, 0, pixels.width(), pixels.height())
        GL.glDepthFunc(GL.GL_LEQUAL)
        area = (0, 0, pixels.width(), pixels.height())
        self.paint(region=area, viewport=area)
        return canvas.finish()

    def _matrix(self, size: QSize) -> QMatrix4x4:
        area = (0, 0, max(size.width(), 1), max(size.height(), 1))
        view: QMatrix4x4 = self.viewMatrix()
        return self.projectionMatrix(area, area) * view

    def _look(self, elevation: float, azimuth: float) -> None:
        self.opts["fov"] = _OPENING
        self.setCameraPosition(QVector3D(*_CENTER), _DISTANCE, elevation, azimuth)

    def _zoom(self, factor: float) -> None:
        self.opts["distance"] = min(max(self.opts["distance"] * factor, _NEAREST), _FARTHEST)
        self.update()

    def _choose(self, place: QPointF) -> None:
        hit, function = self.pick(place), self._content.function
        if hit is not None and function is not None:
            left, right, bottom, top = function.domain
            x = rounded(hit[0], (right - left) / self.width(), left, right)
            self.start_chosen.emit(x, rounded(hit[1], (top - bottom) / self.width(), bottom, top))

    def _tell_pointer(self, place: QPointF) -> None:
        hit = self.pick(place)
        if hit is None:
            self.pointer_left.emit()
        else:
            self.pointer_moved.emit(*hit)
