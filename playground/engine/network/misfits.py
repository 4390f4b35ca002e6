"""Why a layer does not take an input, in the words of the course: checks that need no torch.

They come before torch's own, whose messages name internals, and catch what the meta device lets pass or reads
differently, such as a batch of pictures without channels taken for one picture with many.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from playground.engine.spec import Value

Shape = tuple[int, ...]
Arguments = Mapping[str, Any]

_AXES = {1: "(channels, length)", 2: "(channels, height, width)", 3: "(channels, depth, height, width)"}


def misfit(kind: str, args: Mapping[str, Value], shape: Shape, whole: bool, unfolded: Shape = ()) -> str | None:
    """What is wrong with an input, as the end of a sentence; None when nothing is known to be.

    Parameters
    ----------
    kind : str
        The layer's class.
    args : mapping
        All its arguments, defaults included (`Entry.complete`).
    shape : tuple of int
        One sample's shape, without the batch.
    whole : bool
        Whether the input holds whole numbers (int64).
    unfolded : tuple of int
        The shape before a Flatten made the input one row; () where none did.
    """
    if kind == "Embedding":
        return None if whole else "it looks up whole numbers, and gets real ones; it can only stand first"
    if whole and kind not in ("Flatten", "Unflatten", "Identity"):
        return "it computes with real numbers, and gets whole ones; put an Embedding before it"
    if kind == "Linear" and len(unfolded) > 1 and shape != (args["in_features"],):
        return f"it expects {args['in_features']:,} features, gets {_product(unfolded)} = {shape[-1]:,}"
    check = _CHECKS.get(kind)
    return check(kind, args, shape) if check else None


def _linear(_kind: str, args: Arguments, shape: Shape) -> str | None:
    wanted = args["in_features"]
    if not shape or shape[-1] != wanted:
        got = shape[-1] if shape else 0
        flat = len(shape) > 1 and math.prod(shape) == wanted
        return f"it expects {wanted} features, gets {got}" + ("; put a Flatten before it" if flat else "")
    return None


def _convolution(kind: str, args: Arguments, shape: Shape) -> str | None:
    wrong = _axes(kind, shape) or _channels(args["in_channels"], shape)
    return wrong or (None if "Transpose" in kind else _kernel(kind, args, shape))


def _pooling(kind: str, args: Arguments, shape: Shape) -> str | None:
    return _kernel(kind, args, shape) if len(shape) >= _rank(kind) else _axes(kind, shape)


def _adaptive(kind: str, _args: Arguments, shape: Shape) -> str | None:
    return None if len(shape) >= _rank(kind) else _axes(kind, shape)


def _axes(kind: str, shape: Shape) -> str | None:
    rank = _rank(kind)
    if len(shape) == rank + 1:
        return None
    return f"it expects {rank + 1} dimensions {_AXES[rank]}, gets {len(shape)}"


def _channels(wanted: int, shape: Shape) -> str | None:
    return None if shape[0] == wanted else f"it expects {wanted} channels, gets {shape[0]}"


def _kernel(kind: str, args: Arguments, shape: Shape) -> str | None:
    rank = _rank(kind)
    padding = args.get("padding", 0)
    if padding == "same":
        return None
    kernels, paddings, dilations = (
        _spread(value, rank) for value in (args["kernel_size"], 0 if padding == "valid" else padding, _dilation(args))
    )
    for size, kernel, pad, dilation in zip(shape[-rank:], kernels, paddings, dilations, strict=True):
        reach = dilation * (kernel - 1) + 1
        if reach > size + 2 * pad:
            spread = f" (spread over {reach})" if dilation > 1 else ""
            padded = f" with padding {pad}" if pad else ""
            return f"kernel {kernel}{spread} is larger than the input {size}{padded}"
    return None


def _dilation(args: Arguments) -> Any:
    return args.get("dilation", 1)


def _spread(value: Any, rank: int) -> Shape:
    return value if isinstance(value, tuple) else (value,) * rank


def _batch_norm(kind: str, args: Arguments, shape: Shape) -> str | None:
    flat = kind == "BatchNorm1d" and len(shape) == 1
    wrong = None if flat else _axes(kind, shape)
    if flat and shape[0] != args["num_features"]:
        return f"it expects {args['num_features']} features, gets {shape[0]}"
    return wrong or _channels(args["num_features"], shape)


def _group_norm(_kind: str, args: Arguments, shape: Shape) -> str | None:
    return _channels(args["num_channels"], shape) if shape else "it expects channels, gets a single number"


def _layer_norm(_kind: str, args: Arguments, shape: Shape) -> str | None:
    wanted = _spread(args["normalized_shape"], 1)
    last = shape[-len(wanted) :]
    return None if last == wanted else f"it expects the last sizes {_product(wanted)}, gets {_product(last)}"


def _channel_dropout(kind: str, _args: Arguments, shape: Shape) -> str | None:
    return _axes(kind, shape)


def _one_dimension(_kind: str, args: Arguments, shape: Shape) -> str | None:
    return _dimension("dim", args["dim"], shape)


def _flatten(_kind: str, args: Arguments, shape: Shape) -> str | None:
    first, last = args["start_dim"], args["end_dim"]
    wrong = _dimension("start_dim", first, shape) or _dimension("end_dim", last, shape)
    total = len(shape) + 1
    if not wrong and first % total > last % total:
        return f"start_dim {first} comes after end_dim {last}"
    return wrong


def _unflatten(_kind: str, args: Arguments, shape: Shape) -> str | None:
    dim, parts = args["dim"], _spread(args["unflattened_size"], 1)
    wrong = _dimension("dim", dim, shape)
    if wrong or -1 in parts:
        return wrong
    size = (0, *shape)[dim]
    return None if math.prod(parts) == size else f"{_product(parts)} makes {math.prod(parts)}, and it gets {size}"


def _dimension(name: str, dim: int, shape: Shape) -> str | None:
    total = len(shape) + 1
    if not -total <= dim < total:
        return f"{name} {dim} does not exist; with the batch, which is 0, the dimensions go up to {total - 1}"
    if dim % total == 0:
        return f"{name} {dim} is the batch, and it would mix the samples; use 1 or more"
    return None


def _product(sizes: Shape) -> str:
    return " x ".join(map(str, sizes)) or "nothing"


def _rank(kind: str) -> int:
    """The spatial dimensions in a name such as Conv2d."""
    return int(kind[-2])


_CHECKS: Mapping[str, Callable[[str, Arguments, Shape], str | None]] = {
    "Linear": _linear,
    **dict.fromkeys(("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d"), _convolution),
    **dict.fromkeys(("MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d"), _pooling),
    "AdaptiveAvgPool2d": _adaptive,
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d"), _batch_norm),
    "GroupNorm": _group_norm,
    "LayerNorm": _layer_norm,
    "Dropout2d": _channel_dropout,
    **dict.fromkeys(("Softmax", "LogSoftmax"), _one_dimension),
    "Flatten": _flatten,
    "Unflatten": _unflatten,
}
