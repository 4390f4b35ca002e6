"""The drawing of the graph: select and walk along edges, search, collapse modules, follow a backward."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.widgets.autograd.collapsing import after_double_click
from playground.widgets.autograd.edge_layer import EdgeLayer
from playground.widgets.autograd.lines import in_lines
from playground.widgets.autograd.node_item import NodeItem
from playground.widgets.autograd.places import BOX, COLUMN, pixels, routes
from playground.widgets.autograd.values import GraphValues, NodeValues, Pair, StepValues
from playground.widgets.common.theme import theme
from playground.widgets.common.zoom_view import READABLE, ZoomView

_MARGIN = 16
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
EMPTY = GraphValues("", (), (), {})


class GraphView(ZoomView):
    """A drawing to zoom and pan; arrows walk along edges, a double-click opens a module or closes it.

    Signals
    -------
    node_selected : the id of the node that was clicked or walked to.
    collapse_requested : the paths of all modules that are to be drawn as one box each, a frozenset.
    """

    node_selected = Signal(int)
    collapse_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("GraphView", "Autograd graph"), parent)
        self.graph = self._given = EMPTY
        self._items: dict[int, NodeItem] = {}
        self._drawn_as: dict[int, int] = {}
        self._edges: EdgeLayer | None = None
        self._labels: dict[int, dict[Pair, str]] = {}
        self._hits: list[int] = []
        self._sought = ""
        self._selected: int | None = None
        self._step: StepValues | None = None
        self._part: QWidget | None = None
        self._kept: Mapping[int, str] = {}
        self.setObjectName("autograd_view")
        self.setAccessibleName(self.tr("Autograd graph"))
        self.drawing.selectionChanged.connect(self._report_selection)
        theme.changed.connect(self._restyle)

    def set_graph(self, graph: GraphValues) -> None:
        """Draw another graph; one of another tensor forgets zoom, selection and backward."""
        if graph.title != self.graph.title:
            self._selected, self._labels, self._step, self._kept = None, {}, None, {}
            self.begin()
        self._given = graph
        self._draw()
        self._mark(self._step)
        self.search(self._sought)

    def set_step(self, step: StepValues | None) -> None:
        """Mark whose turn it is, and write the gradients so far at nodes and edges."""
        position = step.position if step else 0
        self._labels = {turn: texts for turn, texts in self._labels.items() if turn < position}
        if step is not None:
            self._labels[position] = {(each.node, step.node): each.gradient.text for each in step.outgoing}
        self._step = step
        self._mark(step)
        if step is not None and step.node in self._drawn_as:
            self.ensureVisible(self._items[self._drawn_as[step.node]], 40, 40)

    def search(self, text: str) -> int:
        """Dim all nodes that do not hold the text; how many do."""
        self._sought = text.strip().casefold()
        found = [item.node for item in self._items.values() if self._sought and _holds(item.node, self._sought)]
        self._hits = sorted((node.id for node in found), key=lambda id_: self.graph.positions[id_])
        for id_, item in self._items.items():
            item.set_dimmed(bool(self._sought) and id_ not in self._hits)
        return len(self._hits)

    def put_on(self, part: QWidget) -> None:
        """Have a small part stand above the drawing, at its left."""
        part.setParent(self)
        self._part = part
        self._lay_part()

    def set_kept(self, gradients: Mapping[int, str]) -> None:
        """Write what `.grad` holds at these nodes; empty for None."""
        self._kept = gradients
        for node, text in gradients.items():
            if node in self._items:
                self._items[node].set_kept(text)

    def walk_hits(self, by: int) -> int:
        """Select the next hit, or the one before; its number counted from 1, 0 without any."""
        if not self._hits:
            return 0
        start = self._hits.index(self._selected) if self._selected in self._hits else -1 if by > 0 else 0
        number = (start + by) % len(self._hits)
        self._choose(self._hits[number])
        return number + 1

    @Slot(int)
    def select(self, node: int) -> None:
        """Mark a node, or the module that it is drawn in. Reports nothing."""
        self._selected = node
        blocked = self.drawing.blockSignals(True)
        self.drawing.clearSelection()
        item = self._items.get(self._drawn_as.get(node, node))
        if item is not None:
            item.setSelected(True)
            self.ensureVisible(item, 20, 20)
        self.drawing.blockSignals(blocked)
        self.viewport().update()

    def items_of_nodes(self) -> dict[int, NodeItem]:
        """What is drawn, by the nodes' ids."""
        return dict(self._items)

    def graph_node(self, node: int | None) -> NodeValues | None:
        """The node drawn for an id, which may be a module's."""
        item = self._items.get(self._drawn_as.get(node, -1)) if node is not None else None
        return item.node if item else None

    def edge_labels(self) -> dict[Pair, str]:
        """The gradients written at edges."""
        return self._edges.labels() if self._edges else {}

    def start(self) -> QPointF:
        """The node whose turn it is; before the first turn the one that backward starts from."""
        current = self.graph_node(self._step.node) if self._step else None
        if current is not None:
            return self._items[current.id].pos()
        outputs = [item for item in self._items.values() if item.node.kind == "output"]
        item = outputs[0] if outputs else max(self._items.values(), key=lambda each: each.x(), default=None)
        return item.pos() if item else QPointF()

    def _draw(self) -> None:
        blocked = self.drawing.blockSignals(True)
        self.drawing.clear()
        self.graph = in_lines(self._given, self._columns())
        graph, font = self.graph, self.drawing.font()
        self._items = {node.id: NodeItem(node, graph.positions[node.id], font) for node in graph.nodes}
        self._drawn_as = {id_: node.id for node in graph.nodes for id_ in (node.id, *node.members)}
        constants = {node.id for node in graph.nodes if node.kind == "constant"}
        cut = frozenset((edge.source, edge.target) for edge in graph.edges if edge.source in constants)
        self._edges = EdgeLayer(routes(graph), cut, font)
        self._edges.add_stubs(_stubs(graph))
        for item in (self._edges, *self._items.values()):
            self.drawing.addItem(item)
        self.set_kept(self._kept)
        area = self.drawing.itemsBoundingRect()
        self.drawing.setSceneRect(area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self.drawing.blockSignals(blocked)
        self._lay_part()
        self.refit()
        if self._selected is not None:
            self.select(self._selected)

    def _mark(self, step: StepValues | None) -> None:
        gradients = step.gradients if step else {}
        for item in self._items.values():
            item.set_gradient(gradients.get(item.node.id, ""))
            item.set_current(step is not None and self._drawn_as.get(step.node) == item.node.id)
        if self._edges is not None:
            self._edges.set_visited(self._visited(step))

    def _visited(self, step: StepValues | None) -> dict[Pair, str]:
        """Edges out of nodes that had their turn; their texts where the turn was seen."""
        done = {self._drawn_as[id_] for id_ in step.gradients if id_ in self._drawn_as} if step else set()
        visited = {(edge.source, edge.target): "" for edge in self.graph.edges if edge.target in done}
        for texts in self._labels.values():
            for (source, target), text in texts.items():
                pair = self._drawn_as.get(source, source), self._drawn_as.get(target, target)
                if pair in visited or (step is not None and target == step.node):
                    visited[pair] = text
        return visited

    def _choose(self, node: int) -> None:
        self.select(node)
        self.node_selected.emit(node)

    def _walk(self, key: int) -> None:
        """To the next node along an edge, or in the same column."""
        here = self._drawn_as.get(self._selected, -1) if self._selected is not None else -1
        if here not in self._items:
            wanted = [node.id for node in self.graph.nodes if node.kind == "output"] or list(self._items)
        else:
            wanted = self._neighbours(here, key)
        if wanted:
            self._choose(wanted[0])

    def _neighbours(self, here: int, key: int) -> list[int]:
        places, edges = self.graph.positions, self.graph.edges
        column, row = places[here]
        if key == Qt.Key.Key_Left:
            found = {edge.source for edge in edges if edge.target == here}
        elif key == Qt.Key.Key_Right:
            found = {edge.target for edge in edges if edge.source == here}
        else:
            down = 1 if key == Qt.Key.Key_Down else -1
            found = {id_ for id_ in self._items if places[id_][0] == column and (places[id_][1] - row) * down > 0}
        return sorted(found, key=lambda id_: (abs(places[id_][1] - row), places[id_]))

    @Slot()
    def _report_selection(self) -> None:
        chosen = self.drawing.selectedItems()
        item = chosen[0] if chosen else None
        if isinstance(item, NodeItem) and item.node.id != self._selected:
            self._selected = item.node.id
            self.node_selected.emit(item.node.id)

    @Slot()
    def _restyle(self) -> None:
        self.drawing.update()

    def _lay_part(self) -> None:
        if self._part is not None:
            size = self._part.sizeHint()
            if self.viewportMargins().top() != size.height():
                self.setViewportMargins(0, size.height(), 0, 0)
            self._part.setGeometry(0, 0, min(size.width(), self.width()), size.height())

    def _columns(self) -> int:
        """So many columns of boxes have room at a scale that can be read."""
        return int((self.width() - 2 * _MARGIN) / (COLUMN * READABLE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if in_lines(self._given, self._columns()).positions != self.graph.positions:
            self._draw()
            self._mark(self._step)
            self.search(self._sought)
        super().resizeEvent(event)
        self._lay_part()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        wanted = after_double_click(self.graph, item.node) if isinstance(item, NodeItem) else None
        if wanted is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.collapse_requested.emit(wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        node = self.graph_node(self._selected)
        if event.key() in _ARROWS:
            self._walk(event.key())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and node is not None:
            wanted = after_double_click(self.graph, node)
            if wanted is not None:
                self.collapse_requested.emit(wanted)
        else:
            super().keyPressEvent(event)


def _holds(node: NodeValues, text: str) -> bool:
    return any(text in each.casefold() for each in (node.title, node.name, node.operation, node.module))


def _stubs(graph: GraphValues) -> list[QPointF]:
    """Where cut inputs end that no box of the graph stands for."""
    drawn = {(edge.target, edge.index) for edge in graph.edges}
    lost = {node.id for node in graph.nodes if any((node.id, cut.index) not in drawn for cut in node.cuts)}
    return [pixels(graph.positions[id_]) + QPointF(BOX.left(), BOX.height() / 4) for id_ in lost]
