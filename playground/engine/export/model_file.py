"""A trained model in one file: safetensors, with the document that describes the network in its header."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import safetensors.torch
from torch import nn

from playground.engine.document import Document, decode, encode
from playground.engine.export.tensor_file import read_tensors
from playground.engine.files import write_atomic
from playground.engine.network.builder import build
from playground.engine.network.private_draws import PrivateDraws
from playground.engine.problems import Problem

KEY = "document"
NO_MORE: Mapping[str, str] = MappingProxyType({})


def save_model(path: str | Path, net: nn.Module, document: Document) -> None:
    """Write the weights and buffers of `net`, built from `document.network`, as a whole or not at all.

    Raises
    ------
    Problem
        `file-unwritable`; the old file is then untouched.
    """
    write_atomic(path, model_bytes(net, document))


def model_bytes(net: nn.Module, document: Document, header: Mapping[str, str] = NO_MORE) -> bytes:
    """What `save_model` writes, with more texts in its header."""
    tensors = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in net.state_dict().items()}
    return safetensors.torch.save(tensors, {**header, KEY: encode(document).decode("utf-8")})


def load_model(path: str | Path) -> tuple[Document, nn.Module]:
    """Read what `save_model` wrote: the document, and its network with the weights, on the CPU in eval mode.

    Only tensors and text are read; no code in the file can run. torch's generators stay where they are, so that a run
    that goes on meanwhile draws the same numbers.

    Raises
    ------
    Problem
        `file-missing`, `model-unreadable`, `checkpoint-mismatch`, or what is wrong with the document in the header.
    """
    path = Path(path)
    tensors, texts = read_tensors(path, "model-unreadable")
    text = texts.get(KEY)
    if text is None:
        raise Problem("model-unreadable", path=path, detail="its header names no document")
    document = decode(text.encode("utf-8"), path)
    with PrivateDraws(document.training.seed):
        net = build(document.network)
    try:
        net.load_state_dict(tensors, strict=True)
    except RuntimeError as error:
        raise Problem("checkpoint-mismatch", path=path, detail=_first_difference(error)) from error
    return document, net.eval()


def _first_difference(error: RuntimeError) -> str:
    """torch's list of differences begins with a heading line; the first difference follows it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[min(1, len(lines) - 1)].rstrip(". ")
