"""The function as a surface in space."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, QTimer
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from playground.widgets.surface.content import Part
from playground.widgets.surface.graphics import NoOpenGL, shared_graphics
from playground.widgets.surface.panel import ViewPanel

if TYPE_CHECKING:
    from playground.widgets.surface.space_view import SpaceView

_UNSEEN = QSize(640, 560)  # of a picture taken before the panel was shown


class SurfacePanel(ViewPanel):
    """The surface, wires, floor and paths; the view is built when the panel is first seen, as OpenGL takes a second.

    Signals
    -------
    As of ViewPanel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("SurfacePanel", "Surface")
        super().__init__(title, "surface", parent)
        self.view: SpaceView | None = None
        self._failure = ""
        add = self.caption.add_button
        self.top = add("top", "arrow-collapse-down", self.tr("Look straight down."))
        self.reset = add("reset", "restore", self.tr("Back to the first view (Home)."))
        self.top.clicked.connect(self._on_top)
        self.reset.clicked.connect(self._on_reset)

    def showEvent(self, event: QShowEvent) -> None:
        """Build the view once the panel itself has been painted."""
        super().showEvent(event)
        if self.view is None and not self._failure:
            QTimer.singleShot(0, self, self._build)

    def _build(self) -> None:
        """Import and make the 3-D view, or say why there is none."""
        if self.view is not None or self._failure:
            return
        try:
            graphics = shared_graphics()
            from playground.widgets.surface.space_view import SpaceView
        except (NoOpenGL, ImportError) as problem:
            self._give_up(str(problem))
            return
        self.view = SpaceView(graphics, self._content)
        self.view.setObjectName("surface_view")
        self.view.setAccessibleName(self.title_label.text())
        self.view.start_chosen.connect(self.start_chosen)
        self.view.pointer_moved.connect(self.pointer_moved)
        self.view.pointer_left.connect(self.pointer_left)
        self.view.failed.connect(self._give_up)
        self.pages.addWidget(self.view)
        self._changed("function", "style")
        self._choose_page()

    def _give_up(self, reason: str) -> None:
        sentence = self.tr("There is no 3-D view here: {reason}. The contours beside it show everything it would.")
        self._failure = sentence.format(reason=reason)
        self._choose_page()

    def _refresh(self, parts: set[Part]) -> None:
        if self.view is not None and not self._failure:
            self.view.refresh(parts)

    def _choose_page(self) -> None:
        shown = self.view is not None and not self._failure and self._content.function is not None
        if self._failure:
            self.message.setText(self._failure)
        elif self.view is None and self._content.function is not None:
            self.message.setText(self.tr("Preparing the 3-D view…"))
        self.pages.setCurrentWidget(self.view if shown and self.view is not None else self.message)

    def _picture_size(self) -> QSize:
        self._build()
        return self.view.size() if self.view is not None and self.view.isVisible() else _UNSEEN

    def _drawing_ms(self) -> int:
        return self.view.drawing_ms if self.view is not None else 0

    def _paint_view(self, painter: QPainter, size: QSize, scale: float) -> None:
        if self.view is None or self._failure:
            painter.drawText(0, 0, size.width(), size.height(), 0x84 | 0x1000, self.message.text())
            return
        self._flush()
        self.view.render_onto(painter, size, scale)

    def _on_top(self) -> None:
        if self.view is not None:
            self.view.look_from_top()

    def _on_reset(self) -> None:
        if self.view is not None:
            self.view.look_from_start()
