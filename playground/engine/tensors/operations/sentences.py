"""What an operation does, in a sentence or two with the shapes at hand."""

from collections.abc import Sequence
from math import prod

from playground.engine.tensors.indices import spelled
from playground.engine.tensors.operations.cells import compares_two, named_dim, reduced_dims
from playground.engine.tensors.operations.expression import Application
from playground.engine.tensors.operations.families import (
    ELEMENTWISE,
    LINES,
    MOVES,
    OUTER,
    PRODUCTS,
    REDUCTIONS,
    SELECTIONS,
)
from playground.engine.tensors.operations.operation_events import Grid

_VERBS = {
    "sum": "the sum",
    "mean": "the mean",
    "prod": "the product",
    "norm": "the norm",
    "vector_norm": "the norm",
    "std": "the standard deviation",
    "var": "the variance",
    "all": "True where all are true",
    "any": "True where any is true",
}
_CHOSEN = {
    "max": "the largest",
    "amax": "the largest",
    "argmax": "the place of the largest",
    "min": "the smallest",
    "amin": "the smallest",
    "argmin": "the place of the smallest",
    "median": "the middle one",
    "topk": "one of the largest, in order",
    "sort": "the next in order",
    "argsort": "the place of the next in order",
    "mode": "the most frequent one",
}


_JOINS = frozenset(("cat", "concat", "concatenate", "stack", "hstack", "vstack", "dstack", "column_stack"))
_PICKS = frozenset(
    ("getitem", "select", "narrow", "index_select", "masked_select", "take", "take_along_dim", "gather", "embedding")
)


def told(application: Application, operands: Sequence[Grid], results: Sequence[Grid]) -> str:
    """What happens to the cells, what is stretched, and whose memory the result is."""
    does = _cells(application, operands, results) if results else ""
    stretched = [_stretched(grid, results[0]) for grid in operands if grid.stretched]
    memory = [_memory(application, operands, results)] if operands and results else []
    return " ".join(text for text in [does, *stretched, *memory] if text)


def _cells(application: Application, operands: Sequence[Grid], results: Sequence[Grid]) -> str:
    name = application.name if application.name in MOVES else application.name.rstrip("_")
    if name in PRODUCTS and len(operands) > 1:
        return _product(name, operands, results[0])
    if name in REDUCTIONS:
        return _reduced(application, operands[0])
    if name in SELECTIONS and not compares_two(application):
        return _selected(application, operands[0])
    if name in LINES:
        return _line(application)
    if name == "one_hot":
        return "Each row has a single 1, at the place that its label names."
    if name in OUTER:
        return "Each cell is the product of one element of each."
    if name in MOVES and operands:
        return _moved(application, operands, results)
    return (
        "Each cell comes from the cells at the same place." if name in ELEMENTWISE or compares_two(application) else ""
    )


def _product(name: str, operands: Sequence[Grid], result: Grid) -> str:
    left, right = operands[:2]
    turned = name == "linear" and len(right.shape) > 1
    second = f"the transpose of {spelled(right.shape)}" if turned else spelled(right.shape)
    given = spelled(result.shape) if result.shape else "one number"
    line = f"a row of {left.name} times a {'row' if turned else 'column'} of {right.name}"
    sums = f"each cell is the sum of {left.shape[-1]} products, {line}."
    return f"{spelled(left.shape)} times {second} gives {given}: {sums}"


def _reduced(application: Application, operand: Grid) -> str:
    dims = reduced_dims(application, len(operand.shape))
    count = prod(operand.shape[dim] for dim in dims)
    verb = _VERBS.get(application.name, application.name)
    if len(dims) == len(operand.shape):
        return f"One number: {verb} of all {count} elements."
    kept = (
        "; keepdim leaves it with size 1"
        if application.keywords.get("keepdim")
        else ", which goes away"
        if len(dims) == 1
        else ", which go away"
    )
    return f"Each cell is {verb} of {count} along {_dimensions(dims)}{kept}."


def _selected(application: Application, operand: Grid) -> str:
    name, dim = application.name, named_dim(application)
    chosen = _CHOSEN.get(name, "one")
    if name == "topk" and application.keywords.get("largest") is False:
        chosen = "one of the smallest, in order"
    if name == "kthvalue":
        chosen = f"number {application.argument(1) or application.keywords.get('k')} from the smallest on"
    if dim is None and name not in ("topk", "kthvalue", "sort", "argsort", "mode"):
        return f"{chosen[0].upper()}{chosen[1:]} of all elements; the lit cell is the one chosen."
    place = (dim if isinstance(dim, int) else -1) % max(len(operand.shape), 1)
    return f"Each cell is {chosen} along dimension {place}; the lit cell is the one chosen."


def _line(application: Application) -> str:
    reach = "all up to it" if application.name.startswith("cum") else "all"
    return f"Each cell depends on {reach} in its line along dimension {named_dim(application)}."


def _moved(application: Application, operands: Sequence[Grid], results: Sequence[Grid]) -> str:
    name, before = application.name, spelled(operands[0].shape)
    if name == "setitem":
        return f"{operands[-1].name} is written into the indexed cells; the others stay."
    if name == "where" and len(operands) > 1:
        return "Each cell is taken from one or the other, as the condition says."
    if name in _JOINS:
        return f"{len(operands)} tensors are joined: {spelled(results[0].shape)}."
    if len(results) > 1:
        return f"{before} is cut into {len(results)} parts."
    if name in _PICKS:
        source = operands[1 if name == "embedding" else 0]
        return f"{_count(results[0]):,} cells, each picked from the {_count(source):,} of {source.name}."
    after = spelled(results[0].shape)
    change = f"the shape goes from {before} to {after}" if before != after else f"the shape stays {before}"
    return f"The elements keep their values; {change}."


def _count(grid: Grid) -> int:
    return prod(grid.shape)


def _stretched(grid: Grid, result: Grid) -> str:
    missing = len(result.shape) - len(grid.shape)
    sizes = " and ".join(
        f"dimension {dim} (missing, to {result.shape[dim]})"
        if dim < missing
        else f"dimension {dim} (1 to {result.shape[dim]})"
        for dim in grid.stretched
    )
    return f"{grid.name} is stretched along {sizes}, without a copy."


def _memory(application: Application, operands: Sequence[Grid], results: Sequence[Grid]) -> str:
    owners = " and ".join(dict.fromkeys(operands[number].name for number in results[0].shares))
    if results[0].memory == "same":
        same = (
            "is changed: the same memory, no new tensor." if application.in_place else "is given back, nothing is done."
        )
        return f"{owners} itself {same}"
    if results[0].memory == "view":
        return f"{'A view' if len(results) == 1 else 'Views'} of the memory of {owners}: nothing is copied."
    return "The result has memory of its own." if application.name in MOVES else ""


def _dimensions(dims: Sequence[int]) -> str:
    return f"dimension {dims[0]}" if len(dims) == 1 else f"dimensions {', '.join(map(str, dims))}"
