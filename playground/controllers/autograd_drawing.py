"""The drawing of the autograd graph: placed off the window's thread, folded by module, saved as a picture."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from playground.controllers.autograd_shown import ShownGraph
from playground.controllers.mirror import mirror
from playground.controllers.saver import Saver, png
from playground.engine.tensors.graph_events import Saved
from playground.engine.tensors.graph_session import GraphPicture, GraphSession, PlaceGraph
from playground.engine.tensors.layout_process import LayoutProcess
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.autograd.values import EdgeValues, GraphValues, NodeValues, SavedValues

NOTHING = "None"  # a question that looks at no live object: training does not wait for it


class GraphDrawing(QObject):
    """Has the panel draw the graph shown, and what its nodes saved."""

    def __init__(self, shown: ShownGraph, saver: Saver, panel: AutogradPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._saver = saver
        self._panel = panel
        self._layouts = LayoutProcess()
        self._collapse: frozenset[str] | None = None
        panel.collapse_requested.connect(self._fold)
        panel.saved_requested.connect(self._ask_saved)
        panel.save_requested.connect(self.save)

    def close(self) -> None:
        """End the process that places large graphs."""
        self._layouts.close()

    def begin(self, *, keep_folds: bool) -> None:
        """Draw the graph shown; modules are folded so that it can be read, or as they were."""
        if not keep_folds:
            self._collapse = None
        self._draw()

    @Slot(str)
    def save(self, kind: str) -> None:
        """Ask for a file and write the drawing there; `kind` is "svg" or "png"."""
        view, name = self._panel.view, f"{self._shown.name or 'graph'}.{kind}"
        if kind == "svg":
            self._saver.save(self._panel, self.tr("Save the graph"), name, "SVG (*.svg)", view.svg)
        else:
            self._saver.save(self._panel, self.tr("Save the graph"), name, "PNG (*.png)", lambda: png(view.image()))

    def _draw(self) -> None:
        work = partial(_picture, collapse=self._collapse, place=self._layouts.layout)
        self._shown.ask("graph", work, self._show_graph, naming=NOTHING)

    def _show_graph(self, picture: GraphPicture) -> None:
        graph, layout = picture.graph, picture.layout
        self._panel.set_graph(
            GraphValues(
                picture.name,
                tuple(mirror(NodeValues, node) for node in graph.nodes),
                tuple(mirror(EdgeValues, edge) for edge in graph.edges),
                layout.positions,
                layout.routes,
                picture.modules,
                graph.left_out,
                picture.wants_gradient,
            )
        )

    @Slot(object)
    def _fold(self, modules: frozenset[str]) -> None:
        self._collapse = modules
        self._draw()

    @Slot(int)
    def _ask_saved(self, node: int) -> None:
        self._shown.ask("saved", partial(_saved, node=node), self._show_saved)

    def _show_saved(self, found: tuple[int, tuple[Saved, ...]]) -> None:
        node, saved = found
        self._panel.set_saved(node, tuple(mirror(SavedValues, each) for each in saved))


def _picture(session: GraphSession, collapse: frozenset[str] | None, place: PlaceGraph) -> GraphPicture:
    return session.picture(session.readable() if collapse is None else collapse, place)


def _saved(session: GraphSession, node: int) -> tuple[int, tuple[Saved, ...]]:
    return node, session.saved(node)
