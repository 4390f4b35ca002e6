"""Gradient descent with momentum as the course writes it."""

from collections.abc import Callable
from typing import overload

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.optimizer import ParamsT


class CourseMomentum(Optimizer):
    """z = momentum · z + grad, then w = w - lr · z, with z = 0 at the start.

    The same as `torch.optim.SGD` with momentum, which keeps z as `momentum_buffer`; source of the notation: G. Goh, Why
    momentum really works, Distill (2017).

    Parameters
    ----------
    params : iterable of Tensor
        What is moved.
    lr : float
        The learning rate, 0 or more.
    momentum : float
        Beta, how much of the last z stays, 0 or more.

    Raises
    ------
    ValueError
        For a negative `lr` or `momentum`.
    """

    def __init__(self, params: ParamsT, lr: float = 1e-3, momentum: float = 0.9) -> None:
        for name, value in (("lr", lr), ("momentum", momentum)):
            if not value >= 0:
                raise ValueError(f"{name} must be at least 0, not {value:g}")
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One step; `closure`, if there is one, computes the gradients first."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for w in group["params"]:
                if w.grad is not None:
                    self._move(w, group["lr"], group["momentum"])
        return loss

    def _move(self, w: Tensor, lr: float, beta: float) -> None:
        state = self.state[w]
        if "z" not in state:
            state["z"] = torch.zeros_like(w)
        z = state["z"].mul_(beta).add_(w.grad)
        w.sub_(z, alpha=lr)
