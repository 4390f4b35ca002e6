"""B17: what an analysis of the network takes, the first time and after an edit, on the thread that does it."""

from collections.abc import Iterator
from itertools import chain
from time import perf_counter

from benchmarks.measure import Row, Target
from playground.engine.network import signals
from playground.engine.network.analysis import analyse
from playground.engine.network.edits import change_args
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Layer, NetworkSpec, walk
from playground.engine.network.templates import template
from playground.engine.threads import use_one_core

LAYERS = 200
RESNET = "resnet18"


def analyses(rounds: int) -> Iterator[Row]:
    """B17, four rows."""
    use_one_core()
    resnet = template(RESNET)
    deep = sequence(*chain.from_iterable(_block(64 + number) for number in range(LAYERS // 2)))
    for what, network, shape, first, again in (
        ("ResNet-18", resnet.network, resnet.input, 150, 50),
        (f"{LAYERS} layers", deep, (64,), 300, 100),
    ):
        _milliseconds(network, shape, rounds)  # torch loads a part of itself
        cold, edited = zip(*(_milliseconds(network, shape, number) for number in range(rounds)), strict=True)
        yield Row("B17", f"first analysis of {what}, ms", Target(first, at_least=False), cold)
        yield Row("B17", f"analysis after an edit of {what}, ms", Target(again, at_least=False), edited)


def _block(width: int) -> tuple[Layer, Layer]:
    """Two layers as no other block has them, so that nothing can be remembered from it."""
    return layer("Linear", in_features=width, out_features=width + 1), layer("ReLU")


def _milliseconds(network: NetworkSpec, shape: tuple[int, ...], number: int) -> tuple[float, float]:
    """The first analysis, with nothing remembered, and the one after an edit that is new."""
    for remembering in (signals.through_layer, signals.through_class):
        remembering.cache_clear()
    first = _timed(network, shape)
    last = [node for node in walk(network.layers) if isinstance(node, Layer) and node.kind == "Linear"][-1]
    return first, _timed(change_args(network, last.id, bias=False, out_features=1000 + number), shape)


def _timed(network: NetworkSpec, shape: tuple[int, ...]) -> float:
    began = perf_counter()
    analyse(network, shape)
    return 1000 * (perf_counter() - began)
