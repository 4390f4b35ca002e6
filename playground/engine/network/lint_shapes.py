"""What runs but is probably not meant, told by the shapes: sizes that stay apart or mix, batches too small to norm."""

import math
from collections.abc import Iterator

from playground.engine.data.facts import Facts, describe
from playground.engine.document import Document
from playground.engine.network import edits
from playground.engine.network.analysis import analyse
from playground.engine.network.events import Analysis
from playground.engine.network.sequence import layer
from playground.engine.network.spec import Layer, NetworkSpec, working
from playground.engine.network.tree import place_text
from playground.engine.network.trouble import Shape, arriving
from playground.engine.problems import Problem

Finding = tuple[str, str, NetworkSpec | None]  # the node's id, the sentence, the network without it


def about_shapes(document: Document) -> Iterator[Finding]:
    """Findings in a network that fits its data; nothing where it does not."""
    try:
        facts = describe(document.data)
    except Problem:
        return
    network = document.network
    analysis = analyse(network, facts.shape)
    if analysis.problem is not None:
        return
    for node, _, _ in working(network.layers):
        shape = arriving(analysis, node.id)
        if isinstance(node, Layer) and shape is not None:
            yield from _about_layer(network, analysis, node, shape)
            yield from _about_batches(document, facts, node, shape)


def _about_layer(network: NetworkSpec, analysis: Analysis, node: Layer, shape: Shape) -> Iterator[Finding]:
    if node.kind == "Linear" and len(shape) > 1:
        seen = f"sees only the last {shape[-1]:,} of {_by(shape)} values at a time"
        sentence = f"{place_text(network, node)} {seen}; put a Flatten before it."
        yield node.id, sentence, _flattened_before(network, analysis, node, shape)
    if node.kind == "Flatten" and len(shape) > 2:
        first, last = (node.args.get(name, other) for name, other in (("start_dim", 1), ("end_dim", -1)))
        if first in (1, -len(shape)) and last not in (-1, len(shape)):
            mixed = f"mixes the channels of {_by(shape)} with its rows"
            sentence = f"{place_text(network, node)} {mixed}; flatten everything, or nothing."
            yield node.id, sentence, _if_it_fits(edits.set_args(network, node.id, {}), analysis)


def _about_batches(document: Document, facts: Facts, node: Layer, shape: Shape) -> Iterator[Finding]:
    """Batch norm needs two values of each channel to train; torch refuses one."""
    left = facts.train % document.training.batch_size
    smallest = left or min(document.training.batch_size, facts.train)
    if node.kind.startswith("BatchNorm") and smallest * math.prod(shape[1:]) == 1:
        what = "The last batch" if document.training.batch_size > 1 else "Each batch"
        where = place_text(document.network, node)
        sentence = f"{what} has one sample, and {where} cannot find a deviation in it; choose another batch size."
        yield node.id, sentence, None


def _flattened_before(network: NetworkSpec, analysis: Analysis, node: Layer, shape: Shape) -> NetworkSpec | None:
    spec = edits.insert(network, edits.place_of(network, node.id), [layer("Flatten")])
    return _if_it_fits(edits.change_args(spec, node.id, in_features=math.prod(shape)), analysis)


def _if_it_fits(network: NetworkSpec, before: Analysis) -> NetworkSpec | None:
    after = analyse(network, before.input)
    return network if after.problem is None else None


def _by(shape: Shape) -> str:
    return " x ".join(f"{size:,}" for size in shape)
