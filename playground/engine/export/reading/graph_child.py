"""The child process that runs `.pt2` and TorchScript files, whose loading may run a program.

A question names a file and its SHA-256, or gives a batch; an answer holds the outputs, or what went wrong. Bytes cross
as base64.
"""

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from playground.engine.serving import serve


class Server:
    """Answers with the file opened last."""

    def __init__(self) -> None:
        self._net: Any = None

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Open what "path" names, or run "inputs" of "shape"."""
        try:
            if "path" in question:
                self._net = _opened(Path(question["path"]), question["format"], question["sha256"])
                return {}
            return self._outputs(question)
        except Exception as error:  # whatever a library or the program in the file raises
            lines = str(error).strip().splitlines()
            return {"error": lines[0] if lines else type(error).__name__}

    def _outputs(self, question: dict[str, Any]) -> dict[str, Any]:
        inputs = torch.frombuffer(bytearray(base64.b64decode(question["inputs"])), dtype=torch.float32)
        with torch.inference_mode():
            outputs: Tensor = self._net(inputs.view(question["shape"])).float().contiguous()
        return {"outputs": base64.b64encode(outputs.numpy().tobytes()).decode(), "shape": list(outputs.shape)}


def _opened(path: Path, kind: str, sha256: str) -> Any:
    """The file's program; read once, so that what is loaded is what was asked for."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise RuntimeError("the file was changed meanwhile")
    if kind == "pt2":
        return torch.export.load(io.BytesIO(data)).module()
    return torch.jit.load(io.BytesIO(data), map_location="cpu").eval()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    serve(Server().answer)
