"""Which cells of the operands take part in each cell of a result: closed rules, one for each family of operations.

A rule gives int64 numbers shaped as the result, with one more dimension for the cells of the operand (in reading order)
that take part in a cell; -1 stands for none.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from playground.engine.tensors.operations.cells_moved import moved, numbered
from playground.engine.tensors.operations.expression import Application
from playground.engine.tensors.operations.families import (
    DIM_PLACE,
    ELEMENTWISE,
    LINES,
    MOVES,
    OUTER,
    PRODUCTS,
    REDUCTIONS,
    SELECTIONS,
)

Cells = dict[tuple[int, int], Tensor]
_Rule = Callable[[Application, Sequence[Any], Sequence[Tensor]], Cells]
_MOST = 2**22  # so many cells are listed for one operand
_LARGEST = {"max": "argmax", "amax": "argmax", "min": "argmin", "amin": "argmin"}


def taking_part(application: Application, values: Sequence[Any], results: Sequence[Tensor]) -> Cells:
    """The cells for each (result, operand) whose rule is known.

    Parameters
    ----------
    values : sequence
        What the operands held before the operation; tensors, or numbers where they count as operands.
    results : sequence of Tensor
        What came out of it.
    """
    rule = _rule(application)
    found = rule(application, values, results) if rule else {}
    written = application.numbers("out")
    fits = {key: cells for key, cells in found.items() if cells.shape[:-1] == results[key[0]].shape}
    return {key: cells for key, cells in fits.items() if key[1] not in written}


def reduced_dims(application: Application, ndim: int) -> tuple[int, ...]:
    """The dimensions that a reduction takes together; all of them where none is named."""
    given = named_dim(application)
    dims = given if isinstance(given, tuple | list) else [given]
    counted = [dim % ndim for dim in dims if isinstance(dim, int) and not isinstance(dim, bool) and ndim]
    return tuple(sorted(counted)) or tuple(range(ndim))


def named_dim(application: Application) -> Any:
    """The argument dim as it was given; None where it was not."""
    by_name = [application.keywords[name] for name in ("dim", "axis") if name in application.keywords]
    return by_name[0] if by_name else application.argument(DIM_PLACE.get(application.name, 1))


def compares_two(application: Application) -> bool:
    """Whether it is max(a, b) or min(a, b) of two tensors."""
    return application.name in ("max", "min") and len(application.operands) == 2


def _rule(application: Application) -> _Rule | None:
    name = application.name if application.name in MOVES else application.name.rstrip("_")
    if compares_two(application) or name in ELEMENTWISE - MOVES:
        return _elementwise
    rules: Mapping[frozenset[str], _Rule] = {
        MOVES: moved,
        REDUCTIONS: _reduced,
        SELECTIONS: _selected,
        LINES: _lines,
        PRODUCTS: _products,
        OUTER: _outer,
        frozenset({"one_hot"}): _one_hot,
    }
    return next((rule for names, rule in rules.items() if name in names), None)


def _elementwise(_: Application, values: Sequence[Any], results: Sequence[Tensor]) -> Cells:
    (result,) = results
    ids = [numbered(value) for value in values]
    fitting = {operand: cells for operand, cells in enumerate(ids) if _stretches(cells.shape, result.shape)}
    return {(0, operand): cells.broadcast_to(result.shape).unsqueeze(-1) for operand, cells in fitting.items()}


def _stretches(shape: Sequence[int], wanted: Sequence[int]) -> bool:
    behind = wanted[len(wanted) - len(shape) :]
    return len(shape) <= len(wanted) and all(size in (1, goal) for size, goal in zip(shape, behind, strict=True))


def _reduced(application: Application, values: Sequence[Any], results: Sequence[Tensor]) -> Cells:
    ids = numbered(values[0])
    dims = reduced_dims(application, ids.ndim)
    kept = [dim for dim in range(ids.ndim) if dim not in dims]
    together = prod(ids.shape[dim] for dim in dims)
    return {(0, 0): ids.permute((*kept, *dims)).reshape(*results[0].shape, together)}


def _selected(application: Application, values: Sequence[Any], results: Sequence[Tensor]) -> Cells:
    """The chosen cell, found through the indices that torch gives with it."""
    value, ids = values[0].detach(), numbered(values[0])
    dim = named_dim(application)
    if dim is None and application.name not in ("kthvalue", "topk", "sort", "argsort", "mode"):
        value, ids, dim = value.flatten(), ids.flatten(), 0
    if ids.ndim == 0 or not isinstance(dim, int | None):
        return {}
    indices = _indices(application.name, value, results, -1 if dim is None else dim)
    chosen = ids.gather(-1 if dim is None else dim, indices)
    return {(number, 0): chosen.reshape(*result.shape, 1) for number, result in enumerate(results)}


def _indices(name: str, value: Tensor, results: Sequence[Tensor], dim: int) -> Tensor:
    """Where the chosen cells stand along dim, with that dimension kept."""
    if name in _LARGEST and len(results) == 1:
        return cast(Tensor, getattr(value.cpu(), _LARGEST[name])(dim, keepdim=True))
    if len(results) == 1 and name in ("median", "nanmedian"):
        return cast(Tensor, getattr(value.cpu(), name)(dim, keepdim=True).indices)
    found = results[-1].detach().cpu()
    return found if found.ndim == value.ndim else found.unsqueeze(dim)


def _lines(application: Application, values: Sequence[Any], _: Sequence[Tensor]) -> Cells:
    ids, dim = numbered(values[0]), named_dim(application)
    if not isinstance(dim, int) or not ids.ndim:
        return {}
    lines = ids.movedim(dim, -1).unsqueeze(dim % ids.ndim)
    cells = lines.expand(*ids.shape, ids.shape[dim])
    if not application.name.startswith("cum"):
        return {(0, 0): cells}
    if cells.numel() > _MOST:
        return {}
    places = torch.arange(ids.shape[dim])
    own = places.view(-1, *[1] * (ids.ndim - dim % ids.ndim))
    return {(0, 0): torch.where(places <= own, cells, -1)}


def _products(application: Application, values: Sequence[Any], results: Sequence[Tensor]) -> Cells:
    left, right = numbered(values[0]), numbered(values[1])
    if application.name == "linear":
        right = right.t() if right.ndim > 1 else right
    shape, row, column = results[0].shape, left.ndim > 1, right.ndim > 1
    rows = (left if row else left.unsqueeze(0)).unsqueeze(-2)  # [..., n, 1, k]
    columns = (right if column else right.unsqueeze(-1)).mT.unsqueeze(-3)  # [..., 1, m, k]
    every = np.broadcast_shapes(rows.shape, columns.shape)
    sides = enumerate((rows, columns))
    cells = {(0, side): ids.expand(every).reshape(*shape, every[-1]) for side, ids in sides}
    if len(values) > 2 and application.name == "linear":
        cells[0, 2] = numbered(values[2]).broadcast_to(shape).unsqueeze(-1)
    return cells


def _outer(_: Application, values: Sequence[Any], results: Sequence[Tensor]) -> Cells:
    shape = results[0].shape
    left, right = numbered(values[0]).unsqueeze(1), numbered(values[1]).unsqueeze(0)
    return {(0, 0): left.expand(shape).unsqueeze(-1), (0, 1): right.expand(shape).unsqueeze(-1)}


def _one_hot(_: Application, values: Sequence[Any], results: Sequence[Tensor]) -> Cells:
    return {(0, 0): numbered(values[0]).unsqueeze(-1).expand(results[0].shape).unsqueeze(-1)}
