"""TorchScript files, for programs that load nothing else: scripted, or traced where that loses nothing."""

import io
import warnings
from typing import Any

import torch
from torch import Tensor, nn
from torch.jit._trace import TracerWarning

from playground.engine.export.formats.graph import CannotHold, unexpected
from playground.engine.export.preprocessing import KEY

_IN_PYTHON = "decides by sizes or values in Python that TorchScript does not know"


def torchscript_bytes(net: nn.Module, inputs: Tensor, about: str) -> bytes:
    """A file for `torch.jit.load`, with `about` among its extra files.

    A script takes every batch, whatever the net decides by. What it cannot read (Python that TorchScript does not
    know, in layers of the user's own) is traced, and refused where torch says that the trace would differ.

    Raises
    ------
    CannotHold
        Where neither can hold the net.
    """
    try:
        module: Any = torch.jit.script(net)
    except Exception:  # whatever torch raises at Python that it does not know
        module = _traced(net, inputs)
    buffer = io.BytesIO()
    torch.jit.save(module, buffer, _extra_files={KEY: about})
    return buffer.getvalue()


def _traced(net: nn.Module, inputs: Tensor) -> Any:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            module = torch.jit.trace(net, inputs)  # type: ignore[no-untyped-call]
        except Exception as error:  # whatever torch, or a layer of the user's own, raises
            raise CannotHold(unexpected(error)) from error
    if any(issubclass(each.category, TracerWarning) for each in told):
        raise CannotHold(_IN_PYTHON)
    return module
