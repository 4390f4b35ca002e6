"""Why a net cannot leave in a format, or not with that inside; found without converting anything."""

from collections.abc import Mapping

from torch import nn

from playground.engine.data.facts import Facts, describe
from playground.engine.document import Document
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.network.analysis import analyse, check_network
from playground.engine.network.outputs import meaning
from playground.engine.network.spec import Layer, NetworkSpec, working
from playground.engine.network.tree import place_text
from playground.engine.problems import Problem

ONNX_MOST_BYTES = 2**31 - 2**24  # of a protobuf message, less room for the graph

# What keeps a net from training on its data keeps no weights from leaving.
_TRAINING_ALONE = ("network-output", "network-frozen")
_WITH_GRAPH: Mapping[bool, str] = {
    True: "",
    False: "weights alone compute nothing; choose ONNX, torch.export or the script with weights",
}


def refusal(document: Document, net: nn.Module, spec: ExportSpec) -> Problem | None:
    """The problem that keeps the document's net from being exported so; None where nothing known does.

    What only the conversion itself can find (a layer of one's own that cannot be traced) comes from `write`.

    Parameters
    ----------
    document : Document
        Says which samples the net takes.
    net : nn.Module
        Built of `document.network`, on any device.
    spec : ExportSpec
        What is asked for.
    """
    try:
        facts = describe(document.data)
        check_network(document.network, facts)
    except Problem as problem:
        if problem.code not in _TRAINING_ALONE:
            return problem
    normalise = _no_normalising(facts, spec) if spec.normalise else ""
    if normalise:
        return Problem("export-inside", what="The normalisation", detail=normalise)
    softmax = _no_softmax(document, facts, net, spec) if spec.softmax else ""
    if softmax:
        return Problem("export-inside", what="Softmax", detail=softmax)
    gap = _onnx_gap(document.network, net) if spec.format == "onnx" else ""
    return Problem("export-failed", format=FORMATS[spec.format].title, detail=gap) if gap else None


def _no_normalising(facts: Facts, spec: ExportSpec) -> str:
    return _WITH_GRAPH[FORMATS[spec.format].has_graph] or (
        "" if facts.mean else f"{facts.title} holds no pictures, and its numbers are taken as they are"
    )


def _no_softmax(document: Document, facts: Facts, net: nn.Module, spec: ExportSpec) -> str:
    if facts.task != "classification":
        return "the net predicts values, not classes"
    if meaning(net) == "probabilities":
        return "the net ends in Softmax already"
    if analyse(document.network, facts.shape).output != (facts.outputs,):
        return f"the net does not end in one number for each of the {facts.outputs} classes"
    return _WITH_GRAPH[FORMATS[spec.format].has_graph]


def _onnx_gap(network: NetworkSpec, net: nn.Module) -> str:
    """What torch's exporter to ONNX leaves out without a word, and what its one file cannot take."""
    size = sum(tensor.numel() * tensor.element_size() for tensor in net.state_dict().values())
    if size > ONNX_MOST_BYTES:
        return f"its weights take {size:,} bytes, and one file holds {ONNX_MOST_BYTES:,}"
    for node, _, _ in working(network.layers):
        if isinstance(node, Layer) and node.kind == "AvgPool2d" and node.args.get("divisor_override") is not None:
            return f"{place_text(network, node)} divides by a number of its own (divisor_override), which gets lost"
    return ""
