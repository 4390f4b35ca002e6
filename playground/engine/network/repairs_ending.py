"""Repairs of the network's end: it has to give as many values as there are classes."""

import math
from collections.abc import Iterator

from playground.engine.network import edits
from playground.engine.network.repairs import ADAPT, INSERT, Candidate, changed, inserted, output_argument
from playground.engine.network.sequence import layer
from playground.engine.network.spec import Layer
from playground.engine.network.tree import Place, place_of
from playground.engine.network.trouble import Trouble


def ending_repairs(trouble: Trouble) -> Iterator[Candidate]:
    """Another last layer, or a new one, that gives the wanted number of values."""
    shape, outputs = trouble.shape, trouble.outputs or 1
    if not shape:
        return
    end = _end(trouble)
    if trouble.code == "network-empty" or len(shape) > 1:
        new = [layer("Flatten")] if len(shape) > 1 else []
        last = layer("Linear", in_features=math.prod(shape), out_features=outputs)
        yield inserted(trouble, end, [*new, last], INSERT + 0.2, "end", "at the end")
    if len(shape) == 3 and trouble.code != "network-empty":
        last = layer("Linear", in_features=shape[0], out_features=outputs)
        new = [layer("AdaptiveAvgPool2d", output_size=1), layer("Flatten"), last]
        yield inserted(trouble, end, new, INSERT + 0.3, "pool", "at the end")
    yield from _last_giver(trouble, outputs)
    if len(shape) == 1 and trouble.code != "network-empty":
        last = layer("Linear", in_features=shape[0], out_features=outputs)
        yield inserted(trouble, end, [last], INSERT + 0.2, "end", "at the end")


def _last_giver(trouble: Trouble, outputs: int) -> Iterator[Candidate]:
    giver = next((one for one in trouble.layers_before() if output_argument(one)), None)
    if giver is None or not trouble.shape:
        return
    if len(trouble.shape) == 1:
        yield changed(trouble, giver, {output_argument(giver): outputs}, ADAPT, "outputs")
    elif giver.kind == "Linear":  # it worked on the last size of a picture
        named = trouble.named(giver)
        spec = edits.insert(trouble.spec, place_of(trouble.spec, giver.id), [layer("Flatten")])
        spec = edits.change_args(spec, giver.id, out_features=outputs)
        told = f"Insert Flatten before {named} and set its out_features to {outputs:,}"
        yield Candidate(told, spec, INSERT, "flatten")


def _end(trouble: Trouble) -> Place:
    """Behind the last layer, but before what makes probabilities of its outputs."""
    row = trouble.spec.layers
    index = len(row)
    while index and isinstance(last := row[index - 1], Layer) and last.kind in ("Softmax", "LogSoftmax", "Sigmoid"):
        index -= 1
    return Place("", "layers", index)
