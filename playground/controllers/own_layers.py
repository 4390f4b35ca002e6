"""Layers written in Python: one's own are trusted as they are written, those of others when their reader says so."""

from PySide6.QtCore import QObject, Signal, Slot

from playground.engine.network import custom, edits
from playground.engine.network.edits import Place
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.problems import Problem
from playground.session import Session
from playground.widgets.network.layer_form import LayerFormPanel
from playground.widgets.network.panel import NetworkPanel

OWN_LAYER = """import torch
from torch import nn


class {name}(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return x
"""


class OwnLayers(QObject):
    """Joins the small editor of the form and the sources of the document.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    told(str) : something worth a line.
    trusted() : more code may run than before.
    """

    problem_found = Signal(object)
    told = Signal(str)
    trusted = Signal()

    def __init__(self, session: Session, panel: NetworkPanel, form: LayerFormPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._panel = panel
        self._form = form
        panel.own_requested.connect(self._add)
        form.source_edited.connect(self._change)
        form.trust_requested.connect(self._trust)

    @Slot()
    def _add(self) -> None:
        """A layer of one's own, which one wrote oneself and so trusts."""
        spec = self._spec
        taken = {source.name for source in spec.sources}
        name = next(f"MyLayer{number}" for number in range(1, 10_000) if f"MyLayer{number}" not in taken)
        source = Source(name=name, text=OWN_LAYER.format(name=name))
        if self._is_trusted_now(source):
            added = edits.insert(spec, Place("", "layers", len(spec.layers)), [Custom(id="", name=name)])
            self._session.push("network", _with_source(added, source), self.tr("own layer"))
            self._panel.select_layer(added.layers[-1].id)
            self._form.begin()

    @Slot(str, str)
    def _change(self, name: str, text: str) -> None:
        source = Source(name=name, text=text)
        try:
            custom.check_source(source)
        except Problem as problem:
            self.problem_found.emit(problem)
            return
        if self._is_trusted_now(source):
            what = self.tr("text of {name}").format(name=name)
            self._session.push("network", _with_source(self._spec, source), what)

    @Slot(str)
    def _trust(self, name: str) -> None:
        source = next((each for each in self._spec.sources if each.name == name), None)
        if source is not None and self._is_trusted_now(source):
            self.trusted.emit()
            self.told.emit(self.tr("{name} may run on this machine now.").format(name=name))

    @property
    def _spec(self) -> NetworkSpec:
        return self._session.document.network

    def _is_trusted_now(self, source: Source) -> bool:
        try:
            custom.trust(source)
        except Problem as problem:
            self.problem_found.emit(problem)
            return False
        return True


def _with_source(spec: NetworkSpec, source: Source) -> NetworkSpec:
    others = tuple(each for each in spec.sources if each.name != source.name)
    return NetworkSpec(layers=spec.layers, sources=(*others, source))
