"""One operation applied to the tensors at hand, as a picture: operands, result, and which cells make which."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.rng import undrawn
from playground.engine.tensors.brief import brief
from playground.engine.tensors.operations import shown
from playground.engine.tensors.operations.catalogue import find
from playground.engine.tensors.operations.cells import compares_two, taking_part
from playground.engine.tensors.operations.cells_moved import tensors_in
from playground.engine.tensors.operations.expression import Application, read
from playground.engine.tensors.operations.families import ELEMENTWISE
from playground.engine.tensors.operations.operation_events import Grid, Memory, OperationPicture, Part
from playground.engine.tensors.operations.refusal import refusal
from playground.engine.tensors.operations.sentences import told
from playground.engine.tensors.taught import note

LARGEST = 2**22
"""Cells are followed through tensors of at most so many elements."""

MOST_RESULTS = 32
"""So many results, such as the parts of a split, are shown."""

_NAMES = {
    "getitem": "index",
    "setitem": "assign",
    "T": "t",
    "mT": "transpose",
    "H": "t",
    "mH": "transpose",
    "embedding": "Embedding",
}
_TOO_LARGE = f"Cells are followed through up to {LARGEST:,} elements; here are more."


def explain(expression: str, namespace: Mapping[str, Any]) -> OperationPicture:
    """Apply the outermost operation of an expression to live tensors and picture it.

    The operands are evaluated with the names of the namespace. What writes (`add_`, `+=`, `t[0] = 1`, out=) is done to
    copies, so that the tensors of the namespace stay as they are, and so do the generators where it draws.

    Returns
    -------
    OperationPicture
        Where it cannot be done, one with `problem` ("operation-none", "operation-failed", "tensor-no-values") and the
        dimensions that clash; nothing is raised.
    """
    with undrawn():
        return _explained(expression.strip(), namespace)


def _explained(text: str, namespace: Mapping[str, Any]) -> OperationPicture:
    try:
        application = read(text, namespace)
    except Problem as problem:
        return _refused(text, None, (), problem)
    except Exception as error:  # whatever the user's own expression raises
        return _refused(text, None, (), _failed(text, _first_line(error)))
    values = [operand.value for operand in application.operands]
    if application.in_place:
        values = [_stand_in(value) for value in values]
    try:
        return _pictured(text, application, values)
    except Problem as problem:
        return _refused(text, application, (), problem)


def _pictured(text: str, application: Application, values: list[Any]) -> OperationPicture:
    if any(value.is_nested for value in tensors_in(values)):
        raise Problem("tensor-no-values", detail="it is nested, so its parts differ in shape; unbind() gives them")
    before = _before(application, values)
    try:
        outcome = application.apply(values)
    except Exception as error:  # whatever torch refuses
        return _explained_refusal(text, application, values, error)
    results = tensors_in(outcome)[:MOST_RESULTS]
    large = any(tensor.numel() > LARGEST for tensor in [*tensors_in(values), *results])
    parts, operands, dropped = _cells(application, before, [] if large else results)
    after = [_result(name, result, values) for name, result in _named(outcome, results)]
    if application.name.rstrip("_") in ELEMENTWISE or compares_two(application):
        operands = [_stretch(grid, after[0]) for grid in operands] if after else operands
    sentence = told(application, operands, after)
    return OperationPicture(
        text=text,
        operation=application.name,
        entry=_entry(application),
        operands=tuple(operands),
        results=tuple(after),
        parts=tuple(parts),
        sentence=f"{sentence} {_unlit(application, parts, results, too_large=large or dropped)}".strip(),
        value="" if results else brief(outcome),
    )


def _unlit(application: Application, parts: Sequence[Part], results: Sequence[Tensor], *, too_large: bool) -> str:
    """Why no cells are lit, where some could be expected."""
    if too_large:
        return _TOO_LARGE
    unknown = application.operands and results and not parts
    return f"Which cells take part in {application.name} is not known here." if unknown else ""


def _cells(
    application: Application, values: Sequence[Any], results: Sequence[Tensor]
) -> tuple[list[Part], list[Grid], bool]:
    """The parts, the operands' grids (from where the first result reads on), and whether some were too many."""
    cells = taking_part(application, values, results) if results else {}
    listed = {key: shown.listed(found, shown.window(results[key[0]].shape)) for key, found in cells.items()}
    kept = {key: found for key, found in listed.items() if found is not None}
    shapes = [tuple(value.shape) if isinstance(value, Tensor) else () for value in values]
    windows = [
        shown.window(shape, shown.first_used(kept[0, number], shape) if (0, number) in kept else None)
        for number, shape in enumerate(shapes)
    ]
    parts = [
        shown.part(result, operand, found, shapes[operand], windows[operand])
        for (result, operand), found in sorted(kept.items(), key=lambda item: item[0])
    ]
    labels = [operand.label for operand in application.operands]
    grids = [shown.grid(label, value, seen) for label, value, seen in zip(labels, values, windows, strict=True)]
    return parts, grids, len(kept) < len(listed)


