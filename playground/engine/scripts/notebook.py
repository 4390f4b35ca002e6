"""The document as a Jupyter notebook (nbformat 4.5): a cell a section, each under its title."""

import json
import re

from playground.engine.document import Document
from playground.engine.scripts.net import Form
from playground.engine.scripts.program import data_folder, imports, sections, settings

_ABOUT = (
    "A plain PyTorch program, written by PyTorch Playground. Run the cells in order: each needs those above it, and "
    "together they give the losses of the run."
)
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&$~#|!])")


def notebook(document: Document, *, threads: int | None = None, form: Form = "sequential") -> str:
    """The program of a document as the JSON text of a notebook. Needs no torch.

    Its code cells, run in order, give the losses of `program.script` run alone; settings take the place of options.

    Parameters
    ----------
    document : Document
        What to write down. Texts of the user enter code only through `repr`, and the title escaped.
    threads : int, optional
        The number of CPU threads to set; left out, torch's own choice.
    form : "sequential" or "class"
        The network as an `nn.Sequential` or as a `class Net(nn.Module)`.

    Raises
    ------
    Problem
        As `program.script`.
    """
    cells = [
        _text("title", f"# {_escaped(document.title or 'Untitled')}\n\n{_ABOUT}"),
        _code("imports", "\n".join(imports(document, notebook=True))),
        *_titled("Settings", "\n".join([*settings(document, threads), *_choices(document)])),
    ]
    for section in sections(document, threads, form, notebook=True):
        cells += _titled(section.title, section.code)
    found = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _choices(document: Document) -> list[str]:
    folder = data_folder(document)
    return [
        *([] if folder is None else [f"DATA = {folder!r}  # folder of the data set"]),
        f"EPOCHS = {document.training.epochs}",
        "STEPS = math.inf  # stop after so many",
        'OUT = "weights.pt"  # beside it, the checkpoint',
        "RESUME = False  # True goes on from the checkpoint",
    ]


def _titled(title: str, code: str) -> list[dict[str, object]]:
    name = re.sub(r"[^a-z]+", "-", title.lower())
    return [_text(f"{name}-title", f"## {title}"), _code(name, code)]


def _text(name: str, text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, text: str) -> dict[str, object]:
    cell: dict[str, object] = {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": []}
    return {**cell, "source": text.splitlines(keepends=True)}


def _escaped(title: str) -> str:
    """The title on one line, with no mark of Markdown, HTML or formulas in it."""
    printable = "".join(letter if letter.isprintable() else " " for letter in title)
    return _MARKDOWN.sub(r"\\\1", " ".join(printable.split()))
