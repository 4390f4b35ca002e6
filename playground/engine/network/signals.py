"""What goes from layer to layer, found on the meta device: nothing is computed. Every answer is remembered."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from playground.engine.network.catalogue import layers
from playground.engine.network.flops import flops_of
from playground.engine.network.formulas import formula_of
from playground.engine.network.misfits import misfit
from playground.engine.network.receptive_field import POINTWISE, Reaches, reaches_of
from playground.engine.network.sizes import TORCH_ERRORS, construct, first_line
from playground.engine.network.spec import Layer, NetworkSpec, working
from playground.engine.spec import Args

Shape = tuple[int, ...]

KEEP_WHOLE = ("Flatten", "Unflatten", "Identity")
# They give the shape they take; whether they take it, `misfit` knows.
_SAME_SHAPE = POINTWISE | {"Softmax", "LogSoftmax", "LayerNorm"}


@dataclass(frozen=True, slots=True)
class Signal:
    """What goes from one layer to the next.

    `shape` is that of one sample, `whole` says whether it holds whole numbers, and `unfolded` is the shape that a
    Flatten made into this row, for those who want to know where 6,400 features come from.
    """

    shape: Shape
    whole: bool = False
    unfolded: Shape = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """What a layer makes of a signal. `written`: how many new values a sample it puts into memory."""

    signal: Signal
    flops: int | None
    reaches: Reaches
    formula: str
    written: int


def first_signal(spec: NetworkSpec, shape: Shape) -> Signal:
    """The data as the first layer gets it: whole numbers where that is an embedding."""
    return Signal(shape, whole=embedding_first(spec) is not None)


def embedding_first(spec: NetworkSpec) -> tuple[Layer, str] | None:
    """The embedding that looks up the data's own numbers, and its path; None where there is none."""
    for node, path, _ in working(spec.layers):
        if isinstance(node, Layer) and node.kind not in KEEP_WHOLE:
            return (node, path) if node.kind == "Embedding" else None
    return None


@lru_cache(maxsize=16_384)
def through_layer(kind: str, args: Args, signal: Signal, batch: int) -> Passed | str:
    """What leaves a layer of torch.nn whose arguments fit, or why nothing does."""
    full = layers()[kind].complete(args)
    wrong = misfit(kind, full, signal.shape, signal.whole, signal.unfolded)
    if wrong:
        return wrong
    shape = signal.shape if kind in _SAME_SHAPE else _shape_behind(kind, args, signal, batch)
    if isinstance(shape, str):
        return shape
    behind = Signal(shape, signal.whole and kind in KEEP_WHOLE, _unfolded(kind, signal, shape))
    view = kind in KEEP_WHOLE or full.get("inplace") is True
    return Passed(
        behind,
        flops_of(kind, full, signal.shape, shape),
        reaches_of(kind, full, signal.shape, shape) if signal.shape else (),
        formula_of(kind, full, signal.shape, shape),
        0 if view else math.prod(shape),
    )


@lru_cache(maxsize=1024)
def through_class(made: Callable[..., nn.Module], args: Args, _text: str, signal: Signal, batch: int) -> Passed | str:
    """What leaves a layer of a user's class, which runs for it on the meta device; `_text` tells 5 from 5.0."""
    if signal.whole:
        return "it computes with real numbers, and gets whole ones; put an Embedding before it"
    counter = FlopCounterMode(display=False)
    try:
        with torch.device("meta"), torch.no_grad():
            net, inputs = made(**args), torch.empty(batch, *signal.shape)
            with counter:
                output = net(inputs)
    except Exception as error:  # whatever the user's code raises
        return first_line(error)
    if not isinstance(output, torch.Tensor):
        return f"its forward gives {type(output).__name__}, not a tensor"
    shape = _sample(tuple(output.shape), batch)
    if isinstance(shape, str):
        return shape
    flops = counter.get_total_flops() // batch
    return Passed(Signal(shape), flops or None, (), "", math.prod(shape))


def _shape_behind(kind: str, args: Args, signal: Signal, batch: int) -> Shape | str:
    dtype = torch.int64 if signal.whole else torch.float32
    try:
        with torch.no_grad():
            output = construct(kind, args, "meta")(torch.empty(batch, *signal.shape, dtype=dtype, device="meta"))
    except TORCH_ERRORS as error:
        return first_line(error)
    return _sample(tuple(output.shape), batch)


def _sample(shape: Shape, batch: int) -> Shape | str:
    """The shape without the batch, or what is wrong with it."""
    if shape[:1] != (batch,):
        return "it mixes the samples"
    return shape[1:] if math.prod(shape) else f"it would leave the shape {shape[1:]}, with nothing in it"


def _unfolded(kind: str, signal: Signal, shape: Shape) -> Shape:
    if shape == signal.shape:
        return signal.unfolded
    return signal.shape if kind == "Flatten" and len(shape) == 1 else ()


def with_shape(signal: Signal, shape: Shape) -> Signal:
    """The same kind of numbers in another shape."""
    return replace(signal, shape=shape, unfolded=())
