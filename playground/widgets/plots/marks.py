"""The marks of train, validation and test: each has its own colour and its own shape, in legends and in plots."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from playground.widgets.common.theme import theme

Series = Literal["train", "validation", "test"]
Format = Callable[[float], str]

SERIES: tuple[Series, ...] = ("train", "validation", "test")
SYMBOLS = {"train": "o", "validation": "s", "test": "t1"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A series' name and its value as text."""

    series: Series
    name: str
    text: str


def draw_mark(painter: QPainter, series: Series, centre: QPointF, size: float = 8.0) -> None:
    """Paint a series' mark: a disc, a square or a triangle."""
    painter.setPen(theme.color(series))
    painter.setBrush(theme.color(series))
    box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
    if series == "train":
        painter.drawEllipse(box)
    elif series == "validation":
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        painter.drawPolygon(QPolygonF([box.bottomLeft(), QPointF(box.center().x(), box.top()), box.bottomRight()]))
