"""A plot's box in which the wheel zooms the steps alone."""

import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsSceneWheelEvent


class StepZoom(pg.ViewBox):
    """The wheel zooms the steps alone, so that the values can go on fitting; over an axis it zooms that axis."""

    def wheelEvent(self, ev: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zoom about the pointer (pyqtgraph's hook)."""
        super().wheelEvent(ev, axis=0 if axis is None else axis)
