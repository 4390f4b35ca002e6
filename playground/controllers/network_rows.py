"""From a network and its analysis to what the network panels show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from playground.engine.network import catalogue
from playground.engine.network.custom_signature import signature
from playground.engine.network.events import Analysis, LayerFacts
from playground.engine.network.labels import kind_of, label_of
from playground.engine.network.spec import Branches, Custom, Layer, Node, Residual, Source, children
from playground.engine.spec import Args
from playground.widgets.common.arguments import Argument
from playground.widgets.network.details import Facts, LayerDetails, SourceText
from playground.widgets.network.rows import NodeRow, PaletteEntry, part

BLOCKS = ("Residual", "Branches", "Repeat")
FLOAT_BYTES = 4


def shape_text(shape: Sequence[int] | None) -> str:
    """A shape as people write it; empty where there is none."""
    return "" if shape is None else " \u00d7 ".join(f"{size:,}" for size in shape) or "1"


def node_rows(nodes: Sequence[Node], analysis: Analysis | None, fresh: Collection[str] = ()) -> list[NodeRow]:
    """The tree of rows; shapes and counts where the analysis knows them, and a mark where weights began anew."""
    facts = {facts.id: facts for facts in _walk(analysis.layers)} if analysis else {}
    known = _Known(facts, analysis.parameters, analysis.flops, fresh) if analysis else _Known(facts, 0, 0, fresh)
    return [_row(node, known) for node in nodes]


def details(
    node: Node, facts: LayerFacts | None, batch_size: int, source: SourceText | None, together: Sequence[str] = ()
) -> LayerDetails:
    """What the form of the selected node shows; `together` are the selected nodes of its kind, itself among them."""
    entry = catalogue.layers().get(node.kind) if isinstance(node, Layer) else None
    if isinstance(node, Custom) and source is not None:
        entry = signature(Source(name=source.name, text=source.text))
    args = node.args if isinstance(node, Layer | Custom) else Args()
    has_weights = facts is not None and facts.weights > 0
    return LayerDetails(
        id=node.id,
        kind=kind_of(node),
        path=facts.path if facts else "",
        summary=entry.doc if entry else "",
        arguments=tuple(form_argument(argument) for argument in entry.arguments) if entry else (),
        values=dict(args),
        init=node.init if isinstance(node, Layer) and has_weights else "",
        enabled=node.enabled,
        frozen=getattr(node, "frozen", False),
        may_freeze=isinstance(node, Layer | Custom),
        times=getattr(node, "times", None),
        branches=len(node.branches) if isinstance(node, Branches) else None,
        formula=facts.formula if facts else "",
        facts=_facts(facts, batch_size) if facts else None,
        problem=facts.problem or "" if facts else "",
        source=source,
        together=tuple(together) if len(together) > 1 else (),
    )


def form_argument(argument: catalogue.Argument) -> Argument:
    """An argument of the catalogue as a form takes it."""
    return Argument(
        name=argument.name,
        types=argument.types,
        default=None if argument.required else argument.default,
        required=argument.required,
        choices=argument.choices,
        minimum=argument.minimum,
        maximum=argument.maximum,
        doc=argument.doc,
    )


def palette_entries(own: Sequence[str]) -> list[PaletteEntry]:
    """Every layer of the catalogue in its groups, the blocks, and the document's own layers."""
    layers = [PaletteEntry(entry.kind, entry.group, entry.doc) for entry in catalogue.layers().values()]
    summaries = {
        "Residual": QCoreApplication.translate("palette", "Adds its input to what its layers make of it."),
        "Branches": QCoreApplication.translate("palette", "Several ways side by side, their channels joined."),
        "Repeat": QCoreApplication.translate("palette", "The same layers several times in a row."),
    }
    blocks = [PaletteEntry(kind, "blocks", summaries[kind]) for kind in BLOCKS]
    return [*layers, *blocks, *(PaletteEntry(name, "own") for name in own)]


@dataclass(frozen=True, slots=True)
class _Known:
    """What an analysis found about all nodes and in all, and whose weights began anew."""

    facts: Mapping[str, LayerFacts]
    parameters: int
    flops: int
    fresh: Collection[str]


def _row(node: Node, known: _Known) -> NodeRow:
    facts = known.facts.get(node.id)
    return NodeRow(
        id=node.id,
        label=label_of(node),
        kind=kind_of(node),
        output=shape_text(facts.output) if facts else "",
        parameters=(facts.parameters or None) if facts else None,
        share=facts.parameters / known.parameters if facts and known.parameters else 0.0,
        problem=facts.problem or "" if facts else "",
        children=_children(node, known),
        flops=facts.flops if facts else None,
        flops_share=(facts.flops or 0) / known.flops if facts and known.flops else 0.0,
        enabled=node.enabled,
        frozen=getattr(node, "frozen", False),
        slot="body" if type(node).__name__ == "Repeat" else "",
        shape=facts.output or () if facts else (),
        fresh=node.id in known.fresh,
    )


def _children(node: Node, known: _Known) -> tuple[NodeRow, ...]:
    rows = [[_row(inner, known) for inner in nodes] for nodes in children(node)]
    if isinstance(node, Residual):
        body, shortcut = rows
        named = (("body", _tr("body"), body), ("shortcut", _tr("shortcut"), shortcut))
        return tuple(part(node.id, slot, label, inner) for slot, label, inner in named)
    if isinstance(node, Branches):
        titles = [_tr("branch {number}").format(number=number + 1) for number in range(len(rows))]
        return tuple(part(node.id, f"branches[{n}]", titles[n], inner) for n, inner in enumerate(rows))
    return tuple(rows[0]) if rows else ()


def _facts(facts: LayerFacts, batch_size: int) -> Facts:
    values = facts.activations or 0
    return Facts(
        output=shape_text(facts.output),
        values=values,
        weights=facts.weights,
        biases=facts.biases,
        flops=facts.flops,
        receptive_field=facts.receptive_field,
        memory=FLOAT_BYTES * values * batch_size,
        batch_size=batch_size,
        names=facts.names,
    )


def _walk(layers: Sequence[LayerFacts]) -> list[LayerFacts]:
    return [found for layer in layers for found in (layer, *_walk(layer.children))]


def _tr(text: str) -> str:
    return QCoreApplication.translate("network_rows", text)
