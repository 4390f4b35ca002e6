"""OpenGL without a window of its own: one context for the whole program, drawing into pictures.

A QOpenGLWidget would make every repaint of its window go through OpenGL, and lose its buffers when a dock floats.
"""

import ctypes
import importlib.util
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QImage, QOffscreenSurface, QOpenGLContext
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

FINE, QUICK = 4, 0  # samples a pixel


class NoOpenGL(RuntimeError):
    """There is no OpenGL that can draw here; the message says why."""


class Graphics:
    """A context and the surface it needs; both end with the application."""

    def __init__(self) -> None:
        application = QCoreApplication.instance()
        self._context = QOpenGLContext(application)
        if not self._context.create():
            raise NoOpenGL("no OpenGL context can be created")
        if self._context.isOpenGLES() or self._context.format().version() < (2, 1):
            raise NoOpenGL("it needs desktop OpenGL 2.1 or later")
        self._surface = QOffscreenSurface(None, application)
        self._surface.setFormat(self._context.format())
        self._surface.create()
        self.make_current()

    @property
    def context(self) -> QOpenGLContext:
        """The context of everything drawn."""
        return self._context

    def make_current(self) -> None:
        """Direct OpenGL here.

        Raises
        ------
        NoOpenGL
            When the driver has lost the context.
        """
        if not self._context.makeCurrent(self._surface):
            raise NoOpenGL("the OpenGL context cannot be used")


class Canvas:
    """A picture that OpenGL draws into, of whatever size is asked for."""

    def __init__(self, graphics: Graphics, samples: int) -> None:
        self._graphics = graphics
        self._samples = samples
        self._buffer: QOpenGLFramebufferObject | None = None

    def begin(self, size: QSize) -> None:
        """Draw into a picture of this size from now on.

        Raises
        ------
        NoOpenGL
            When there is no memory for it, or no context.
        """
        self._graphics.make_current()
        if self._buffer is None or self._buffer.size() != size:
            layout = QOpenGLFramebufferObjectFormat()
            layout.setSamples(self._samples)
            layout.setAttachment(QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
            self._buffer = QOpenGLFramebufferObject(size, layout)
        if not self._buffer.isValid() or not self._buffer.bind():
            raise NoOpenGL(f"no picture of {size.width()} by {size.height()} pixels can be drawn")

    def finish(self) -> QImage:
        """What was drawn."""
        assert self._buffer is not None, "finish() follows begin()"
        self._buffer.release()
        return self._buffer.toImage()


_shared: list[Graphics] = []


def shared_graphics() -> Graphics:
    """The program's one context.

    Raises
    ------
    NoOpenGL
        Where there is none.
    """
    if not _shared:
        _load_triton()
        _shared.append(Graphics())
    return _shared[0]


def _load_triton() -> None:
    """Load Triton's library, where there is one, before OpenGL's drivers.

    Both hold an LLVM. Mesa shows its own to the whole process, and Triton's, which torch's optimisers load, would call
    into it and crash; the other way round each keeps its own.
    """
    found = importlib.util.find_spec("triton")
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        for library in Path(folder).glob("_C/libtriton*"):
            with suppress(OSError):  # what cannot be loaded cannot clash either
                ctypes.CDLL(str(library))
