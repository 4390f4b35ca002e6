"""The rules of differentiation with the numbers of one element, for the operations of a course and some more."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors.backward_events import Rule
from playground.engine.tensors.graph_nodes import GradFn, saved
from playground.engine.tensors.graph_text import operation, plain, title, wide
from playground.engine.tensors.rules_call import Answer, Call, Explain
from playground.engine.tensors.rules_elementwise import RULES as ELEMENTWISE
from playground.engine.tensors.rules_loss import RULES as LOSS
from playground.engine.tensors.rules_matrix import RULES as MATRIX
from playground.engine.tensors.rules_norm import RULES as NORM
from playground.engine.tensors.rules_reduce import RULES as REDUCE
from playground.engine.tensors.rules_views import RULES as VIEWS

_RULES: Mapping[str, Explain] = {**ELEMENTWISE, **REDUCE, **NORM, **LOSS, **MATRIX, **VIEWS}


def explain(
    grad_fn: GradFn,
    incoming: Sequence[Tensor | None],
    raw: Sequence[Tensor | None],
    outgoing: Sequence[Tensor | None],
    index: int,
    element: tuple[int, ...] | None = None,
) -> Rule:
    """How one number of an outgoing gradient comes about.

    Parameters
    ----------
    grad_fn : GradFn
        The node.
    incoming, raw, outgoing : sequence of Tensor
        What came, what the node gave, and that summed to the inputs' own shapes.
    index : int
        Which input's gradient, one that is there.
    element : tuple of int, optional
        Which number of it; the one of largest magnitude by default.

    Returns
    -------
    Rule
        Without formula where none is written here for such a node.
    """
    gradient, given = outgoing[index], raw[index]
    assert gradient is not None
    assert given is not None
    if element is None:
        element = _largest(gradient)
    name, torchs = operation(grad_fn), _number(gradient, element)
    call = Call(grad_fn, tuple(incoming), given, gradient, index, element)
    answer = _answer(name, call)
    if answer is None:
        return Rule(name, "", index, element, "", "", math.nan, torchs, f"{title(grad_fn)}'s Jacobian")
    return Rule(
        name,
        answer.argument,
        index,
        element,
        answer.formula,
        answer.numbers,
        answer.value,
        torchs,
        f"{title(grad_fn)}'s Jacobian" if answer.factor is None else answer.factor,
        answer.factor_value,
    )


def is_known(grad_fn: GradFn) -> bool:
    """Whether a formula for such nodes is written here."""
    return _rule(operation(grad_fn)) is not None


def _answer(name: str, call: Call) -> Answer | None:
    rule = _rule(name)
    numeric = call.gradient.layout == torch.strided and not call.gradient.is_complex() and call.gradient.numel() > 0
    if rule is None or not numeric:
        return None
    try:
        call.saved.update(saved(call.grad_fn))
    except Problem:  # freed since: what the rule was applied to is gone
        return None
    return rule(call)


def _rule(name: str) -> Explain | None:
    return _RULES.get(name) or _RULES.get(re.sub(r"Backward\d*$", "", name))


def _largest(gradient: Tensor) -> tuple[int, ...]:
    dense = wide(plain(gradient))
    if dense.numel() == 0:
        return ()
    # torch.unravel_index would import a second's worth of modules first.
    return tuple(map(int, np.unravel_index(int(dense.abs().argmax()), tuple(dense.shape))))


def _number(gradient: Tensor, element: tuple[int, ...]) -> float:
    dense = plain(gradient)
    if not dense.numel():
        return math.nan
    value = dense[element].item()
    return abs(value) if isinstance(value, complex) else float(value)
