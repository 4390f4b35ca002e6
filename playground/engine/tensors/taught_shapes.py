"""Notes on shapes that do not fit and indices that lie outside."""

import re
from math import prod

import numpy as np
from torch import Tensor, nn

from playground.engine.tensors.indices import spelled
from playground.engine.tensors.operations.misfits import Misfit, Named, broadcast_misfit, matmul_misfit
from playground.engine.tensors.operations.refusal import refusal
from playground.engine.tensors.taught_failure import Failure

_MATRICES = re.compile(r"cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)")
_SIZES = re.compile(r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)")
_TARGET = re.compile(r"target size \(torch\.Size\(\[(.*?)\]\)\).*input size \(torch\.Size\(\[(.*?)\]\)\)", re.DOTALL)
_BOUNDS = re.compile(r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)")
_RANGE = re.compile(r"Dimension out of range .*\[(-?\d+), (-?\d+)\], but got (-?\d+)")
_LABEL = re.compile(r"Target (-?\d+) is out of bounds")


def layer_input(failure: Failure) -> str:
    """A layer whose input has another number of features or channels than it was made for."""
    if failure.module is None or not isinstance(failure.error, RuntimeError):
        return ""
    name, layer, given = failure.module
    if given is None:
        return ""
    if isinstance(layer, nn.Linear) and given.ndim and given.shape[-1] != layer.in_features:
        return _linear(name, layer, given)
    channels = getattr(layer, "in_channels", None)
    if isinstance(channels, int) and given.ndim > 2 and given.shape[1] != channels:
        return (
            f"{name} takes {channels} channels, but its input has shape {spelled(given.shape)}: {given.shape[1]} in "
            f"dimension 1. Images go in as batch x channels x height x width."
        )
    return ""


def misfit(failure: Failure) -> str:
    """Operands whose shapes do not fit together, found from the shapes themselves or from torch's sentence."""
    if not isinstance(failure.error, RuntimeError | ValueError | IndexError) or _is_target(failure):
        return ""
    found = refusal(failure.application) if failure.application and failure.operands else _from_message(failure.message)
    return f"{found.sentence} {found.cure}".strip() if found else ""


def order(failure: Failure) -> str:
    """A view of elements that do not lie in order, where the tensor itself cannot be looked at."""
    if "view size is not compatible" not in failure.message:
        return ""
    return (
        "The elements do not lie in order in memory (as after t(), permute or expand), and view never copies. "
        "reshape(...) copies them; contiguous().view(...) does the same in two steps."
    )


def target(failure: Failure) -> str:
    """A loss whose target has another shape than the prediction, so that both are broadcast."""
    if not (found := _TARGET.search(failure.message)):
        return ""
    target, given = ([int(size) for size in sizes.split(",") if size.strip()] for sizes in found.groups())
    shapes = f"The prediction has shape {spelled(given)} and the target {spelled(target)}"
    cure = f"target.view({', '.join(map(str, given))}) gives the target the prediction's shape."
    if prod(target) != prod(given):
        return f"{shapes}; they must be the same."
    if not isinstance(failure.error, Warning) or broadcast_misfit([Named("", tuple(given)), Named("", tuple(target))]):
        return f"{shapes}; they must be the same. {cure}"
    together = np.broadcast_shapes(tuple(given), tuple(target))
    return f"{shapes}: broadcasting compares each with each ({spelled(together)}), so the loss is wrong. {cure}"


def index(failure: Failure) -> str:
    """An index, label or dimension that does not exist."""
    if not isinstance(failure.error, IndexError | RuntimeError):
        return ""
    message = failure.message
    if found := _BOUNDS.search(message):
        place, dim, size = map(int, found.groups())
        reach = f"its indices go from 0 to {size - 1} (or -{size} to -1)"
        return f"Dimension {dim}{_of(failure)} has size {size}, so {reach}; {place} is outside."
    if found := _RANGE.search(message):
        low, high, dim = map(int, found.groups())
        return f"There is no dimension {dim}{_of(failure)}: it has {high + 1}, numbered 0 to {high} (or {low} to -1)."
    if "too many indices" in message and failure.first:
        return f"{failure.first} has {len(failure.first.shape)} dimensions, and here are more indices than that."
    if "0-dim tensor" in message:
        return "A tensor with no dimensions has nothing to index; item() gives its number."
    return _label(failure)


def _label(failure: Failure) -> str:
    """A label or word number beyond the classes or the table."""
    if found := _LABEL.search(failure.message):
        logits = failure.first
        classes = f" of {logits}: {logits.shape[-1]} classes, numbered 0 to {logits.shape[-1] - 1}" if logits else ""
        return f"The target holds the label {found[1]}, but there is no such class{classes}."
    if "Class values must be smaller" in failure.message:
        return (
            "A label is as large as num_classes or larger; labels count from 0, so num_classes is the largest plus 1."
        )
    if "index out of range in self" not in failure.message:
        return ""
    return _table(failure) or "An index is larger than the dimension it picks from; indices count from 0."


def _table(failure: Failure) -> str:
    if failure.module is None or not isinstance(failure.module[1], nn.Embedding):
        return ""
    name, _, given = failure.module
    largest = f"the input holds {int(given.max())}" if given is not None and given.numel() else "the input holds more"
    rows = failure.module[1].num_embeddings
    return f"{name} has {rows} rows, numbered 0 to {rows - 1}, but {largest}. Make it with num_embeddings above that."


def _linear(name: str, layer: nn.Linear, given: Tensor) -> str:
    note = (
        f"{name} takes {layer.in_features} features in the last dimension, but its input has shape "
        f"{spelled(given.shape)}: {given.shape[-1]}."
    )
    flat = prod(given.shape[1:])
    if given.ndim > 2 and flat == layer.in_features:
        return f"{note} x.flatten(1) (or nn.Flatten() before it) makes {given.shape[0]} x {flat} of it."
    made = f"nn.Linear({given.shape[-1]}, {layer.out_features})"
    return f"{note} Flatten or reshape the input, or make the layer with {made}."


def _from_message(message: str) -> Misfit | None:
    if found := _MATRICES.search(message):
        n, k, rows, m = map(int, found.groups())
        return matmul_misfit(Named("left", (n, k)), Named("right", (rows, m)))
    if found := _SIZES.search(message):
        first, second = map(int, found.groups())
        return broadcast_misfit([Named("a", (first,)), Named("b", (second,))])
    return None


def _is_target(failure: Failure) -> bool:
    return bool(_TARGET.search(failure.message))


def _of(failure: Failure) -> str:
    return f" of {failure.first}" if failure.first else ""
