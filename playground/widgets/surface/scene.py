"""What stands in the 3-D view: the surface, its wires, the floor, paths and points. Imports pyqtgraph.opengl."""

from collections.abc import Iterable

import numpy as np
import pyqtgraph.opengl as gl
from OpenGL import GL
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem
from pyqtgraph.opengl.MeshData import MeshData
from PySide6.QtGui import QColor

from playground.widgets.common.theme import blend, theme
from playground.widgets.surface.content import Content, arrow_color, halo, racer_color
from playground.widgets.surface.contour_lines import contour_lines
from playground.widgets.surface.drape import DrapedPath
from playground.widgets.surface.levels import colors
from playground.widgets.surface.relief import FLOOR, Relief, Singles
from playground.widgets.surface.strokes import arrow_strokes, pieces_of
from playground.widgets.surface.values import ARROW_KINDS, Bytes, Floats

_LINE, _HALO, _SHADOW = 3.0, 5.5, 2.0  # pixels
_RING, _DISC = 13.0, 9.0
_HEAD = 0.14
# So that wide lines and discs on a slope are whole.
_BEHIND = {GL.GL_POLYGON_OFFSET_FILL: True, "glPolygonOffset": (4.0, 4.0), "glDepthRange": (0.0, 1.0)}
_BEFORE = {"glDepthRange": (0.0, 0.9997)}
_FOREMOST = {"glDepthRange": (0.0, 0.999)}

Part = tuple[Singles, QColor]


