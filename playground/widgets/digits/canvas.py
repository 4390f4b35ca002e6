"""A square to draw a digit on, with a mouse or a pen."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.widgets.common.theme import GRID, theme
from playground.widgets.digits.marks import INK_SIDE, Colors, Ink, Mark, Picture, Stroke, Touch, Wipe
from playground.widgets.digits.surface import BLACK_AND_WHITE, Surface, ink_of

BRUSH = 0.09  # of the pad's side; MNIST's strokes are about 2.5 of 28 pixels wide
_NEAREST = 0.004  # touches closer than this add nothing


class DigitCanvas(QWidget):
    """Keeps strokes as vectors, so that they can be undone and drawn at any size.

    The left button and a pen draw, the right button and a pen's other end erase.

    Signals
    -------
    ink_changed(object) : what is on the pad, float32 [280, 280] from 0 to 1; once an event-loop turn at most.
    stroke_finished(object) : the same when the pen is lifted.
    image_dropped(str), image_pasted(object) : an image file's path; an image, uint8 [H, W, 3].
    history_changed() : what can be undone or redone changed.
    """

    ink_changed = Signal(object)
    stroke_finished = Signal(object)
    image_dropped = Signal(str)
    image_pasted = Signal(object)
    history_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("digit_canvas")
        self.setAccessibleName(self.tr("Pad to draw a digit on"))
        self.setToolTip(self.tr("Draw a digit here, or drop or paste an image; the right button erases."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(15 * GRID, 15 * GRID)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.brush = BRUSH
        self._marks: list[Mark] = []
        self._undone: list[Mark] = []
        self._stroke: Stroke | None = None
        self._gray = Surface(INK_SIDE, BLACK_AND_WHITE, QImage.Format.Format_Grayscale8)
        self._screen = self._make_screen()
        self._announcement = QTimer(self, singleShot=True, interval=0)
        self._announcement.timeout.connect(self._announce)
        theme.changed.connect(self._repaint_all)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._marks)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._undone)

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on the pad."""
        return self._stroke is None and (not self._marks or isinstance(self._marks[-1], Wipe))

    def ink(self) -> Ink:
        """What is on the pad: [280, 280], 0 (paper) to 1 (ink)."""
        return ink_of(self._gray.with_tail(self._stroke))

    def undo(self) -> None:
        """Take the last stroke, image or clearing back."""
        if self._marks and self._stroke is None:
            self._undone.append(self._marks.pop())
            self._after_history()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._undone and self._stroke is None:
            self._marks.append(self._undone.pop())
            self._after_history()

    def clear(self) -> None:
        """Wipe the pad; that can be undone too."""
        if not self.is_blank and self._stroke is None:
            self._put(Wipe())

    def set_ink_image(self, ink: NDArray[np.floating]) -> None:
        """Lay an image [H, W] of ink, 0 to 1, on the pad."""
        self._put(Picture(np.asarray(ink, dtype=np.float32)))

    def square(self) -> QRectF:
        """Where the pad is painted in this widget."""
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def sizeHint(self) -> QSize:
        """As large as the ink."""
        return QSize(INK_SIDE, INK_SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the pad, the stroke under way and, on an empty pad, the hint."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            square = self.square()
            outline = QPainterPath()
            outline.addRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setClipPath(outline)
            painter.drawImage(square, self._screen.image)
            if self._stroke is not None:
                painter.translate(square.topLeft())
                self._stroke.paint_tail(painter, square.width(), _screen_colors())
                painter.resetTransform()
            if self.is_blank:
                painter.setPen(theme.color("ink", 0.55))
                painter.drawText(square, Qt.AlignmentFlag.AlignCenter, self.tr("Draw a digit"))
            painter.setPen(QPen(theme.color("accent" if self.hasFocus() else "line"), 1))
            painter.drawPath(outline)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint the strokes at the new size."""
        super().resizeEvent(event)
        self._repaint_all()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._begin(event.position(), 1.0, event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        self._go_on(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if not event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen: pressure widens the brush."""
        strength = 0.4 + 1.2 * event.pressure()
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position(), strength, event.pointerType() == QPointingDevice.PointerType.Eraser)
        elif event.type() == QEvent.Type.TabletMove:
            self._go_on(event.position(), strength)
        elif event.type() == QEvent.Type.TabletRelease:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Claim the editing keys before the window's actions get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo, redo, paste and clear."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._take(QGuiApplication.clipboard().mimeData())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept images and files."""
        if event.mimeData().hasImage() or any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the image on."""
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, data: QMimeData) -> None:
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            self.image_dropped.emit(files[0])
        elif data.hasImage():
            image = QImage(data.imageData())
            if not image.isNull():
                self.image_pasted.emit(_pixels(image))

    def _begin(self, position: QPointF, strength: float, erases: bool) -> None:
        if self._stroke is None:
            self._stroke = Stroke(erases)
            self._touch(position, strength)

    def _go_on(self, position: QPointF, strength: float) -> None:
        if self._stroke is not None:
            last, square = self._stroke.touches[-1], self.square()
            x, y = (position.x() - square.left()) / square.width(), (position.y() - square.top()) / square.height()
            if abs(x - last.x) + abs(y - last.y) >= _NEAREST:
                self._touch(position, strength)

    def _touch(self, position: QPointF, strength: float) -> None:
        square = self.square()
        x, y = (position.x() - square.left()) / square.width(), (position.y() - square.top()) / square.height()
        stroke = self._stroke
        if stroke is None:
            return
        stroke.touches.append(Touch(x, y, self.brush * strength))
        self._gray.settle_last(stroke)
        self._screen.settle_last(stroke)
        self._ink_moved()

    def _end(self) -> None:
        if self._stroke is None:
            return
        stroke, self._stroke = self._stroke, None
        self._marks.append(stroke)
        self._undone.clear()
        self._gray.settle_tail(stroke)
        self._screen.settle_tail(stroke)
        self.update()
        if self._announcement.isActive():
            self._announcement.stop()
            self._announce()
        self.stroke_finished.emit(self.ink())
        self.history_changed.emit()

    def _put(self, mark: Mark) -> None:
        self._marks.append(mark)
        self._undone.clear()
        self._after_history()

    def _after_history(self) -> None:
        self._repaint_all()
        self._gray.rebuild(self._marks)
        self._ink_moved()
        self.history_changed.emit()

    def _ink_moved(self) -> None:
        self.update()
        if not self._announcement.isActive():
            self._announcement.start()

    def _announce(self) -> None:
        self.ink_changed.emit(self.ink())

    def _make_screen(self) -> Surface:
        side = max(1, round(self.square().width() * self.devicePixelRatioF()))
        return Surface(side, _screen_colors(), QImage.Format.Format_RGB32)

    def _repaint_all(self) -> None:
        self._screen = self._make_screen()
        self._screen.rebuild([*self._marks, *([self._stroke] if self._stroke is not None else [])])
        self.update()


def _screen_colors() -> Colors:
    return Colors(theme.color("ink"), theme.color("paper"))


def _claims(event: QKeyEvent) -> bool:
    keys = QKeySequence.StandardKey
    return any(event.matches(key) for key in (keys.Undo, keys.Redo, keys.Paste, keys.Delete))


def _pixels(image: QImage) -> NDArray[np.uint8]:
    """An image as bytes [H, W, 3]; where it is clear, white shows, as on paper."""
    opaque = QImage(image.size(), QImage.Format.Format_RGB888)
    opaque.fill(Qt.GlobalColor.white)
    with QPainter(opaque) as painter:
        painter.drawImage(0, 0, image)
    rows = np.frombuffer(opaque.constBits(), np.uint8).reshape(opaque.height(), opaque.bytesPerLine())
    return rows[:, : 3 * opaque.width()].reshape(opaque.height(), opaque.width(), 3).copy()
