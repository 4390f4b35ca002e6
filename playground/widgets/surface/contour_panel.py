"""The function as contours in the plane."""

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from playground.widgets.surface.content import Part
from playground.widgets.surface.contour_view import ContourView
from playground.widgets.surface.panel import ViewPanel


class ContourPanel(ViewPanel):
    """Values, contour lines, gradient field, paths, arrows; or the basins in place of the values.

    Signals
    -------
    As of ViewPanel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("ContourPanel", "Contours")
        super().__init__(title, "contours", parent)
        self.view = ContourView(self._content)
        self.view.setObjectName("contours_view")
        self.view.setAccessibleName(title)
        self.pages.addWidget(self.view)
        add = self.caption.add_button
        self.field = add(
            "field",
            "arrow-top-right-thin",
            self.tr("Arrows downhill (the negative gradient), their length by the logarithm."),
            checkable=True,
        )
        self.reset = add("reset", "restore", self.tr("Show the whole domain (double click)."))
        self.field.toggled.connect(self.view.show_field)
        self.reset.clicked.connect(self.view.show_all)
        self.view.start_chosen.connect(self.start_chosen)
        self.view.pointer_moved.connect(self.pointer_moved)
        self.view.pointer_left.connect(self.pointer_left)

    def _refresh(self, parts: set[Part]) -> None:
        self.view.refresh(parts)

    def _choose_page(self) -> None:
        self.pages.setCurrentWidget(self.message if self._content.function is None else self.view)

    def _picture_size(self) -> QSize:
        return self.view.size()

    def _paint_view(self, painter: QPainter, size: QSize, scale: float) -> None:
        self.view.render_onto(painter, size, scale)
