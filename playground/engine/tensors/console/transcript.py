"""What was run and what was clicked, in order, as a script that runs again."""

import inspect
import threading
from collections.abc import Callable
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

from playground.engine.document import Document
from playground.engine.tensors.both_ways.preamble import preamble
from playground.engine.tensors.console import course
from playground.engine.tensors.console.cells import CellDone

_HEADER = '''"""A transcript of the console of PyTorch Playground.

Cells begin with `# %%`. What failed stands as a comment, with its error.
`python FILE.py` runs it alone, `torch-playground console FILE.py` with the default document's data under train_db
and train_loader.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
'''


class Transcript:
    """Lines from cells and from clicks; any thread may add some or read them.

    Parameters
    ----------
    document : callable, optional
        Gives the document whose net, optimiser, loss and data the cells begin with.
    """

    def __init__(self, document: Callable[[], Document] | None = None) -> None:
        self._document = document
        self._first: Document | None = None
        self._lock = threading.Lock()
        self._cells: list[str] = []

    def add(self, done: CellDone) -> None:
        """Take a cell that was run."""
        if done.result.code.strip():
            self._append(_cell(done.result.code, done.result.error))

    def echo(self, line: str) -> None:
        """Take the PyTorch line that does what a click did."""
        self._append(line)

    def script(self) -> str:
        """The whole as a Python file: imports, the small functions and the objects that were used, every cell."""
        with self._lock:
            cells = list(self._cells)
        if self._first is not None:
            begin = preamble("\n".join(cells), self._first)
            cells = [f"{_BEGIN}\n{begin}", *cells] if begin else cells
        text = "\n\n".join(f"# %%\n{cell}" for cell in cells)
        functions = [_source(each) for each in _FUNCTIONS if each.__name__ in text]
        if functions:
            functions.insert(0, "from collections.abc import Sequence\n\nfrom torch import Tensor\n")
        return "\n\n".join([_HEADER, *functions, text]).rstrip() + "\n"

    def _append(self, cell: str) -> None:
        with self._lock:
            if self._document is not None and self._first is None:
                self._first = self._document()
            self._cells.append(cell)


_BEGIN = "# what the playground had made already"
_FUNCTIONS = (course.one_hot, course.plot_curve, course.plot_image)


@lru_cache
def _source(function: Callable[..., object]) -> str:
    return inspect.getsource(function)


def _cell(code: str, error: str) -> str:
    """The code as it was typed, where plain Python takes it; else as a comment."""
    code = code.rstrip()
    if error:
        return _comment(f"{code}\n{error}")
    is_python = TransformerManager().transform_cell(code).rstrip() == code
    return code if is_python else _comment(code)


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())
