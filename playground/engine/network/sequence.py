"""Networks written down in Python: layers in order, with ids that can be read (`linear1`, `relu1`, `linear2`)."""

from collections import Counter

from playground.engine.network.spec import Init, Layer, NetworkSpec
from playground.engine.spec import Args

_SHORT = (
    ("ConvTranspose", "deconv"),
    ("Conv", "conv"),
    ("MaxPool", "pool"),
    ("AvgPool", "pool"),
    ("BatchNorm", "norm"),
)


def layer(kind: str, init: Init = "default", /, **args: object) -> Layer:
    """A layer of torch.nn with the arguments that differ from its defaults; `sequence` gives it its id."""
    return Layer(id="", kind=kind, args=Args(args), init=init)


def sequence(*layers: Layer) -> NetworkSpec:
    """The network of these layers, each with the id of its kind and number: the same layers have the same ids."""
    numbers: Counter[str] = Counter()
    named = []
    for one in layers:
        name = next((short for start, short in _SHORT if one.kind.startswith(start)), one.kind.lower())
        numbers[name] += 1
        named.append(Layer(id=f"{name}{numbers[name]}", kind=one.kind, args=one.args, init=one.init))
    return NetworkSpec(layers=tuple(named))
