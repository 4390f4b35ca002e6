"""The console without a window: the cells of a script, one result each."""

from collections.abc import Iterator

from playground.engine.document import Document
from playground.engine.tensors.console.cells import CellResult
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.console.script_cells import cells


def run_script(text: str) -> Iterator[CellResult]:
    """Run the cells of a script in a fresh console on the calling thread; one that fails does not stop the others.

    The data under `train_db` and the others is that of the default document.
    """
    console = Console(Document, is_shared=False, remembers=False)
    with console.opened():
        for code in cells(text):
            yield console.run_cell(code)
