"""A Python file cut into the cells that the console runs one after the other."""

import re
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager

_MARK = re.compile(r"^#\s?%%.*$", re.MULTILINE)
_GOES_ON = re.compile(r"^(\s|else\b|elif\b|except\b|finally\b|\)|\]|\})")


def cells(text: str) -> tuple[str, ...]:
    """The cells of a script: what stands between lines `# %%`, or without such lines every statement by itself.

    Cells without a statement are left out. Lines that are no Python are cells of their own, so that the rest runs.
    """
    parts = _MARK.split(text) if _MARK.search(text) else _statements(text)
    return tuple(part.strip("\n") for part in parts if _says_something(part))


def _statements(text: str) -> Iterator[str]:
    """Lines gathered until they are a whole statement and the next line begins another."""
    complete = TransformerManager().check_complete
    gathered: list[str] = []
    for line in text.splitlines():
        begins = bool(line.strip()) and not _GOES_ON.match(line)
        if gathered and begins and complete("\n".join(gathered) + "\n\n")[0] != "incomplete":
            yield "\n".join(gathered)
            gathered = []
        gathered.append(line)
    yield "\n".join(gathered)


def _says_something(part: str) -> bool:
    lines = (line.strip() for line in part.splitlines())
    return any(line and not line.startswith("#") for line in lines)
