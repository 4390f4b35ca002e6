"""A net traced into one graph that takes any batch; `.pt2` files, which hold it."""

import io
import re

import torch
from torch import Tensor, nn
from torch.export import ExportedProgram

from playground.engine.export.preprocessing import KEY
from playground.engine.network.sizes import first_line

EXAMPLE_BATCH = 2  # torch takes sizes of 0 and 1 for constants
BATCH = torch.export.Dim("batch", min=1)

_BY_BATCH = "works for some batch sizes only, or differently for them, and one graph has to take any"
_NOT_PRINTED = re.compile(r"\x1b\[[0-9;]*m")


class CannotHold(Exception):
    """A format cannot hold a module; the text is what the module does, as said behind its name."""


def example(shape: tuple[int, ...]) -> Tensor:
    """A batch to trace with, float32 [2, *shape] in [0, 1); torch's own generator is left alone."""
    return torch.rand(EXAMPLE_BATCH, *shape, generator=torch.Generator().manual_seed(0))


def exported(net: nn.Module, inputs: Tensor) -> ExportedProgram:
    """The graph of a net in eval mode, whose first dimension may be of any size.

    Raises
    ------
    CannotHold
        Where the net cannot be traced, or only for a certain batch.
    """
    try:
        return torch.export.export(net, (inputs,), dynamic_shapes=({0: BATCH},))
    except Exception as error:  # whatever torch, or a layer of the user's own, raises
        raise CannotHold(_why(error)) from error


def pt2_bytes(net: nn.Module, inputs: Tensor, about: str) -> bytes:
    """A file for `torch.export.load`, with `about` among its extra files.

    Raises
    ------
    CannotHold
        Where the net cannot be traced.
    """
    program = exported(net, inputs)
    for module in program.graph_module.modules():
        for node in getattr(getattr(module, "graph", None), "nodes", ()):
            node.meta.pop("stack_trace", None)  # paths of this machine
    buffer = io.BytesIO()
    torch.export.save(program, buffer, extra_files={KEY: about})
    return buffer.getvalue()


def unexpected(error: BaseException) -> str:
    """What a module does whose export ends with an error that nobody foresaw."""
    return f"cannot be exported ({_NOT_PRINTED.sub('', first_line(error))})"


def _why(error: Exception) -> str:
    return _BY_BATCH if "Constraints violated" in str(error) else unexpected(error)
