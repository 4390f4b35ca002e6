"""Run as `python -m playground.window_probe`: opens Qt's platform, asks for OpenGL, and says as JSON what it found."""

import json
import sys

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext


def opengl() -> str | None:
    """Renderer and version of a fresh OpenGL context; None where there is none."""
    context, surface = QOpenGLContext(), QOffscreenSurface()
    if not context.create():
        return None
    surface.setFormat(context.format())
    surface.create()
    if not context.makeCurrent(surface):
        return None
    from OpenGL import GL

    try:
        return f"{GL.glGetString(GL.GL_RENDERER).decode()}, OpenGL {GL.glGetString(GL.GL_VERSION).decode()}"
    finally:
        context.doneCurrent()


if __name__ == "__main__":
    application = QGuiApplication(sys.argv)
    sys.stdout.write(json.dumps({"platform": application.platformName(), "opengl": opengl()}) + "\n")
