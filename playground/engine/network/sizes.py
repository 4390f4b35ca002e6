"""How many numbers a layer learns, found on the meta device: nothing is allocated, no random number drawn."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import nn

from playground.engine.network.arguments import complaint
from playground.engine.network.catalogue import layers
from playground.engine.spec import Args

MAX_PARAMETERS = 2**33
MAX_LAYERS = 10_000

# Whatever torch raises for arguments or shapes that do not fit.
TORCH_ERRORS = (
    RuntimeError,
    ValueError,
    TypeError,
    IndexError,
    AssertionError,
    OverflowError,
    NotImplementedError,
    ZeroDivisionError,
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts of what a layer learns; `problem` says why there is no such layer. `weight`: the weight's shape."""

    weights: int = 0
    biases: int = 0
    weight: tuple[int, ...] | None = None
    problem: str | None = None


def sizes_of(kind: str, args: Args) -> Sizes:
    """Sizes of a layer of the catalogue.

    Parameters
    ----------
    kind : str
        One of `catalogue.layers()`.
    args : Args
        The arguments that differ from the class's defaults.
    """
    # Not cached: 5 and 5.0, 1 and True are equal keys, and only one of each fits.
    wrong = complaint(layers()[kind], args)
    return Sizes(problem=wrong) if wrong else _measured(kind, args)


def construct(kind: str, args: Args, device: str = "cpu") -> nn.Module:
    """The layer itself; on the CPU it draws its weights from torch's default generator."""
    with torch.device(device):
        module: nn.Module = getattr(nn, kind)(**args)
    return module


def init_problem(init: str, weight: tuple[int, ...] | None) -> str | None:
    """Why a weight of that shape cannot be drawn by `init`; None when it can."""
    if init == "default":
        return None
    if weight is None:
        return f"it has no weight that init {init} could draw; leave init at default"
    if init.startswith(("kaiming", "xavier")) and len(weight) < 2:
        return f"init {init} draws matrices, and this weight is a list of {math.prod(weight)} numbers"
    return None


def first_line(error: BaseException) -> str:
    """torch's own words, short enough for a sentence."""
    text = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    return text if len(text) <= 200 else text[:199] + "…"


def sizes_of_class(made: Callable[..., nn.Module], args: Args) -> Sizes:
    """Sizes of a layer of a user's class, which runs for it on the meta device."""
    return _class_measured(made, args, repr(args))  # repr tells 5 from 5.0


@lru_cache(maxsize=1024)
def _class_measured(made: Callable[..., nn.Module], args: Args, _text: str) -> Sizes:
    try:
        with torch.device("meta"):
            module = made(**args)
    except Exception as error:  # whatever the user's code raises
        return Sizes(problem=first_line(error))
    return _counted(module)


@lru_cache(maxsize=4096)
def _measured(kind: str, args: Args) -> Sizes:
    try:
        module = construct(kind, args, "meta")
    except TORCH_ERRORS as error:
        return Sizes(problem=first_line(error))
    return _counted(module)


def _counted(module: nn.Module) -> Sizes:
    counts = [(name, parameter.numel()) for name, parameter in module.named_parameters()]
    biases = sum(count for name, count in counts if name.rpartition(".")[2] == "bias")
    weights = sum(count for _, count in counts) - biases
    if weights + biases > MAX_PARAMETERS:
        return Sizes(problem=f"it would hold {weights + biases:,} parameters; more than {MAX_PARAMETERS:,} do not fit")
    weight = getattr(module, "weight", None)
    return Sizes(weights, biases, tuple(weight.shape) if isinstance(weight, torch.Tensor) else None)
