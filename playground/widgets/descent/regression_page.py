"""The page of a linear regression over points placed by hand."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.theme import GRID
from playground.widgets.descent.function_page import FunctionPage
from playground.widgets.descent.log_slider import LogSlider
from playground.widgets.descent.point_pad import PointPad
from playground.widgets.descent.values import Plain, Point

_WIDE = 420


class RegressionPage(FunctionPage):
    """Points placed by hand, the loss of a line through them, and the ridge penalty."""

    kind = "regression"
    first = "loss"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pad = PointPad()
        self.line = QLabel()
        self.line.setProperty("muted", True)
        self.line.setWordWrap(True)
        self.loss = ChoiceField()
        self.loss.set_choices(
            [
                ("mse", self.tr("MSE"), self.tr("mse_loss: the mean squared distance.")),
                ("l1", self.tr("L1"), self.tr("l1_loss: the mean distance, which outliers pull less.")),
            ]
        )
        self.ridge = LogSlider("regression_ridge", 1e-4, 1e2, least=0.0, most=1e6)
        tip = self.tr("What is minimised: how far the line w·x + b is from the points (torch.nn.functional).")
        self.grid.add("loss", self.tr("Loss"), self.loss, tip)
        tip = self.tr("The penalty ridge · (w² + b²) that is added to the loss; 0 for none.")
        self.grid.add("ridge", self.tr("Ridge"), self.ridge, tip)
        self.side = QVBoxLayout()
        self.side.setSpacing(GRID)
        self.side.addWidget(self.grid)
        self.side.addWidget(self.line)
        self.side.addStretch(1)
        self.column.addWidget(self.pad, 1)
        self.column.addLayout(self.side, 1)
        self._connect()

    def value(self) -> Plain:
        points = self.pad.points
        return {"kind": self.kind, "points": points, "loss": self.loss.value(), "ridge": self.ridge.value()}

    def show_value(self, function: Plain) -> None:
        points: tuple[Point, ...] = tuple((float(x), float(y)) for x, y in function.get("points", ()))
        self.pad.set_points(points)
        self.loss.set_value(function.get("loss", "mse"))
        self.ridge.set_value(function.get("ridge", 0.0))
        self._count()

    def _connect(self) -> None:
        self.pad.edited.connect(self._report)
        self.pad.edited.connect(self._count)
        self.pad.dragged.connect(self._report_drag)
        self.pad.drag_ended.connect(self.drag_ended)
        self.loss.edited.connect(self._report)
        self._follow(self.ridge, "ridge")

    @Slot()
    @Slot(object)
    def _count(self, _points: object = None) -> None:
        count = len(self.pad.points)
        told = self.tr("1 point") if count == 1 else self.tr("{count} points").format(count=f"{count:,}")
        removing = self.tr("the last one stays") if count == 1 else self.tr("a right click removes")
        self.line.setText(self.tr("{points} · a click adds, {removing}").format(points=told, removing=removing))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a wide panel the fields stand beside the points."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        self.column.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        self.column.setStretch(1, 1 if is_wide else 0)
