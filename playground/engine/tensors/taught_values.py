"""Notes on types, devices and single values."""

import re

import torch
from torch import Tensor, nn

from playground.engine.tensors.graph_text import dtype_name
from playground.engine.tensors.indices import spelled
from playground.engine.tensors.taught_failure import Failure

_DTYPE = re.compile(r"dtype|scalar type|index tensor|used as indices|can't be cast|Input type .* weight type")
_DEVICE = re.compile(r"same device|expected device|on device|Input type .*cuda")
_NO_CUDA = re.compile(
    r"NVIDIA driver|not compiled with CUDA|No CUDA GPUs|CUDA .*not available|CUDA driver", re.IGNORECASE
)
_ALLOCATION = re.compile(r"tried to allocate (\d+) bytes")
_ONE = re.compile(r"cannot be converted to Scalar|only one element tensors|only be converted .* scalar")
_ONE_DEVICE = "; all tensors of an operation must be on one device."
_LABELS = re.compile(r"indices|index tensor|target dtype")


def cuda(failure: Failure) -> str:
    """A GPU asked for where there is none."""
    if not _NO_CUDA.search(failure.message) or torch.cuda.is_available():
        return ""
    return (
        "This machine has no GPU that torch can use: torch.cuda.is_available() is False. "
        'device = "cuda" if torch.cuda.is_available() else "cpu" and x.to(device) run on both.'
    )


def memory(failure: Failure) -> str:
    """More memory asked for than there is."""
    if isinstance(failure.error, RecursionError):
        return "A function that calls itself needs a case in which it does not; this one never reached it."
    asked = _ALLOCATION.search(failure.message)
    if not asked and not isinstance(failure.error, MemoryError):
        return ""
    size = f"{int(asked[1]) / 2**30:,.1f} GiB, " if asked else ""
    return f"That would take {size}more memory than there is. Look at the shape again, or work on parts of it."


def device(failure: Failure) -> str:
    """Tensors of two devices in one operation."""
    if not _DEVICE.search(failure.message):
        return ""
    places = {name: str(tensor.device) for name, tensor in _involved(failure)}
    if len(set(places.values())) < 2:
        return "All tensors of an operation must be on one device; x.to(device) moves one there, net.to(device) a net."
    told = " and ".join(f"{name} is on {place}" for name, place in places.items()) + _ONE_DEVICE
    if failure.module:
        return f"{told} Move the input there, or the network here, with .to(...)."
    goal = next(iter(places.values()))
    other = next(name for name, place in places.items() if place != goal)
    return f"{told} {other}.to({goal!r}) moves it."


def dtype(failure: Failure) -> str:
    """Tensors of two types, or of a type that the operation does not take."""
    if not isinstance(failure.error, RuntimeError | IndexError | TypeError) or not _DTYPE.search(failure.message):
        return ""
    if _LABELS.search(failure.message):
        return "Indices and class labels must be whole numbers of type int64; .long() makes them so."
    kinds = {name: tensor.dtype for name, tensor in _involved(failure)}
    told = ", ".join(f"{name} is {dtype_name(kind)}" for name, kind in kinds.items())
    return f"{told}. {_type_cure(failure, kinds)}".removeprefix(". ").strip()


def single(failure: Failure) -> str:
    """One number, or True or False, asked of many elements."""
    if _ONE.search(failure.message):
        return (
            f"{_what(failure)} many elements, and item(), float() and int() take just one. tolist() gives all; "
            "mean(), sum() or an index such as [0] gives one."
        )
    if "Boolean value of Tensor" in failure.message:
        return (
            f"{_what(failure)} many values, and if, while, and, or need one True or False. all() or any() makes "
            "one of them; & and | join conditions element by element."
        )
    return ""


def calling_shape(failure: Failure) -> str:
    """shape() for shape."""
    if "'torch.Size' object is not callable" not in failure.message:
        return ""
    return "shape is no method: t.shape or t.shape[0] without brackets, or t.size() and t.size(0) with them."


def _type_cure(failure: Failure, kinds: dict[str, torch.dtype]) -> str:
    message = failure.message
    if "cast" in message:
        return "In place the type stays, and whole numbers cannot hold a point: use x = x / 2, or x.float() first."
    if "floating point" in message or "could not infer" in message:
        return "A mean needs numbers with a point: .float() converts."
    if failure.module and len(set(kinds.values())) > 1:
        goal = next((dtype_name(p.dtype) for p in failure.module[1].parameters()), "float32")
        return f"A layer takes the type of its weights: convert the input with .to(torch.{goal})."
    names = [name for name, kind in kinds.items() if kind != torch.float32]
    cure = f"{names[0]}.float() makes float32 of it." if names else ".float() makes float32 of a tensor, .long() int64."
    return f"Both must have the same type; {cure}"


def _involved(failure: Failure) -> list[tuple[str, Tensor]]:
    """The tensors that met: the operands, or a layer's input and its weight."""
    if failure.module:
        name, layer, given = failure.module
        weight = next(layer.parameters(recurse=False), None) if isinstance(layer, nn.Module) else None
        met = [("the input", given), (f"the weight of {name}", weight)]
        return [(label, tensor) for label, tensor in met if tensor is not None]
    return [(operand.label, operand.value) for operand in failure.operands]


def _what(failure: Failure, otherwise: str = "This has") -> str:
    first = failure.first
    return f"{first.name} has shape {spelled(first.shape)}:" if first else otherwise
