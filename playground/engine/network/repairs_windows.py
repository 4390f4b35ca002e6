"""Repairs of convolutions and pooling: other padding, stride or kernel, of the layer itself or of one before it."""

from collections.abc import Iterator
from typing import Any

from playground.engine.network import edits
from playground.engine.network.catalogue import layers
from playground.engine.network.repairs import EARLIER, REPLACE, WINDOW, Candidate, changed, off, rank_of
from playground.engine.network.spec import Layer, NetworkSpec, Node, walk
from playground.engine.network.trouble import Trouble

REACH = 6  # how many layers with windows before the trouble are looked at


def is_window(node: Node) -> bool:
    """Whether a kernel slides over the layer's input."""
    return isinstance(node, Layer) and node.kind in layers() and layers()[node.kind].argument("kernel_size") is not None


def own_window(trouble: Trouble) -> Iterator[Candidate]:
    """Another kernel, padding or stride for the layer in trouble."""
    node, shape = trouble.node, trouble.shape
    if not isinstance(node, Layer) or not is_window(node) or shape is None:
        return
    rank = rank_of(node.kind)
    kernel = widest(node.args.get("kernel_size"))
    if len(shape) <= rank - 1 or kernel is None:
        return
    size = min(shape[-rank:])
    if not node.kind.startswith("ConvTranspose"):
        cost = WINDOW if kernel <= 7 else EARLIER + 1
        yield changed(trouble, node, {"padding": kernel // 2, "stride": 1}, cost, "window")
        yield changed(trouble, node, {"padding": kernel // 2}, cost, "window")
    else:
        yield changed(trouble, node, {"padding": 0, "output_padding": 0}, WINDOW, "window")
    for smaller in dict.fromkeys((3, 2, size, 1)):
        if smaller < kernel and smaller <= size:
            cost = WINDOW if smaller in (2, 3) else EARLIER
            yield changed(trouble, node, {"kernel_size": smaller, "padding": 0, "dilation": 1}, cost, "kernel")
    if node.args.get("dilation") not in (None, 1):
        yield changed(trouble, node, {"dilation": 1}, WINDOW, "window")
    yield changed(trouble, node, {"padding": 0}, WINDOW, "window")


def earlier_windows(trouble: Trouble) -> Iterator[Candidate]:
    """Another kernel, padding or stride for a layer before the trouble; what expects sizes stays as it is."""
    windows = [one for one in trouble.layers_before() if is_window(one)][:REACH]
    for node in reversed(windows):  # the first convolution is the one whose padding courses forget
        for changes, cost in _variants(node):
            yield changed(trouble, node, changes, cost, "window", follow=False)
    for node in windows:
        if "Pool" in node.kind:
            yield off(trouble, node, EARLIER + 0.5)


def keeping_sizes(spec: NetworkSpec, nodes: tuple[Node, ...]) -> NetworkSpec:
    """The network with every window among the nodes moving by 1 and padded so that pictures keep their size."""
    for node in walk(nodes):
        kernel = widest(node.args.get("kernel_size")) if isinstance(node, Layer) and is_window(node) else None
        if kernel and isinstance(node, Layer) and not node.kind.startswith("ConvTranspose"):
            spec = edits.change_args(spec, node.id, **_kept(node, kernel))
    return spec


def _kept(node: Layer, kernel: int) -> dict[str, Any]:
    if "Pool" in node.kind:  # an even pool cannot keep the size
        return {"kernel_size": kernel | 1, "stride": 1, "padding": (kernel | 1) // 2}
    dilation = widest(node.args.get("dilation")) or 1
    if kernel % 2 == 0 and dilation % 2:
        return {"kernel_size": kernel - 1, "stride": 1, "padding": dilation * (kernel - 2) // 2}
    return {"stride": 1, "padding": dilation * (kernel - 1) // 2}


def widest(value: object) -> int | None:
    """The largest of an argument's numbers."""
    numbers = value if isinstance(value, tuple) else (value,)
    found = [one for one in numbers if isinstance(one, int) and not isinstance(one, bool)]
    return max(found) if found and max(found) > 0 else None


def _variants(node: Layer) -> Iterator[tuple[dict[str, Any], float]]:
    kernel = widest(node.args.get("kernel_size"))
    if kernel is None:
        return
    convolves = "Conv" in node.kind
    given = {name: node.args.get(name, default) for name, default in (("padding", 0), ("stride", None))}
    for padding in dict.fromkeys((kernel // 2, 0, 1, 2)) if convolves else (0, kernel // 2):
        if given["padding"] != padding and (convolves or padding <= kernel // 2):
            yield {"padding": padding}, WINDOW
    for stride in (1, 2):
        if (given["stride"] or (1 if convolves else kernel)) != stride:
            yield {"stride": stride}, WINDOW + 0.2
    for other in (kernel - 2, kernel + 2, kernel - 1, kernel + 1):
        if other >= 1:
            yield {"kernel_size": other}, REPLACE + 0.5
