"""Places a network's layers from the top down, blocks with their paths beside each other."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from playground.widgets.network.drawing import Drawing, Frame, Joint, Slab, Wire, label_room, slab_size
from playground.widgets.network.rows import PART, NodeRow

_GAP = 18.0  # between two layers
_PAD = 12.0  # inside a frame
_TITLE = 20.0  # for a frame's title
_SKIP = 30.0  # how far left of its block a shortcut runs
_JOINT = 10.0  # radius
_LINES = 30.0  # the two lines of text beside a slab


def arrange(rows: Sequence[NodeRow], folded: frozenset[str] = frozenset()) -> Drawing:
    """The drawing of these layers from the top; blocks whose ids are in `folded` are one slab each."""
    drawing = Drawing()
    _Chain(rows, folded).draw(drawing, 0, 0)
    return drawing


class _Piece(ABC):
    """Something with an entry at its top and an exit at its bottom, on one axis."""

    left: float
    right: float
    height: float

    @abstractmethod
    def draw(self, drawing: Drawing, axis: float, top: float) -> None:
        """Put it there."""


class _Layer(_Piece):
    def __init__(self, row: NodeRow, folded: bool) -> None:
        self._row, self._folded = row, folded
        self._width, self._thickness, self._depth = slab_size(row.shape)
        self.left = self._width / 2
        self.right = self._width / 2 + self._depth + label_room()
        self.height = max(self._thickness + self._depth, _LINES)

    def draw(self, drawing: Drawing, axis: float, top: float) -> None:
        y = top + (self.height - self._thickness - self._depth) / 2 + self._depth
        slab = Slab(self._row, axis - self._width / 2, y, self._width, self._thickness, self._depth, self._folded)
        drawing.slabs.append(slab)
        if y - self._depth > top:
            drawing.wires.append(Wire(((axis, top), (axis, y - self._depth / 2))))
            drawing.wires.append(Wire(((axis, y + self._thickness), (axis, top + self.height))))


class _Chain(_Piece):
    def __init__(self, rows: Sequence[NodeRow], folded: frozenset[str]) -> None:
        self._pieces = [_piece(row, folded) for row in rows]
        self.left = max((piece.left for piece in self._pieces), default=8.0)
        self.right = max((piece.right for piece in self._pieces), default=8.0)
        self.height = sum(piece.height + _GAP for piece in self._pieces) - _GAP if self._pieces else _GAP

    def draw(self, drawing: Drawing, axis: float, top: float) -> None:
        if not self._pieces:
            drawing.wires.append(Wire(((axis, top), (axis, top + self.height))))
        for number, piece in enumerate(self._pieces):
            if number:
                drawing.wires.append(Wire(((axis, top - _GAP), (axis, top))))
            piece.draw(drawing, axis, top)
            top += piece.height + _GAP


class _Paths(_Piece):
    """A frame in which the data goes several ways, which meet in a joint at the bottom."""

    def __init__(self, row: NodeRow, folded: frozenset[str]) -> None:
        self._row = row
        parts = [each for each in row.children if each.kind == PART]
        self._chains = [_Chain(each.children, folded) for each in self._ordered(parts)]
        self._inner = max((chain.height for chain in self._chains), default=_GAP)
        self.height = _TITLE + _GAP + self._inner + _GAP + 2 * _JOINT + _PAD
        self._measure()

    def _ordered(self, parts: list[NodeRow]) -> list[NodeRow]:
        return parts

    def _measure(self) -> None:
        widths = [chain.left + chain.right for chain in self._chains]
        whole = sum(widths) + _GAP * max(0, len(widths) - 1)
        self.left = self.right = whole / 2 + _PAD

    def _axes(self, axis: float) -> list[float]:
        left, axes = axis - self.left + _PAD, []
        for chain in self._chains:
            axes.append(left + chain.left)
            left += chain.left + chain.right + _GAP
        return axes

    def draw(self, drawing: Drawing, axis: float, top: float) -> None:
        drawing.frames.append(Frame(self._row, axis - self.left, top, self.left + self.right, self.height))
        split = top + _TITLE
        joint = top + self.height - _PAD - _JOINT
        drawing.wires.append(Wire(((axis, top), (axis, split))))
        for own, chain in zip(self._axes(axis), self._chains, strict=True):
            chain.draw(drawing, own, split + _GAP)
            drawing.wires.append(Wire(((axis, split), (own, split), (own, split + _GAP))))
            below = split + _GAP + chain.height
            across = joint - _JOINT - _GAP / 2
            drawing.wires.append(Wire(((own, below), (own, across), (axis, across), (axis, joint - _JOINT))))
        drawing.joints.append(Joint(self._row.id, axis, joint, "cat"))
        drawing.wires.append(Wire(((axis, joint + _JOINT), (axis, top + self.height))))


class _Residual(_Paths):
    """The body stays on the axis; the shortcut runs at its left."""

    def _measure(self) -> None:
        body, shortcut = self._both()
        beside = shortcut.left + shortcut.right + _GAP if shortcut else _SKIP
        self.left = _PAD + beside + body.left
        self.right = body.right + _PAD

    def _both(self) -> tuple[_Chain, _Chain | None]:
        has_layers = len(self._chains) > 1 and bool(self._chains[1]._pieces)
        return self._chains[0], self._chains[1] if has_layers else None

    def draw(self, drawing: Drawing, axis: float, top: float) -> None:
        drawing.frames.append(Frame(self._row, axis - self.left, top, self.left + self.right, self.height))
        body, shortcut = self._both()
        split, joint = top + _TITLE, top + self.height - _PAD - _JOINT
        drawing.wires.append(Wire(((axis, top), (axis, split + _GAP))))
        body.draw(drawing, axis, split + _GAP)
        drawing.wires.append(Wire(((axis, split + _GAP + body.height), (axis, joint - _JOINT))))
        beside = axis - self.left + _PAD + (shortcut.left if shortcut else 0)
        end = (axis - _JOINT, joint)
        if shortcut:
            below = split + _GAP + shortcut.height
            drawing.wires.append(Wire(((axis, split), (beside, split), (beside, split + _GAP))))
            shortcut.draw(drawing, beside, split + _GAP)
            drawing.wires.append(Wire(((beside, below), (beside, joint), end)))
        else:
            drawing.wires.append(Wire(((axis, split), (beside, split), (beside, joint), end), skips=True))
        drawing.joints.append(Joint(self._row.id, axis, joint, "+"))
        drawing.wires.append(Wire(((axis, joint + _JOINT), (axis, top + self.height))))


class _Repeat(_Piece):
    def __init__(self, row: NodeRow, folded: frozenset[str]) -> None:
        self._row = row
        self._chain = _Chain(row.children, folded)
        self.left = self._chain.left + _PAD
        self.right = self._chain.right + _PAD
        self.height = _TITLE + self._chain.height + _PAD

    def draw(self, drawing: Drawing, axis: float, top: float) -> None:
        drawing.frames.append(Frame(self._row, axis - self.left, top, self.left + self.right, self.height))
        drawing.wires.append(Wire(((axis, top), (axis, top + _TITLE))))
        self._chain.draw(drawing, axis, top + _TITLE)
        bottom = top + self.height
        drawing.wires.append(Wire(((axis, bottom - _PAD), (axis, bottom))))


def _piece(row: NodeRow, folded: frozenset[str]) -> _Piece:
    has_parts = any(each.kind == PART for each in row.children)
    if row.id in folded or not (has_parts or row.slot):
        return _Layer(row, folded=has_parts or bool(row.slot))
    if not has_parts:
        return _Repeat(row, folded)
    return _Residual(row, folded) if row.kind == "Residual" else _Paths(row, folded)
