"""Why torch refused an operation, found from the shapes of its operands."""

from collections.abc import Sequence

from torch import Tensor

from playground.engine.tensors.operations.expression import Application
from playground.engine.tensors.operations.families import ELEMENTWISE
from playground.engine.tensors.operations.misfits import (
    Misfit,
    Named,
    broadcast_misfit,
    cat_misfit,
    matmul_misfit,
    order_misfit,
    stack_misfit,
    view_misfit,
)

_JOINS = {"cat": cat_misfit, "concat": cat_misfit, "concatenate": cat_misfit, "stack": stack_misfit}
_LOSSES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")


def refusal(application: Application) -> Misfit | None:
    """The misfit of the operands' shapes; None where the shapes are not the reason, or no rule is known."""
    name, operands = application.name.rstrip("_"), named_operands(application)
    if name in ("matmul", "mm", "bmm", "mv", "dot") and len(operands) == 2:
        return matmul_misfit(*operands)
    if name == "linear" and len(operands) > 1:
        weight = operands[1]
        return matmul_misfit(operands[0], Named(f"{weight.name}.t()", weight.shape[::-1]))
    if name in ("view", "reshape") and operands:
        return _view(application, operands[0])
    if name in _JOINS and operands:
        dim = application.keywords.get("dim", application.argument(1) or 0)
        return _JOINS[name](operands, dim)
    if name in ELEMENTWISE or name in _LOSSES:
        return broadcast_misfit(operands)
    return None


def named_operands(application: Application) -> list[Named]:
    """The operands by name and shape; a number has no dimensions."""
    return [
        Named(operand.label, tuple(operand.value.shape) if isinstance(operand.value, Tensor) else ())
        for operand in application.operands
    ]


def _view(application: Application, operand: Named) -> Misfit | None:
    sizes = _sizes(application.arguments[1:])
    tensor = application.operands[0].value
    if (misfit := view_misfit(operand, sizes)) or application.name == "reshape" or tensor.is_contiguous():
        return misfit
    return order_misfit(operand, tensor.stride(), sizes) if sizes else None


def _sizes(arguments: Sequence[object]) -> tuple[int, ...]:
    """The sizes of view(2, 3), view((2, 3)) or view(torch.Size([2, 3]))."""
    given = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple | list) else arguments
    return tuple(size for size in given if isinstance(size, int))