def _before(application: Application, values: Sequence[Any]) -> list[Any]:
    """The operands as they are before the operation; copies where it writes."""
    if not application.in_place:
        return list(values)
    return [value.detach().clone() if isinstance(value, Tensor) else value for value in values]


def _stand_in(value: Any) -> Any:
    """A tensor with memory of its own and the same layout, which may be written."""
    if not isinstance(value, Tensor) or value.layout != torch.strided or value.device.type == "meta":
        return value
    twin = torch.empty(0, dtype=value.dtype, device=value.device)
    twin.set_(value.untyped_storage().clone(), value.storage_offset(), value.size(), value.stride())  # type: ignore[no-untyped-call]
    return twin.requires_grad_(value.requires_grad and value.is_leaf)


def _named(outcome: Any, results: Sequence[Tensor]) -> list[tuple[str, Tensor]]:
    fields = getattr(outcome, "_fields", None) or [
        field for field in ("values", "indices") if len(results) == 2 and hasattr(outcome, field)
    ]
    if not isinstance(outcome, Tensor) and len(fields) == len(results):
        return list(zip(fields, results, strict=True))
    if len(results) == 1:
        return [("result", results[0])]
    return [(f"part {number}", result) for number, result in enumerate(results)]


def _result(name: str, result: Tensor, values: Sequence[Any]) -> Grid:
    memory, shares = _shared(result, values)
    return replace(shown.grid(name, result, shown.window(result.shape)), memory=memory, shares=shares)


def _shared(result: Tensor, values: Sequence[Any]) -> tuple[Memory, tuple[int, ...]]:
    """Whether the result is an operand itself or reads the memory of one."""
    same = tuple(number for number, value in enumerate(values) if value is result)
    if same:
        return "same", same
    shares = tuple(
        number
        for number, value in enumerate(values)
        if isinstance(value, Tensor) and _storage(value) == _storage(result)
    )
    return ("view" if shares and result.numel() else "new"), shares


def _storage(tensor: Tensor) -> object:
    with suppress(NotImplementedError, RuntimeError):
        return (tensor.device, tensor.untyped_storage().data_ptr())
    return id(tensor)


def _stretch(grid: Grid, result: Grid) -> Grid:
    """With the dimensions of the result along which the operand is repeated."""
    missing = len(result.shape) - len(grid.shape)
    if missing < 0 or not grid.shape:
        return grid
    own = (1,) * missing + grid.shape
    sizes = enumerate(zip(own, result.shape, strict=True))
    return replace(grid, stretched=tuple(dim for dim, (size, goal) in sizes if dim < missing or size != goal))


def _explained_refusal(
    text: str, application: Application, values: Sequence[Any], error: Exception
) -> OperationPicture:
    grids = [
        shown.grid(operand.label, value, shown.window(value.shape if isinstance(value, Tensor) else ()))
        for operand, value in zip(application.operands, values, strict=True)
    ]
    misfit = refusal(application)
    if misfit is None:
        return _refused(text, application, grids, _failed(text, _first_line(error)))
    clashing = [*misfit.clashes, *[()] * (len(grids) - len(misfit.clashes))]
    marked = [replace(grid, clash=clash) for grid, clash in zip(grids, clashing, strict=True)]
    return _refused(text, application, marked, _failed(text, f"{misfit.sentence} {misfit.cure}".strip()))


def _refused(
    text: str, application: Application | None, operands: Sequence[Grid], problem: Problem
) -> OperationPicture:
    name, entry = (application.name, _entry(application)) if application else ("", "")
    return OperationPicture(text, name, entry, tuple(operands), (), (), "", problem=problem)


def _failed(text: str, detail: str) -> Problem:
    asked = re.sub(r"did you mean (.+)\?$", r"the nearest is \1", detail)
    return Problem("operation-failed", text=text, detail=asked.rstrip(".?"))


def _first_line(error: Exception) -> str:
    """What torch or Python says, with the note on it where there is one."""
    lines = str(error).strip().splitlines() or ["no message"]
    return f"{type(error).__name__}: {lines[0].rstrip('.')}. {note(error, '', {})}".strip()


def _entry(application: Application) -> str:
    found = find(_NAMES.get(application.name, application.name))
    return found.name if found else ""
