"""A path as comma-separated values, each number as short as it can be and still be read back to the same bits."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.descent.trace import Trace

_OTHERWISE = {"step": "optimizer_step"}


def path_table(trace: Trace, names: tuple[str, str] = ("x", "y")) -> str:
    """One line a row of the path under a line of headings.

    Parameters
    ----------
    trace : Trace
        The path as far as it is known.
    names : (str, str)
        What the two coordinates are called.

    Returns
    -------
    str
        `step,x,y,f,grad_x,grad_y,lr` and what the optimiser keeps by its own names, the two coordinates of a vector
        with `_x` and `_y` behind; empty where it keeps nothing yet. Its own count of steps, where it keeps one, is
        `optimizer_step`. Lines end in "\\n".
    """
    columns = dict(_columns(trace, names))
    rows = zip(*(_texts(column) for column in columns.values()), strict=True)
    return "".join(f"{','.join(row)}\n" for row in (tuple(columns), *rows))


def _columns(trace: Trace, names: tuple[str, str]) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "step", np.arange(trace.count)
    yield from zip(names, trace.position.T, strict=True)
    yield "f", trace.value
    yield from zip((f"grad_{name}" for name in names), trace.gradient.T, strict=True)
    yield "lr", trace.rate
    for name, values in trace.state.items():
        kept = _OTHERWISE.get(name, name)
        if values.ndim == 1:
            yield kept, values
        else:
            yield from zip((f"{kept}_{coordinate}" for coordinate in names), values.T, strict=True)


def _texts(column: NDArray[Any]) -> list[str]:
    texts: list[str] = column.astype(str).tolist()
    return ["" if text == "nan" else text for text in texts]
