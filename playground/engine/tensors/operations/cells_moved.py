"""Where the elements of a result come from, for operations that only move them: the same done to numbered cells."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor

from playground.engine.tensors.operations.expression import Application

_Cells = dict[tuple[int, int], Tensor]
_MOVED: dict[str, tuple[int | str, ...]] = {"setitem": (0, 2), "embedding": (1, "weight")}
_FIRST: tuple[int | str, ...] = (0, "input", "tensors", "self")
_SAME_PLACE = frozenset({"gather", "take", "take_along_dim"})


def numbered(value: Any) -> Tensor:
    """The cells of a tensor (or number) numbered from 0 in reading order."""
    if not isinstance(value, Tensor):
        return torch.zeros((), dtype=torch.int64)
    return torch.arange(value.numel()).view(value.shape)


def moved(application: Application, values: Sequence[Any], results: Sequence[Tensor]) -> _Cells:
    """Which cell each element of the results was, and which cell of an index or mask picked it."""
    moving = _moving(application)
    named, first = _named(values, moving)
    with torch.no_grad():
        found = tensors_in(application.apply(named))
    cells: _Cells = {}
    for number, (result, source) in enumerate(zip(results, found, strict=True)):
        if source.shape == result.shape:
            for operand in moving:
                cells[number, operand] = _own(source, first[operand], named[operand].numel()).unsqueeze(-1)
    if cells:
        cells |= _pickers(application, named, moving, results[0])
    return cells


def tensors_in(value: Any) -> list[Tensor]:
    """The tensors of a result, which may be one or a sequence of them."""
    if isinstance(value, Tensor):
        return [value]
    return [item for item in value if isinstance(item, Tensor)] if isinstance(value, tuple | list) else []


def _moving(application: Application) -> tuple[int, ...]:
    """The operands whose elements are moved; the others say where to."""
    if application.name == "where":
        first, second, third = (application.numbers(place) for place in range(3))
        is_condition = application.operands[0].value.dtype == torch.bool if first else False
        return (second + third) if is_condition else (first + third)
    return application.numbers(*_MOVED.get(application.name, _FIRST))


def _named(values: Sequence[Any], moving: Sequence[int]) -> tuple[list[Any], dict[int, int]]:
    """The values with numbered cells for what moves, counted on from operand to operand; 0 is no cell."""
    named = [value.detach().cpu() if isinstance(value, Tensor) else value for value in values]
    first, next_number = {}, 1
    for operand in moving:
        first[operand] = next_number
        named[operand] = numbered(values[operand]) + next_number
        next_number += named[operand].numel()
    return named, first


def _own(source: Tensor, first: int, count: int) -> Tensor:
    inside = (source >= first) & (source < first + count)
    return torch.where(inside, source - first, -1)


def _pickers(application: Application, values: Sequence[Any], moving: Sequence[int], result: Tensor) -> _Cells:
    """The cells of index tensors and masks that picked each element of the result."""
    pickers = [operand for operand in range(len(values)) if operand not in moving]
    found = {operand: _picked(application, values, operand, result) for operand in pickers}
    return {(0, operand): cells.unsqueeze(-1) for operand, cells in found.items() if cells is not None}


def _picked(application: Application, values: Sequence[Any], operand: int, result: Tensor) -> Tensor | None:
    name, ids = application.name, numbered(values[operand])
    if name in _SAME_PLACE and ids.shape == result.shape:
        return ids
    if name == "where":
        return ids.broadcast_to(result.shape)
    if name == "embedding":
        return ids.unsqueeze(-1).expand(result.shape)
    if name == "masked_select":
        spread = ids + torch.zeros_like(values[0])
        return spread[values[operand].expand_as(spread)]
    if name == "index_select":
        dim = int(application.keywords.get("dim", application.argument(1)))
        return ids.view(-1, *[1] * (result.ndim - 1 - dim % result.ndim)).expand(result.shape)
    return _indexed(application, values, operand) if name == "getitem" else None


def _indexed(application: Application, values: Sequence[Any], operand: int) -> Tensor:
    """The cell of an index tensor behind each element of base[...]: the same done to a base that holds places.

    Along the dimensions that the index picks from, this base has one place for each cell of the index, and the index is
    replaced by those places; so what comes out is the cell that was used.
    """
    picks = application.arguments[1] if isinstance(application.arguments[1], tuple) else (application.arguments[1],)
    base, picker = values[0], values[operand]
    start = _dimension_of(picks, application.operands[operand], base.ndim)
    if picker.dtype in (torch.bool, torch.uint8):
        behind = [1] * (base.ndim - start - picker.ndim)
        places = numbered(picker).view(*picker.shape, *behind).expand(base.shape)
        return cast(Tensor, application.apply([places, *values[1:]]))
    behind = [1] * (base.ndim - start - 1)
    sizes = [*base.shape[:start], picker.numel(), *base.shape[start + 1 :]]
    places = torch.arange(picker.numel()).view(-1, *behind).expand(sizes)
    swapped = list(values)
    swapped[0], swapped[operand] = places, numbered(picker)
    return cast(Tensor, application.apply(swapped))


def _dimension_of(picks: Sequence[Any], wanted: Any, ndim: int) -> int:
    """The first dimension of the base that one of the indices picks from."""
    before = picks[: next(place for place, pick in enumerate(picks) if pick is wanted)]
    if not any(pick is Ellipsis for pick in before):
        return sum(map(_consumed, before))
    after = picks[len(before) :]
    return ndim - sum(map(_consumed, after))


def _consumed(pick: Any) -> int:
    """How many dimensions of the base an index stands for."""
    if pick is None or pick is Ellipsis:
        return 0
    value = getattr(pick, "value", None)
    return value.ndim if isinstance(value, Tensor) and value.dtype in (torch.bool, torch.uint8) else 1