class Scene:
    """The items of the view, fed from a Content."""

    def __init__(self) -> None:
        self.relief: Relief | None = None
        self.mesh = gl.GLMeshItem(shader=None, computeNormals=False, smooth=True)
        self.mesh.updateGLOptions(_BEHIND)
        self.wires, self.floor = _lines(1.0, "translucent"), _lines(1.0, "translucent")
        self.shadow, self.halo, self.line = _lines(_SHADOW, "translucent"), _lines(_HALO), _lines(_LINE)
        self.points = gl.GLScatterPlotItem(pos=np.zeros((0, 3)), glOptions="opaque")
        for item, depths in (
            (self.floor, _BEHIND),
            (self.halo, _BEFORE),
            (self.line, _BEFORE),
            (self.points, _FOREMOST),
        ):
            item.updateGLOptions(depths)
        self._shape = MeshData()
        self._sizes: Singles = np.empty(0, dtype=np.float32)
        self._draped: dict[int, DrapedPath] = {}
        self._widths = {item: item.width for item in (self.wires, self.floor, self.shadow, self.halo, self.line)}

    def items(self) -> tuple[GLGraphicsItem, ...]:
        """In the order they are drawn."""
        return self.floor, self.shadow, self.mesh, self.wires, self.halo, self.line, self.points

    def set_scale(self, scale: float) -> None:
        """Lines and points as wide as they look on a screen with one pixel a point, at `scale` pixels a point."""
        for item, width in self._widths.items():
            item.width = width * scale
        self.points.setData(size=self._sizes * np.float32(scale))

    def build_surface(self, content: Content) -> None:
        """The surface, its wires and the floor anew."""
        assert content.function is not None
        assert content.levels is not None
        self.relief = Relief(content.function, content.levels)
        self._draped.clear()
        self._shape = MeshData(vertexes=self.relief.vertices(), faces=self.relief.faces())
        self.mesh.setMeshData(meshdata=self._shape)
        self.paint_surface(content.basins)
        self._build_floor(content)

    def paint_surface(self, basins: Bytes | None) -> None:
        """Colour the surface by value, or by basin."""
        assert self.relief is not None
        self._shape.setVertexColors(self.relief.colors(basins))
        self.mesh.meshDataChanged()
        wire = theme.color("paper", 0.22)
        self.wires.setData(pos=self.relief.wires(), color=wire.getRgbF())

    def lay_paths(self, content: Content) -> None:
        """Paths, arrows and the ellipse over the surface, the paths' shadows on the floor, and the points."""
        assert self.relief is not None
        paths = [(self._path(racer, content), racer_color(racer)) for racer in content.paths]
        strokes = [*paths, *self._figures(content)]
        self.line.setData(**_merged(strokes))
        self.halo.setData(**_merged([(vertices, halo(color)) for vertices, color in strokes]))
        shadow = _merged(paths)
        shadow["pos"][:, 2] = FLOOR
        shadow["color"][:, 3] = 0.7
        self.shadow.setData(**shadow)
        self._place_points(content)

    def _path(self, racer: int, content: Content) -> Singles:
        assert self.relief is not None
        draped = self._draped.setdefault(racer, DrapedPath(self.relief))
        draped.feed(content.paths[racer])
        return draped.until(content.step)

    def _figures(self, content: Content) -> list[Part]:
        """Arrows and ellipse: strokes with their colours."""
        relief = self.relief
        assert relief is not None
        figures: list[Part] = []
        if content.ellipse is not None:
            figures.append((relief.draped(pieces_of(relief.to_plane(content.ellipse))), theme.color("ink")))
        for kind in ARROW_KINDS:
            start, way = content.arrow_rays(kind)
            if not len(start):
                continue
            flat = relief.to_plane(start)
            strokes = arrow_strokes(flat, relief.to_plane(start + way) - flat, _HEAD)
            figures.append((relief.draped(strokes), arrow_color(kind)))
        return figures

    def _place_points(self, content: Content) -> None:
        """A disc with a ring for every racer, where it is."""
        assert self.relief is not None
        points = content.current_points()
        flat = self.relief.to_plane(np.array(list(points.values()), dtype=float).reshape(-1, 2))
        heights = self.relief.height_at(flat)
        known = np.isfinite(heights)
        pos = np.column_stack([flat, heights])[known]
        discs = _rgba(racer_color(racer) for racer in points)[known]
        rings = _rgba(halo(racer_color(racer)) for racer in points)[known]
        self._sizes = np.repeat(np.array([_RING, _DISC], dtype=np.float32), len(pos))
        self.points.setData(pos=np.tile(pos, (2, 1)), color=np.concatenate([rings, discs]), size=self._sizes)

    def _build_floor(self, content: Content) -> None:
        """Grid and contour lines on the floor, these in the colours of their levels."""
        relief, levels = self.relief, content.levels
        assert relief is not None
        assert levels is not None
        parts = levels.contour_parts()
        pieces, index = contour_lines(relief.u, relief.v, relief.part, parts)
        tint = colors(parts)[index].astype(np.float32) / 255  # [n, 4]
        text = np.array(theme.color("text").getRgbF(), dtype=np.float32)
        tint = tint if theme.is_dark else 0.75 * tint + 0.25 * text
        grid = _floor_grid()
        line = np.tile(np.array(blend(theme.color("muted"), theme.color("surface"), 0.35).getRgbF()), (len(grid), 1))
        contours = np.column_stack([pieces.reshape(-1, 2), np.full(2 * len(pieces), FLOOR)])
        self.floor.setData(
            pos=np.concatenate([grid, contours]), color=np.concatenate([line, np.repeat(tint, 2, axis=0)])
        )


def _floor_grid() -> Floats:
    """Eleven lines each way [n, 3]."""
    at = np.linspace(-1, 1, 11)
    ends = np.stack([np.full(11, -1.0), np.full(11, 1.0)], axis=1)  # [11, 2]
    across = np.stack([ends, np.repeat(at[:, None], 2, axis=1)], axis=-1)
    flat = np.concatenate([across, across[..., ::-1]]).reshape(-1, 2)
    return np.column_stack([flat, np.full(len(flat), FLOOR)])


def _lines(width: float, options: str = "opaque") -> gl.GLLinePlotItem:
    return gl.GLLinePlotItem(pos=np.zeros((0, 3)), mode="lines", width=width, glOptions=options)


def _rgba(tints: Iterable[QColor]) -> Singles:
    return np.array([tint.getRgbF() for tint in tints], dtype=np.float32).reshape(-1, 4)


def _merged(parts: list[Part]) -> dict[str, Singles]:
    """All strokes as one item's vertices and colours: each item costs about a millisecond a frame."""
    counts = [len(vertices) for vertices, _ in parts]
    empty = np.empty((0, 3), dtype=np.float32)
    return {
        "pos": np.concatenate([empty, *(vertices for vertices, _ in parts)]),
        "color": np.repeat(_rgba(color for _, color in parts), counts, axis=0),
    }
