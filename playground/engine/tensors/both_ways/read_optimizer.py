"""A live optimiser as the optimiser of a document."""

import inspect
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from playground.engine.network import catalogue
from playground.engine.network.arguments import complaint
from playground.engine.problems import Problem
from playground.engine.spec import Args, Value
from playground.engine.training.spec import EXPERT, OptimizerSpec


def read_optimizer(optimizer: object, known: OptimizerSpec) -> OptimizerSpec:
    """The optimiser by its name, with its learning rate and what else differs from the defaults.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
        One of torch's own, with one group of parameters.
    known : OptimizerSpec
        The document's; where it is of the same class, arguments stay written down though they equal the defaults.

    Raises
    ------
    Problem
        `console-optimizer`, with what a document cannot hold.
    """
    kind = type(optimizer)
    entry = catalogue.optimizers().get(kind.__name__)
    if entry is None or not isinstance(optimizer, Optimizer) or getattr(torch.optim, kind.__name__, None) is not kind:
        raise _lost(f"{kind.__name__} is no optimiser of torch.optim; choose one of them, such as torch.optim.Adam")
    groups = optimizer.param_groups
    if len(groups) != 1:
        raise _lost(f"it has {len(groups)} groups of parameters, and a document has one; give it net.parameters()")
    written = known.args if known.name == entry.kind else Args()
    defaults = entry.complete({}) | _expert_defaults(kind)
    args = {
        name: _plain(name, groups[0][name])
        for name, default in defaults.items()
        if name in groups[0] and (name == "lr" or name in written or groups[0][name] != default)
    }
    return checked(OptimizerSpec(name=entry.kind, args=Args(args)))


def with_settings(known: OptimizerSpec, changed: Mapping[str, Any]) -> OptimizerSpec:
    """The document's optimiser with these of its arguments changed.

    Raises
    ------
    Problem
        `console-optimizer`.
    """
    plain = {name: _plain(name, value) for name, value in changed.items()}
    return checked(OptimizerSpec(name=known.name, args=known.args.with_(**plain)))


def checked(spec: OptimizerSpec) -> OptimizerSpec:
    """The same, its arguments looked at as those of a form are.

    Raises
    ------
    Problem
        `console-optimizer`.
    """
    wrong = complaint(catalogue.optimizers()[spec.name], spec.args.without(*EXPERT))
    if wrong:
        raise _lost(wrong)
    return spec


def _expert_defaults(kind: type) -> dict[str, Value]:
    parameters = inspect.signature(kind).parameters
    return {name: parameters[name].default for name in EXPERT if name in parameters}


def _plain(name: str, value: Any) -> Value:
    """A rate may be a tensor of one element."""
    number = value.item() if isinstance(value, Tensor) and value.numel() == 1 else value
    try:
        return Args({name: number})[name]
    except ValueError as error:
        raise _lost(str(error)) from error


def _lost(detail: str) -> Problem:
    return Problem("console-optimizer", detail=detail)
