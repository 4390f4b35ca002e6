"""Edits of the network: what the panels ask for becomes one undoable change of the document each."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from playground.controllers.network import NetworkController
from playground.controllers.own_layers import OwnLayers
from playground.controllers.weight_draws import WeightDraws
from playground.engine import document as documents
from playground.engine import presets
from playground.engine.network import edits, paste, templates
from playground.engine.network.edits import Block, Place
from playground.engine.network.python_text import to_python
from playground.engine.network.spec import Custom, NetworkSpec, Node, walk
from playground.engine.network.starts import new_node
from playground.engine.network.tree import row_at
from playground.engine.problems import Problem
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.network.layer_form import LayerFormPanel
from playground.widgets.network.panel import NetworkPanel


class NetworkEditing(QObject):
    """Joins the panels' wishes and the session.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    told(str) : something worth a line.
    trusted() : more code may run than before.
    """

    problem_found = Signal(object)
    told = Signal(str)
    trusted = Signal()

    def __init__(
        self,
        session: Session,
        run: LiveRun,
        network: NetworkController,
        panel: NetworkPanel,
        form: LayerFormPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._network = network
        self._panel = panel
        self._form = form
        self._connect_panel()
        self._connect_form()
        own, draws = OwnLayers(session, panel, form, self), WeightDraws(session, run, form, self)
        own.trusted.connect(network.refresh)
        own.trusted.connect(self.trusted)
        own.problem_found.connect(self.problem_found)
        for teller in (own, draws):
            teller.told.connect(self.told)

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.preset_chosen.connect(self.choose_preset)
        panel.template_chosen.connect(self.choose_template)
        panel.edit_requested.connect(self._form.begin)
        panel.insert_requested.connect(self._insert)
        panel.paste_requested.connect(self._paste)
        panel.move_requested.connect(self._move)
        panel.remove_requested.connect(self._remove)
        panel.duplicate_requested.connect(self._duplicate)
        panel.copy_requested.connect(self._copy)
        panel.enabled_toggled.connect(self._set_enabled)
        panel.frozen_toggled.connect(self._set_frozen)
        panel.wrap_requested.connect(self._wrap)
        panel.unwrap_requested.connect(self._unwrap)
        panel.branch_requested.connect(self._add_branch)
        panel.branch_removed.connect(self._remove_branch)
        panel.repair_chosen.connect(self._repair)
        panel.fix_chosen.connect(self._fix)

    def _connect_form(self) -> None:
        form = self._form
        form.args_edited.connect(self._set_args)
        form.enabled_toggled.connect(self._set_enabled)
        form.frozen_toggled.connect(self._set_frozen)
        form.init_edited.connect(self._set_init)
        form.init_for_all_requested.connect(self._set_init_for_all)
        form.times_edited.connect(self._set_times)
        form.branch_requested.connect(self._add_branch)
        form.branch_removed.connect(self._remove_branch)

    @Slot(str)
    def choose_preset(self, name: str) -> None:
        """Show a preset's document, undoably."""
        document = documents.replace(presets.preset(name), "descent", self._session.document.descent)
        self._session.replace_document(document, self.tr("preset {name}").format(name=name))

    @Slot(str)
    def choose_template(self, name: str) -> None:
        """Take a template's network, and leave data and training."""
        template = templates.template(name)
        self._push(template.network, self.tr("network {title}").format(title=template.title))

    @Slot(str, str, str, int)
    def _insert(self, kind: str, parent: str, slot: str, index: int) -> None:
        place = Place(parent, slot, index)
        own = kind in {source.name for source in self._spec.sources}
        node: Node = Custom(id="", name=kind) if own else new_node(kind, self._shape_before(place))
        self._insert_nodes(place, [node], self.tr("add {kind}").format(kind=kind))

    @Slot(str, str, str, int)
    def _paste(self, text: str, parent: str, slot: str, index: int) -> None:
        try:
            pasted = paste.parse(text, [source.name for source in self._spec.sources])
        except Problem as problem:
            self.problem_found.emit(problem)
            return
        self._insert_nodes(Place(parent, slot, index), pasted.nodes, self.tr("paste"))
        for note in pasted.notes:
            self.told.emit(note)

    @Slot(object, str, str, int)
    def _move(self, ids: Collection[str], parent: str, slot: str, index: int) -> None:
        self._edit(self.tr("move"), lambda spec: edits.move(spec, ids, Place(parent, slot, index)))

    @Slot(object)
    def _remove(self, ids: Collection[str]) -> None:
        self._edit(self.tr("remove"), lambda spec: edits.remove(spec, ids))

    @Slot(object)
    def _duplicate(self, ids: Collection[str]) -> None:
        self._edit(self.tr("duplicate"), lambda spec: edits.duplicate(spec, ids))

    @Slot(object)
    def _copy(self, ids: Collection[str]) -> None:
        nodes = [node for node in walk(self._spec.layers) if node.id in set(ids)]
        QGuiApplication.clipboard().setText(to_python(nodes))

    @Slot(object, bool)
    def _set_enabled(self, ids: Collection[str], on: bool) -> None:
        self._set_fields(ids, "enabled", on, self.tr("switch on") if on else self.tr("switch off"))

    @Slot(object, bool)
    def _set_frozen(self, ids: Collection[str], on: bool) -> None:
        self._set_fields(ids, "frozen", on, self.tr("freeze") if on else self.tr("let learn"))

    @Slot(object, str)
    def _set_init(self, ids: Collection[str], init: str) -> None:
        self._set_fields(ids, "init", init, self.tr("initial weights"))

    @Slot(str)
    def _set_init_for_all(self, init: str) -> None:
        facts = (self._network.facts_of(node.id) for node in walk(self._spec.layers))
        self._set_fields(
            [each.id for each in facts if each is not None and each.weights and not each.children],
            "init",
            init,
            self.tr("initial weights of all layers"),
        )

    @Slot(str, int)
    def _set_times(self, node_id: str, times: int) -> None:
        ids = self._network.together(node_id)
        self._set_fields(ids, "times", times, self.tr("repetitions"), f"times {' '.join(ids)}")

    @Slot(str, object)
    def _set_args(self, node_id: str, args: Mapping[str, object]) -> None:
        first, *others = self._network.together(node_id)
        key = " ".join(("args", first, *others))
        self._edit(self.tr("arguments"), lambda spec: edits.set_args_together(spec, first, args, others), key)

    @Slot(object, str)
    def _wrap(self, ids: Collection[str], block: Block) -> None:
        with self._selecting_what_is_new():
            self._edit(self.tr("put into a block"), lambda spec: edits.wrap(spec, ids, block))

    @Slot(str)
    def _unwrap(self, node_id: str) -> None:
        self._edit(self.tr("take the block away"), lambda spec: edits.unwrap(spec, node_id))

    @Slot(str, int)
    def _add_branch(self, block: str, number: int) -> None:
        self._edit(self.tr("add a branch"), lambda spec: edits.add_branch(spec, block, number))

    @Slot(str, int)
    def _remove_branch(self, block: str, number: int) -> None:
        self._edit(self.tr("remove a branch"), lambda spec: edits.remove_branch(spec, block, number))

    @Slot(int)
    def _repair(self, index: int) -> None:
        advice = self._network.advice
        if advice is not None and index < len(advice.repairs):
            self._push(advice.repairs[index].spec, self.tr("repair"))

    @Slot(int)
    def _fix(self, index: int) -> None:
        advice = self._network.advice
        repair = advice.warnings[index].repair if advice is not None and index < len(advice.warnings) else None
        if repair is not None:
            self._push(repair, self.tr("repair"))

    @property
    def _spec(self) -> NetworkSpec:
        return self._session.document.network

    def _shape_before(self, place: Place) -> tuple[int, ...] | None:
        """The shape that reaches a place, as far as the last analysis knows it."""
        row = row_at(self._spec, place.parent, place.slot)
        if place.index > 0 and row:
            facts = self._network.facts_of(row[min(place.index, len(row)) - 1].id)
            return facts.output if facts else None
        if place.parent:
            return self._shape_before(edits.place_of(self._spec, place.parent))
        return self._network.analysis.input if self._network.analysis else None

    def _insert_nodes(self, place: Place, nodes: Collection[Node], text: str) -> None:
        with self._selecting_what_is_new():
            self._edit(text, lambda spec: edits.insert(spec, place, nodes))

    @contextmanager
    def _selecting_what_is_new(self) -> Iterator[None]:
        before = {node.id for node in walk(self._spec.layers)}
        yield
        new = next((node.id for node in walk(self._spec.layers) if node.id not in before), None)
        if new is not None:
            self._panel.select_layer(new)
            self._panel.unfold(new)

    def _set_fields(self, ids: Collection[str], name: str, value: object, text: str, merge_key: str = "") -> None:
        def change(spec: NetworkSpec) -> NetworkSpec:
            for node_id in ids:
                spec = edits.set_field(spec, node_id, name, value)
            return spec

        self._edit(text, change, merge_key)

    def _edit(self, text: str, change: Callable[[NetworkSpec], NetworkSpec], merge_key: str = "") -> None:
        try:
            self._push(change(self._spec), text, merge_key)
        except Problem as problem:
            self.problem_found.emit(problem)
        except KeyError:
            return  # the layer went away between the click and now

    def _push(self, network: NetworkSpec, text: str, merge_key: str = "") -> None:
        self._session.push("network", network, text, merge_key)
