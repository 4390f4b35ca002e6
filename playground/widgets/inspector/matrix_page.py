"""The page of a 2 x 2 matrix: the plane before and after it, and the directions that stay."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.widgets.common.color_scale import number
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.inspector.plane_picture import PlanePicture
from playground.widgets.inspector.values import UnitGrid

_MARGIN = 1.08
_COMPARED = 4  # times: beyond, one of the two planes would be a dot


class MatrixPage(QWidget):
    """Unit grid and square before and after; eigenvectors as arrows, after it scaled by their eigenvalues."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.before = PlanePicture("inspector_plane_before", self.tr("before"))
        self.after = PlanePicture("inspector_plane_after", self.tr("after: matrix @ point"))
        self.sentence = WrappedLabel()
        self.sentence.setObjectName("inspector_matrix_text")
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(self.before)
        row.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(row, 1)
        column.addWidget(self.sentence)

    def show_matrix(self, found: UnitGrid) -> None:
        """Show another matrix."""
        vectors = _directions(found)
        values = [value.real for value in found.eigenvalues[: len(vectors)]]
        after = [(x * value, y * value) for (x, y), value in zip(vectors, values, strict=True)]
        before_reach, after_reach = _reach(found.grid), _reach(found.mapped, after)
        if after_reach < _COMPARED * before_reach:  # one scale, so that sizes can be compared
            before_reach = after_reach = max(before_reach, after_reach)
        self.before.show_plane(found.grid, found.square, vectors, before_reach)
        self.after.show_plane(found.mapped, found.mapped_square, after, after_reach)
        self.sentence.setText(self._text(found, vectors))

    def _text(self, found: UnitGrid, vectors: list[tuple[float, float]]) -> str:
        area = self.tr("determinant {value}: the unit square's area becomes {area}").format(
            value=number(found.determinant, 5), area=number(abs(found.determinant), 5)
        )
        if found.determinant < 0:
            area += self.tr(", turned over")
        return f"{area}\n{self._eigen(found, vectors)}"

    def _eigen(self, found: UnitGrid, vectors: list[tuple[float, float]]) -> str:
        if found.kind == "complex":
            values = ", ".join(f"{value:.4g}" for value in found.eigenvalues)
            return self.tr("eigenvalues {values}: it turns, so no direction stays").format(values=values)
        each = self.tr("eigenvalue {value} along ({x}, {y})")
        texts = [
            each.format(value=number(value.real, 5), x=number(x, 4), y=number(y, 4))
            for value, (x, y) in zip(found.eigenvalues, vectors, strict=False)
        ]
        if found.kind == "defective":
            texts.append(self.tr("the only direction that stays"))
        return "; ".join(texts)


def _directions(found: UnitGrid) -> list[tuple[float, float]]:
    """Real eigenvectors as (x, y), each once."""
    if found.kind == "complex":
        return []
    count = 1 if found.kind == "defective" else 2
    return [(float(x), float(y)) for x, y in found.eigenvectors.real.T[:count]]


def _reach(segments: np.ndarray, arrows: list[tuple[float, float]] | None = None) -> float:
    """So many units from the origin everything lies."""
    furthest = float(np.abs(np.array([*segments.reshape(-1, 2).tolist(), *(arrows or [])])).max())
    return furthest * _MARGIN or 1.0
